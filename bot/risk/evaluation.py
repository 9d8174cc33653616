"""How well a risk model does on orders it has never seen, and whether it is fair."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

from bot.risk.examples import Example
from bot.risk.thresholds import Thresholds


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


def evaluate(
    rows: Sequence[Example],
    test: Sequence[Example],
    probabilities: NDArray[np.float64],
    thresholds: Thresholds,
) -> TrainingReport:
    """Compare the probabilities of the test slice with how its orders turned out.

    Args:
        rows: all settled orders.
        test: the latest of them.
        probabilities: (len(test),), calibrated.
        thresholds: from which an order is MEDIUM and HIGH.
    """
    risky = np.array([e.risky for e in test])
    held = probabilities >= thresholds.high
    seen = probabilities >= thresholds.medium
    ((home, _),) = Counter(e.customer_country for e in rows).most_common(1)
    at_home = np.array([e.customer_country == home for e in test])
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
