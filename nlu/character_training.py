"""Fit the character expert; needs scikit-learn, so never used in serving.

The sum of two linear models: support vectors with balanced classes, and on little data logistic
regression too. Five-fold, twice, on SMP2017's train and develop splits: macro-F1 0.9175 for the sum
against 0.907 for the balanced support vectors alone. On BANKING77's 8,500 examples the regression
alone is worse by a point and its sum no better, so more than `_LITTLE` texts do without. The
mixture's fitted factor turns the margins into log odds.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from nlu.characters import CharacterExpert, character_grams
from nlu.linear import by_class

_LITTLE = 3_000
"""Texts up to which logistic regression joins and rare n-grams stay."""


def train_characters(
    texts: Sequence[str], labels: NDArray[np.int64], *, strength: float, seed: int
) -> CharacterExpert:
    """Fit on normalised texts of all languages together.

    Args:
        texts: Examples.
        labels: (len(texts),) class numbers; every number from 0 to the highest occurs.
        strength: The inverse regularisation C.
        seed: For the solver's order.
    """
    vectorizer = TfidfVectorizer(
        analyzer=lambda text: list(character_grams(text)),
        sublinear_tf=True,
        # Leaving out what occurs once halves the time and loses nothing, unless there is little.
        min_df=1 if len(texts) <= _LITTLE else 2,
    )
    rows = vectorizer.fit_transform(texts)
    machine = LinearSVC(C=strength, class_weight="balanced", random_state=seed, max_iter=5000)
    weights, bias = by_class(machine.fit(rows, labels))
    if len(texts) <= _LITTLE:
        regression = LogisticRegression(C=30 * strength, max_iter=200).fit(rows, labels)
        other_weights, other_bias = by_class(regression)
        # So that both count alike: logits of a regression are several times as wide as margins.
        ratio = _spread(rows, weights) / max(_spread(rows, other_weights), 1e-9)
        weights, bias = weights + ratio * other_weights, bias + ratio * other_bias
    return CharacterExpert(
        {gram: int(column) for gram, column in vectorizer.vocabulary_.items()},
        vectorizer.idf_.astype(np.float32),
        np.ascontiguousarray(weights.T, dtype=np.float32),
        bias.astype(np.float32),
    )


def _spread(rows: Any, weights: NDArray[Any]) -> float:
    return float((rows[:500] @ weights.T).std())
