"""Products behind filters and one search over both languages of the feed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Product, ProductHit
from knowledge.index.dense import DenseIndex, Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.lexical import LexicalIndex
from knowledge.index.segment import token_set

# The share of the cosine in a product's score, the rest is words: in Chinese the encoder is
# nearly blind.
_DENSE_SHARE = MappingProxyType({"zh": 0.1})
_DENSE_SHARE_ELSEWHERE = 0.5
# Scores closer than this are a tie, which availability and rating decide.
_TIE = 0.02
# The least share of a title's weight that a query must hold to have named the product.
_NAMED = 0.45


@dataclass(frozen=True)
class ProductFilter:
    """What a product must be. An empty set or None allows anything; text is compared caselessly.

    `product_types` match any level of a type such as `Outerwear > Jackets`.
    """

    product_types: frozenset[str] = frozenset()
    colors: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()
    uses: frozenset[str] = frozenset()
    brands: frozenset[str] = frozenset()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock_only: bool = False


ANY = ProductFilter()


@dataclass(frozen=True)
class ProductIndex:
    """All products of a shop: an immutable snapshot, safe to share between threads."""

    encoder: Encoder
    products: tuple[Product, ...]
    texts: LexicalIndex
    names: LexicalIndex
    titled: Mapping[str, tuple[int, ...]]
    dense: DenseIndex
    facets: Mapping[tuple[str, str], NDArray[np.bool_]]
    numbers: Mapping[str, int]
    standing: NDArray[np.int64]

    @classmethod
    def build(
        cls,
        products: Sequence[Product],
        encoder: Encoder,
        cache: EmbeddingCache,
        *,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> "ProductIndex":
        """Index products; only texts that `cache` has not seen are embedded."""
        facets: dict[tuple[str, str], NDArray[np.bool_]] = {}
        for number, product in enumerate(products):
            for facet in _facets(product):
                facets.setdefault(facet, np.zeros(len(products), dtype=bool))[number] = True
        best_first = sorted(range(len(products)), key=lambda number: _worse(products[number]))
        titled: dict[str, list[int]] = defaultdict(list)
        for number, product in enumerate(products):
            names = (part for parts in _name_parts(product) for part in parts)
            for word in {token for part in names for token in token_set(part)}:
                titled[word].append(number)
        return cls(
            encoder=encoder,
            products=tuple(products),
            texts=LexicalIndex([_all_words(product) for product in products]),
            names=LexicalIndex(["\n".join(_titles(product)) for product in products]),
            titled={word: tuple(numbers) for word, numbers in titled.items()},
            dense=DenseIndex(cache.vectors([_meaning(p) for p in products], encoder, progress)),
            facets=MappingProxyType(facets),
            numbers=MappingProxyType({p.id: number for number, p in enumerate(products)}),
            standing=np.argsort(best_first, kind="stable"),
        )

    def by_id(self, product_id: str) -> Product | None:
        """Return the product with that id."""
        number = self.numbers.get(product_id)
        return None if number is None else self.products[number]

    def by_name(self, query: str, *, limit: int = 5) -> tuple[ProductHit, ...]:
        """Return the products that a query names, best first; none if it names none.

        The score, in [0.45, 1], is the share of a title's weight that the query holds: "is the
        Fellside warm?" names the Fellside Down Jacket, "a down jacket" names nothing.
        """
        words = token_set(query)
        numbers = {number for word in words for number in self.titled.get(word, ())}
        found = []
        for number in numbers:
            product = self.products[number]
            score = max(self._named(parts, words) for parts in _name_parts(product))
            if score >= _NAMED:
                found.append(ProductHit(product, score))
        return tuple(sorted(found, key=lambda hit: (-hit.score, *_worse(hit.product)))[:limit])

    def _named(self, parts: Sequence[str], words: frozenset[str]) -> float:
        # A word weighs the less the more titles hold it, so kinds and colours weigh next to
        # nothing; and the later it stands: titles put the model before its attributes.
        held = total = 0.0
        for position, part in enumerate(parts, 1):
            for token in token_set(part):
                weight = 1 / (len(self.titled[token]) * position**2)
                total += weight
                held += weight if token in words else 0.0
        return held / total if total else 0.0

    def search(
        self,
        query: str,
        *,
        language: str,
        filters: ProductFilter = ANY,
        limit: int = 10,
        vector: NDArray[np.float32] | None = None,
    ) -> tuple[ProductHit, ...]:
        """Return the products that pass the filters, nearest to the query first.

        An empty query ranks by availability and rating alone.
        """
        numbers = np.flatnonzero(self._passing(filters))
        scores = np.zeros(len(numbers))
        if query.strip() and len(numbers):
            vector = self.encoder.encode([query])[0] if vector is None else vector
            share = _DENSE_SHARE.get(language, _DENSE_SHARE_ELSEWHERE)
            cosines = self.dense.vectors[numbers] @ vector
            # Words of the title count twice: in the title, and in the text that includes it.
            words = (self.names.scores(query) + self.texts.scores(query)) / 2
            scores = share * cosines + (1 - share) * words[numbers]
        order = np.lexsort((-scores, self.standing[numbers], -np.round(scores / _TIE)))[:limit]
        return tuple(ProductHit(self.products[numbers[i]], float(scores[i])) for i in order)

    def _passing(self, filters: ProductFilter) -> NDArray[np.bool_]:
        passing = np.ones(len(self.products), dtype=bool)
        wanted = {
            "type": filters.product_types,
            "color": filters.colors,
            "size": filters.sizes,
            "material": filters.materials,
            "use": filters.uses,
            "brand": filters.brands,
        }
        for name, values in wanted.items():
            if values:
                masks = [self.facets.get((name, value.strip().casefold())) for value in values]
                known = [mask for mask in masks if mask is not None]
                passing &= np.any(known, axis=0) if known else False
        low, high = filters.price_min, filters.price_max
        if low is not None or high is not None or filters.in_stock_only:
            for number in np.flatnonzero(passing):
                product = self.products[number]
                price = product.current_price
                too_cheap = low is not None and price < low
                too_dear = high is not None and price > high
                missing = filters.in_stock_only and not product.available
                passing[number] = not (too_cheap or too_dear or missing)
        return passing


def _facets(product: Product) -> set[tuple[str, str]]:
    levels = [level.strip() for level in product.product_type.split(">")]
    values = {
        "type": (*levels, product.product_type),
        "color": product.colors,
        "size": product.sizes,
        "material": product.materials,
        "use": product.uses,
        "brand": (product.brand,),
    }
    return {(name, v.strip().casefold()) for name, group in values.items() for v in group if v}


def _worse(product: Product) -> tuple[bool, float, int]:
    """Sort key: buyable first, then the better rating, then the more reviews behind it."""
    return not product.available, -(product.rating or 0.0), -product.review_count


def _titles(product: Product) -> tuple[str, ...]:
    return product.title, *product.titles.values()


def _name_parts(product: Product) -> list[list[str]]:
    """Return each language's title in words, less the brand that it starts with.

    A translated title starts with the brand where the title does, in whatever script.
    """
    brand = product.brand.casefold().split()
    branded = bool(brand) and product.title.casefold().split()[: len(brand)] == brand
    found = []
    for number, title in enumerate(_titles(product)):
        words = title.split()
        leading = (len(brand) if number == 0 else 1) if branded else 0
        found.append(words[leading:] or words)
    return found


def _meaning(product: Product) -> str:
    """What is embedded: English first of all, the encoder's own language."""
    attributes = (product.product_type, *product.colors, *product.materials, *product.uses)
    return f"{product.title}. {', '.join(filter(None, attributes))}. {product.description}"


def _all_words(product: Product) -> str:
    parts = (*product.titles.values(), *product.descriptions.values(), product.brand)
    return "\n".join((_meaning(product), *parts, *product.sizes, *product.extra.values()))
