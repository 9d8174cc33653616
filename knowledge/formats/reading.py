"""What all file readers share: decoding, problems with a place, checks of single fields."""

import codecs
import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from knowledge.entries import Problem

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_UNSHOWABLE = re.compile(r"[\x00\ud800-\udfff]")
_ID = re.compile(r"[^\s{}#=\"']+")


@dataclass
class Problems:
    """Collects the problems of one file, so that its reader needn't stop at the first."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, column: int, what: str) -> None:
        """Note a problem at a 1-based line and column; `what` ends with the remedy."""
        self.found.append(Problem(self.file, line, column, what))

    def warn(self, line: int, column: int, what: str) -> None:
        """Note what should be looked at, but needn't keep the file from going live."""
        self.found.append(Problem(self.file, line, column, what, warning=True))


@dataclass(frozen=True)
class Text:
    """A piece of a file with the place where it starts."""

    value: str
    line: int
    column: int


def decode(data: bytes, problems: Problems) -> str | None:
    """Return UTF-8 bytes as text with LF line ends and no byte-order mark, or note why not."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        what = "the file is UTF-16, which some programs call Unicode; save it as UTF-8"
        problems.add(1, 1, what)
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = before.rfind(b"\n") + 1
        column = len(before[line_start:].decode("utf-8", "replace")) + 1
        problems.add(
            before.count(b"\n") + 1,
            column,
            f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8",
        )
        return None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    nul = text.find("\0")
    if nul >= 0:
        line, column = text.count("\n", 0, nul) + 1, nul - text.rfind("\n", 0, nul)
        what = "a NUL character, as in damaged files and in UTF-16; save the file as UTF-8 text"
        problems.add(line, column, what)
        return None
    return text


def showable(text: Text, problems: Problems) -> Text:
    """Return the text without what an escape of YAML or JSON wrote that is no character."""
    found = _UNSHOWABLE.search(text.value)
    if found is None:
        return text
    what = f"an escape for number {ord(found[0])}, which is no character; type what you mean"
    problems.add(text.line, text.column, what)
    return replace(text, value=_UNSHOWABLE.sub("\ufffd", text.value))


def language(text: Text, problems: Problems) -> str | None:
    """Return a language code such as `en` or `zh`, or note the problem."""
    return _checked(text, problems, _LANGUAGE.fullmatch, "is not a language code", "write en or zh")


def identifier(text: Text, problems: Problems) -> str | None:
    """Return an id or intent name, or note the problem."""
    remedy = "write one word such as delivery-period"
    return _checked(text, problems, _ID.fullmatch, "can't be a name", remedy)


def day(text: Text, problems: Problems) -> date | None:
    """Return a date written as 2026-12-01, or note the problem."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text.value):
        try:
            return date.fromisoformat(text.value)
        except ValueError:
            pass
    _quote(text, problems, "is not a date", "write year-month-day, such as 2026-12-01")
    return None


def check_period(start: date | None, end: date | None, at: Text, problems: Problems) -> None:
    """Note at `at` that an entry would end before it begins."""
    if start is not None and end is not None and end < start:
        what = f"valid-until {end} is before valid-from {start}; mend one of the two days"
        problems.add(at.line, at.column, what)


def unknown_key(key: Text, known: Iterable[str], problems: Problems) -> None:
    """Note a key that no reader knows, with the nearest known one."""
    known = sorted(known)
    near = difflib.get_close_matches(key.value[:80], known, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"
    _quote(key, problems, "is not a known key", remedy)


def _checked(
    text: Text, problems: Problems, accept: Callable[[str], object], what: str, remedy: str
) -> str | None:
    if accept(text.value):
        return text.value
    _quote(text, problems, what, remedy)
    return None


def _quote(text: Text, problems: Problems, what: str, remedy: str) -> None:
    shown = text.value if len(text.value) <= 60 else text.value[:57] + "…"
    problems.add(text.line, text.column, f"{shown!r} {what}; {remedy}")
