"""What a product must be, answered for all products at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Product


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
class Filters:
    """Products by what filters ask for.

    Attributes:
        facets: The numbers of the products with a value, by ("color", "red"). Lists, not masks: a
            large feed has thousands of brands and sizes, most of them with few products.
        prices: (n,) what is paid now. Doubles keep the order of any two real prices.
        available: (n,) whether it can be bought now.
    """

    facets: Mapping[tuple[str, str], NDArray[np.int32]]
    prices: NDArray[np.float64]
    available: NDArray[np.bool_]

    @classmethod
    def of(cls, products: Sequence[Product]) -> "Filters":
        """Sort products by their values."""
        facets: dict[tuple[str, str], list[int]] = {}
        for number, product in enumerate(products):
            for facet in _facets(product):
                facets.setdefault(facet, []).append(number)
        return cls(
            {facet: np.array(numbers, dtype=np.int32) for facet, numbers in facets.items()},
            np.array([float(product.current_price) for product in products], dtype=np.float64),
            np.array([product.available for product in products], dtype=bool),
        )

    def passing(self, wanted: ProductFilter) -> NDArray[np.bool_]:
        """Return (n,): whether each product passes."""
        passing = np.ones(len(self.prices), dtype=bool)
        groups = {
            "type": wanted.product_types,
            "color": wanted.colors,
            "size": wanted.sizes,
            "material": wanted.materials,
            "use": wanted.uses,
            "brand": wanted.brands,
        }
        for name, values in groups.items():
            if values:
                having = np.zeros_like(passing)
                for value in values:
                    having[self.facets.get((name, value.strip().casefold()), [])] = True
                passing &= having
        if wanted.price_min is not None:
            passing &= self.prices >= float(wanted.price_min)
        if wanted.price_max is not None:
            passing &= self.prices <= float(wanted.price_max)
        return passing & self.available if wanted.in_stock_only else passing


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
