"""Warnings about entries that get in each other's way; none keeps a file from going live."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.feature_extraction.text import TfidfVectorizer

from knowledge.entries import Entry, Hit, Problem
from knowledge.formats.questions import Question
from knowledge.index.corpus import rows_of
from knowledge.index.language_rows import LanguageRows
from knowledge.index.search import KnowledgeIndex
from knowledge.index.segment import tokens

# Cosine from which two questions count as near duplicates. Of 1.3 million pairs of the demo shop's
# English questions on different topics 10 reach 0.85, and 8 of those ask the same ("foot
# measuring", "how to measure my foot"); at 0.8 it is 35, most of them rightly apart.
_ALIKE = 0.85
# The encoder sees most Chinese characters as one unknown sign: 135,000 such pairs reach 0.7 by it.
# There words and characters are compared, weighed by rarity; 8 pairs reach 0.7.
_ALIKE_BY_WORDS = {"zh": 0.7}

# A test question's two best entries compete when both are likely and neither is clearly ahead.
# So do 3 of the demo's 240 questions, among them 退钱！ (0.99 get-refund, 0.98 track-refund).
_LIKELY = 0.5
_CLEARLY_AHEAD = 0.1

MOST_COMPARED = 20_000
"""Questions of one language that are compared with all others: each entry's own first, then an
even choice of the phrasings."""
MOST_ASKED = 1500
"""Entries of one language that are asked whether they can be reached: those with the closest
rivals first."""
MOST_TESTS = 1000
"""Test questions looked at, evenly chosen. These limits keep 10,000 entries within 30 seconds."""

# Cosines held at once: 80 MB of them.
_CELLS = 20_000_000


def review(index: KnowledgeIndex, questions: Sequence[Question]) -> tuple[Problem, ...]:
    """Return warnings, each at its entry's file and line: in the order of the files.

    Near-duplicate questions of different topics; entries that compete for a test question; entries
    that none of their own questions finds; entries whose time is over. Entries of one intent answer
    alike, so they are no rivals. Policies' passages have no questions of their own and are only
    looked at for test questions and dates. Searches are made without intents.

    Args:
        index: The index that shall go live.
        questions: Test questions of all languages.
    """
    today = index.today()
    problems = list(_over(index, today))
    for language, rows in index.languages.items():
        asked = _questions(rows, today)
        if not asked.texts:
            continue
        rivals = _rivals(language, asked)
        problems += _near_duplicates(asked, rivals, _ALIKE_BY_WORDS.get(language, _ALIKE))
        problems += _never_reached(index, language, asked, rivals)
    problems += _competing(index, questions)
    return tuple(sorted(problems, key=lambda p: (p.file, p.line, p.what)))


def _over(index: KnowledgeIndex, today: date) -> Iterator[Problem]:
    for rows in index.languages.values():
        for entry in rows.entries:
            if entry.valid_until is not None and entry.valid_until < today:
                since = entry.valid_until + timedelta(days=1)
                what = f"no longer shown since {since}; remove it, or change its valid-until"
                yield _warning(entry, what)


@dataclass(frozen=True)
class _Asked:
    """The questions and phrasings of one language's FAQ entries that are not over.

    `entry` and `topic` number the entry and the topic of each row of `texts` and `vectors`.
    """

    entries: tuple[Entry, ...]
    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    entry: NDArray[np.int64]
    topic: NDArray[np.int64]
    own: NDArray[np.bool_]


def _questions(rows: LanguageRows, today: date) -> _Asked:
    numbers = np.array(
        [
            number
            for number, entry in enumerate(rows.entries)
            if entry.kind == "faq" and (entry.valid_until is None or entry.valid_until >= today)
        ],
        dtype=np.int64,
    )
    places, lengths = rows.rows_at(rows.documents[numbers])
    entry_of = np.repeat(numbers, lengths)
    begins = np.cumsum(lengths) - lengths
    own = np.zeros(len(places), dtype=bool)
    own[begins] = True
    asks = np.ones(len(places), dtype=bool)
    asks[begins + lengths - 1] = False  # the answer
    entry_of = entry_of[asks]
    topics: dict[str, int] = {}
    names = [rows.entries[number].topic for number in entry_of]
    return _Asked(
        entries=rows.entries,
        texts=tuple(text for number in numbers for text in rows_of(rows.entries[number])[:-1]),
        vectors=rows.corpus.dense.rows(places[asks]),
        entry=entry_of,
        topic=np.array([topics.setdefault(name, len(topics)) for name in names], dtype=np.int64),
        own=own[asks],
    )


@dataclass(frozen=True)
class _Rivals:
    """For each row compared: the most alike row of another topic, and of another entry at all."""

    compared: NDArray[np.int64]
    row: NDArray[np.int64]
    alike: NDArray[np.float32]
    alike_any: NDArray[np.float32]


def _rivals(language: str, asked: _Asked) -> _Rivals:
    compared = _sample(asked)
    matrix: Any = asked.vectors
    if language in _ALIKE_BY_WORDS and any(map(tokens, asked.texts)):
        matrix = TfidfVectorizer(analyzer=tokens, dtype=np.float32).fit_transform(asked.texts)
    others = np.ascontiguousarray(matrix.T) if not issparse(matrix) else matrix.T.tocsr()
    rows: list[NDArray[np.int64]] = []
    alike: list[NDArray[np.float32]] = []
    alike_any: list[NDArray[np.float32]] = []
    size = max(1, _CELLS // len(asked.texts))
    for start in range(0, len(compared), size):
        chunk = compared[start : start + size]
        product = matrix[chunk] @ others
        cosines = product.toarray() if issparse(product) else product
        cosines[asked.entry[chunk, None] == asked.entry] = -1
        alike_any.append(cosines.max(axis=1))
        cosines[asked.topic[chunk, None] == asked.topic] = -1
        rows.append(cosines.argmax(axis=1))
        alike.append(cosines.max(axis=1))
    return _Rivals(compared, np.concatenate(rows), np.concatenate(alike), np.concatenate(alike_any))


def _sample(asked: _Asked) -> NDArray[np.int64]:
    own, more = np.flatnonzero(asked.own), np.flatnonzero(~asked.own)
    room = max(0, MOST_COMPARED - len(own))
    if len(more) > room:
        more = more[np.linspace(0, len(more) - 1, room).astype(np.int64)]
    return np.concatenate([own[:MOST_COMPARED], more])


def _near_duplicates(asked: _Asked, rivals: _Rivals, alike: float) -> Iterator[Problem]:
    """One warning for two entries, at the later one, with the two questions most alike."""
    seen: set[tuple[int, int]] = set()
    for place in np.argsort(-rivals.alike, kind="stable"):
        if rivals.alike[place] < alike:
            return
        row, other = int(rivals.compared[place]), int(rivals.row[place])
        if asked.entry[row] < asked.entry[other]:
            row, other = other, row
        pair = int(asked.entry[row]), int(asked.entry[other])
        later, earlier = asked.entries[pair[0]], asked.entries[pair[1]]
        if pair not in seen and later.meets(earlier):
            seen.add(pair)
            yield _warning(
                later,
                f"'{asked.texts[row]}' is almost the same as '{asked.texts[other]}' of "
                f"'{earlier.id}' ({earlier.source}), so shoppers may get either answer; "
                "make them one entry, give both one intent, or say in each what sets it apart",
            )


def _never_reached(
    index: KnowledgeIndex, language: str, asked: _Asked, rivals: _Rivals
) -> Iterator[Problem]:
    today = index.today()
    own = np.flatnonzero(asked.own[rivals.compared])
    by_risk = own[np.argsort(-rivals.alike_any[own], kind="stable")][:MOST_ASKED]
    for row in rivals.compared[by_risk]:
        entry = asked.entries[asked.entry[row]]
        if not entry.valid_on(today):  # its time is still to come
            continue
        last = int(np.searchsorted(asked.entry, asked.entry[row], "right"))
        first_hits = []
        for number in range(int(row), last):  # its question, then its phrasings, until one finds it
            hits = index.search(
                asked.texts[number], language=language, limit=1, vector=asked.vectors[number]
            )
            if hits and hits[0].entry.key == entry.key:
                break
            first_hits += [hit.entry for hit in hits]
        else:
            instead = first_hits[0] if first_hits else entry
            yield _warning(
                entry,
                f"none of its questions finds this entry; '{asked.texts[row]}' finds "
                f"'{instead.question}' ({instead.source}) instead; "
                "remove one of the two, or ask in words that only this one answers",
            )


def _competing(index: KnowledgeIndex, questions: Sequence[Question]) -> Iterator[Problem]:
    wanted = [q for q in questions if q.acceptable and q.language in index.languages]
    if len(wanted) > MOST_TESTS:
        wanted = [wanted[i] for i in np.linspace(0, len(wanted) - 1, MOST_TESTS).astype(int)]
    vectors = index.encoder.encode([q.question for q in wanted])
    pairs: dict[tuple[tuple[str, str], tuple[str, str]], tuple[Question, Entry, Entry, int]] = {}
    for question, vector in zip(wanted, vectors, strict=True):
        hits = index.search(question.question, language=question.language, vector=vector)
        rival = _rival(hits, question.acceptable)
        if rival is None:
            continue
        right, other = hits[0].entry, rival.entry
        if _answers(other, question.acceptable) and not _answers(right, question.acceptable):
            right, other = other, right
        first = pairs.get((right.key, other.key), (question, right, other, 0))
        pairs[right.key, other.key] = (*first[:3], first[3] + 1)
    for question, right, other, count in pairs.values():
        more = f" and {count - 1} more" if count > 1 else ""
        yield _warning(
            right,
            f"the test question '{question.question}'{more} finds this entry and '{other.id}' "
            f"({other.source}) almost alike; say in the questions of each what sets it apart, or "
            "make them one entry",
        )


def _rival(hits: Sequence[Hit], acceptable: frozenset[str]) -> Hit | None:
    """The best hit of another topic, where it is likely, close behind, and not right as well."""
    if not hits:
        return None
    best = hits[0]
    rival = next((hit for hit in hits if hit.entry.topic != best.entry.topic), None)
    if rival is None or rival.probability < max(_LIKELY, best.probability - _CLEARLY_AHEAD):
        return None
    both = _answers(best.entry, acceptable) and _answers(rival.entry, acceptable)
    return None if both else rival


def _answers(entry: Entry, acceptable: frozenset[str]) -> bool:
    return entry.id in acceptable or entry.intent in acceptable


def _warning(entry: Entry, what: str) -> Problem:
    return Problem(entry.source.file, entry.source.line, 1, what, warning=True)
