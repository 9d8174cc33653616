"""Learn order risk from a shop's own past orders."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.errors import ModelError
from bot.orders.past import PastOrder
from bot.risk.evaluation import TrainingReport, evaluate
from bot.risk.examples import Example, examples
from bot.risk.features import NAMES, values
from bot.risk.model import MODEL_FILE, REPORT_FILE, SETTINGS_FILE
from bot.risk.thresholds import Calibration, choose_thresholds

_MIN_ORDERS, _MIN_RISKY = 400, 30  # fewer leave the later slices a handful of risky orders each
_FIT, _VALIDATE = 0.55, 0.25  # shares of time; the rest is the test

# The direction in which a feature may move the risk, so that facts never read absurdly ("risky,
# as the account is old") and a fluke of the few risky orders is not learned. 0: free.
_DIRECTIONS = {
    "total": 1,
    "total_vs_usual": 1,
    "most_of_one": 1,
    "account_age_hours": -1,
    "earlier_delivered": -1,
    "orders_last_day": 1,
    "payment_attempts": 1,
    "billing_differs": 1,
    "ip_differs": 1,
    "new_city": 1,
    "new_device": 1,
    "fast_delivery": 1,
    "device_orders_last_hour": 1,
    "device_other_customers": 1,
}
_PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 7,
    "min_data_in_leaf": 15,
    "lambda_l2": 5.0,
    "feature_fraction": 0.6,
    "monotone_constraints": [_DIRECTIONS.get(name, 0) for name in NAMES],
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,  # some thousand rows: threads cost more than they bring
    "verbosity": -1,
}
_ROUNDS = 150


def train(
    past: Sequence[PastOrder], folder: Path, *, progress: Callable[[str, int, int], None]
) -> TrainingReport:
    """Train on the earliest orders, calibrate and choose thresholds on later, test on the latest.

    Args:
        past: all orders, settled or not; those not settled count as history only.
        folder: the model's own; it is replaced by one with model, settings and report.
        progress: called with stage, done and total.

    Raises:
        ModelError: too few settled orders to learn from, or a slice of them without a risky one.
    """
    progress("risk model", 0, 3)
    rows = examples(past)
    risky = sum(e.risky for e in rows)
    if len(rows) < _MIN_ORDERS or risky < _MIN_RISKY:
        raise ModelError(
            f"order risk: {len(rows)} settled orders, {risky} of them risky, are too few to learn "
            f"from; {_MIN_ORDERS} and {_MIN_RISKY} are needed (column orders.risk_label)"
        )
    fit, validate, test = _split(rows)
    progress("risk model", 1, 3)
    booster = lgb.train(
        _PARAMETERS,
        lgb.Dataset(_matrix(fit), _labels(fit), feature_name=list(NAMES)),
        num_boost_round=_ROUNDS,
    )
    calibration = _calibrate(_scores(booster, validate), _labels(validate))
    thresholds = choose_thresholds(
        [calibration.probability(s) for s in _scores(booster, validate)],
        [e.risky for e in validate],
    )
    progress("risk model", 2, 3)
    probabilities = [calibration.probability(s) for s in _scores(booster, test)]
    report = evaluate(rows, test, np.array(probabilities), thresholds)
    settings = {
        "features": NAMES,
        "calibration": asdict(calibration),
        "thresholds": asdict(thresholds),
    }
    _save(folder, booster, settings, report)
    progress("risk model", 3, 3)
    return report


def _split(
    rows: Sequence[Example],
) -> tuple[Sequence[Example], Sequence[Example], Sequence[Example]]:
    first, second = int(len(rows) * _FIT), int(len(rows) * (_FIT + _VALIDATE))
    slices = rows[:first], rows[first:second], rows[second:]
    for name, part in zip(("earliest", "later", "latest"), slices, strict=True):
        if not any(e.risky for e in part):
            raise ModelError(
                f"order risk: none of the {name} {len(part)} settled orders is risky; label more "
                "orders (column orders.risk_label)"
            )
    return slices


def _matrix(rows: Sequence[Example]) -> NDArray[np.float64]:
    """Return (rows, features)."""
    return np.array([values(e.row) for e in rows], dtype=np.float64)


def _labels(rows: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([e.risky for e in rows], dtype=np.float64)


def _scores(booster: lgb.Booster, rows: Sequence[Example]) -> NDArray[np.float64]:
    return np.asarray(booster.predict(_matrix(rows), raw_score=True), dtype=np.float64)


def _calibrate(scores: NDArray[np.float64], labels: NDArray[np.float64]) -> Calibration:
    """Platt's sigmoid, as isotonic steps need more risky orders than a shop's slice has."""
    sigmoid = LogisticRegression(C=10.0).fit(scores.reshape(-1, 1), labels)
    # A slope below 0 would turn the ranking round; then the scores say nothing.
    return Calibration(max(float(sigmoid.coef_[0, 0]), 0.0), float(sigmoid.intercept_[0]))


def _save(
    folder: Path, booster: lgb.Booster, settings: Mapping[str, object], report: TrainingReport
) -> None:
    """Write beside the folder and put that in its place: there is never half a model."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    texts = {
        MODEL_FILE: booster.model_to_string(),
        SETTINGS_FILE: json.dumps(settings, indent=1) + "\n",
        REPORT_FILE: json.dumps(asdict(report), indent=1) + "\n",
    }
    for name, text in texts.items():
        (fresh / name).write_text(text, encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
