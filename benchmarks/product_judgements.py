"""Judged product searches of products/home_depot in the evaluation data, and what a ranking gets.

NDCG@10 has gain 2^(relevance - 1) - 1 and counts unjudged products as irrelevant; recall@10 is
pooled: of all relevant pairs, those within the first ten. Both over queries with a relevant
product, that is, one judged above 1.
"""

import csv
import gzip
import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DEPTH = 10
_DISCOUNT = 1 / np.log2(np.arange(2, DEPTH + 2))


@dataclass(frozen=True)
class Judgements:
    """Titles by their place, and for each query the relevance, 1 to 3, of some of them."""

    titles: tuple[str, ...]
    queries: tuple[str, ...]
    relevance: tuple[dict[int, float], ...]


def read_judgements() -> Judgements:
    """Read the set that SHOPCLERK_DATA points to."""
    data = Path(os.environ.get("SHOPCLERK_DATA", ROOT.parent / "shared" / "data"))
    folder = data / "products" / "home_depot"
    if not folder.is_dir():
        raise SystemExit(f"{folder}: not there; set SHOPCLERK_DATA to the evaluation data")
    products = _rows(folder / "products.csv.gz")
    places = {row["product_uid"]: place for place, row in enumerate(products)}
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in _rows(folder / "judgements_dev.csv.gz"):
        found[row["search_term"]][places[row["product_uid"]]] = float(row["relevance"])
    relevant = {query: found[query] for query in sorted(found) if max(found[query].values()) > 1}
    titles = tuple(row["product_title"] for row in products)
    return Judgements(titles, tuple(relevant), tuple(relevant.values()))


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def to_tune_on(query: str) -> bool:
    """Whether the query may be tuned on; the others, about half, are for checking."""
    return hashlib.sha256(query.encode()).digest()[-1] % 2 == 0


def quality(judgements: Judgements, ranked: Sequence[Sequence[int]]) -> dict[str, dict[str, float]]:
    """Return the figures of rankings (ten places for each query), over all, tune and check."""
    ndcg, hits, relevant = np.transpose(
        [_one(known, places) for known, places in zip(judgements.relevance, ranked, strict=True)]
    )
    tune = np.array([to_tune_on(query) for query in judgements.queries])
    return {
        name: {
            "queries": int(part.sum()),
            "ndcg_10": round(float(ndcg[part].mean()), 4),
            "recall_10": round(float(hits[part].sum() / relevant[part].sum()), 4),
            "recall_10_by_query": round(float((hits[part] / relevant[part]).mean()), 4),
        }
        for name, part in (("all", tune | ~tune), ("tune", tune), ("check", ~tune))
        if part.any()
    }


def _one(relevance: dict[int, float], places: Sequence[int]) -> tuple[float, int, int]:
    gains = np.array([2 ** (relevance.get(place, 1.0) - 1) - 1 for place in places[:DEPTH]])
    ideal = np.array(sorted((2 ** (r - 1) - 1 for r in relevance.values()), reverse=True)[:DEPTH])
    ndcg = float(gains @ _DISCOUNT[: len(gains)]) / float(ideal @ _DISCOUNT[: len(ideal)])
    return ndcg, int((gains > 0).sum()), sum(r > 1 for r in relevance.values())
