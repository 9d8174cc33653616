"""Nearest vectors by inner product, with FAISS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.index.ann import Device, Kind, built, kind_for

_VECTORS, _INDEX = "vectors.npy", "index.faiss"


class Encoder(Protocol):
    """Turns texts into vectors; bot/app.py builds the one that all packages share."""

    @property
    def identity(self) -> str:
        """A file-name-safe name that changes whenever the vectors would."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (len(texts), dim) rows of unit L2 norm, in input order."""


class DenseIndex:
    """Search over unit vectors: the score is the cosine, in [-1, 1]. Immutable.

    Up to ann.EXACT_UP_TO rows are all compared, more than that approximately. Rows added by
    `extended` are numbered on from the first ones, and always compared one by one.

    Attributes:
        vectors: The (n, dim) rows that it was made of, without those added.
    """

    def __init__(self, vectors: NDArray[np.float32], kind: Kind | None = None) -> None:
        self.vectors = np.ascontiguousarray(vectors)
        self._kind: Kind = kind or kind_for(len(vectors))
        self._index = built(self.vectors, self._kind)
        self._device = Device(self._index)
        self._added = self.vectors[:0]

    def __len__(self) -> int:
        return len(self.vectors) + len(self._added)

    def nearest(self, vector: NDArray[np.float32], count: int) -> NDArray[np.int64]:
        """Return the numbers of the `count` nearest rows, best first."""
        cosines = np.zeros(0, dtype=np.float32)
        rows = np.zeros(0, dtype=np.int64)
        if len(self.vectors) and count:
            cosines, rows = self._device.search(vector, min(count, len(self.vectors)))
        if len(self._added) == 0:
            return rows
        added = np.arange(len(self.vectors), len(self), dtype=np.int64)
        cosines = np.concatenate([cosines, np.vecdot(self._added, vector)])
        best = np.argsort(-cosines, kind="stable")[:count]
        return np.concatenate([rows, added])[best]

    def rows(self, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return a copy of the rows with these numbers."""
        split = len(self.vectors)
        if len(self._added) == 0:
            return self.vectors[numbers]
        found = np.empty((len(numbers), self.vectors.shape[1]), dtype=np.float32)
        added = numbers >= split
        found[~added] = self.vectors[numbers[~added]]
        found[added] = self._added[numbers[added] - split]
        return found

    def cosines(
        self, numbers: NDArray[np.int64], vector: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the cosine of each of these rows with a vector."""
        # Row by row: a matrix product's last bit depends on the rows beside it.
        cosines: NDArray[np.float32] = np.vecdot(self.rows(numbers), vector)
        return cosines

    def extended(self, vectors: NDArray[np.float32]) -> Self:
        """Return an index of the same rows and these after them."""
        index = self._copy()
        index._added = np.concatenate([self._added, vectors])
        return index

    def _copy(self) -> Self:
        index = type(self).__new__(type(self))
        index.__dict__.update(self.__dict__)
        return index

    def save(self, folder: Path) -> None:
        """Write the rows it was made of, and how to search them, into a new folder."""
        folder.mkdir()
        np.save(folder / _VECTORS, self.vectors)
        if self._kind != "flat":  # that one is the rows over again
            faiss.write_index(self._index, str(folder / _INDEX))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote; the rows stay on disk until they are needed.

        Raises:
            OSError, ValueError, RuntimeError: It is missing or damaged.
        """
        vectors = np.asarray(np.load(folder / _VECTORS, mmap_mode="r"))
        index: Any
        kind = kind_for(len(vectors))
        if kind == "flat":
            return cls(vectors, kind)
        index = faiss.read_index(str(folder / _INDEX), faiss.IO_FLAG_MMAP_IFC)
        if (index.ntotal, index.d) != vectors.shape:
            raise ValueError(f"{folder}: its parts don't fit together")
        dense = cls.__new__(cls)
        dense.vectors, dense._kind, dense._added = vectors, kind, vectors[:0]
        dense._index, dense._device = index, Device(index)
        return dense
