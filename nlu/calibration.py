"""Fit a mixture's factors and threshold on held-out rows, and measure it; training only."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from nlu.mixture import LanguageMix, Logits


def fit_scales(encoder: Logits | None, character: Logits, labels: NDArray[np.int64]) -> LanguageMix:
    """Return the factors with the least negative log likelihood on the held-out rows.

    A convex problem in two numbers (stacking and temperature scaling in one, Guo et al. 2017), so
    a few hundred rows settle it. Rows are averaged, and a faint pull towards 1 keeps a separable
    handful of rows from factors without bound.
    """
    rows = np.arange(len(labels))
    experts = [character] if encoder is None else [character, encoder]

    def loss(scales: NDArray[np.float64]) -> float:
        mixed = sum(scale * logits for scale, logits in zip(scales, experts, strict=True))
        likelihood = np.asarray(log_softmax(mixed, axis=1))[rows, labels].mean()
        return float(-likelihood + 1e-3 * np.square(scales - 1.0).sum())

    start = np.full(len(experts), 0.5)
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, 20.0)] * len(experts)).x
    return LanguageMix(float(found[1]) if encoder is not None else 0.0, float(found[0]))


def fit_threshold(scope: NDArray[np.float64], *, rejected_share: float) -> float:
    """Return the threshold that rejects at most that share of the in-scope held-out rows.

    At most 0.95: the lowest of a few rows may stand at 0.999 and would reject nearly everything.
    """
    if not len(scope):
        return 0.5
    return float(min(np.quantile(scope, rejected_share, method="lower"), 0.95))


def expected_calibration_error(
    probabilities: Logits, labels: NDArray[np.int64], *, bins: int = 10
) -> float:
    """Return the mean gap between top probability and accuracy over equal-width bins."""
    top = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    numbers = np.minimum((top * bins).astype(int), bins - 1)
    gaps = [
        (numbers == number).mean()
        * abs(top[numbers == number].mean() - right[numbers == number].mean())
        for number in np.unique(numbers)
    ]
    return float(sum(gaps))


def area_under_roc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """Return the chance that an in-scope row has the higher scope; None without rows of each."""
    if not len(inside) or not len(outside):
        return None
    gaps = np.subtract.outer(np.asarray(inside), np.asarray(outside))
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())
