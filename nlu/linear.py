"""What scikit-learn's linear classifiers have learnt, one row a class; training only."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC


def by_class(model: LinearSVC | LogisticRegression) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return weights (classes, features) and bias; scikit-learn keeps one row for two classes."""
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        return np.concatenate([-weights, weights]), np.concatenate([-bias, bias])
    return weights, bias
