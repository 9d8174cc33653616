"""The values that knowledge files become."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

Files = Mapping[str, bytes]
"""A knowledge folder as values: paths relative to it, with `/`, and what the files hold."""


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
    down to this passage. `tests` are questions that must reach this entry: asked before every
    publish, never searched.
    """

    id: str
    language: str
    question: str
    answer: str
    source: Source
    kind: Literal["faq", "policy"] = "faq"
    intent: str | None = None
    phrasings: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    heading_path: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The id and the language: what stays the same when everything else is edited."""
        return self.id, self.language

    @property
    def topic(self) -> str:
        """The intent, else the id: entries of one topic answer alike, and are no rivals."""
        return self.intent or self.id

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change with anything but the entry's place."""
        values = asdict(self) | {"source": None, "tags": sorted(self.tags)}
        told = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def meets(self, other: "Entry") -> bool:
        """Whether there is a day on which both may be shown."""
        first = max(self.valid_from or date.min, other.valid_from or date.min)
        return first <= min(self.valid_until or date.max, other.valid_until or date.max)

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
    """One mistake in a file: `path:line:column: what; remedy`.

    A warning doesn't keep the file from going live.
    """

    file: str
    line: int
    column: int
    what: str
    warning: bool = False

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
