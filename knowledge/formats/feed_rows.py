"""A product feed's rows as text, with the line and column of each cell: CSV, TSV, JSON Lines."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from knowledge.formats.reading import Problems, Text, showable

REQUIRED = ("id", "title", "description", "link", "image_link", "availability", "price")


@dataclass(frozen=True)
class Row:
    """One product's columns as text; `place` gives the line and column where each stands."""

    line: int
    values: Mapping[str, str]
    place: Callable[[str], tuple[int, int]]
    problems: Problems

    def get(self, name: str) -> str:
        """Return a column's text, empty where it is absent."""
        return self.values.get(name, "")

    def wrong(self, name: str, remedy: str) -> None:
        """Note that a column's value is absent or not valid."""
        value = self.get(name)
        shown = repr(value if len(value) <= 40 else value[:37] + "…")
        what = f"{name} {shown} is not valid" if value else f"no {name}"
        self.problems.add(*self.place(name), f"{what}; {remedy}")


def read_rows(
    text: str, suffix: Literal[".csv", ".tsv", ".jsonl"], problems: Problems
) -> Iterator[Row | None]:
    """Yield the rows of a feed, None for what is no row (noted in `problems`)."""
    return _json_rows(text, problems) if suffix == ".jsonl" else _csv_rows(text, suffix, problems)


def _csv_rows(text: str, suffix: str, problems: Problems) -> Iterator[Row | None]:
    """Yield the rows, None for what can't be told from the next row or has no columns."""
    delimiter = "," if suffix == ".csv" else "\t"
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines = text.split("\n")
    start = 1
    try:
        header = [_name(cell) for cell in next(reader, [])]
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            problems.add(1, 1, f"no column {', '.join(missing)}; add it to the first line")
            yield None
            return
        places = _cell_places("\n".join(lines[: reader.line_num]), delimiter)
        for number, name in enumerate(header):
            if name and name in header[:number]:
                line, column = places[number]
                problems.add(line, column, f"column {name} stands there twice; remove one")
        start = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    what = f"{len(cells)} columns instead of the header's {len(header)}"
                    problems.add(start, 1, f"{what}; quote cells that hold the delimiter")
                    yield None
                else:
                    raw = lines[start - 1 : reader.line_num]
                    values = {n: c.strip() for n, c in zip(header, cells, strict=True) if n}
                    yield Row(start, values, _csv_place(header, raw, start, delimiter), problems)
            start = reader.line_num + 1
    except csv.Error as error:
        what = f"not readable ({error}); mend the quotes of the row that begins here"
        problems.add(start, 1, what)
        yield None


def _csv_place(
    header: list[str], raw: list[str], start: int, delimiter: str
) -> Callable[[str], tuple[int, int]]:
    def place(name: str) -> tuple[int, int]:
        if name not in header:
            return start, 1
        number = header.index(name)
        if number == 0:
            return start, 1
        line, column = _cell_places("\n".join(raw), delimiter)[number]
        return start + line - 1, column

    return place


def _cell_places(row: str, delimiter: str) -> list[tuple[int, int]]:
    """Return line and column, both from 1, of each cell of a row; quoted cells may hold lines."""
    cell = re.compile(rf'(?:"(?:[^"]|"")*"|[^{delimiter}]*){delimiter}')
    starts = [0]
    while match := cell.match(row, starts[-1]):
        starts.append(match.end())
    return [(row.count("\n", 0, at) + 1, at - row.rfind("\n", 0, at)) for at in starts]


def _json_rows(text: str, problems: Problems) -> Iterator[Row | None]:
    """Yield the rows, None for lines that are no JSON objects."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        record = _json_record(line, number, problems)
        if record is None:
            yield None
            continue
        place = _json_place(line, number)
        values: dict[str, str] = {}
        for key, value in record:
            if _name(key) in values:
                again = list(_json_key(key).finditer(line))
                column = again[-1].start() + 1 if again else 1
                problems.add(number, column, f"{_name(key)!r} stands here twice; remove one")
            shown = _as_text(value)
            if "\\u" in line:
                shown = showable(Text(shown, *place(_name(key))), problems).value
            values[_name(key)] = shown
        yield Row(number, values, place, problems)


def _json_record(line: str, number: int, problems: Problems) -> "_Pairs | None":
    try:
        record = json.loads(line, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as error:
        problems.add(number, error.colno, f"not valid JSON ({error.msg}); one object a line")
        return None
    except (RecursionError, ValueError):  # absurd nesting, numbers of 5,000 digits
        problems.add(number, 1, "not readable as JSON; write one flat object a line")
        return None
    if not isinstance(record, _Pairs):
        problems.add(number, 1, 'not a JSON object; write {"id": …} on each line')
        return None
    return record


class _Pairs(list[tuple[str, object]]):
    """A JSON object with keys that stand in it twice."""


def _json_key(key: str) -> re.Pattern[str]:
    either = {json.dumps(key), json.dumps(key, ensure_ascii=False)}
    return re.compile(rf"(?:{'|'.join(map(re.escape, either))})\s*:")


def _json_place(line: str, number: int) -> Callable[[str], tuple[int, int]]:
    def place(name: str) -> tuple[int, int]:
        keys = re.finditer(r'"((?:[^"\\]|\\.)*)"\s*:', line)
        return number, next((key.start() + 1 for key in keys if _name(key[1]) == name), 1)

    return place


def _name(cell: str) -> str:
    """Merchant feeds write both `image link` and `image_link`."""
    return cell.strip().lower().replace(" ", "_")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, _Pairs):
        return str(dict(value))
    if isinstance(value, list):
        return ",".join(_as_text(item) for item in value)
    return str(value).strip()
