"""Tokens of any tokenizer joined into words."""

from collections.abc import Sequence
from dataclasses import dataclass

Offsets = Sequence[tuple[int, int]]
"""[start, end) of every token in its text; empty for a tokenizer's own signs."""

_FIRST_WITHOUT_SPACES = "\u2e80"
"""From here on (CJK radicals, Kana, Han, Hangul) a word need not end at a space."""


@dataclass(frozen=True)
class Word:
    """[start, end) of the text and the numbers of its tokens."""

    start: int
    end: int
    tokens: list[int]


def words_of(text: str, offsets: Offsets) -> list[Word]:
    """Join tokens that share a character or stand within one word of a script with spaces."""
    words: list[Word] = []
    for token, (start, end) in enumerate(trimmed(text, offsets)):
        if start >= end:
            continue
        last = words[-1] if words else None
        if last and (start < last.end or (start == last.end and _within_word(text, start))):
            words[-1] = Word(last.start, max(last.end, end), [*last.tokens, token])
        else:
            words.append(Word(start, end, [token]))
    return words


def trimmed(text: str, offsets: Offsets) -> list[tuple[int, int]]:
    """Return the offsets without white space: some tokenizers count a space to the next word."""
    within = []
    for start, end in offsets:
        while start < end and text[start] == " ":
            start += 1
        while start < end and text[end - 1] == " ":
            end -= 1
        within.append((start, end))
    return within


def _within_word(text: str, at: int) -> bool:
    left, right = text[at - 1], text[at]
    return left.isalnum() and right.isalnum() and max(left, right) < _FIRST_WITHOUT_SPACES
