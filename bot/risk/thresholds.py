"""From scores to probabilities, and from probabilities to levels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bot.risk.assessment import RiskLevel

HIGH_PRECISION = 0.6  # a hold should be right every second time; the rest is room for drift
MEDIUM_SHARE = 0.10  # a person can glance at one order in ten
NEVER = 1.01


@dataclass(frozen=True)
class Calibration:
    """Platt's sigmoid: probability = 1 / (1 + exp(-(slope * score + intercept)))."""

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        """Turn a raw score (log-odds) into a probability."""
        x = self.slope * score + self.intercept
        return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


@dataclass(frozen=True)
class Thresholds:
    """The probabilities from which an order is MEDIUM and HIGH."""

    medium: float
    high: float

    def level(self, probability: float) -> RiskLevel:
        """Return the level of a probability."""
        if probability >= self.high:
            return RiskLevel.HIGH
        return RiskLevel.MEDIUM if probability >= self.medium else RiskLevel.LOW


def choose_thresholds(probabilities: Sequence[float], risky: Sequence[bool]) -> Thresholds:
    """Choose on orders that the model has not learned from.

    HIGH starts at the lowest probability from which on at least HIGH_PRECISION of the orders are
    risky (never, if there is none); MEDIUM where MEDIUM_SHARE of all orders are reached.
    """
    ranked = sorted(zip(probabilities, risky, strict=True), reverse=True)
    levels = [probability for probability, _ in ranked]
    high, hits = NEVER, 0
    for i, (probability, is_risky) in enumerate(ranked):
        hits += is_risky
        last_of_equals = i + 1 == len(ranked) or levels[i + 1] < probability
        if last_of_equals and hits / (i + 1) >= HIGH_PRECISION:
            high = _just_below(levels, i)
    reached = round(len(ranked) * MEDIUM_SHARE) - 1
    medium = _just_below(levels, reached) if reached >= 0 else NEVER
    return Thresholds(medium=min(medium, high), high=high)


def _just_below(levels: Sequence[float], i: int) -> float:
    """Half way to the next lower one, so that rounding cannot tip an order over the edge."""
    return (levels[i] + (levels[i + 1] if i + 1 < len(levels) else 0.0)) / 2
