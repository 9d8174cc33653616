"""What each token weighs in each text: one lookup adds up a query's weights over all texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

# Titles hardly repeat a word, and a shopper's second word says more than a title's: k1 is far
# below the usual 1.2. On the tune half of home_depot 0.15 to 0.4 and b 0.5 to 0.75 are alike.
_K1, _B = 0.3, 0.6


@dataclass(frozen=True)
class TokenWeights:
    """Weights by token, then by text.

    Attributes:
        columns: Each token's column: `texts[starts[c]:starts[c + 1]]` hold it.
        most: (columns,) the largest weight of each token.
        size: How many texts there are.
    """

    columns: Mapping[str, int]
    starts: NDArray[np.int64]
    texts: NDArray[np.int32]
    weights: NDArray[Any]
    most: NDArray[Any]
    size: int

    @classmethod
    def bm25(cls, documents: Sequence[Sequence[str]]) -> "TokenWeights":
        """Weigh the tokens of texts by BM25."""
        if not any(documents):
            return cls.of([], len(documents))
        found = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        found.index(documents, show_progress=False)
        stored = found.scores
        return cls._from(
            dict(found.vocab_dict),
            stored["indptr"],
            stored["indices"],
            stored["data"],
            len(documents),
        )

    @classmethod
    def of(cls, cells: Sequence[tuple[str, int, float]], size: int) -> "TokenWeights":
        """Take weights as given: (token, text's number, weight), one for each token and text."""
        columns: dict[str, int] = {}
        column = np.array([columns.setdefault(c[0], len(columns)) for c in cells], dtype=np.int64)
        order = np.argsort(column, kind="stable")
        starts = np.zeros(len(columns) + 1, dtype=np.int64)
        np.cumsum(np.bincount(column, minlength=len(columns)), out=starts[1:])
        texts = np.array([cell[1] for cell in cells], dtype=np.int32)[order]
        weights = np.array([cell[2] for cell in cells], dtype=np.float64)[order]
        return cls._from(columns, starts, texts, weights, size)

    @classmethod
    def _from(
        cls,
        columns: Mapping[str, int],
        starts: NDArray[np.int64],
        texts: NDArray[np.int32],
        weights: NDArray[Any],
        size: int,
    ) -> "TokenWeights":
        most = [weights[a:b].max(initial=0) for a, b in pairwise(starts)]
        return cls(columns, starts, texts, weights, np.array(most, dtype=weights.dtype), size)

    def sums(self, query: Mapping[str, float]) -> NDArray[Any]:
        """Return (size,): each text's weights of the query's tokens, times what those count."""
        totals = np.zeros(self.size, dtype=self.weights.dtype)
        for token, counts in query.items():
            column = self.columns.get(token)
            if column is not None:
                part = slice(self.starts[column], self.starts[column + 1])
                totals[self.texts[part]] += counts * self.weights[part]
        return totals

    def shares(self, query: Mapping[str, float]) -> NDArray[Any]:
        """Return (size,) scores in [0, 1]: the sums by the most that any text could reach.

        A token that no text knows would score about what the rarest known one does, so it counts
        against all texts.
        """
        rarest = float(self.most.max(initial=0))
        columns = {token: self.columns.get(token) for token in query}
        possible = sum(
            counts * (rarest if (c := columns[token]) is None else float(self.most[c]))
            for token, counts in query.items()
        )
        return self.sums(query) / max(possible, 1e-9)
