"""Misspelt words of a query into words of the catalogue."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.index.product_asking import NEVER_CORRECTED

# One slip from five letters, two from seven. Shorter words have too many neighbours: in a chat
# `show` is no snow. On the tune half of home_depot four letters gain 0.0003 NDCG@10.
_ONE_SLIP, _TWO_SLIPS = 5, 7
# Longer ones are codes or noise, in the catalogue as in a query.
_MOST_LETTERS = 24
# A slip costs as much as a word being e^4 times rarer. On the tune half of home_depot 2 to 4 are
# within 0.001 NDCG@10; so is allowing another first letter, which is seldom mistyped.
_SLIP_COST = 4.0
# Parts of a compound: no shorter, and in this many products at least.
_PART_LETTERS, _PART_PRODUCTS = 3, 3


class Spelling:
    """Words of a catalogue, with the number of products that hold each. Immutable."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = dict(counts)
        words = [word for word in counts if _latin(word)]
        self._words = words
        self._logs = np.log([counts[word] for word in words]) if words else np.zeros(0)
        self._lengths = np.array([len(word) for word in words], dtype=np.int16)
        self._letters = np.zeros((len(words), max(map(len, words), default=1)), dtype=np.uint8)
        self._bags = np.zeros((len(words), 26), dtype=np.int8)
        for row, word in enumerate(words):
            codes = _codes(word)
            self._letters[row, : len(codes)] = codes
            self._bags[row] = _bag(codes)
        self.corrected = lru_cache(maxsize=10_000)(self._corrected)

    def count(self, word: str) -> int:
        """Return the number of products that hold the word."""
        return self._counts.get(word, 0)

    def parts(self, word: str, *, at_least: int = _PART_PRODUCTS) -> tuple[str, ...]:
        """Return the two words that a compound is made of, or none: `doorknob` is door, knob.

        Both are in `at_least` products and in more than the compound.
        """
        best = max(at_least - 1, self.count(word))
        found: tuple[str, ...] = ()
        for cut in range(_PART_LETTERS, len(word) - _PART_LETTERS + 1):
            rarer = min(self.count(word[:cut]), self.count(word[cut:]))
            if rarer > best:
                best, found = rarer, (word[:cut], word[cut:])
        return found

    def _corrected(self, word: str) -> tuple[str, ...]:
        """Return the catalogue's likeliest words for an unknown one; none if nothing is near."""
        slips = (len(word) >= _ONE_SLIP) + (len(word) >= _TWO_SLIPS)
        if word in NEVER_CORRECTED or not slips or not _latin(word):
            return ()
        rows, distances = self._near(_codes(word), slips)
        parts = self.parts(word)
        if parts and 1 not in distances:
            return parts
        if not len(rows):
            return ()
        scores = self._logs[rows] - _SLIP_COST * distances
        return (self._words[rows[np.argmax(scores)]],)

    def _near(
        self, word: NDArray[np.uint8], slips: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
        """Return the rows of the words within so many slips, and how many each takes."""
        # Each slip changes at most two letter counts: this leaves a few hundred words to compare.
        changed = np.abs(self._bags - _bag(word)).sum(axis=1, dtype=np.int16)
        rows = np.flatnonzero((changed <= 2 * slips) & (self._letters[:, 0] == word[0]))
        distances = _slips(word, self._letters[rows], self._lengths[rows])
        near = distances <= slips
        return rows[near], distances[near]


def _latin(word: str) -> bool:
    return len(word) <= _MOST_LETTERS and word.isascii() and word.isalpha() and word.islower()


def _codes(word: str) -> NDArray[np.uint8]:
    return np.frombuffer(word.encode("ascii"), dtype=np.uint8)


def _bag(codes: NDArray[np.uint8]) -> NDArray[np.int8]:
    return np.bincount(codes - ord("a"), minlength=26)[:26].astype(np.int8)


def _slips(
    word: NDArray[np.uint8], others: NDArray[np.uint8], lengths: NDArray[np.int16]
) -> NDArray[np.int16]:
    """Damerau-Levenshtein distance (adjacent letters swapped count once) to each row of others."""
    width = int(lengths.max(initial=0))
    before: NDArray[np.int16] = np.zeros((len(others), width + 1), dtype=np.int16)
    last: NDArray[np.int16] = np.tile(np.arange(width + 1, dtype=np.int16), (len(others), 1))
    for i, letter in enumerate(word, 1):
        row = np.full_like(last, i)
        for j in range(1, width + 1):
            other = others[:, j - 1]
            row[:, j] = np.minimum(last[:, j], row[:, j - 1]) + 1
            row[:, j] = np.minimum(row[:, j], last[:, j - 1] + (other != letter))
            if i > 1 and j > 1:
                swapped = (other == word[i - 2]) & (others[:, j - 2] == letter)
                row[:, j] = np.where(
                    swapped, np.minimum(row[:, j], before[:, j - 2] + 1), row[:, j]
                )
        before, last = last, row
    found: NDArray[np.int16] = last[np.arange(len(others)), lengths]
    return found


def word_counts(texts: Sequence[frozenset[str]]) -> dict[str, int]:
    """Return for each word the number of products that hold it."""
    counts: dict[str, int] = {}
    for words in texts:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    return counts
