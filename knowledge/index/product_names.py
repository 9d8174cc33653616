"""Which products a shopper names."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Product
from knowledge.index.product_weights import TokenWeights
from knowledge.index.segment import token_set

# The least share of a title's weight that a query must hold to have named the product.
_NAMED = 0.45


@dataclass(frozen=True)
class ProductNames:
    """Titles in every language, each with the shares of its words.

    Attributes:
        products: (titles,) the number of the product that each title belongs to.
    """

    weights: TokenWeights
    products: NDArray[np.int64]

    @classmethod
    def of(cls, products: Sequence[Product]) -> "ProductNames":
        """Weigh the words of all titles.

        A word weighs the less the more products are titled with it, so kinds and colours weigh
        next to nothing; and the later it stands: titles put the model before its attributes.
        """
        names = [
            (n, [token_set(w) for w in name]) for n, p in enumerate(products) for name in _names(p)
        ]
        titled: dict[str, set[int]] = defaultdict(set)
        for number, words in names:
            for token in frozenset().union(*words):
                titled[token].add(number)
        cells: list[tuple[str, int, float]] = []
        for title, (_, words) in enumerate(names):
            found: dict[str, float] = defaultdict(float)
            for position, word in enumerate(words, 1):
                for token in word:
                    found[token] += 1 / (len(titled[token]) * position**2)
            total = sum(found.values())
            cells += [(token, title, weight / total) for token, weight in found.items()]
        owners = np.array([number for number, _ in names], dtype=np.int64)
        return cls(TokenWeights.of(cells, len(names)), owners)

    def named(self, query: str) -> dict[int, float]:
        """Return the products that a query names, with the share of the title that it holds."""
        held = self.weights.sums(dict.fromkeys(token_set(query), 1.0))
        found: dict[int, float] = {}
        for title in np.flatnonzero(held >= _NAMED):
            number = int(self.products[title])
            found[number] = max(found.get(number, 0.0), min(float(held[title]), 1.0))
        return found


def _names(product: Product) -> list[list[str]]:
    """Return each language's title in words, less the brand that it starts with.

    A translated title starts with the brand where the title does, in whatever script.
    """
    brand = product.brand.casefold().split()
    branded = bool(brand) and product.title.casefold().split()[: len(brand)] == brand
    found = []
    for number, title in enumerate((product.title, *product.titles.values())):
        words = title.split()
        leading = (len(brand) if number == 0 else 1) if branded else 0
        found.append(words[leading:] or words)
    return found
