"""What each token scores in each text by BM25: arrays that a query adds up, on disk as they are."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import bm25s
import numpy as np
from numpy.typing import NDArray

# bm25s's own: a token counts twice as much when a text holds it often, long texts count less.
_K1, _B = 1.5, 0.75
_ARRAYS = ("starts", "texts", "scores", "ceiling")
_WORDS, _SIZES = "tokens.json", "sizes.json"

Tokens = Sequence[str]


@dataclass(frozen=True)
class Postings:
    """Token t of the vocabulary stands in texts[starts[t]:starts[t + 1]], each with its score.

    `ceiling` is the most that a token scores in any text. `size` and `mean_length` (in tokens)
    are those of the texts that decided how much a token weighs.
    """

    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    scores: NDArray[np.float32]
    ceiling: NDArray[np.float32]
    size: int
    mean_length: float

    @classmethod
    def of(cls, texts: Sequence[Tokens]) -> Self | None:
        """Return the postings of texts in tokens, or None where no text has a token."""
        lists = [list(text) for text in texts]
        if not any(lists):
            return None
        bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        bm25.index(lists, create_empty_token=False, show_progress=False)
        starts, numbers, scores = (bm25.scores[name] for name in ("indptr", "indices", "data"))
        mean_length = sum(map(len, lists)) / len(lists)
        ceiling = np.maximum.reduceat(scores, starts[:-1])
        words = bm25.vocab_dict
        return cls(words, starts, numbers, scores, ceiling, len(lists), mean_length)

    def of_more(self, texts: Sequence[Tokens]) -> Self:
        """Return the postings of further texts, their tokens weighed as these here are.

        A token that is new weighs what it would if the further texts were among these.
        """
        held: dict[str, list[tuple[int, float]]] = {}
        for number, text in enumerate(texts):
            relative = 1 - _B + _B * len(text) / self.mean_length
            for token, count in Counter(text).items():
                held.setdefault(token, []).append((number, count / (count + _K1 * relative)))
        starts = np.cumsum([0, *map(len, held.values())], dtype=np.int64)
        flat = [pair for pairs in held.values() for pair in pairs]
        weights = [self._weight(token, len(pairs)) for token, pairs in held.items()]
        shares = np.array([share for _, share in flat], dtype=np.float32)
        scores = shares * np.repeat(np.array(weights, dtype=np.float32), np.diff(starts))
        ceiling = np.maximum.reduceat(scores, starts[:-1]) if held else scores
        numbers = np.array([number for number, _ in flat], dtype=np.int32)
        words = {token: column for column, token in enumerate(held)}
        return type(self)(words, starts, numbers, scores, ceiling, self.size, self.mean_length)

    def _weight(self, token: str, new: int) -> float:
        """BM25's inverse document frequency in Lucene's form, as bm25s has it."""
        column = self.vocabulary.get(token)
        known = 0 if column is None else int(self.starts[column + 1] - self.starts[column])
        frequency = known or new
        return math.log(1 + (self.size - frequency + 0.5) / (frequency + 0.5))

    def add_to(self, totals: NDArray[np.float32], tokens: Tokens) -> None:
        """Add to each text's place in `totals` what these tokens score in it."""
        for token in tokens:
            column = self.vocabulary.get(token)
            if column is not None:
                start, end = self.starts[column], self.starts[column + 1]
                np.add.at(totals, self.texts[start:end], self.scores[start:end])

    def most(self, token: str) -> float:
        """Return the most that a token scores in any text, 0 where no text has it."""
        column = self.vocabulary.get(token)
        return 0.0 if column is None else float(self.ceiling[column])

    def save(self, folder: Path) -> None:
        """Write everything into a new folder."""
        folder.mkdir()
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name))
        # Escaped to ASCII, because a text may hold what UTF-8 can't.
        words = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        (folder / _WORDS).write_text(json.dumps(words), encoding="ascii")
        sizes = json.dumps([self.size, self.mean_length])
        (folder / _SIZES).write_text(sizes, encoding="ascii")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; the arrays stay on disk until they are needed.

        Raises:
            OSError, ValueError: It is missing or damaged.
        """
        words = json.loads((folder / _WORDS).read_text(encoding="ascii"))
        size, mean_length = json.loads((folder / _SIZES).read_text(encoding="ascii"))
        starts, texts, scores, ceiling = (
            np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS
        )
        fits = len(starts) == len(words) + 1 == len(ceiling) + 1
        if not (fits and len(texts) == len(scores) == starts[-1]):
            raise ValueError(f"{folder}: its parts don't fit together")
        vocabulary = {word: column for column, word in enumerate(words)}
        return cls(vocabulary, starts, texts, scores, ceiling, size, mean_length)
