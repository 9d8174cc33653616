"""Which FAISS index suits how many vectors, and how far it must look to find the same as all.

Why IVF, and the figures: docs/decisions/0004-ann.md.
"""

from functools import cache
from math import sqrt
from threading import Lock
from typing import Any, Literal

import faiss
import numpy as np
from numpy.typing import NDArray

Kind = Literal["flat", "ivf", "hnsw"]

EXACT_UP_TO = 50_000
"""Rows that are compared one by one: about 2.5 ms of one core at 384 dimensions."""

RECALL = 0.99
"""The share of the ten nearest rows that must be found of queries made from the rows.

Real shoppers' queries were found up to 5 points less often than those; the aim is 0.95 for them.
"""

_QUERIES, _NEAREST = 256, 10
# Length of the noise on a row of length 1: the query's cosine with its row is about 0.55, that of
# a real query with the nearest row 0.66.
_NOISE = 1.5
# More rounds and rows of k-means moved the recall of real queries by less than 0.01.
_ROUNDS, _ROWS_A_CENTRE = 10, 64
_LINKS, _CONSTRUCTION = 32, 80
_MOST_EFFORT = 4096


def kind_for(count: int) -> Kind:
    """Return how to search that many rows."""
    return "flat" if count <= EXACT_UP_TO else "ivf"


def built(vectors: NDArray[np.float32], kind: Kind) -> Any:
    """Return a FAISS index of the rows that finds RECALL of the nearest ones.

    Args:
        vectors: (n, dim) unit rows.
        kind: "flat" finds everything; the others look only as far as they were measured to need.
    """
    dimension = vectors.shape[1]
    index: Any
    if kind == "flat":
        index = faiss.IndexFlatIP(dimension)
    elif kind == "hnsw":
        index = faiss.IndexHNSWFlat(dimension, _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _CONSTRUCTION
    else:
        centres = max(1, min(int(4 * sqrt(len(vectors))), len(vectors) // 39))
        coarse = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFFlat(coarse, dimension, centres, faiss.METRIC_INNER_PRODUCT)
        index.cp.niter, index.cp.max_points_per_centroid = _ROUNDS, _ROWS_A_CENTRE
        index.cp.spherical = True  # centres of unit length, as the rows are
        index.train(vectors)
    index.add(vectors)
    if kind != "flat":
        _tune(index, vectors)
    return index


def queries_like(
    vectors: NDArray[np.float32], count: int, *, noise: float = _NOISE, seed: int = 0
) -> NDArray[np.float32]:
    """Return `count` unit queries: rows drawn at random, pushed off by noise of that length."""
    random = np.random.default_rng(seed)
    rows = vectors[np.sort(random.integers(0, len(vectors), count))]
    push = random.standard_normal(rows.shape, dtype=np.float32) * (noise / sqrt(rows.shape[1]))
    queries: NDArray[np.float32] = rows + push
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    return queries


def recall(found: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    """Return the share of the true neighbours (one row for each query) that were found."""
    shared = [len(np.intersect1d(a, b)) for a, b in zip(found, truth, strict=True)]
    return sum(shared) / truth.size


def exact(
    queries: NDArray[np.float32], vectors: NDArray[np.float32], count: int
) -> NDArray[np.int64]:
    """Return the numbers of the `count` rows nearest to each query."""
    _, rows = faiss.knn(queries, vectors, count, metric=faiss.METRIC_INNER_PRODUCT)
    nearest: NDArray[np.int64] = rows
    return nearest


def _tune(index: Any, vectors: NDArray[np.float32]) -> None:
    """Double the effort of a search until it finds enough."""
    queries = queries_like(vectors, _QUERIES)
    count = min(_NEAREST, len(vectors))
    truth = exact(queries, vectors, count)
    effort, most = 1, getattr(index, "nlist", _MOST_EFFORT)
    while True:
        if hasattr(index, "nprobe"):
            index.nprobe = effort
        else:
            index.hnsw.efSearch = effort
        if effort == most or recall(index.search(queries, count)[1], truth) >= RECALL:
            return
        effort = min(2 * effort, most)


class Device:
    """A FAISS index where it is searched: the first GPU if FAISS was built for one, else here."""

    # More can't be asked of a GPU at once.
    MOST_ON_GPU = 2048

    def __init__(self, index: Any) -> None:
        self._index = index
        self._lock: Lock | None = None
        # A graph of neighbours has no GPU counterpart.
        if not isinstance(index, faiss.IndexHNSW) and has_gpu():
            resources, self._lock = _gpu()
            self._index = faiss.index_cpu_to_gpu(resources, 0, index)

    def search(
        self, vector: NDArray[np.float32], count: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return cosines and numbers of up to `count` rows, nearest first. Thread-safe."""
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if self._lock is None:
            cosines, rows = self._index.search(query, count)
        else:
            with self._lock:
                cosines, rows = self._index.search(query, min(count, self.MOST_ON_GPU))
        found = rows[0] >= 0  # -1 where the lists looked through held fewer
        return cosines[0][found], rows[0][found]


def has_gpu() -> bool:
    """Whether FAISS was built for GPUs and there is one."""
    return hasattr(faiss, "StandardGpuResources") and faiss.get_num_gpus() > 0


@cache
def _gpu() -> tuple[Any, Lock]:
    """The GPU's scratch memory, which all indexes share, and the lock that it needs."""
    return faiss.StandardGpuResources(), Lock()
