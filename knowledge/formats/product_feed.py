"""Products from a Google Merchant feed: CSV, TSV or JSON Lines."""

import re
from decimal import Decimal
from typing import Literal, cast

from knowledge.entries import Product, Source
from knowledge.formats.feed_rows import REQUIRED, Row, read_rows
from knowledge.formats.links import address_fault
from knowledge.formats.placed import Feed, PlacedProduct
from knowledge.formats.reading import Problems

Availability = Literal["in_stock", "out_of_stock", "preorder", "backorder"]
_AVAILABILITY = ("in_stock", "out_of_stock", "preorder", "backorder")
_READ = frozenset(REQUIRED) | {
    "sale_price", "brand", "product_type", "color", "size", "material", "use", "rating",
    "review_count", "stock",
}  # fmt: skip
_PRICE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ([A-Z]{3})")
_TRANSLATED = re.compile(r"(title|description)_([a-z]{2,3})")
_SPLIT = {"color": r"[,/]", "material": r"[,/]", "size": r",", "use": r","}


def parse_products(
    text: str, suffix: Literal[".csv", ".tsv", ".jsonl"], problems: Problems
) -> Feed:
    """Return the products of one feed; whatever is wrong with it is noted in `problems`."""
    products, failed, complete = [], set(), True
    for row in read_rows(text, suffix, problems):
        product = None if row is None else _product(row)
        if product is not None:
            products.append(PlacedProduct(product, row.place("id")[1] if row else 1))
        elif row is not None and row.get("id"):
            failed.add(row.get("id"))
        else:
            complete = False
    return Feed(tuple(products), frozenset(failed), complete)


def _product(row: Row) -> Product | None:
    before = len(row.problems.found)
    for name in ("id", "title"):
        if not row.get(name):
            row.wrong(name, "fill it in")
    availability = row.get("availability").lower().replace(" ", "_")
    if availability not in _AVAILABILITY:
        row.wrong("availability", f"write one of {', '.join(_AVAILABILITY)}")
    price, currency = _price(row, "price")
    sale_price, sale_currency = _price(row, "sale_price") if row.get("sale_price") else (None, "")
    if sale_price is not None and (sale_currency != currency or sale_price > price):
        row.wrong("sale_price", "write a lower price in the currency of price")
    for name in ("link", "image_link"):
        fault = address_fault(row.get(name)) if row.get(name) else None
        if fault is not None:
            row.problems.add(*row.place(name), f"{name}: {fault}")
    rating = _number(row, "rating", 5)
    review_count = _number(row, "review_count", 10**9)
    stock = _number(row, "stock", 10**9)
    if len(row.problems.found) > before:
        return None
    translated = [match for name in row.values if (match := _TRANSLATED.fullmatch(name))]
    texts = {
        part: {m[2]: row.get(m[0]) for m in translated if m[1] == part and row.get(m[0])}
        for part in ("title", "description")
    }
    known = _READ | {match[0] for match in translated}
    return Product(
        id=row.get("id"),
        title=row.get("title"),
        description=row.get("description"),
        link=row.get("link"),
        image_link=row.get("image_link"),
        availability=cast(Availability, availability),
        price=price,
        currency=currency,
        source=Source(row.problems.file, row.line),
        sale_price=sale_price,
        brand=row.get("brand"),
        product_type=row.get("product_type"),
        colors=_split(row, "color"),
        sizes=_split(row, "size"),
        materials=_split(row, "material"),
        uses=_split(row, "use"),
        rating=None if rating is None else float(rating),
        review_count=int(review_count or 0),
        stock=None if stock is None else int(stock),
        titles=texts["title"],
        descriptions=texts["description"],
        extra={name: value for name, value in row.values.items() if name not in known and value},
    )


def _price(row: Row, name: str) -> tuple[Decimal, str]:
    match = _PRICE.fullmatch(row.get(name))
    if match is None:
        row.wrong(name, "write amount and currency, such as 129.00 USD")
        return Decimal(0), ""
    return Decimal(match[1]), match[2]


def _number(row: Row, name: str, highest: int) -> Decimal | None:
    """Return a number from 0 to `highest` (whole ones but for a rating), None if empty or wrong."""
    value = row.get(name)
    fraction = r"(\.[0-9]{1,6})?" if name == "rating" else r"(\.0{1,6})?"
    if value and re.fullmatch(rf"[0-9]{{1,10}}{fraction}", value) and Decimal(value) <= highest:
        return Decimal(value)
    if value:
        row.wrong(name, f"write a number from 0 to {highest}" if highest == 5 else "write a count")
    return None


def _split(row: Row, name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(_SPLIT[name], row.get(name)))
    return tuple(dict.fromkeys(part for part in parts if part))
