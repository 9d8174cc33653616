"""From scores to levels."""

import pytest

from bot.risk.assessment import RiskLevel
from bot.risk.thresholds import NEVER, Calibration, Thresholds, choose_thresholds


@pytest.mark.parametrize(
    ("probability", "level"),
    [
        (0.0, RiskLevel.LOW),
        (0.19, RiskLevel.LOW),
        (0.2, RiskLevel.MEDIUM),
        (0.59, RiskLevel.MEDIUM),
        (0.6, RiskLevel.HIGH),
        (1.0, RiskLevel.HIGH),
    ],
)
def test_levels_begin_at_their_thresholds(probability: float, level: RiskLevel) -> None:
    assert Thresholds(medium=0.2, high=0.6).level(probability) is level


TENTH = [i / 10 for i in range(10)]  # 0.0 … 0.9

CASES = [
    # The three likeliest are risky, and one of the next two: 4 of 5 still suffice, 4 of 7 do not.
    (TENTH, {9, 8, 7, 5}, 0.35),
    (TENTH, {9}, 0.85),
    (TENTH, {0}, NEVER),
    (TENTH, set(), NEVER),
    (TENTH, set(range(10)), 0.0),
    # Equals cannot be told apart, so they count together.
    ([0.1, 0.5, 0.5, 0.5], {1}, NEVER),
    ([0.1, 0.5, 0.5, 0.5], {1, 2}, 0.3),
]


@pytest.mark.parametrize(("probabilities", "risky", "high"), CASES)
def test_high_is_the_lowest_threshold_of_enough_precision(
    probabilities: list[float], risky: set[int], high: float
) -> None:
    labels = [i in risky for i in range(len(probabilities))]
    assert choose_thresholds(probabilities, labels).high == pytest.approx(high)


def test_medium_reaches_a_tenth_of_the_orders_and_never_lies_above_high() -> None:
    hundred = [i / 100 for i in range(100)]
    assert choose_thresholds(hundred, [i == 99 for i in range(100)]).medium == pytest.approx(0.895)
    assert choose_thresholds(hundred, [True] * 100).medium == 0.0
    assert choose_thresholds([], []) == Thresholds(NEVER, NEVER)


def test_calibration_is_a_sigmoid_that_does_not_overflow() -> None:
    calibration = Calibration(slope=2.0, intercept=-1.0)
    assert calibration.probability(0.5) == 0.5
    assert calibration.probability(0.4) < calibration.probability(0.6)
    assert calibration.probability(-1e6) == 0.0
    assert calibration.probability(1e6) == 1.0
