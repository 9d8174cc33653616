"""What a file became as JSON and back: lists rather than objects, as those are read faster."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.entries import Entry, Problem, Product, Source
from knowledge.formats.placed import Feed, ParsedFile, PlacedEntry, PlacedProduct, Reference


def to_json(parsed: ParsedFile) -> bytes:
    """Return what a file became, without its path."""
    feed = parsed.feed
    value = {
        "entries": [_entry_values(placed) for placed in parsed.entries],
        "products": [_product_values(placed) for placed in feed.products],
        "failed": sorted(feed.failed),
        "complete": feed.complete,
        "problems": [[p.line, p.column, p.what, p.warning] for p in parsed.problems],
    }
    return json.dumps(value, separators=(",", ":")).encode()


def from_json(data: bytes, path: str) -> ParsedFile:
    """Return what `to_json` wrote of the file at `path`."""
    value = json.loads(data)
    shared: dict[tuple[str, ...], frozenset[str]] = {}  # a file has few different sets of tags
    feed = Feed(
        tuple(_product(values, path) for values in value["products"]),
        frozenset(value["failed"]),
        value["complete"],
    )
    return ParsedFile(
        tuple(_entry(values, path, shared) for values in value["entries"]),
        feed,
        tuple(Problem(path, *values) for values in value["problems"]),
    )


def _entry_values(placed: PlacedEntry) -> list[object]:
    entry, id_line, id_column, question_column, references = placed
    return [
        entry.id,
        entry.language,
        entry.question,
        entry.answer,
        entry.source.line,
        entry.kind,
        entry.intent,
        entry.phrasings,
        entry.tests,
        sorted(entry.tags),
        entry.heading_path,
        _day(entry.valid_from),
        _day(entry.valid_until),
        id_line,
        id_column,
        question_column,
        references,
    ]


def _entry(
    values: list[Any], path: str, shared: dict[tuple[str, ...], frozenset[str]]
) -> PlacedEntry:
    (name, language, question, answer, line, kind, intent, phrasings, tests, tags, heading_path,
     start, end, id_line, id_column, question_column, references) = values  # fmt: skip
    key = tuple(tags)
    if key not in shared:
        shared[key] = frozenset(key)
    entry = Entry(
        name,
        language,
        question,
        answer,
        Source(path, line),
        kind,
        intent,
        tuple(phrasings),
        tuple(tests),
        shared[key],
        tuple(heading_path),
        date.fromisoformat(start) if start else None,
        date.fromisoformat(end) if end else None,
    )
    links = tuple(Reference(*reference) for reference in references)
    return PlacedEntry(entry, id_line, id_column, question_column, links)


def _product_values(placed: PlacedProduct) -> list[object]:
    product, id_column = placed
    return [
        product.id,
        product.title,
        product.description,
        product.link,
        product.image_link,
        product.availability,
        str(product.price),
        product.currency,
        product.source.line,
        None if product.sale_price is None else str(product.sale_price),
        product.brand,
        product.product_type,
        product.colors,
        product.sizes,
        product.materials,
        product.uses,
        product.rating,
        product.review_count,
        product.stock,
        dict(product.titles),
        dict(product.descriptions),
        dict(product.extra),
        id_column,
    ]


def _product(values: list[Any], path: str) -> PlacedProduct:
    (name, title, description, link, image_link, availability, price, currency, line, sale_price,
     brand, product_type, colors, sizes, materials, uses, rating, review_count, stock, titles,
     descriptions, extra, id_column) = values  # fmt: skip
    product = Product(
        name,
        title,
        description,
        link,
        image_link,
        availability,
        Decimal(price),
        currency,
        Source(path, line),
        None if sale_price is None else Decimal(sale_price),
        brand,
        product_type,
        tuple(colors),
        tuple(sizes),
        tuple(materials),
        tuple(uses),
        rating,
        review_count,
        stock,
        titles,
        descriptions,
        extra,
    )
    return PlacedProduct(product, id_column)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
