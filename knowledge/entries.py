"""The values that knowledge files become."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Source:
    """Where a piece of knowledge stands: path relative to the knowledge folder, 1-based line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Entry:
    """One answerable piece of knowledge in one language; its key is (id, language).

    `answer` is Markdown. `heading_path` is empty for an FAQ entry, else the policy's headings
    down to this passage.
    """

    id: str
    language: str
    question: str
    answer: str
    source: Source
    kind: Literal["faq", "policy"] = "faq"
    intent: str | None = None
    phrasings: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    heading_path: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the entry may be shown on that day (both limits included)."""
        after_start = self.valid_from is None or day >= self.valid_from
        return after_start and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True)
class Product:
    """One line of a product feed (Google Merchant columns; unknown columns land in `extra`)."""

    id: str
    title: str
    description: str
    link: str
    image_link: str
    availability: Literal["in_stock", "out_of_stock", "preorder", "backorder"]
    price: Decimal
    currency: str
    source: Source
    sale_price: Decimal | None = None
    brand: str = ""
    product_type: str = ""
    colors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    rating: float | None = None
    review_count: int = 0
    stock: int | None = None
    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def current_price(self) -> Decimal:
        """The sale price where there is one."""
        return self.price if self.sale_price is None else self.sale_price

    @property
    def available(self) -> bool:
        """Whether it can be bought now."""
        return self.availability == "in_stock" and (self.stock is None or self.stock > 0)


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: `path:line:column: what; remedy`."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class KnowledgeError(Exception):
    """Files that the lead can mend; carries every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Content:
    """All that a knowledge folder holds."""

    entries: tuple[Entry, ...]
    products: tuple[Product, ...]


@dataclass(frozen=True)
class Hit:
    """An entry found for a query.

    `score` is the raw fused similarity; `probability` is the calibrated chance, in [0, 1], that
    this entry answers the query. `matched` is the phrasing or passage text that matched best.
    """

    entry: Entry
    score: float
    probability: float
    dense: float
    lexical: float
    matched: str


@dataclass(frozen=True)
class ProductHit:
    """A product found for a query, with its raw fused similarity."""

    product: Product
    score: float
