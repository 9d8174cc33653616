"""Products behind filters and one search over both languages of the feed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Product, ProductHit
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.product_filters import ANY, Filters, ProductFilter
from knowledge.index.product_names import ProductNames
from knowledge.index.product_query import query_weights
from knowledge.index.product_spelling import Spelling, word_counts
from knowledge.index.product_weights import TokenWeights
from knowledge.index.product_words import LETTERS, plain, product_tokens

__all__ = ["ANY", "ProductFilter", "ProductIndex"]

# The share of the cosine in a product's score, the rest is words: in Chinese the encoder is
# nearly blind. Elsewhere, on the tune half of home_depot, 0.25 to 0.4 are within 0.001 NDCG@10.
_DENSE_SHARE = MappingProxyType({"zh": 0.1})
_DENSE_SHARE_ELSEWHERE = 0.35
# What it adds that a query names the kind: a waterproof jacket is no waterproof boot, though in a
# shop with many jackets BM25 takes `waterproof` for the telling word.
_KIND = 0.05
# Scores closer than this are a tie, which availability and rating decide.
_TIE = 0.02
# Below this share of the products passing, their vectors are taken out before they are compared.
_FEW = 0.3


@dataclass(frozen=True)
class ProductIndex:
    """All products of a shop: an immutable snapshot, safe to share between threads.

    Attributes:
        vectors: (n, dim) unit rows, all compared: 50,000 take a few milliseconds.
        standing: (n,) ranks by availability and rating; products that are alike share one.
    """

    encoder: Encoder
    products: tuple[Product, ...]
    texts: TokenWeights
    titles: TokenWeights
    kinds: TokenWeights
    names: ProductNames
    spelling: Spelling
    vectors: NDArray[np.float32]
    filters: Filters
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
        texts = [_all_words(product) for product in products]
        words = [frozenset(LETTERS.findall(plain(text))) for text in texts]
        titles = ["\n".join((p.title, *p.titles.values())) for p in products]
        return cls(
            encoder=encoder,
            products=tuple(products),
            texts=TokenWeights.bm25([product_tokens(text) for text in texts]),
            titles=TokenWeights.bm25([product_tokens(title) for title in titles]),
            kinds=_kinds(products),
            names=ProductNames.of(products),
            spelling=Spelling(word_counts(words)),
            vectors=cache.vectors([_meaning(p) for p in products], encoder, progress),
            filters=Filters.of(products),
            numbers=MappingProxyType({p.id: number for number, p in enumerate(products)}),
            standing=_standing(products),
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
        named = self.names.named(query)
        best = sorted(named, key=lambda number: (-named[number], self.standing[number], number))
        return tuple(ProductHit(self.products[number], named[number]) for number in best[:limit])

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

        Words that the catalogue doesn't know are taken for the ones it knows that are spelt
        nearly so. `vector` is the query's, where the caller has it. An empty query ranks by
        availability and rating alone.
        """
        numbers = np.flatnonzero(self.filters.passing(filters))
        scores = np.zeros(len(numbers), dtype=np.float32)
        if query.strip() and len(numbers):
            vector = self.encoder.encode([query])[0] if vector is None else vector
            asked = query_weights(query, self.spelling, self.texts.columns)
            share = _DENSE_SHARE.get(language, _DENSE_SHARE_ELSEWHERE)
            # Words of the title count twice: in the title, and in the text that includes it.
            words = (self.titles.shares(asked) + self.texts.shares(asked)) / 2
            scores = share * self._cosines(vector, numbers) + (1 - share) * words[numbers]
            scores += _KIND * self.kinds.sums(dict.fromkeys(asked, 1.0))[numbers]
        best = _best(scores, self.standing[numbers], limit)
        return tuple(ProductHit(self.products[numbers[i]], float(scores[i])) for i in best)

    def _cosines(
        self, vector: NDArray[np.float32], numbers: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        if len(numbers) < _FEW * len(self.vectors):
            return self.vectors[numbers] @ vector
        cosines: NDArray[np.float32] = (self.vectors @ vector)[numbers]
        return cosines


def _best(
    scores: NDArray[np.float32], standing: NDArray[np.int64], limit: int
) -> NDArray[np.int64]:
    """Return the places of the best: by score up to ties, then by standing, then by score."""
    key = standing - np.round(scores / _TIE).astype(np.int64) * (int(standing.max(initial=0)) + 1)
    near = np.arange(len(key))
    if limit < len(key):  # sorting 50,000 takes longer than everything else
        near = np.flatnonzero(key <= np.partition(key, limit)[limit])
    order: NDArray[np.int64] = near[np.lexsort((-scores[near], key[near]))][:limit]
    return order


def _standing(products: Sequence[Product]) -> NDArray[np.int64]:
    """Ranks from 0: buyable first, then the better rating, then the more reviews behind it."""
    standings = [(not p.available, -(p.rating or 0.0), -p.review_count) for p in products]
    rank = {standing: number for number, standing in enumerate(sorted(set(standings)))}
    return np.array([rank[standing] for standing in standings], dtype=np.int64)


def _kinds(products: Sequence[Product]) -> TokenWeights:
    """Weigh the words of each product's narrowest type: 1 in all."""
    cells = []
    for number, product in enumerate(products):
        words = set(product_tokens(product.product_type.rpartition(">")[2]))
        cells += [(word, number, 1 / len(words)) for word in words]
    return TokenWeights.of(cells, len(products))


def _meaning(product: Product) -> str:
    """What is embedded: English first of all, the encoder's own language."""
    attributes = (product.product_type, *product.colors, *product.materials, *product.uses)
    parts = (product.title, ", ".join(filter(None, attributes)), product.description)
    return ". ".join(filter(None, parts))


def _all_words(product: Product) -> str:
    parts = (*product.titles.values(), *product.descriptions.values(), product.brand)
    return "\n".join((_meaning(product), *parts, *product.sizes, *product.extra.values()))
