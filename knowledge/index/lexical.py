"""Word matches: BM25 over texts, scaled to the share of the query that matched."""

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.index.segment import tokens


class LexicalIndex:
    """BM25 scores of a query against every text.

    bm25s precomputes each token's score in each text; its `get_scores_from_ids` is the whole
    lookup. Its `retrieve` adds tokenised containers, top-k and a progress bar to every call.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._size = len(texts)
        documents = [tokens(text) for text in texts]
        self._bm25: bm25s.BM25 | None = None
        self._ceiling = np.zeros(0, dtype=np.float32)
        if not any(documents):
            return
        self._bm25 = bm25s.BM25(method="lucene")
        self._bm25.index(documents, show_progress=False)
        # The most that each token scores in any text; a token of none would score about what the
        # rarest known one does.
        data, starts = self._bm25.scores["data"], self._bm25.scores["indptr"]
        ends = np.maximum(starts[1:], starts[:-1] + 1)
        self._ceiling = np.array(
            [data[a:b].max(initial=0) for a, b in zip(starts[:-1], ends, strict=True)],
            dtype=np.float32,
        )

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one score in [0, 1] for every text.

        1 means that the text holds every token of the query as tellingly as any text does; tokens
        that no text knows count against all of them.
        """
        unique = list(dict.fromkeys(tokens(query)))
        if self._bm25 is None or not unique:
            return np.zeros(self._size, dtype=np.float32)
        ids = self._bm25.get_tokens_ids(unique)
        unknown = len(unique) - len(ids)
        possible = float(self._ceiling[ids].sum()) + unknown * float(self._ceiling.max())
        found: NDArray[np.float32] = self._bm25.get_scores_from_ids(ids) / max(possible, 1e-9)
        return found
