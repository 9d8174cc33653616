"""Fits the fusion and its thresholds to questions of which the right answers are known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from knowledge.entries import Entry
from knowledge.index.answer_defaults import DEFAULT
from knowledge.index.answer_defaults import informed as informed_default
from knowledge.index.answer_model import PLAIN, AnswerModel, Fusion, LanguageFusion
from knowledge.index.answer_model import probabilities as logistic
from knowledge.index.candidates import Candidates
from knowledge.index.corpus import rows_of
from knowledge.index.language_rows import LanguageRows
from knowledge.index.search import KnowledgeIndex

# Below this many labelled questions, a threshold at which 3 % are wrong is decided by one of them.
ENOUGH = 40
# A shop's questions may hold none that must stay unanswered; then no threshold would be wrong.
LOWEST_THRESHOLD = 0.2
_FOLDS = 5
# A column that hardly varies says nothing, and would get a weight of millions.
_LEAST_SPREAD = 1e-3
# Phrasings asked of each language: all 1,500 of the demo shop's moved the share of its questions
# whose topic came first by 1 to 2 %, at three times the wait.
_MOST_PHRASINGS = 600
# Entries that those phrasings are looked for among: five indexes are built of them.
_MOST_ENTRIES = 5000


@dataclass(frozen=True)
class Labelled:
    """A question and what may answer it: intents or entry ids; empty if nothing may."""

    question: str
    language: str
    prior: Mapping[str, float]
    acceptable: frozenset[str]


@dataclass(frozen=True)
class Example:
    """One question's candidates: their features, and which of them may answer it."""

    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def fit(
    labelled: Sequence[Labelled],
    index: KnowledgeIndex,
    *,
    max_wrong: float = 0.03,
    progress: Callable[[str, int, int], None] | None = None,
) -> AnswerModel:
    """Fit a fusion to each language of the index.

    The weights of the text features come from the index's own phrasings, of which there are
    many; the labelled questions fit how they become probabilities, with and without a prior.
    The threshold is the lowest one at which wrong answers, cross-validated, are at most
    `max_wrong` of the labelled questions (a question nothing may answer is wrong when answered).
    With fewer than ENOUGH labelled questions in a language, its phrasings are the labelled
    questions; with fewer than ENOUGH phrasings, the default says how texts count; with fewer
    than ENOUGH that have a prior, the default says how a prior counts.

    Args:
        labelled: Questions of all languages, with the prior that a search would have.
        index: The index that will use the model.
        max_wrong: The accepted share of wrong answers.
        progress: Called with (stage, done, total).
    """
    languages = dict(DEFAULT.languages)
    for number, (code, rows) in enumerate(sorted(index.languages.items())):
        if progress is not None:
            progress("fit answers", number, len(index.languages))
        phrasings = leave_out(rows)
        if len(phrasings) < ENOUGH:  # a handful says more of themselves than of the shop
            phrasings = []
        default = DEFAULT.languages.get(code) or DEFAULT.languages["en"]
        text = _regression(phrasings, _PLAIN) or default.plain
        own = [item for item in labelled if item.language == code]
        asked = _examples(own, index)
        plain = _fit(asked if len(own) >= ENOUGH else phrasings, _scaled(text), text, max_wrong)
        with_prior = [example for item, example in zip(own, asked, strict=True) if item.prior]
        fallback = informed_default(plain)
        languages[code] = LanguageFusion(
            plain,
            _fit(with_prior, _stacked(text), fallback, max_wrong)
            if len(with_prior) >= ENOUGH
            else fallback,
        )
    if progress is not None:
        progress("fit answers", len(index.languages), len(index.languages))
    return AnswerModel(languages)


def leave_out(rows: LanguageRows) -> list[Example]:
    """Return each phrasing as a question to be answered by what is left without it.

    Entries of the same intent may answer too. Every third phrasing comes once more without all
    of those: then nothing may answer it.
    """
    examples: list[Example] = []
    numbers = np.arange(len(rows.entries))
    if len(numbers) > _MOST_ENTRIES:
        drawn = np.random.default_rng(0).choice(numbers, _MOST_ENTRIES, replace=False)
        numbers = np.sort(drawn)
    drawn_from = [rows.entries[number] for number in numbers]
    vectors = rows.corpus.dense.rows(rows.rows_at(rows.documents[numbers])[0])
    texts = [row for entry in drawn_from for row in rows_of(entry)]
    every = 1 + sum(len(entry.phrasings) for entry in drawn_from) // _MOST_PHRASINGS
    for fold in range(_FOLDS):
        entries: list[Entry] = []
        kept: list[int] = []
        asked: list[tuple[int, Entry]] = []
        start = 0
        for number, entry in enumerate(drawn_from):
            end = start + len(rows_of(entry))
            # The question and the answer stay; every fifth phrasing goes.
            out = [row for row in range(start + 1, end - 1) if (row - start + number) % 5 == fold]
            asked += [(row, entry) for row in out]
            kept += [row for row in range(start, end) if row not in out]
            gone = {texts[row] for row in out}
            phrasings = tuple(text for text in entry.phrasings if text not in gone)
            entries.append(replace(entry, phrasings=phrasings))
            start = end
        thinner = LanguageRows.build(entries, vectors[kept])
        for count, (row, entry) in enumerate(asked[::every]):
            text, vector = texts[row], vectors[row]
            acceptable = frozenset(filter(None, (entry.id, entry.intent)))
            everything = np.ones(len(entries), dtype=bool)
            found = thinner.candidates(text, vector, {}, everything)
            examples.append(Example(found.features, may_answer(found, acceptable)))
            if count % 3 == 0:
                others = ~np.array([e.id in acceptable or e.intent in acceptable for e in entries])
                found = thinner.candidates(text, vector, {}, others)
                examples.append(Example(found.features, may_answer(found, acceptable)))
    return examples


def may_answer(candidates: Candidates, acceptable: frozenset[str]) -> NDArray[np.bool_]:
    """Return for each candidate whether its id or its intent is acceptable."""
    flags = [entry.id in acceptable or entry.intent in acceptable for entry in candidates.entries]
    return np.array(flags, dtype=bool)


def lowest_threshold(
    best: NDArray[np.float64], right: NDArray[np.bool_], max_wrong: float
) -> float:
    """Return the lowest threshold at which at most `max_wrong` of all questions are wrong.

    Args:
        best: The probability of each question's best hit.
        right: Whether that hit may answer it.
        max_wrong: The accepted share, of all questions.
    """
    allowed = int(max_wrong * len(best) + 1e-9)
    wrong = np.sort(best[~right])[::-1]
    if len(wrong) <= allowed:
        return LOWEST_THRESHOLD
    # Half-way between the likeliest wrong answer that must go and the next one above it.
    limit = wrong[allowed]
    above = best[best > limit]
    middle = (limit + (above.min() if len(above) else 1.0)) / 2
    return max(float(middle), LOWEST_THRESHOLD)


# What a regression sees: the columns of the features times this matrix.
_View = NDArray[np.float64]
_PLAIN: _View = np.eye(PLAIN)


def _scaled(text: Fusion) -> _View:
    """See one column: the text's logit."""
    return np.array(text.weights)[:, None]


def _stacked(text: Fusion) -> _View:
    """See three columns: the text's logit, the prior, its logarithm."""
    view = np.zeros((PLAIN + 2, 3))
    view[:PLAIN, 0] = text.weights
    view[PLAIN, 1] = view[PLAIN + 1, 2] = 1.0
    return view


def _examples(labelled: Sequence[Labelled], index: KnowledgeIndex) -> list[Example]:
    vectors = index.encoder.encode([item.question for item in labelled])
    examples = []
    for item, vector in zip(labelled, vectors, strict=True):
        found = index.candidates(
            item.question, language=item.language, prior=item.prior, vector=vector
        )
        examples.append(Example(found.features, may_answer(found, item.acceptable)))
    return examples


def _fit(examples: Sequence[Example], view: _View, default: Fusion, max_wrong: float) -> Fusion:
    """Return the regression on all examples, with the threshold from cross-validation."""
    if len(examples) < _FOLDS:
        return default
    best = np.zeros(len(examples))
    right = np.zeros(len(examples), dtype=bool)
    for train, test in KFold(_FOLDS, shuffle=True, random_state=0).split(examples):
        fusion = _regression([examples[i] for i in train], view) or default
        for i in test:
            if len(examples[i].right):
                chances = logistic(fusion.logits(examples[i].features))
                top = int(np.argmax(chances))
                best[i], right[i] = chances[top], examples[i].right[top]
    threshold = lowest_threshold(best, right, max_wrong)
    return replace(_regression(examples, view) or default, threshold=threshold)


def _regression(examples: Sequence[Example], view: _View) -> Fusion | None:
    """Fit on standardised columns and fold scaling and view into the weights.

    Returns None where the examples are all right or all wrong.
    """
    right = np.concatenate([example.right for example in examples] or [np.zeros(0, dtype=bool)])
    if not right.any() or right.all():
        return None
    columns = np.concatenate([e.features[:, : len(view)] for e in examples]) @ view
    mean, spread = columns.mean(axis=0), columns.std(axis=0)
    spread[spread < _LEAST_SPREAD] = 1.0
    regression = LogisticRegression(C=1.0, max_iter=1000)
    regression.fit((columns - mean) / spread, right)
    weights = regression.coef_[0] / spread
    intercept = float(regression.intercept_[0] - weights @ mean)
    return Fusion(tuple(map(float, view @ weights)), intercept, 1.0)
