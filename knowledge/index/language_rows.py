"""One language's entries over what they are searched by: an immutable snapshot."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.index.candidates import Candidates, Matches, candidates_of
from knowledge.index.corpus import Corpus, rows_of

# How far each way of looking goes. On the demo shop's questions the right entry was always among
# those found so.
_DENSE_ROWS = 60
_LEXICAL_ENTRIES = 15
_PRIOR_INTENTS = 4
# Of an intent with more entries than these, those with the most words of the query; the demo
# shop's largest has 16.
_ENTRIES_AN_INTENT = 60
# Rows looked through for _DENSE_ROWS that may be shown, before all of those are compared.
_MOST_ROWS = 16 * _DENSE_ROWS
# An index of which more is gone is built anew.
_LEAST_LEFT = 0.8

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class LanguageRows:
    """Entries in the files' order; entry i is document documents[i] of the corpus.

    An edit adds documents to the corpus and leaves behind those that it replaces: `entry_of` has
    -1 for a document that no entry stands for any more. `dated` has a row for each entry that is
    shown on some days only: its number, the first and the last day as ordinals.
    """

    entries: tuple[Entry, ...]
    documents: NDArray[np.int64]
    entry_of: NDArray[np.int64]
    corpus: Corpus
    by_intent: Mapping[str, NDArray[np.int64]]
    by_tag: Mapping[str, NDArray[np.int64]]
    dated: NDArray[np.int64]

    @classmethod
    def build(cls, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Self:
        """Index entries whose rows, one entry after the other, have these vectors."""
        corpus = Corpus.build(entries, vectors)
        return cls.over(corpus, entries, np.arange(len(entries)))

    @classmethod
    def over(cls, corpus: Corpus, entries: Sequence[Entry], documents: NDArray[np.int64]) -> Self:
        """Return entries that stand for these documents of a corpus."""
        entry_of = np.full(len(corpus), -1, dtype=np.int64)
        entry_of[documents] = np.arange(len(entries))
        by_intent: dict[str, list[int]] = defaultdict(list)
        by_tag: dict[str, list[int]] = defaultdict(list)
        dated = []
        for number, entry in enumerate(entries):
            if entry.intent is not None:
                by_intent[entry.intent].append(number)
            for tag in entry.tags:
                by_tag[tag].append(number)
            if entry.valid_from is not None or entry.valid_until is not None:
                first, last = entry.valid_from or date.min, entry.valid_until or date.max
                dated.append((number, first.toordinal(), last.toordinal()))
        return cls(
            entries=tuple(entries),
            documents=documents,
            entry_of=entry_of,
            corpus=corpus,
            by_intent={intent: np.array(found) for intent, found in by_intent.items()},
            by_tag={tag: np.array(found) for tag, found in by_tag.items()},
            dated=np.array(dated, dtype=np.int64).reshape(-1, 3),
        )

    def updated(self, entries: Sequence[Entry], embed: Embed) -> Self | None:
        """Return these entries over the same corpus with what is new added, or None.

        None: so much changed that everything should be indexed anew.
        """
        # Emptied below: no two entries share a document.
        before = {entry.id: number for number, entry in enumerate(self.entries)}
        documents = np.full(len(entries), -1, dtype=np.int64)
        for number, entry in enumerate(entries):
            was = before.pop(entry.id, None)
            if was is not None and _reads_alike(entry, self.entries[was]):
                documents[number] = was
        known = documents >= 0
        documents[known] = self.documents[documents[known]]
        return self.completed(self.corpus, entries, documents, embed)

    @classmethod
    def completed(
        cls,
        corpus: Corpus,
        entries: Sequence[Entry],
        documents: NDArray[np.int64],
        embed: Embed,
    ) -> Self | None:
        """Return the entries over a corpus that holds those with a document, others have -1.

        None: too many others, or too much of the corpus would be left behind.
        """
        missing = np.flatnonzero(documents < 0)
        left = len(documents) - len(missing)
        if not corpus.takes(len(missing)) or left < _LEAST_LEFT * corpus.first:
            return None
        if len(missing):
            new = [entries[number] for number in missing.tolist()]
            rows = [row for entry in new for row in rows_of(entry)]
            documents = documents.copy()
            documents[missing] = np.arange(len(corpus), len(corpus) + len(new))
            corpus = corpus.extended(new, embed(rows))
        return cls.over(corpus, entries, documents)

    def usable(self, day: date, tags: frozenset[str] = frozenset()) -> NDArray[np.bool_]:
        """Return for each entry whether it may be shown on that day and has all these tags."""
        shown = np.ones(len(self.entries), dtype=bool)
        for tag in tags:
            tagged = np.zeros(len(self.entries), dtype=bool)
            tagged[self.by_tag.get(tag, [])] = True
            shown &= tagged
        numbers, first, last = self.dated.T
        shown[numbers] &= (first <= day.toordinal()) & (day.toordinal() <= last)
        return shown

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
        asked = self.corpus.asked.scores(query)
        whole = self.corpus.whole.scores(query)
        lexical = (asked + whole)[self.documents]
        numbers = np.concatenate(
            [
                self._near(vector, usable),
                _best(lexical, np.flatnonzero(usable), _LEXICAL_ENTRIES),
                *self._expected(prior, lexical),
            ]
        )
        numbers = np.unique(numbers[usable[numbers]])
        if len(numbers) == 0:
            return Candidates.none()
        documents = self.documents[numbers]
        rows, lengths = self.rows_at(documents)
        cosines = self.corpus.dense.cosines(rows, vector)
        matches = Matches(asked[documents], whole[documents], cosines, lengths)
        return candidates_of(tuple(self.entries[n] for n in numbers), matches, prior)

    def rows_at(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows of documents, one after the other, and how many each has."""
        starts = self.corpus.starts
        first, lengths = starts[documents], starts[documents + 1] - starts[documents]
        offsets = np.cumsum(lengths) - lengths
        return np.repeat(first - offsets, lengths) + np.arange(lengths.sum()), lengths

    def _near(self, vector: NDArray[np.float32], usable: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the entries of the nearest rows among those that may be shown."""
        wanted = _DENSE_ROWS
        while wanted <= _MOST_ROWS:
            rows = self.corpus.dense.nearest(vector, wanted)
            numbers = self.entry_of[np.searchsorted(self.corpus.starts, rows, "right") - 1]
            numbers = numbers[(numbers >= 0) & usable[numbers]]
            if len(numbers) >= _DENSE_ROWS or wanted >= len(self.corpus.dense):
                return numbers[:_DENSE_ROWS]
            wanted *= 4
        shown = np.flatnonzero(usable)
        rows, lengths = self.rows_at(self.documents[shown])
        cosines = self.corpus.dense.cosines(rows, vector)
        return np.repeat(shown, lengths)[_best(cosines, np.arange(len(rows)), _DENSE_ROWS)]

    def _expected(
        self, prior: Mapping[str, float], lexical: NDArray[np.float32]
    ) -> list[NDArray[np.int64]]:
        likely = sorted(prior, key=prior.__getitem__, reverse=True)[:_PRIOR_INTENTS]
        found = [self.by_intent[intent] for intent in likely if intent in self.by_intent]
        return [_best(lexical, numbers, _ENTRIES_AN_INTENT) for numbers in found]


def _best(scores: NDArray[np.float32], numbers: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return the `count` of the numbers that have the highest scores, in any order."""
    if len(numbers) <= count:
        return numbers
    return numbers[np.argpartition(-scores[numbers], count - 1)[:count]]


def _reads_alike(new: Entry, old: Entry) -> bool:
    """Whether the texts that are searched are the same; all else is taken from the new one."""
    return new is old or (
        new.question == old.question
        and new.answer == old.answer
        and new.phrasings == old.phrasings
        and new.kind == old.kind
        and new.heading_path == old.heading_path
    )
