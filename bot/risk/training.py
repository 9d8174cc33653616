"""Learn order risk from a shop's own past orders."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from bot.errors import ModelError
from bot.orders.past import PastOrder
from bot.risk.examples import Example, examples
from bot.risk.features import NAMES, values
from bot.risk.model import MODEL_FILE, REPORT_FILE, SETTINGS_FILE
from bot.risk.thresholds import Calibration, Thresholds, choose_thresholds

_MIN_ORDERS, _MIN_RISKY = 400, 30  # fewer leave the later slices a handful of risky orders each
_FIT, _VALIDATE = 0.6, 0.2  # shares of time; the rest is the test

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


@dataclass(frozen=True)
class TrainingReport:
    """How the model does on the latest orders, which nothing was learned or chosen from."""

    orders: int
    risky: int
    test_orders: int
    test_risky: int
    auc: float
    average_precision: float
    brier: float
    precision_at_high: float  # 0 when nothing is HIGH
    recall_at_high: float
    recall_at_medium: float  # MEDIUM or HIGH
    share_medium_or_high: float
    # Share of honest orders held (HIGH), by the customer's country: the commonest, and all others.
    honest_held_home: float
    honest_held_elsewhere: float


def train(
    past: Sequence[PastOrder], folder: Path, *, progress: Callable[[str, int, int], None]
) -> TrainingReport:
    """Train on the earliest orders, calibrate and choose thresholds on later, test on the latest.

    Args:
        past: all orders, settled or not; those not settled count as history only.
        folder: where the model, its settings and the report are written.
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
    report = _report(rows, test, np.array(probabilities), thresholds)
    folder.mkdir(parents=True, exist_ok=True)
    booster.save_model(folder / MODEL_FILE)
    _write(
        folder / SETTINGS_FILE,
        {
            "features": NAMES,
            "calibration": asdict(calibration),
            "thresholds": asdict(thresholds),
        },
    )
    _write(folder / REPORT_FILE, asdict(report))
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


def _report(
    rows: Sequence[Example],
    test: Sequence[Example],
    probabilities: NDArray[np.float64],
    thresholds: Thresholds,
) -> TrainingReport:
    risky = np.array([e.risky for e in test])
    held = probabilities >= thresholds.high
    seen = probabilities >= thresholds.medium
    countries = [e.customer_country for e in rows]
    at_home = np.array([e.customer_country == max(set(countries), key=countries.count)
                        for e in test])
    return TrainingReport(
        orders=len(rows),
        risky=sum(e.risky for e in rows),
        test_orders=len(test),
        test_risky=int(risky.sum()),
        auc=float(roc_auc_score(risky, probabilities)),
        average_precision=float(average_precision_score(risky, probabilities)),
        brier=float(np.mean((probabilities - risky) ** 2)),
        precision_at_high=_share(risky, held),
        recall_at_high=_share(held, risky),
        recall_at_medium=_share(seen, risky),
        share_medium_or_high=float(seen.mean()),
        honest_held_home=_share(held, ~risky & at_home),
        honest_held_elsewhere=_share(held, ~risky & ~at_home),
    )


def _share(what: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """Return the share of `what` among `among`; 0 where there are none."""
    return float(what[among].mean()) if among.any() else 0.0


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
