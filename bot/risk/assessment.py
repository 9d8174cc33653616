"""What the risk model says of an order; for the shop's people, never shown to the shopper."""

from dataclasses import dataclass
from enum import StrEnum


class RiskLevel(StrEnum):
    """LOW: go on. MEDIUM: tell a person too. HIGH, or UNKNOWN without a model: a person decides."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class RiskAssessment:
    """Level, calibrated probability in [0, 1], the facts that speak for it, a recommendation."""

    level: RiskLevel
    probability: float
    facts: tuple[str, ...]
    recommendation: str

    @property
    def needs_person(self) -> bool:
        """Whether a sensitive request (cancel, refund, address) must go to a person."""
        return self.level in (RiskLevel.HIGH, RiskLevel.UNKNOWN)
