"""What a shopper asks of a product: constraints from entities, carried on to follow-ups."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from knowledge.entries import Product
from knowledge.index.products import ProductFilter

_LISTS = {
    "product_type": "product_types",
    "colour": "colors",
    "size": "sizes",
    "material": "materials",
    "use": "uses",
}
_CHEAPER = re.compile(r"\b(cheaper|less expensive|lower price)\b|便宜(一?点|些)|更便宜", re.I)
_WATERPROOF = re.compile(r"\bwater ?-?proof\b|\brain ?-?proof\b|防水|防雨", re.IGNORECASE)
_KIDS = re.compile(
    r"\b(kids?|child(ren)?('?s)?|toddlers?|my (son|daughter)|boys?|girls?)\b|儿童|孩子|小孩|童装",
    re.IGNORECASE,
)
_IN_STOCK = re.compile(r"\b(in stock|available)\b|有货|现货", re.I)

_NO_PRICE = Decimal(10) ** 9
"""Amounts from here on are no prices; 1e999999999 would take gigabytes to write out."""

ABOUT_SHARE = Decimal("0.25")
"""`around $100` means within a quarter of it."""


@dataclass(frozen=True)
class ProductRequest:
    """Constraints on products; empty means any. Prices in the shop's currency."""

    product_types: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock_only: bool = False
    waterproof: bool = False
    kids: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was asked for."""
        return self == ProductRequest()

    def filter(self) -> ProductFilter:
        """As the product index takes it."""
        lists = {n: frozenset(getattr(self, n)) for n in _LISTS.values()}
        return ProductFilter(
            **lists,
            price_min=self.price_min,
            price_max=self.price_max,
            in_stock_only=self.in_stock_only,
        )

    def suits(self, product: Product) -> bool:
        """Whether the product's further columns fit: `waterproof`, and `age_group` for children.

        Children's things are shown to those who ask for them, and to nobody else.
        """
        for_kids = product.extra.get("age_group", "adult") in ("kids", "toddler", "infant")
        dry = product.extra.get("waterproof") == "yes"
        return for_kids == self.kids and (dry or not self.waterproof)

    def without(self, name: str) -> "ProductRequest":
        """The same with one constraint dropped."""
        return replace(self, **{name: getattr(ProductRequest(), name)})

    def to_slot(self) -> dict[str, Any]:
        """As JSON."""
        return {
            k: str(v) if isinstance(v, Decimal) else list(v) if isinstance(v, tuple) else v
            for k, v in asdict(self).items()
        }

    @classmethod
    def from_slot(cls, value: Mapping[str, Any] | None) -> "ProductRequest":
        """Back from JSON; an empty request for anything else."""
        known = {f.name for f in fields(cls)}
        kept = {k: v for k, v in (value or {}).items() if k in known}
        for name, item in kept.items():
            if isinstance(item, list):
                kept[name] = tuple(map(str, item))
            elif name.startswith("price_"):
                kept[name] = _decimal(item)
        return cls(**kept)


def read_request(text: str, entities: Sequence[Mapping[str, Any]]) -> ProductRequest:
    """The constraints that one message states."""
    found: dict[str, Any] = {}
    for name, field in _LISTS.items():
        values = [str(e["value"]) for e in entities if e["entity"] == name]
        found[field] = tuple(dict.fromkeys(values))
    for entity in entities:
        amount = _decimal(entity["value"]) if entity["entity"] == "money" else None
        if amount is None:
            continue
        role = entity.get("role")
        if role == "min":
            found["price_min"] = amount
        elif role == "about":
            found["price_min"] = amount * (1 - ABOUT_SHARE)
            found["price_max"] = amount * (1 + ABOUT_SHARE)
        else:
            found["price_max"] = amount
    return ProductRequest(
        **found,
        in_stock_only=bool(_IN_STOCK.search(text)),
        waterproof=bool(_WATERPROOF.search(text)),
        kids=bool(_KIDS.search(text)),
    )


def continue_request(
    before: ProductRequest, now: ProductRequest, *, text: str, shown: Sequence[Decimal]
) -> ProductRequest:
    """Carry the earlier constraints on, unless the message starts afresh with a kind of product.

    `cheaper` means below the cheapest product that was shown.
    """
    merged = now
    if not now.product_types:
        new_price = now.price_min is not None or now.price_max is not None
        old = replace(before, price_min=None, price_max=None) if new_price else before
        kept = {f.name: getattr(now, f.name) or getattr(old, f.name) for f in fields(now)}
        merged = ProductRequest(**kept)
    if _CHEAPER.search(text) and shown and now.price_max is None:
        merged = replace(merged, price_max=min(shown) - Decimal("0.01"), price_min=None)
    return merged


def _decimal(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
        return amount if 0 <= amount < _NO_PRICE else None
    except InvalidOperation:  # no number, or one that compares with nothing (NaN)
        return None
