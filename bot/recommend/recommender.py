"""From a request to products: exact fits first, else those that come closest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.recommend.request import ProductRequest
from knowledge.entries import Product
from knowledge.index.products import ProductIndex

POOL = 100
"""Hits looked through for what the index has no filter for."""

DROP_ORDER = (
    "materials",
    "colors",
    "uses",
    "sizes",
    "waterproof",
    "in_stock_only",
    "price_min",
    "price_max",
)
"""Which wish a shopper gives up first when nothing fits; the kind of product never."""


@dataclass(frozen=True)
class Recommendation:
    """Products, best first. `dropped` names the constraints that had to give."""

    products: tuple[Product, ...]
    request: ProductRequest
    dropped: tuple[str, ...] = ()


class Recommender:
    """Product discovery on the products that are live."""

    def __init__(self, products: Callable[[], ProductIndex]) -> None:
        self._products = products

    def recommend(
        self, query: str, request: ProductRequest, *, language: str, limit: int = 4
    ) -> Recommendation:
        """Return up to `limit` products; those in stock come before those that are not."""
        found = self._search(query, request, language, limit)
        if found:
            return Recommendation(tuple(found), request)
        wishes = [n for n in DROP_ORDER if getattr(request, n) not in ((), None, False)]
        alone = [(name,) for name in wishes]  # one wish less, if that helps
        together = [tuple(wishes[:n]) for n in range(2, len(wishes) + 1)]
        for dropped in (*alone, *together):
            relaxed = request
            for name in dropped:
                relaxed = relaxed.without(name)
            found = self._search(query, relaxed, language, limit)
            if found:
                return Recommendation(tuple(found), request, dropped)
        return Recommendation((), request)

    def named(self, query: str, *, limit: int = 3) -> list[Product]:
        """Return the products that a text speaks of, best first."""
        return [hit.product for hit in self._products().by_name(query, limit=limit)]

    def by_ids(self, ids: Sequence[str]) -> list[Product]:
        """Return the products that still exist, in that order."""
        return [p for p in map(self._products().by_id, ids) if p is not None]

    def _search(
        self, query: str, request: ProductRequest, language: str, limit: int
    ) -> list[Product]:
        products, filters = self._products(), request.filter()
        hits = products.search(query, language=language, filters=filters, limit=POOL)
        fitting = [h.product for h in hits if request.suits(h.product)][: limit * 3]
        models: dict[str, Product] = {}  # one colour of each model is enough
        for product in sorted(fitting, key=lambda p: not p.available):
            models.setdefault(product.extra.get("item_group_id") or product.id, product)
        return list(models.values())[:limit]
