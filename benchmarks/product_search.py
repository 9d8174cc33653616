"""Product search on judged queries: BM25 of a library, dense, words, hybrid, hybrid and rerank.

    python benchmarks/product_search.py [--cache DIR] [--reranker DIR] [--out FILE.json]

Each ranks all 54,667 products of products/home_depot. Constants were chosen on the half of the
queries called tune; `check` had no say. The first run embeds the titles: a minute or two.
"""

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from sys import path as import_path
from typing import Any

import bm25s
import numpy as np
import Stemmer
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
import_path.insert(0, str(ROOT))

from benchmarks.product_judgements import (  # noqa: E402
    DEPTH,
    Judgements,
    quality,
    read_judgements,
    to_tune_on,
)
from bot.models import MINILM, find_encoder  # noqa: E402
from knowledge.entries import Product, Source  # noqa: E402
from knowledge.index.embedding_cache import EmbeddingCache  # noqa: E402
from knowledge.index.encoder import OnnxSentenceEncoder  # noqa: E402
from knowledge.index.product_query import query_weights  # noqa: E402
from knowledge.index.products import ProductIndex  # noqa: E402

RERANKED = 50
Ranker = Callable[[str], Sequence[int]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    temporary = Path(tempfile.gettempdir()) / "shopclerk-benchmarks"
    parser.add_argument("--cache", type=Path, default=temporary, help="embeddings are kept here")
    parser.add_argument(
        "--reranker", type=Path, help="folder of a sentence-transformers CrossEncoder"
    )
    parser.add_argument("--reranked", type=int, default=500, help="on so many check queries")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    results = figures(arguments.cache, arguments.reranker, arguments.reranked)
    text = json.dumps(results, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


def figures(cache: Path, reranker: Path | None, reranked_count: int) -> dict[str, Any]:
    judgements = read_judgements()
    encoder = TimedEncoder(open_encoder(cache))
    index, build_s = build_index(judgements.titles, encoder, cache)
    rankers: dict[str, Ranker] = {
        "bm25s": library_bm25(judgements.titles),
        "dense": lambda query: _first(index.vectors @ encoder.encode([query])[0]),
        "words": lambda query: _first(
            index.titles.shares(query_weights(query, index.spelling, index.texts.columns))
        ),
        "hybrid": lambda query: _places(index, query, DEPTH),
    }
    results: dict[str, Any] = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "products": len(judgements.titles),
        "build_without_embedding_s": round(build_s, 1),
    }
    for name, ranker in rankers.items():
        results[name] = measured(judgements, ranker, encoder)
    results["hybrid and rerank"] = "not measured: no --reranker"
    if reranker:
        some = some_to_check_on(judgements, reranked_count)
        results["hybrid on those reranked"] = measured(some, rankers["hybrid"], encoder)
        ranker = reranked(index, reranker)
        results["hybrid and rerank"] = measured(some, ranker, encoder)
    peer, ours = results["bm25s"]["all"], results["hybrid"]["all"]
    results["hybrid_to_bm25s"] = {
        name: round(ours[name] / peer[name], 3) for name in ("ndcg_10", "recall_10")
    }
    results["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return results


class TimedEncoder:
    """An encoder that adds up how long it took."""

    def __init__(self, encoder: OnnxSentenceEncoder) -> None:
        self._encoder = encoder
        self.identity = encoder.identity
        self.spent_s = 0.0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return what the encoder returns."""
        started = time.perf_counter()
        vectors = self._encoder.encode(texts)
        self.spent_s += time.perf_counter() - started
        return vectors


def open_encoder(cache: Path) -> OnnxSentenceEncoder:
    exported = ROOT / "bot" / "demo" / ".shopclerk" / "encoder"
    return OnnxSentenceEncoder.open(
        find_encoder(MINILM, ROOT), exported if exported.is_dir() else cache / "encoder"
    )


def build_index(
    titles: Sequence[str], encoder: TimedEncoder, cache: Path
) -> tuple[ProductIndex, float]:
    """Return the shop's product index over the titles, and how long it took less embedding."""
    products = [
        Product(
            id=str(place),
            title=title,
            description="",
            link="",
            image_link="",
            availability="in_stock",
            price=Decimal(1),
            currency="USD",
            source=Source("products.csv", place + 2),
        )
        for place, title in enumerate(titles)
    ]
    started, embedding = time.perf_counter(), encoder.spent_s
    index = ProductIndex.build(products, encoder, EmbeddingCache(cache / "vectors"))
    return index, time.perf_counter() - started - (encoder.spent_s - embedding)


def library_bm25(titles: Sequence[str]) -> Ranker:
    """The peer: bm25s with its own tokeniser and Snowball stems, k1 1.2, b 0.75."""
    stemmer = Stemmer.Stemmer("english")
    peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    tokens = bm25s.tokenize(list(titles), stopwords=None, stemmer=stemmer, show_progress=False)
    peer.index(tokens, show_progress=False)

    def rank(query: str) -> Sequence[int]:
        asked = bm25s.tokenize(
            [query], stopwords=None, stemmer=stemmer, show_progress=False, return_ids=False
        )
        found = peer.retrieve(asked, k=DEPTH, show_progress=False)
        return [int(place) for place in found.documents[0]]

    return rank


def reranked(index: ProductIndex, folder: Path) -> Ranker:
    """The hybrid's best 50 in the order of a cross-encoder, averaged with the hybrid's own."""
    from sentence_transformers import CrossEncoder

    model = CrossEncoder(str(folder), device="cpu")

    def rank(query: str) -> Sequence[int]:
        hits = index.search(query, language="en", limit=RERANKED)
        told = model.predict([(query, hit.product.title) for hit in hits], show_progress_bar=False)
        scores = _standard(np.asarray(told)) + _standard(np.array([hit.score for hit in hits]))
        return [int(hits[place].product.id) for place in np.argsort(-scores)[:DEPTH]]

    return rank


def some_to_check_on(judgements: Judgements, count: int) -> Judgements:
    """Return about so many of the check queries, evenly spread."""
    check = [p for p, query in enumerate(judgements.queries) if not to_tune_on(query)]
    some = check[:: max(1, len(check) // count)]
    return Judgements(
        judgements.titles,
        tuple(judgements.queries[place] for place in some),
        tuple(judgements.relevance[place] for place in some),
    )


def _standard(scores: NDArray[Any]) -> NDArray[Any]:
    return (scores - scores.mean()) / max(float(scores.std()), 1e-9)


def _places(index: ProductIndex, query: str, limit: int) -> list[int]:
    return [int(hit.product.id) for hit in index.search(query, language="en", limit=limit)]


def _first(scores: NDArray[Any]) -> list[int]:
    best = np.argpartition(-scores, DEPTH)[:DEPTH]
    return [int(place) for place in best[np.argsort(-scores[best], kind="stable")]]


def measured(judgements: Judgements, ranker: Ranker, encoder: TimedEncoder) -> dict[str, Any]:
    ranked, whole_ms, search_ms = [], [], []
    for query in judgements.queries:
        started, encoding = time.perf_counter(), encoder.spent_s
        ranked.append(ranker(query))
        whole_ms.append((time.perf_counter() - started) * 1000)
        search_ms.append(whole_ms[-1] - (encoder.spent_s - encoding) * 1000)
    return {
        **quality(judgements, ranked),
        "p50_ms": round(float(np.percentile(whole_ms, 50)), 2),
        "p99_ms": round(float(np.percentile(whole_ms, 99)), 2),
        "p50_ms_without_encoding": round(float(np.percentile(search_ms, 50)), 2),
        "p99_ms_without_encoding": round(float(np.percentile(search_ms, 99)), 2),
    }


if __name__ == "__main__":
    main()
