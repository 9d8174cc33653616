"""Fit a mixture's factors and its scope rule on held-out rows; training only."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression

from nlu.mixture import LanguageMix, Opinions, ScopeRule

_ENOUGH = 20
"""Held-out rows on each side of the scope from which a rule is fitted to them."""


def fit_factors(opinions: Opinions, labels: NDArray[np.int64]) -> LanguageMix:
    """Return the factors with the least negative log likelihood on the held-out rows.

    A convex problem in three numbers (stacking and temperature scaling in one, Guo et al. 2017), so
    a few hundred rows settle it. Rows are averaged, and a faint pull towards 1 keeps a separable
    handful of rows from factors without bound.
    """
    rows = np.arange(len(labels))
    voices = [v for v in (opinions.characters, opinions.tuned, opinions.probe) if v is not None]

    def loss(factors: NDArray[np.float64]) -> float:
        mixed = sum(factor * voice for factor, voice in zip(factors, voices, strict=True))
        likelihood = np.asarray(log_softmax(mixed, axis=1))[rows, labels].mean()
        return float(-likelihood + 1e-3 * np.square(factors - 1.0).sum())

    start = np.full(len(voices), 0.5)
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(0.0, 20.0)] * len(voices)).x
    tuned, probe = (float(found[1]), float(found[2])) if len(found) == 3 else (0.0, 0.0)
    return LanguageMix(float(found[0]), tuned, probe)


def fit_scope(
    features: NDArray[np.float64], is_outside: NDArray[np.bool_], *, rejected_share: float
) -> ScopeRule:
    """Return the rule that tells held-out rows in scope from those out of it.

    With enough rows of both kinds a logistic regression over the features, both kinds weighing the
    same; with too few, the topics' mass against the out-of-scope class. The threshold rejects at
    most `rejected_share` of the rows in scope: most of what shoppers ask is in scope, and a
    threshold that serves both kinds alike (Youden's) rejected 4 % of CLINC150's, not 2 %.

    Args:
        features: (rows, 3) of `nlu.mixture.scope_features`.
        is_outside: (rows,).
        rejected_share: See above.
    """
    enough = min(is_outside.sum(), (~is_outside).sum()) >= _ENOUGH
    if not enough:
        return _by_share(features[~is_outside], rejected_share)
    middle, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread < 1e-9] = 1.0  # no out-of-scope class is taught: its feature says nothing
    fitted = LogisticRegression(class_weight="balanced", C=1.0)
    fitted.fit((features - middle) / spread, ~is_outside)
    weights = fitted.coef_[0] / spread
    bias = float(fitted.intercept_[0] - weights @ middle)
    rule = ScopeRule((float(weights[0]), float(weights[1]), float(weights[2])), bias)
    inside = rule.probability(features[~is_outside])
    cut = float(np.quantile(inside, rejected_share, method="lower"))
    return replace(rule, threshold=cut)


def _by_share(features: NDArray[np.float64], rejected_share: float) -> ScopeRule:
    rule = ScopeRule()
    if not len(features):
        return rule
    # Centred so that the threshold is 0.5: a probability near 0 or 1 has no room for a threshold.
    sums = features @ np.asarray(rule.weights)
    cut = float(np.quantile(sums, rejected_share, method="lower"))
    return ScopeRule(rule.weights, -cut, 0.5)
