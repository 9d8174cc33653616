"""Phrases from the shop's lookup lists, with their synonyms' canonical values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from nlu.finders.span import fold

_WORD_START = re.compile(r"(?<![a-z0-9'])[^\W_]|[\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z0-9]")
_MEASURED = re.compile(r"\d ?\Z")
_FIGURES = re.compile(r"[\d.,]+")


@dataclass(frozen=True)
class Phrase:
    """What one lookup phrase stands for; `capital` asks for capitals in the original text."""

    entity: str
    value: str
    capital: bool = False


_FEWEST_LETTERS = 5
_ALIKE = 0.83  # of difflib's ratio: "jakcet" is 0.833; "skirt" is no shirt at 0.8


class PhraseTable:
    """Longest-match search: a dictionary by folded phrase, tried at every word start."""

    def __init__(self, lookups: Mapping[str, Iterable[str]], synonyms: Mapping[str, str]) -> None:
        self._phrases: dict[str, Phrase] = {}
        canonical = {_key(text): value for text, value in synonyms.items()}
        owners: dict[str, str] = {}
        for entity, phrases in lookups.items():
            for phrase in phrases:
                key = _key(phrase)
                value = canonical.get(key, phrase)
                owners.setdefault(_key(value), entity)
                self._add(key, Phrase(entity, value))
        # A synonym in no list belongs to the entity whose list holds its canonical value.
        for key, value in canonical.items():
            if key not in self._phrases and _key(value) in owners:
                self._add(key, Phrase(owners[_key(value)], value))
        self._lengths = sorted({len(key) for key in self._phrases}, reverse=True)

    def _add(self, key: str, phrase: Phrase) -> None:
        # Bare figures ("36" in a list of sizes) are hours and prices too: rules see to them.
        if not key or _FIGURES.fullmatch(key):
            return
        capital = len(key) == 1 and key.isascii()
        self._phrases.setdefault(key, Phrase(phrase.entity, phrase.value, capital))

    def find(self, text: str, original: str) -> list[tuple[int, int, Phrase]]:
        """Return (start, end, phrase) left to right; of overlapping ones the longest, then first.

        Args:
            text: The folded text.
            original: The same as typed.
        """
        found: list[tuple[int, int, Phrase]] = []
        for start, end, phrase in sorted(
            self._candidates(text.replace("-", " "), original), key=lambda c: (c[0] - c[1], c[0])
        ):
            if all(end <= other[0] or other[1] <= start for other in found):
                found.append((start, end, phrase))
        return sorted(found, key=lambda match: match[0])

    def _candidates(self, text: str, original: str) -> Iterator[tuple[int, int, Phrase]]:
        """Yield the longest phrase at every word start."""
        for match in _WORD_START.finditer(text):
            start = match.start()
            for length in self._lengths:
                end = start + length
                phrase = self._phrases.get(text[start:end])
                if phrase and end <= len(text) and _ends_word(text, end):
                    # "20 L" is a volume, "l" a slip of the finger, "L" a size.
                    if phrase.capital and (
                        not original[start].isupper() or _MEASURED.search(text, 0, start)
                    ):
                        continue
                    yield start, end, phrase
                    break

    def nearest(self, entity: str, typed: str) -> str | None:
        """Return the value of the entity's phrase that this is a typing slip away from.

        Only for five Latin letters or more, and phrases that begin with the same letter.
        """
        key = _key(typed)
        if len(key) < _FEWEST_LETTERS or not key.isascii():
            return None
        known = [k for k in self._of(entity) if k[0] == key[0] and abs(len(k) - len(key)) <= 2]
        close = get_close_matches(key, known, n=1, cutoff=_ALIKE)
        return self._phrases[close[0]].value if close else None

    def _of(self, entity: str) -> list[str]:
        return [key for key, phrase in self._phrases.items() if phrase.entity == entity]


def _key(phrase: str) -> str:
    return " ".join(fold(phrase).replace("-", " ").split())


def _ends_word(text: str, end: int) -> bool:
    """Tell whether a phrase may end here: Latin letters must not go on."""
    return not (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
