"""Cross-validated probabilities of the training examples: what a model says without having seen."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from nlu.report.space import Rows

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]

_DECAY = 0.1
_STEPS = 12
"""Ten steps were within 1.3 points of forty on the demo shop, and level on SMP2017. 15,000 examples
of 150 intents take 9 s on two cores."""


def cross_validated(
    rows: Rows,
    labels: Labels,
    *,
    folds: int = 5,
    seed: int,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Probabilities:
    """Return (n, classes) probabilities of each row by a model fitted on the other folds.

    Args:
        rows: (n, dimensions) unit rows.
        labels: (n,) class numbers; every number from 0 to the highest occurs.
        folds: At least 2. Every class is spread over them as evenly as it goes; one with fewer
            examples than folds is in some of them.
        seed: Decides who is in which fold.
        progress: Called with the folds done and their number.
    """
    inputs = np.hstack([rows, np.ones((len(rows), 1), dtype=np.float32)])
    targets = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
    number = stratified_folds(labels, folds=folds, seed=seed)
    scores = np.zeros(targets.shape)
    for fold in range(folds):
        progress(fold, folds)
        own = number == fold
        scores[own] = inputs[own] @ _fit(inputs[~own], targets[~own])
    progress(folds, folds)
    probabilities: Probabilities = softmax(scores * _temperature(scores, labels), axis=1)
    return probabilities


def stratified_folds(labels: Labels, *, folds: int, seed: int) -> Labels:
    """Return (n,) fold numbers; no class differs by more than one between two folds."""
    chance = np.random.default_rng(seed)
    order = np.lexsort((chance.random(len(labels)), labels))
    numbers = np.empty(len(labels), dtype=np.int64)
    numbers[order] = np.arange(len(labels)) % folds
    return numbers


def _fit(rows: Rows, targets: Rows) -> Rows:
    """Return (dimensions, classes) weights of multinomial logistic regression.

    Steps by Böhning's bound on the curvature (1992), which is the same in every step and for every
    class, with Nesterov's momentum: on the demo shop ten steps came within a point of the accuracy
    that scikit-learn's L-BFGS has after thirty.
    """
    bound = 0.5 * (rows.T @ rows)
    bound[np.diag_indices_from(bound)] += _DECAY
    factor = cho_factor(bound, overwrite_a=True)
    weights = ahead = np.zeros((rows.shape[1], targets.shape[1]), dtype=np.float32)
    pace = 1.0
    for _ in range(_STEPS):
        slope = rows.T @ (softmax(rows @ ahead, axis=1) - targets) + _DECAY * ahead
        stepped = ahead - cho_solve(factor, slope, overwrite_b=True)
        faster = (1 + np.sqrt(1 + 4 * pace * pace)) / 2
        ahead = stepped + np.float32((pace - 1) / faster) * (stepped - weights)
        weights, pace = stepped, faster
    return weights


def _temperature(scores: Probabilities, labels: Labels) -> float:
    """Return the factor with which the scores are likeliest (Guo et al. 2017)."""
    every = np.arange(len(labels))

    def loss(exponent: float) -> float:
        return float(-log_softmax(scores * np.exp(exponent), axis=1)[every, labels].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))
