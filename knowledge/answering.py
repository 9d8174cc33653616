"""Fits the fusion and its thresholds to questions of which the right answers are known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from knowledge.answer_defaults import DEFAULT
from knowledge.answer_model import FEATURES, PLAIN, AnswerModel, Fusion, LanguageFusion
from knowledge.answer_model import probabilities as logistic
from knowledge.candidates import Candidates
from knowledge.search import KnowledgeIndex

# Below this many labelled questions, a threshold at which 3 % are wrong is decided by one of them.
ENOUGH = 40
# A shop's questions may hold none that must stay unanswered; then no threshold would be wrong.
LOWEST_THRESHOLD = 0.2
_FOLDS = 5


@dataclass(frozen=True)
class Labelled:
    """A question and what may answer it: intents or entry ids; empty if nothing may.

    `hidden` rows and entries `without` count as absent from the index for this question.
    """

    question: str
    language: str
    prior: Mapping[str, float]
    acceptable: frozenset[str]
    hidden: frozenset[str] = field(default=frozenset())
    without: frozenset[str] = field(default=frozenset())


def fit(
    labelled: Sequence[Labelled],
    index: KnowledgeIndex,
    *,
    max_wrong: float = 0.03,
    progress: Callable[[str, int, int], None] | None = None,
) -> AnswerModel:
    """Fit a fusion to each language of the index.

    The threshold is the lowest one at which wrong answers, cross-validated, are at most
    `max_wrong` of the labelled questions (a question nothing may answer is wrong when answered).
    A language with fewer than ENOUGH labelled questions gets its own phrasings as well, each with
    its own row hidden; one with fewer than ENOUGH that have a prior keeps the default fusion for
    searches with a prior.

    Args:
        labelled: Questions of all languages.
        index: The index that will use the model.
        max_wrong: The accepted share of wrong answers.
        progress: Called with (stage, done, total).
    """
    languages = {}
    for number, code in enumerate(sorted(index.languages)):
        if progress is not None:
            progress("fit answers", number, len(index.languages))
        own = [item for item in labelled if item.language == code]
        informed = [item for item in own if item.prior]
        plain = own if len(own) >= ENOUGH else [*own, *leave_one_out(index, code)]
        default = DEFAULT.languages.get(code) or DEFAULT.languages["en"]
        languages[code] = LanguageFusion(
            _fit(plain, index, default.plain, max_wrong),
            default.informed
            if len(informed) < ENOUGH
            else _fit(informed, index, default.informed, max_wrong),
        )
    if progress is not None:
        progress("fit answers", len(index.languages), len(index.languages))
    return AnswerModel({"en": DEFAULT.languages["en"], **languages})


def leave_one_out(index: KnowledgeIndex, language: str) -> Iterator[Labelled]:
    """Yield each phrasing as a question, answered by its entry found through its other rows.

    Every third comes once more without the entries of its intent: then nothing may answer it.
    """
    entries = index.languages[language].entries
    number = 0
    for entry in entries:
        alike = {e.id for e in entries if e.intent == entry.intent and e.intent is not None}
        for phrasing in entry.phrasings:
            hidden = frozenset({phrasing})
            yield Labelled(phrasing, language, {}, frozenset({entry.id}), hidden)
            if number % 3 == 0:
                without = frozenset(alike | {entry.id})
                yield Labelled(phrasing, language, {}, frozenset(), hidden, without)
            number += 1


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


@dataclass(frozen=True)
class _Example:
    features: NDArray[np.float64]
    right: NDArray[np.bool_]


def _fit(
    labelled: Sequence[Labelled], index: KnowledgeIndex, default: Fusion, max_wrong: float
) -> Fusion:
    examples = list(_examples(labelled, index))
    columns = len(FEATURES) if any(item.prior for item in labelled) else PLAIN
    folds = min(_FOLDS, len(examples))
    if folds < 2 or not _both_kinds(examples):
        return default
    best = np.zeros(len(examples))
    right = np.zeros(len(examples), dtype=bool)
    for train, test in KFold(folds, shuffle=True, random_state=0).split(examples):
        chosen = [examples[i] for i in train]
        fusion = _regression(chosen, columns) if _both_kinds(chosen) else default
        for i in test:
            chances = logistic(fusion.logits(examples[i].features))
            top = int(np.argmax(chances))
            best[i], right[i] = chances[top], examples[i].right[top]
    fusion = _regression(examples, columns)
    threshold = lowest_threshold(best, right, max_wrong)
    return Fusion(fusion.weights, fusion.intercept, threshold)


def _examples(labelled: Sequence[Labelled], index: KnowledgeIndex) -> Iterator[_Example]:
    vectors = index.encoder.encode([item.question for item in labelled])
    for item, vector in zip(labelled, vectors, strict=True):
        candidates = index.candidates(
            item.question,
            language=item.language,
            prior=item.prior,
            vector=vector,
            hidden=item.hidden,
            without=item.without,
        )
        if candidates.entries:
            yield _Example(candidates.features, may_answer(candidates, item.acceptable))


def may_answer(candidates: Candidates, acceptable: frozenset[str]) -> NDArray[np.bool_]:
    """Return for each candidate whether its id or its intent is acceptable."""
    return np.array([e.id in acceptable or e.intent in acceptable for e in candidates.entries])


def _both_kinds(examples: Sequence[_Example]) -> bool:
    right = np.concatenate([example.right for example in examples])
    return bool(right.any()) and not bool(right.all())


def _regression(examples: Sequence[_Example], columns: int) -> Fusion:
    """Fit on standardised features and fold the scaling into the weights."""
    features = np.concatenate([example.features[:, :columns] for example in examples])
    mean, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread < 1e-9] = 1.0
    regression = LogisticRegression(C=1.0, max_iter=1000)
    regression.fit(
        (features - mean) / spread, np.concatenate([example.right for example in examples])
    )
    weights = regression.coef_[0] / spread
    intercept = float(regression.intercept_[0] - weights @ mean)
    return Fusion(tuple(map(float, weights)), intercept, 1.0)
