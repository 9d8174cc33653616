"""Figures of merit on predictions; None where a figure has no rows to stand on."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from nlu.language import LANGUAGES, Language
from nlu.predictions import Predictions

BINS = 10


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability plot: texts whose top probability is in (low, high].

    `confidence` is their mean top probability and `accuracy` the share whose top class is right;
    both None where `rows` is 0.
    """

    low: float
    high: float
    rows: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Metrics:
    """How well a model does on labelled texts.

    Attributes:
        rows: In-scope texts.
        outside_rows: Out-of-scope texts.
        accuracy: Of in-scope texts, the share whose likeliest intent is right; rejections are not
            looked at.
        accuracy_with_rejections: The same with every rejected text counted as an error.
        macro_f1: Mean F1 over the intents that occur as a label or as an answer on in-scope texts;
            rejections are not looked at.
        rejected_in_scope: Of in-scope texts, the share rejected.
        out_of_scope_recall: Of out-of-scope texts, the share rejected.
        auroc: The chance that an in-scope text has more scope than an out-of-scope one.
        calibration_error: Expected calibration error on in-scope texts, with OUT_OF_SCOPE, where
            it is the likeliest class, as a wrong answer.
        calibration_error_with_outside: The same on all texts, the out-of-scope ones being right
            only where OUT_OF_SCOPE is the likeliest class; None without any.
    """

    rows: int
    outside_rows: int
    accuracy: float | None
    accuracy_with_rejections: float | None
    macro_f1: float | None
    rejected_in_scope: float | None
    out_of_scope_recall: float | None
    auroc: float | None
    calibration_error: float | None
    calibration_error_with_outside: float | None


def measure(predictions: Predictions) -> Metrics:
    """Return all figures."""
    outside = predictions.outside
    inside = predictions.select(~outside)
    best = inside.best_inside
    right = best == inside.labels
    return Metrics(
        rows=len(inside.texts),
        outside_rows=int(outside.sum()),
        accuracy=_share(right),
        accuracy_with_rejections=_share(right & ~inside.rejected),
        macro_f1=macro_f1(inside.labels, best),
        rejected_in_scope=_share(inside.rejected),
        out_of_scope_recall=_share(predictions.rejected[outside]),
        auroc=area_under_roc(inside.scope, predictions.scope[outside]),
        calibration_error=expected_calibration_error(inside.probabilities, inside.labels),
        calibration_error_with_outside=(
            expected_calibration_error(predictions.probabilities, predictions.labels)
            if outside.any()
            else None
        ),
    )


def measure_languages(predictions: Predictions) -> dict[Language, Metrics]:
    """Return the figures of each language that occurs."""
    rows = {language: predictions.languages == language for language in LANGUAGES}
    return {
        language: measure(predictions.select(own)) for language, own in rows.items() if own.any()
    }


def macro_f1(labels: NDArray[np.int64], answers: NDArray[np.int64]) -> float | None:
    """Return the mean F1 over the classes that occur in either, as scikit-learn defines it."""
    if not len(labels):
        return None
    classes = int(max(labels.max(), answers.max())) + 1
    right = np.bincount(labels[labels == answers], minlength=classes)
    occurs = np.bincount(labels, minlength=classes) + np.bincount(answers, minlength=classes)
    seen = occurs > 0
    return float((2 * right[seen] / occurs[seen]).mean())


def area_under_roc(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float | None:
    """Return the chance that a row of `inside` has the higher score, ties counted as half.

    By ranks (Mann and Whitney 1947), so a sort and no table of pairs.
    """
    if not len(inside) or not len(outside):
        return None
    _, place, counts = np.unique(
        np.concatenate([inside, outside]), return_inverse=True, return_counts=True
    )
    mean_ranks = np.cumsum(counts) - (counts - 1) / 2  # from 1; equal scores share theirs
    above = mean_ranks[place[: len(inside)]].sum() - len(inside) * (len(inside) + 1) / 2
    return float(above / (len(inside) * len(outside)))


def expected_calibration_error(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], *, bins: int = BINS
) -> float | None:
    """Return the mean gap between top probability and accuracy over equal-width bins.

    Naeini et al. 2015 with the top class alone, as Guo et al. 2017. A label of -1 is never right.
    """
    gaps = [
        row.rows * abs(row.confidence - row.accuracy)
        for row in reliability(probabilities, labels, bins=bins)
        if row.confidence is not None and row.accuracy is not None
    ]
    return sum(gaps) / len(labels) if len(labels) else None


def reliability(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], *, bins: int = BINS
) -> tuple[Bin, ...]:
    """Return the bars of a reliability plot, `bins` of equal width from 0 to 1."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    edges = np.linspace(0.0, 1.0, bins + 1)
    numbers = np.clip(np.searchsorted(edges, top, side="left") - 1, 0, bins - 1)
    bars = []
    for number in range(bins):
        own = numbers == number
        bars.append(
            Bin(
                low=float(edges[number]),
                high=float(edges[number + 1]),
                rows=int(own.sum()),
                confidence=_share(top[own]),
                accuracy=_share(right[own]),
            )
        )
    return tuple(bars)


def sign_test(losses: int, gains: int) -> float:
    """Return the chance of so many losses among the changes if both models were equally good.

    The one-sided p-value of the exact sign test (McNemar's, exact).
    """
    changed = losses + gains
    ways = term = comb(changed, losses)
    for k in range(losses, changed):  # each from the one before: comb() anew takes seconds
        term = term * (changed - k) // (k + 1)
        ways += term
    return ways / (1 << changed)


def _share(values: NDArray[np.bool_] | NDArray[np.float64]) -> float | None:
    return float(values.mean()) if len(values) else None
