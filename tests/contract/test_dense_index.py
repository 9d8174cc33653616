"""What every dense index keeps to, however it searches: all rows, lists, a graph, on a GPU."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.index import ann, dense
from knowledge.index.ann import Kind, exact, has_gpu, queries_like, recall
from knowledge.index.dense import DenseIndex

Vectors = NDArray[np.float32]
COUNT, DIMENSION = 3000, 32

needs_gpu = pytest.mark.skipif(not has_gpu(), reason="no faiss-gpu, or no GPU")


def unit(rows: Vectors) -> Vectors:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Rows around 60 topics, as a shop's texts are."""
    random = np.random.default_rng(3)
    topics = random.standard_normal((60, DIMENSION), dtype=np.float32)
    noise = random.standard_normal((COUNT, DIMENSION), dtype=np.float32)
    return unit(topics[random.integers(0, 60, COUNT)] + 0.7 * noise)


@pytest.fixture(
    params=[
        ("flat", False),
        ("ivf", False),
        ("hnsw", False),
        pytest.param(("flat", True), marks=needs_gpu),
        pytest.param(("ivf", True), marks=needs_gpu),
    ],
    ids=["flat", "ivf", "hnsw", "flat on a GPU", "ivf on a GPU"],
)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Kind:
    found, on_gpu = request.param
    monkeypatch.setattr(ann, "has_gpu", lambda: on_gpu)
    monkeypatch.setattr(dense, "kind_for", lambda count: found)
    return found


@pytest.fixture
def index(kind: Kind, vectors: Vectors) -> DenseIndex:
    return DenseIndex(vectors, kind)


def test_queries_of_another_kind_than_tuned_on_find_enough(
    index: DenseIndex, vectors: Vectors
) -> None:
    # Half-way between two rows, besides other noise and another seed: no query was tuned on.
    first, second = queries_like(vectors, 200, noise=1.0, seed=9), vectors[::15]
    for queries in (first, unit(first + second)):
        found = np.stack([index.nearest(query, 10) for query in queries])
        assert recall(found, exact(queries, vectors, 10)) >= 0.95


def test_rows_come_best_first_and_once(index: DenseIndex, vectors: Vectors) -> None:
    for row in (0, 17, COUNT - 1):
        found = index.nearest(vectors[row], 60)
        assert found[0] == row
        assert len(set(found.tolist())) == len(found) == 60
        cosines = index.cosines(found, vectors[row])
        assert np.all(np.diff(cosines) <= 1e-6)


def test_cosines_and_rows_are_exact_in_any_company(index: DenseIndex, vectors: Vectors) -> None:
    longer = index.extended(vectors[:5] * np.float32(-1))
    numbers = np.array([COUNT + 2, 7, COUNT - 1, 7])
    expected = np.stack([-vectors[2], vectors[7], vectors[-1], vectors[7]])
    np.testing.assert_array_equal(longer.rows(numbers), expected)
    together = longer.cosines(numbers, vectors[9])
    alone = [longer.cosines(numbers[i : i + 1], vectors[9])[0] for i in range(4)]
    np.testing.assert_array_equal(together, alone)


@pytest.mark.parametrize("count", [0, 1, COUNT, COUNT + 5000])
def test_no_more_rows_come_than_there_are(index: DenseIndex, count: int) -> None:
    found = index.nearest(index.vectors[3], count)
    assert len(found) <= min(count, COUNT)
    assert np.all((found >= 0) & (found < COUNT))


def test_added_rows_are_found_among_the_first(index: DenseIndex, vectors: Vectors) -> None:
    near = unit(vectors[:3] + np.float32(0.01))
    longer = index.extended(near[:1]).extended(near[1:])
    assert (len(index), len(longer)) == (COUNT, COUNT + 3)
    for number in range(3):
        assert longer.nearest(near[number], 2).tolist() == [COUNT + number, number]
        assert index.nearest(near[number], 1).tolist() == [number]


def test_what_was_saved_finds_the_same(index: DenseIndex, vectors: Vectors, tmp_path: Path) -> None:
    index.extended(vectors[:1]).save(tmp_path / "kept")  # added rows stay behind
    opened = DenseIndex.load(tmp_path / "kept")
    assert len(opened) == COUNT
    for query in queries_like(vectors, 20, seed=4):
        np.testing.assert_array_equal(opened.nearest(query, 30), index.nearest(query, 30))
        numbers = np.arange(0, COUNT, 50)
        np.testing.assert_array_equal(opened.cosines(numbers, query), index.cosines(numbers, query))


@pytest.mark.parametrize("file", ["vectors.npy", "index.faiss"])
def test_a_file_that_was_cut_off_is_refused(
    index: DenseIndex, kind: Kind, tmp_path: Path, file: str
) -> None:
    index.save(tmp_path / "kept")
    path = tmp_path / "kept" / file
    if kind == "flat" and file == "index.faiss":
        assert not path.exists()
        return
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises((OSError, ValueError, RuntimeError)):
        DenseIndex.load(tmp_path / "kept")


def test_threads_find_what_one_finds(index: DenseIndex, vectors: Vectors) -> None:
    queries = queries_like(vectors, 64, seed=5)
    expected = [index.nearest(query, 20).tolist() for query in queries]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda query: index.nearest(query, 20).tolist(), queries))
    assert found == expected


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_hardly_any_rows_can_be_searched(kind: Kind, rows: int) -> None:
    vectors = np.eye(max(rows, 1), 8, dtype=np.float32)[:rows]
    if rows == 0 and kind != "flat":
        pytest.skip("lists and graphs are made of more than 50,000 rows")
    index = DenseIndex(vectors, kind)
    query = np.full(8, 8**-0.5, dtype=np.float32)
    assert sorted(index.nearest(query, 5).tolist()) == list(range(rows))


@pytest.mark.parametrize(("count", "expected"), [(0, "flat"), (50_000, "flat"), (50_001, "ivf")])
def test_the_number_of_rows_says_how_they_are_searched(count: int, expected: Kind) -> None:
    assert ann.kind_for(count) == expected


@needs_gpu
def test_the_gpu_holds_what_can_lie_there(vectors: Vectors) -> None:
    for kind, holds in (("flat", faiss.GpuIndexFlat), ("ivf", faiss.GpuIndexIVFFlat)):
        assert isinstance(ann.Device(ann.built(vectors, kind))._index, holds)
    graph = ann.built(vectors, "hnsw")
    assert ann.Device(graph)._index is graph
