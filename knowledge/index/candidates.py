"""Entries that may answer a query, and what the query has in common with each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.index.answer_model import FEATURES
from knowledge.index.corpus import rows_of
from knowledge.index.segment import token_set

# Unlikely intents differ by noise only: anything below this counts the same.
_PRIOR_FLOOR = 1e-3


@dataclass(frozen=True)
class Candidates:
    """Entries that may answer a query; row i of `features` (columns FEATURES) is entry i's.

    `cosines` holds the similarity of each row of each entry, entry after entry.
    """

    entries: tuple[Entry, ...]
    features: NDArray[np.float64]
    cosines: NDArray[np.float32]
    offsets: NDArray[np.int64]

    @classmethod
    def none(cls) -> Self:
        """Nothing worth a look."""
        nowhere = np.zeros(0, dtype=np.int64)
        return cls((), np.zeros((0, len(FEATURES))), np.zeros(0, dtype=np.float32), nowhere)

    def matched(self, number: int, query: str) -> str:
        """Return the row of entry `number` that is nearest to the query, by vector and words."""
        words = token_set(query)
        rows = rows_of(self.entries[number])
        cosines = self.cosines[self.offsets[number] :][: len(rows)]
        shared = [len(words & token_set(row)) / (1 + len(words)) for row in rows]
        return rows[int(np.argmax(cosines + np.array(shared, dtype=np.float32)))]


@dataclass(frozen=True)
class Matches:
    """Raw scores of entries: by words one each, by vectors one for each of their rows.

    `asked` and `whole`: without and with the answer. `cosines`: entry after entry, `lengths[i]`
    of them for entry i, the answer's last.
    """

    asked: NDArray[np.float32]
    whole: NDArray[np.float32]
    cosines: NDArray[np.float32]
    lengths: NDArray[np.int64]


def candidates_of(
    entries: tuple[Entry, ...], matches: Matches, prior: Mapping[str, float]
) -> Candidates:
    """Return entries with the features that their scores and the prior make.

    Args:
        entries: At least one.
        matches: Their scores.
        prior: Intent to probability; empty when nothing is known.
    """
    lengths = matches.lengths
    offsets = np.cumsum(lengths) - lengths
    # Alternately the best of an entry's questions, and its answer.
    parts = np.stack([offsets, offsets + lengths - 1], axis=1).ravel()
    dense, dense_answer = np.maximum.reduceat(matches.cosines, parts).reshape(-1, 2).T
    chance = np.array([prior.get(entry.intent or "", 0.0) for entry in entries])
    topics = [entry.topic for entry in entries]
    columns = [
        dense,
        dense_answer,
        matches.asked,
        matches.whole,
        _margins(dense, topics),
        _margins(matches.whole, topics),
        [entry.kind == "policy" for entry in entries],
        chance,
        np.log(np.maximum(chance, _PRIOR_FLOOR)),
    ]
    features = np.column_stack(columns).astype(np.float64)
    return Candidates(entries, features, matches.cosines, offsets)


def _margins(scores: NDArray[np.float32], topics: Sequence[str]) -> NDArray[np.float32]:
    """Return how far each score is ahead of the best of another topic (negative: behind it).

    Entries of one intent answer much the same: being level with one another is no doubt.
    """
    best: dict[str, float] = {}
    for score, topic in zip(scores.tolist(), topics, strict=True):
        best[topic] = max(score, best.get(topic, 0.0))
    first, second, *_ = [*sorted(best.values(), reverse=True), 0.0, 0.0]
    others = [second if best[topic] == first else first for topic in topics]
    return scores - np.array(others, dtype=np.float32)
