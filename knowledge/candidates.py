"""One language's entries as rows of text, and what a query has in common with each of them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.answer_model import FEATURES
from knowledge.dense import DenseIndex
from knowledge.entries import Entry
from knowledge.lexical import LexicalIndex

# Rows and entries that each way of looking contributes: beyond these, no answer was ever right
# on the demo shop's questions.
_DENSE_ROWS = 60
_LEXICAL_ENTRIES = 15
_PRIOR_INTENTS = 4
# Unlikely intents differ by noise: anything below this counts the same.
_PRIOR_FLOOR = 1e-3


@dataclass(frozen=True)
class Candidates:
    """Entries that may answer a query; row i of `features` (columns FEATURES) is entry i's."""

    entries: tuple[Entry, ...]
    matched: tuple[str, ...]
    features: NDArray[np.float64]

    @classmethod
    def none(cls) -> Self:
        """Nothing worth a look."""
        return cls((), (), np.zeros((0, len(FEATURES))))


def rows_of(entry: Entry) -> tuple[str, ...]:
    """Return the texts that stand for an entry; the last one is its answer, a weaker sign."""
    if entry.kind == "policy":
        return f"{': '.join(entry.heading_path)}. {entry.answer}", entry.answer
    return *dict.fromkeys((entry.question, *entry.phrasings)), entry.answer


@dataclass(frozen=True)
class LanguageRows:
    """The rows of one language's entries; entry i owns rows starts[2i] to starts[2i + 2].

    The last of them, starts[2i + 1], is its answer.
    """

    entries: tuple[Entry, ...]
    rows: tuple[str, ...]
    starts: NDArray[np.int64]
    owners: NDArray[np.int64]
    by_intent: Mapping[str, tuple[int, ...]]
    dense: DenseIndex
    lexical: LexicalIndex

    @classmethod
    def build(cls, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Self:
        """Index entries whose rows, one entry after the other, have these vectors."""
        rows: list[str] = []
        starts: list[int] = []
        owners: list[int] = []
        by_intent: dict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            own = rows_of(entry)
            starts += [len(rows), len(rows) + len(own) - 1]
            owners += [number] * len(own)
            rows += own
            if entry.intent is not None:
                by_intent[entry.intent].append(number)
        return cls(
            tuple(entries),
            tuple(rows),
            np.array([*starts, len(rows)], dtype=np.int64),
            np.array(owners, dtype=np.int64),
            {intent: tuple(numbers) for intent, numbers in by_intent.items()},
            DenseIndex(vectors),
            LexicalIndex(rows),
        )

    def candidates(
        self,
        query: str,
        vector: NDArray[np.float32],
        prior: Mapping[str, float],
        *,
        usable: NDArray[np.bool_],
        hidden: Collection[str] = (),
    ) -> Candidates:
        """Return the entries worth a look and their features.

        Args:
            query: The shopper's words.
            vector: Their unit vector.
            prior: Intent to probability; empty when nothing is known.
            usable: One flag for each entry; the others are left out.
            hidden: Rows to pass over, so that a phrasing can be tried as a new question.
        """
        words = self.lexical.scores(query)
        if hidden:
            words[[i for i, row in enumerate(self.rows) if row in hidden]] = 0
        # Alternately the best of an entry's questions and its answer.
        by_part = np.maximum.reduceat(words, self.starts[:-1])
        lexical, lexical_answer = by_part[0::2], by_part[1::2]
        numbers = self._worth_a_look(vector, np.maximum(lexical, lexical_answer), prior, usable)
        if len(numbers) == 0:
            return Candidates.none()
        first, answer = self.starts[2 * numbers], self.starts[2 * numbers + 1]
        lengths = answer - first + 1
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        rows = np.repeat(first - offsets, lengths) + np.arange(lengths.sum())
        cosines = self.dense.scores(vector, rows)
        if hidden:
            cosines[[i for i, row in enumerate(rows) if self.rows[row] in hidden]] = 0
        parts = np.maximum.reduceat(cosines, np.ravel([offsets, offsets + lengths - 1], order="F"))
        dense, dense_answer = parts[0::2], parts[1::2]
        together = cosines + words[rows]
        best = [
            a + int(np.argmax(together[a : a + n])) for a, n in zip(offsets, lengths, strict=True)
        ]
        entries = tuple(self.entries[number] for number in numbers)
        chance = np.array([prior.get(entry.intent or "", 0.0) for entry in entries])
        features = np.column_stack(
            [
                dense,
                dense_answer,
                lexical[numbers],
                lexical_answer[numbers],
                _margins(dense),
                _margins(lexical[numbers]),
                [entry.kind == "policy" for entry in entries],
                chance,
                np.log(np.maximum(chance, _PRIOR_FLOOR)),
                chance >= max(prior.values(), default=1.0),
            ]
        ).astype(np.float64)
        return Candidates(entries, tuple(self.rows[rows[i]] for i in best), features)

    def _worth_a_look(
        self,
        vector: NDArray[np.float32],
        lexical: NDArray[np.float32],
        prior: Mapping[str, float],
        usable: NDArray[np.bool_],
    ) -> NDArray[np.int64]:
        near = self.owners[self.dense.search(vector, _DENSE_ROWS)[1]]
        count = min(_LEXICAL_ENTRIES, len(lexical))
        wordy = np.argpartition(-lexical, count - 1)[:count]
        likely = sorted(prior, key=prior.__getitem__, reverse=True)[:_PRIOR_INTENTS]
        expected = [number for intent in likely for number in self.by_intent.get(intent, ())]
        numbers = np.unique(np.concatenate([near, wordy, np.array(expected, dtype=np.int64)]))
        chosen: NDArray[np.int64] = numbers[usable[numbers]]
        return chosen


def _margins(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each score is ahead of the best other one (negative: behind it)."""
    if len(scores) < 2:
        return scores.copy()
    second, first = np.partition(scores, -2)[-2:]
    others: NDArray[np.float32] = np.where(scores == first, second, first)
    return scores - others
