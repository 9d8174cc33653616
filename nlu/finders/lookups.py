"""Phrases from the shop's lookup lists, with their synonyms' canonical values."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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

    def find(self, text: str, original: str) -> Iterator[tuple[int, int, Phrase]]:
        """Yield (start, end, phrase), longest first at each place, left to right, no overlaps."""
        text = text.replace("-", " ")
        at = 0
        for match in _WORD_START.finditer(text):
            start = match.start()
            if start < at:
                continue
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
                    at = end
                    break


def _key(phrase: str) -> str:
    return " ".join(fold(phrase).replace("-", " ").split())


def _ends_word(text: str, end: int) -> bool:
    """Tell whether a phrase may end here: Latin letters must not go on."""
    return not (end < len(text) and _LATIN.match(text[end - 1]) and _LATIN.match(text[end]))
