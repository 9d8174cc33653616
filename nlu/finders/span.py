"""What a finder returns, and the folded text that every finder reads."""

import unicodedata
from dataclasses import dataclass

from nlu.han import simplify


@dataclass(frozen=True)
class Span:
    """A found value; `start` and `end` are offsets into the folded, and so the original, text."""

    start: int
    end: int
    value: str
    role: str | None = None


def fold(text: str) -> str:
    """Return the text in lower case, half width and simplified Chinese, character for character.

    A character whose folded form is not exactly one character stays, so offsets keep their meaning.
    """
    return simplify("".join(map(_fold_character, text)))


def _fold_character(character: str) -> str:
    if "\x20" < character < "\x7f":
        return character.lower()
    if character in "’‘`´":
        return "'"
    if character in "–—−":
        return "-"
    if character == "，":  # never within a number: 4417，3件 is an order and a count
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = unicodedata.normalize("NFKC", character).lower()
    return folded if len(folded) == 1 else character


def overlaps(start: int, end: int, spans: list[Span]) -> bool:
    """Tell whether [start, end) shares a character with one of the spans."""
    return any(start < span.end and span.start < end for span in spans)
