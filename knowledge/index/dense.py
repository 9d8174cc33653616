"""Nearest vectors by inner product, with FAISS."""

from collections.abc import Sequence
from typing import Any, Protocol

import faiss
import numpy as np
from numpy.typing import NDArray


class Encoder(Protocol):
    """Turns texts into vectors; bot/app.py builds the one that all packages share."""

    @property
    def identity(self) -> str:
        """A file-name-safe name that changes whenever the vectors would."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (len(texts), dim) rows of unit L2 norm, in input order."""


class DenseIndex:
    """Exact search over unit vectors: the score is the cosine, in [-1, 1].

    Attributes:
        vectors: The (n, dim) rows searched.
    """

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self.vectors = np.ascontiguousarray(vectors)
        self._index = _best_device(faiss.IndexFlatIP(vectors.shape[1]))
        self._index.add(self.vectors)

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the numbers of the `count` nearest rows, best first."""
        count = min(count, len(self.vectors))
        if count == 0:
            return np.zeros(0, dtype=np.int64)
        rows: NDArray[np.int64] = self._index.search(vector.reshape(1, -1), count)[1][0]
        return rows


def _best_device(index: Any) -> Any:
    """The index on the first GPU, where faiss was built for GPUs and there is one."""
    if not hasattr(faiss, "get_num_gpus") or faiss.get_num_gpus() == 0:
        return index
    return faiss.index_cpu_to_gpu(faiss.StandardGpuResources(), 0, index)
