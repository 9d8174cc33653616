"""What people put into their baskets: popular things, things of the season, their own interests."""

import random
import re
from collections.abc import Sequence

from bot.orders.order import OrderItem
from knowledge.entries import Product

# Words of a product's kind or title, and the months in which it sells twice as well.
_SEASONS: tuple[tuple[frozenset[str], tuple[int, ...]], ...] = (
    (frozenset("snow ski winter down glove gloves beanie insulated".split()), (10, 11, 12, 1, 2)),
    (frozenset("tent camping sleeping stove sunglasses shorts beach".split()), (4, 5, 6, 7, 8)),
    (frozenset("rain raincoat poncho".split()), (3, 4, 5, 9, 10, 11)),
)
_SMALL = frozenset("sock socks glove gloves bottle mug".split())  # bought several at a time


class Shelf:
    """The shop's products with their popularity."""

    def __init__(self, products: Sequence[Product], rng: random.Random) -> None:
        """Rank the products by chance; popularity falls with the rank, as it does in shops.

        Raises:
            ValueError: there are no products.
        """
        if not products:
            raise ValueError("no products to make orders from; give the shop's products.csv")
        self._products = rng.sample(list(products), len(products))
        self._popularity = [1 / (rank + 4) for rank in range(len(products))]
        self._words = [_words(p) for p in self._products]
        by_price = sorted(self._products, key=lambda p: p.current_price)
        self._expensive = by_price[-max(len(by_price) // 3, 1) :]
        self._kinds = sorted({p.product_type for p in products})
        self._weights: dict[tuple[tuple[str, ...], int], list[float]] = {}

    def interests(self, rng: random.Random) -> tuple[str, ...]:
        """Draw the one or two kinds of product that a shopper cares for most."""
        return tuple(sorted(rng.sample(self._kinds, min(rng.randint(1, 2), len(self._kinds)))))

    def basket(
        self, rng: random.Random, interests: tuple[str, ...], month: int
    ) -> tuple[OrderItem, ...]:
        """Fill an honest shopper's basket."""
        count = rng.choices((1, 2, 3, 4, 6), (46, 29, 15, 7, 3))[0]
        weights = self._weights_of(interests, month)
        places = set(rng.choices(range(len(self._products)), weights, k=count))
        chosen = (self._products[place] for place in sorted(places))
        return tuple(_item(rng, p, _usual_quantity(rng, p)) for p in chosen)

    def costly_basket(self, rng: random.Random) -> tuple[OrderItem, ...]:
        """Fill a basket with what sells on well: dear things, several of each."""
        chosen = rng.sample(self._expensive, min(rng.randint(1, 3), len(self._expensive)))
        return tuple(_item(rng, p, rng.choices((1, 2, 3, 5), (45, 30, 17, 8))[0]) for p in chosen)

    def _weights_of(self, interests: tuple[str, ...], month: int) -> list[float]:
        key = interests, month
        if key not in self._weights:
            self._weights[key] = [
                popularity * _season(words, month) * (8 if p.product_type in interests else 1)
                for p, popularity, words in zip(
                    self._products, self._popularity, self._words, strict=True
                )
            ]
        return self._weights[key]


def _words(product: Product) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", f"{product.title} {product.product_type}".lower()))


def _season(words: frozenset[str], month: int) -> float:
    for kinds, months in _SEASONS:
        if words & kinds:
            return 2.0 if month in months else 0.6
    return 1.0


def _usual_quantity(rng: random.Random, product: Product) -> int:
    if _words(product) & _SMALL:
        return rng.choices((1, 2, 3, 4), (50, 30, 14, 6))[0]
    return rng.choices((1, 2, 4), (93, 6, 1))[0]


def _item(rng: random.Random, product: Product, quantity: int) -> OrderItem:
    return OrderItem(
        product_id=product.id,
        title=product.title,
        color=rng.choice(product.colors) if product.colors else "",
        size=rng.choice(product.sizes) if product.sizes else "",
        quantity=quantity,
        unit_price=product.current_price,
    )
