"""One language's entries as rows of text, and what a query has in common with each of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.index.answer_model import FEATURES
from knowledge.index.dense import DenseIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.segment import token_set

# How far each way of looking goes. On the demo shop's questions the right entry was always among
# those found so.
_DENSE_ROWS = 60
_LEXICAL_ENTRIES = 15
_PRIOR_INTENTS = 4
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


def rows_of(entry: Entry) -> tuple[str, ...]:
    """Return the texts that stand for an entry; the last one is its answer, a weaker sign."""
    if entry.kind == "policy":
        return f"{': '.join(entry.heading_path)}. {entry.answer}", entry.answer
    return *dict.fromkeys((entry.question, *entry.phrasings)), entry.answer


@dataclass(frozen=True)
class LanguageRows:
    """The rows of one language's entries; entry i owns rows starts[i] to starts[i + 1].

    Vectors are compared row by row. Words are counted over an entry's rows together: that found
    the right topic for 68 instead of 60 % (English) and 75 instead of 60 % (Chinese) of the demo
    shop's questions.
    """

    entries: tuple[Entry, ...]
    rows: tuple[str, ...]
    starts: NDArray[np.int64]
    dated: tuple[int, ...]
    by_intent: Mapping[str, tuple[int, ...]]
    dense: DenseIndex
    asked: LexicalIndex
    whole: LexicalIndex

    @classmethod
    def build(cls, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Self:
        """Index entries whose rows, one entry after the other, have these vectors."""
        grouped = [rows_of(entry) for entry in entries]
        by_intent: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if entry.intent is not None:
                by_intent[entry.intent].append(number)
        return cls(
            entries=tuple(entries),
            rows=tuple(row for rows in grouped for row in rows),
            starts=np.cumsum([0, *map(len, grouped)]),
            dated=tuple(i for i, e in enumerate(entries) if e.valid_from or e.valid_until),
            by_intent={intent: tuple(numbers) for intent, numbers in by_intent.items()},
            dense=DenseIndex(vectors),
            asked=LexicalIndex(["\n".join(rows[:-1]) for rows in grouped]),
            whole=LexicalIndex(["\n".join(rows) for rows in grouped]),
        )

    def candidates(
        self,
        query: str,
        vector: NDArray[np.float32],
        prior: Mapping[str, float],
        usable: NDArray[np.bool_],
    ) -> Candidates:
        """Return the entries worth a look and their features.

        Args:
            query: The shopper's words.
            vector: Their unit vector.
            prior: Intent to probability; empty when nothing is known.
            usable: One flag for each entry; the others are left out.
        """
        asked, whole = self.asked.scores(query), self.whole.scores(query)
        numbers = self._worth_a_look(vector, asked + whole, prior)
        numbers = numbers[usable[numbers]]
        if len(numbers) == 0:
            return Candidates.none()
        first, lengths = self.starts[numbers], self.starts[numbers + 1] - self.starts[numbers]
        offsets = np.cumsum(lengths) - lengths
        rows = np.repeat(first - offsets, lengths) + np.arange(lengths.sum())
        cosines = self.dense.vectors[rows] @ vector
        # Alternately the best of an entry's questions, and its answer.
        parts = np.stack([offsets, offsets + lengths - 1], axis=1).ravel()
        dense, dense_answer = np.maximum.reduceat(cosines, parts).reshape(-1, 2).T
        entries = tuple(self.entries[number] for number in numbers)
        chance = np.array([prior.get(entry.intent or "", 0.0) for entry in entries])
        topics = [entry.intent or entry.id for entry in entries]
        columns = [
            dense,
            dense_answer,
            asked[numbers],
            whole[numbers],
            _margins(dense, topics),
            _margins(whole[numbers], topics),
            [entry.kind == "policy" for entry in entries],
            chance,
            np.log(np.maximum(chance, _PRIOR_FLOOR)),
        ]
        features = np.column_stack(columns).astype(np.float64)
        return Candidates(entries, features, cosines, offsets)

    def usable(self, day: date) -> NDArray[np.bool_]:
        """Return for each entry whether it may be shown on that day."""
        shown = np.ones(len(self.entries), dtype=bool)
        for number in self.dated:
            shown[number] = self.entries[number].valid_on(day)
        return shown

    def _worth_a_look(
        self,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        prior: Mapping[str, float],
    ) -> NDArray[np.int64]:
        near = np.searchsorted(self.starts, self.dense.nearest(vector, _DENSE_ROWS), "right") - 1
        count = min(_LEXICAL_ENTRIES, len(lexical))
        wordy = np.argpartition(-lexical, count - 1)[:count]
        likely = sorted(prior, key=prior.__getitem__, reverse=True)[:_PRIOR_INTENTS]
        expected = [number for intent in likely for number in self.by_intent.get(intent, ())]
        return np.unique(np.concatenate([near, wordy, np.array(expected, dtype=np.int64)]))


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
