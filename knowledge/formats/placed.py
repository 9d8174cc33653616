"""What the reader of one file hands on: entries and products with the places to compare them by."""

from dataclasses import dataclass
from typing import NamedTuple

from knowledge.entries import Entry, Problem, Product


class Reference(NamedTuple):
    """A link to a product in an answer: the product's id, and where it stands in the file."""

    product: str
    line: int
    column: int


class PlacedEntry(NamedTuple):
    """An entry, where its id and question stand, and the products that its answer links to.

    The question's line is that of `entry.source`.
    """

    entry: Entry
    id_line: int
    id_column: int
    question_column: int
    references: tuple[Reference, ...] = ()


class PlacedProduct(NamedTuple):
    """A product and the column of its id; the line is that of `product.source`."""

    product: Product
    id_column: int


@dataclass(frozen=True)
class Feed:
    """The products of one feed, and what is known of its rows that could not be read.

    `failed` holds their ids; `complete` is False where some rows are not even known by id.
    """

    products: tuple[PlacedProduct, ...] = ()
    failed: frozenset[str] = frozenset()
    complete: bool = True


@dataclass(frozen=True)
class ParsedFile:
    """All that one file says by itself; `knowledge.formats.checks` compares it with the others."""

    entries: tuple[PlacedEntry, ...] = ()
    feed: Feed = Feed()
    problems: tuple[Problem, ...] = ()
