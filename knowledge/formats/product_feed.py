"""Products from a Google Merchant feed: CSV, TSV or JSON Lines."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast

from knowledge.entries import Product, Source
from knowledge.formats.reading import Problems

Availability = Literal["in_stock", "out_of_stock", "preorder", "backorder"]
_AVAILABILITY = ("in_stock", "out_of_stock", "preorder", "backorder")
_REQUIRED = ("id", "title", "description", "link", "image_link", "availability", "price")
_READ = frozenset(_REQUIRED) | {
    "sale_price", "brand", "product_type", "color", "size", "material", "use", "rating",
    "review_count", "stock",
}  # fmt: skip
_PRICE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ([A-Z]{3})")
_TRANSLATED = re.compile(r"(title|description)_([a-z]{2,3})")
_SPLIT = {"color": r"[,/]", "material": r"[,/]", "size": r",", "use": r","}


@dataclass(frozen=True)
class _Row:
    """One product's columns as text, and where each stands."""

    line: int
    values: Mapping[str, str]
    columns: Mapping[str, int]
    problems: Problems

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def wrong(self, name: str, remedy: str) -> None:
        value = self.get(name)
        shown = repr(value if len(value) <= 40 else value[:37] + "…")
        what = f"{name} {shown} is not valid" if value else f"no {name}"
        self.problems.add(self.line, self.columns.get(name, 1), f"{what}; {remedy}")


def parse_products(
    text: str, suffix: Literal[".csv", ".tsv", ".jsonl"], problems: Problems
) -> tuple[Product, ...]:
    """Return the products of one feed; whatever is wrong with it is noted in `problems`."""
    rows = _json_rows(text, problems) if suffix == ".jsonl" else _csv_rows(text, suffix, problems)
    found = (_product(row) for row in rows)
    return tuple(product for product in found if product is not None)


def _csv_rows(text: str, suffix: str, problems: Problems) -> Iterator[_Row]:
    delimiter = "," if suffix == ".csv" else "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = text.split("\n")
    try:
        header = [_name(cell) for cell in next(reader, [])]
        missing = [name for name in _REQUIRED if name not in header]
        if missing:
            problems.add(1, 1, f"no column {', '.join(missing)}; add it to the first line")
            return
        for name in {name for name in header if name and header.count(name) > 1}:
            problems.add(1, 1, f"column {name} stands there twice; remove one")
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    what = f"{len(cells)} columns instead of the header's {len(header)}"
                    problems.add(start, 1, f"{what}; quote cells that hold the delimiter")
                else:
                    places = _cell_columns(lines[start - 1], delimiter)
                    # Cells of later lines of a quoted cell have no place of their own: column 1.
                    columns = dict(zip(header, places, strict=False))
                    values = {n: c.strip() for n, c in zip(header, cells, strict=True) if n}
                    yield _Row(start, values, columns, problems)
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(max(reader.line_num, 1), 1, f"not readable ({error}); mend the quotes here")


def _cell_columns(line: str, delimiter: str) -> list[int]:
    places, quoted = [1], False
    for position, character in enumerate(line, 1):
        if character == '"':
            quoted = not quoted
        elif character == delimiter and not quoted:
            places.append(position + 1)
    return places


def _json_rows(text: str, problems: Problems) -> Iterator[_Row]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            problems.add(number, error.colno, f"not valid JSON ({error.msg}); one object a line")
            continue
        except (RecursionError, ValueError) as error:  # absurd nesting, numbers of 5,000 digits
            problems.add(number, 1, f"not readable as JSON ({error}); one flat object a line")
            continue
        if not isinstance(record, dict):
            problems.add(number, 1, 'not a JSON object; write {"id": …} on each line')
            continue
        values = {_name(key): _as_text(value) for key, value in record.items()}
        columns = {_name(key): max(line.find(json.dumps(key)) + 1, 1) for key in record}
        yield _Row(number, values, columns, problems)


def _name(cell: str) -> str:
    """Merchant feeds write both `image link` and `image_link`."""
    return cell.strip().lower().replace(" ", "_")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(_as_text(item) for item in value)
    return str(value).strip()


def _product(row: _Row) -> Product | None:
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


def _price(row: _Row, name: str) -> tuple[Decimal, str]:
    match = _PRICE.fullmatch(row.get(name))
    if match is None:
        row.wrong(name, "write amount and currency, such as 129.00 USD")
        return Decimal(0), ""
    return Decimal(match[1]), match[2]


def _number(row: _Row, name: str, highest: int) -> Decimal | None:
    """Return a number from 0 to `highest` (whole ones but for a rating), None if empty or wrong."""
    value = row.get(name)
    fraction = r"(\.[0-9]{1,6})?" if name == "rating" else r"(\.0{1,6})?"
    if value and re.fullmatch(rf"[0-9]{{1,10}}{fraction}", value) and Decimal(value) <= highest:
        return Decimal(value)
    if value:
        row.wrong(name, f"write a number from 0 to {highest}" if highest == 5 else "write a count")
    return None


def _split(row: _Row, name: str) -> tuple[str, ...]:
    parts = (part.strip() for part in re.split(_SPLIT[name], row.get(name)))
    return tuple(dict.fromkeys(part for part in parts if part))
