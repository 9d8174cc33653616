"""What changed in the product feed, a line for each product."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from operator import attrgetter

from knowledge.entries import Product

_MOST_LINES = 50
_substance = attrgetter(*(field.name for field in fields(Product) if field.name != "source"))
# Shown as a value before and a value after; texts that are too long for that come below.
_SHORT = {
    "brand": "brand",
    "product_type": "product type",
    "colors": "colours",
    "sizes": "sizes",
    "materials": "materials",
    "uses": "uses",
    "rating": "rating",
    "review_count": "reviews",
    "stock": "stock",
}
_LONG = {"description": "description", "link": "link", "image_link": "image"}


def compare_products(before: Sequence[Product], after: Sequence[Product]) -> tuple[str, ...]:
    """Say what changed; beyond 50 lines the rest is counted."""
    old = {product.id: product for product in before}
    new = {product.id: product for product in after}
    changed = [
        (old[id_], product)
        for id_, product in new.items()
        if id_ in old and old[id_] is not product and _substance(old[id_]) != _substance(product)
    ]
    added = [product for id_, product in new.items() if id_ not in old]
    removed = [product for id_, product in old.items() if id_ not in new]
    kinds = sum(map(bool, (added, removed, changed)))
    most = _MOST_LINES // max(kinds, 1)
    if len(added) + len(removed) + len(changed) <= _MOST_LINES:
        most = _MOST_LINES
    lines = [f"product added: {_name(product)}, {_price(product)}" for product in added[:most]]
    lines += _rest(len(added) - most, "added")
    lines += [f"product removed: {_name(product)}" for product in removed[:most]]
    lines += _rest(len(removed) - most, "removed")
    lines += [
        f"{_name(new)}: {'; '.join(_worded(old, new)) or 'changed'}" for old, new in changed[:most]
    ]
    lines += _rest(len(changed) - most, "changed")
    return tuple(lines)


def _rest(count: int, what: str) -> list[str]:
    return [f"and {count} more {what}"] if count > 0 else []


def _name(product: Product) -> str:
    return f"{product.title} ({product.id})"


def _price(product: Product) -> str:
    return _amount(product.price, product.currency)


def _amount(amount: Decimal | None, currency: str) -> str:
    return "none" if amount is None else f"{amount} {currency}"


def _worded(before: Product, after: Product) -> Iterator[str]:
    if before.title != after.title:
        yield f'title: "{before.title}" is now "{after.title}"'
    if (before.price, before.currency) != (after.price, after.currency):
        yield f"price {_price(before)} → {_price(after)}"
    if before.sale_price != after.sale_price:
        sale = [_amount(product.sale_price, product.currency) for product in (before, after)]
        yield f"sale price {sale[0]} → {sale[1]}"
    if before.availability != after.availability:
        yield f"{before.availability} → {after.availability}".replace("_", " ")
    for name, word in _SHORT.items():
        values = [_value(getattr(product, name)) for product in (before, after)]
        if values[0] != values[1]:
            yield f"{word} {values[0]} → {values[1]}"
    for name, word in _LONG.items():
        if getattr(before, name) != getattr(after, name):
            yield f"{word} changed"
    for language, texts in _both(before.titles, after.titles):
        yield f"title ({language}): {texts[0]} → {texts[1]}"
    yield from (
        f"description ({language}) changed"
        for language, _ in _both(before.descriptions, after.descriptions)
    )
    for column, texts in _both(before.extra, after.extra):
        yield f"{column}: {texts[0]} → {texts[1]}"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None or value == "" else str(value)


def _both(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, tuple[str, str]]]:
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name) or "none", after.get(name) or "none"
        if old != new:
            yield name, (old, new)
