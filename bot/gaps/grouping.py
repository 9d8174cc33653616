"""Missed questions into groups that one entry each could answer."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.gaps.collect import Missed, Reason
from bot.privacy import mask, without_labels
from nlu.finders.span import fold
from nlu.language import has_letters

Encode = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts into rows of unit L2 norm, in input order."""

MOST_CLUSTERED = 3000
"""Different questions of one language that are compared with one another: 70 MB of distances."""

_LONGEST_SHOWN = 300

# Least average cosine within a group. Chosen on twelve topics of five questions each, asked in
# different words among 165 (English) and 75 (Chinese) other test questions of the demo shop. Pairs
# put together rightly, and found: 0.91 and 0.65 in English; 0.85 and 0.73 in Chinese.
_NEAR = 0.6
# The encoder sees most Chinese characters as one unknown sign (我想注册 and 我要投诉 have cosine
# 1.0): there, character pairs weighed by rarity are compared instead.
_NEAR_BY_CHARACTERS = {"zh": 0.15}

_Rows = Any  # unit rows: an array, or scipy's sparse matrix


@dataclass(frozen=True)
class Gap:
    """Questions that mean much the same, masked, the most frequent first.

    `id` stands for the question asked first, so that later ones joining change nothing. `title` is
    the question most like all others; `entries` are the ids cited in their replies.
    """

    id: str
    language: str
    title: str
    questions: tuple[tuple[str, int], ...]
    count: int
    reasons: tuple[tuple[Reason, int], ...]
    entries: tuple[tuple[str, int], ...]
    first_at: datetime
    last_at: datetime


def group(
    missed: Iterable[Missed], encode: Encode, *, background: Sequence[str] = ()
) -> tuple[Gap, ...]:
    """Group what was missed; the most frequent group first.

    Personal data is masked first, and questions that differ in case, signs or masked data only are
    one. Each language is clustered by itself (average linkage). Of more than MOST_CLUSTERED
    different questions the most frequent ones are; each of the rest joins the group of the nearest
    one, or stands alone.

    Args:
        missed: What `collect` returned.
        encode: The sentence encoder.
        background: Questions of the shop's entries. They tell which Chinese characters are common,
            which a handful of missed questions cannot.
    """
    languages: dict[str, dict[str, _Same]] = {}
    for one in missed:
        masked = " ".join(mask(one.text).split())[:_LONGEST_SHOWN]
        key = question_key(masked)
        if key:
            languages.setdefault(one.language, {}).setdefault(key, _Same(key, [])).add(one, masked)
    gaps: list[Gap] = []
    for language, same in languages.items():
        questions = sorted(same.values(), key=lambda s: (-len(s.missed), s.key))
        rows = _rows([s.key for s in questions], language, encode, background)
        near = _NEAR_BY_CHARACTERS.get(language, _NEAR)
        labels = _cluster(rows, near)
        for label in range(int(labels.max()) + 1):
            members = np.flatnonzero(labels == label)
            gaps.append(_gap(language, [questions[i] for i in members], rows[members]))
    return tuple(sorted(gaps, key=lambda gap: (gap.count, gap.last_at), reverse=True))


def question_key(text: str) -> str:
    """What is the same for questions that differ in case, signs or masked data only; may be empty.

    A text without letters, such as a bare order number, is no question.
    """
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", fold(without_labels(text)))
    key = " ".join(words)
    return key if has_letters(key) else ""


@dataclass(frozen=True)
class _Same:
    """All messages of one key; each with its masked text."""

    key: str
    missed: list[tuple[Missed, str]]

    def add(self, one: Missed, masked: str) -> None:
        self.missed.append((one, masked))

    @property
    def shown(self) -> str:
        """The way it was typed most often, the earliest of equals."""
        ordered = sorted(self.missed, key=lambda pair: pair[0].at)
        return Counter(masked for _, masked in ordered).most_common(1)[0][0]

    @property
    def first_at(self) -> datetime:
        return min(one.at for one, _ in self.missed)


def _rows(keys: Sequence[str], language: str, encode: Encode, background: Sequence[str]) -> _Rows:
    if language not in _NEAR_BY_CHARACTERS:
        return encode(keys)
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), dtype=np.float32)
    known = (question_key(text) for text in background)
    vectorizer.fit([*keys, *filter(None, known)])
    return vectorizer.transform(keys)


def _cosines(some: _Rows, others: _Rows) -> NDArray[np.float32]:
    product = some @ others.T
    found: NDArray[np.float32] = product.toarray() if issparse(product) else product
    return found


def _cluster(rows: _Rows, near: float) -> NDArray[np.int64]:
    """Return a group number from 0 for each row; rows are the most frequent first."""
    total = int(rows.shape[0])
    count = min(total, MOST_CLUSTERED)
    labels = np.zeros(total, dtype=np.int64)
    if count > 1:
        clustering = AgglomerativeClustering(
            n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - near
        )
        distances = np.clip(1 - _cosines(rows[:count], rows[:count]), 0, 2)
        labels[:count] = clustering.fit_predict(distances)
    alone = int(labels[:count].max()) + 1
    for start in range(count, total, 1000):
        cosines = _cosines(rows[start : start + 1000], rows[:count])
        for offset, nearest in enumerate(cosines.argmax(axis=1)):
            if cosines[offset, nearest] >= near:
                labels[start + offset] = labels[nearest]
            else:
                labels[start + offset] = alone
                alone += 1
    return labels


def _gap(language: str, questions: Sequence[_Same], rows: _Rows) -> Gap:
    messages = [one for question in questions for one, _ in question.missed]
    counts = np.array([len(question.missed) for question in questions])
    central = int(np.argmax(_cosines(rows, rows) @ counts))
    first = min(questions, key=lambda question: (question.first_at, question.key))
    return Gap(
        id=hashlib.sha256(f"{language}\0{first.key}".encode()).hexdigest()[:16],
        language=language,
        title=questions[central].shown,
        questions=tuple((question.shown, len(question.missed)) for question in questions),
        count=len(messages),
        reasons=tuple(Counter(one.reason for one in messages).most_common()),
        entries=tuple(Counter(one.entry for one in messages if one.entry).most_common()),
        first_at=min(one.at for one in messages),
        last_at=max(one.at for one in messages),
    )
