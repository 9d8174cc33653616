"""Vector search at 1,000, 100,000 and 1,000,000 × 384: latency, throughput, recall, build, memory.

    nice python benchmarks/vectors.py [--sizes 1000 100000 1000000] [--kinds flat ivf hnsw]
        [--rows ROWS.npy --queries QUERIES.npy] [--out FILE.json]

Rows are random unit vectors around 2,000 overlapping topics in 64 of the dimensions' worth of
directions, with a little noise in all, by a fixed seed; queries are drawn the same way and are none
of those that the index was tuned on. With --rows and --queries real embeddings are measured. Peers
in the same run: a numpy product with all rows, and FAISS's exact search, both as ratios of the p50.
60 rows are asked for, as a knowledge search does; recall is that of the nearest ten; memory is the
index's.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.index.ann import Kind, exact, has_gpu, kind_for, recall  # noqa: E402  root first
from knowledge.index.dense import DenseIndex  # noqa: E402

DIMENSION, INNER, TOPICS, WANTED = 384, 64, 2000, 60
Vectors = NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--kinds", nargs="+", default=["flat", "ivf"])
    parser.add_argument("--queries-count", type=int, default=500)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    measured = []
    if arguments.rows:
        rows, queries = np.load(arguments.rows), np.load(arguments.queries)
        measured.append(_size(rows, queries[: arguments.queries_count], arguments.kinds))
    else:
        for size in arguments.sizes:
            rows, queries = clustered(size, arguments.queries_count)
            measured.append(_size(rows, queries, arguments.kinds))
    result = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "gpu": has_gpu(),
        "sizes": measured,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


def clustered(rows: int, queries: int) -> tuple[Vectors, Vectors]:
    """Return unit rows and queries around the same topics, always the same ones."""
    random = np.random.default_rng(11)
    topics = random.standard_normal((TOPICS, INNER), dtype=np.float32)
    outer = random.standard_normal((INNER, DIMENSION), dtype=np.float32) / np.sqrt(INNER)

    def around(number: int) -> Vectors:
        drawn = topics[random.integers(0, TOPICS, number)]
        drawn += random.standard_normal(drawn.shape, dtype=np.float32)
        drawn = drawn @ outer
        drawn += 0.3 * random.standard_normal(drawn.shape, dtype=np.float32)
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        return drawn

    return around(rows), around(queries)


def _size(rows: Vectors, queries: Vectors, kinds: Sequence[Kind]) -> dict[str, object]:
    truth = exact(queries, rows, 10)
    numpy_p50 = _latency(lambda query: np.argpartition(rows @ query, -WANTED), queries[:50])["p50"]
    found: dict[str, object] = {
        "rows": len(rows),
        "chosen": kind_for(len(rows)),
        "numpy_p50_ms": numpy_p50,
    }
    flat_p50 = None
    for kind in kinds:
        if kind != "flat" and len(rows) < 10_000:
            continue  # never chosen there
        started = time.perf_counter()
        index = DenseIndex(rows, kind)
        build_s = time.perf_counter() - started
        nearest = np.stack([index.nearest(query, WANTED)[:10] for query in queries])
        milliseconds = _latency(lambda query, i=index: i.nearest(query, WANTED), queries)
        flat_p50 = milliseconds["p50"] if kind == "flat" else flat_p50
        found[kind] = {
            "build_s": round(build_s, 1),
            "memory_mb": round(faiss.serialize_index(index._index).nbytes / 2**20),
            "recall_at_10": round(recall(nearest, truth), 4),
            **{f"{name}_ms": value for name, value in milliseconds.items()},
            "per_s_1_thread": _throughput(index, queries, 1),
            "per_s_2_threads": _throughput(index, queries, 2),
            "p50_to_numpy": round(milliseconds["p50"] / numpy_p50, 4),
            "p50_to_flat": round(milliseconds["p50"] / flat_p50, 4) if flat_p50 else None,
            "effort": _effort(index, kind),
        }
        print(json.dumps({"rows": len(rows), kind: found[kind]}), file=sys.stderr, flush=True)
    return found


def _latency(search: Callable[[Vectors], object], queries: Vectors) -> dict[str, float]:
    times = []
    for query in queries:
        started = time.perf_counter()
        search(query)
        times.append((time.perf_counter() - started) * 1000)
    p50, p99 = np.percentile(times, [50, 99])
    return {"p50": round(float(p50), 3), "p99": round(float(p99), 3)}


def _throughput(index: DenseIndex, queries: Vectors, threads: int) -> float:
    started = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        count = sum(1 for _ in pool.map(lambda query: index.nearest(query, WANTED), queries))
    return round(count / (time.perf_counter() - started), 1)


def _effort(index: DenseIndex, kind: Kind) -> dict[str, int]:
    if kind == "ivf":
        return {"lists": index._index.nlist, "nprobe": index._index.nprobe}
    return {"ef_search": index._index.hnsw.efSearch} if kind == "hnsw" else {}


if __name__ == "__main__":
    main()
