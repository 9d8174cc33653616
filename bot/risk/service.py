"""Assess an order with all that the shop knew before it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.orders.order import Customer, Order
from bot.orders.past import DeviceUse
from bot.risk.assessment import RiskAssessment, RiskLevel
from bot.risk.features import DEVICE_MEMORY, History
from bot.risk.model import RiskModel


class RiskRecords(Protocol):
    """What an order system tells of the past."""

    def customer(self, customer_id: int) -> Customer | None:
        """Return the customer, or None."""
        ...

    def earlier_orders(self, customer_id: int, *, before: datetime) -> Sequence[Order]:
        """Return the customer's orders placed before a time."""
        ...

    def device_uses(self, device: str, *, since: datetime, before: datetime) -> Sequence[DeviceUse]:
        """Return who ordered from a device in [since, before)."""
        ...


class OrderAssessor(Protocol):
    """Anything that weighs an order."""

    def assess_order(self, order: Order) -> RiskAssessment:
        """Assess an order as of the moment it was placed."""
        ...


class PersonDecides:
    """Stands where there is no model yet: every sensitive request goes to a person."""

    def __init__(self, why: str) -> None:
        self._why = why

    def assess_order(self, order: Order) -> RiskAssessment:
        """Say that the risk is not known."""
        return RiskAssessment(
            RiskLevel.UNKNOWN, 0.0, (self._why,), "Look at the order before changing anything."
        )


class RiskService:
    """The model together with the records it needs."""

    def __init__(self, model: RiskModel, records: RiskRecords) -> None:
        self._model = model
        self._records = records

    def assess_order(self, order: Order) -> RiskAssessment:
        """Assess an order as of the moment it was placed.

        Raises:
            LookupError: its customer is not known.
        """
        customer = self._records.customer(order.customer_id)
        if customer is None:
            raise LookupError(f"order {order.number}: customer {order.customer_id} is not known")
        placed = order.placed_at
        uses = (
            self._records.device_uses(order.device, since=placed - DEVICE_MEMORY, before=placed)
            if order.device
            else ()
        )
        earlier = self._records.earlier_orders(customer.id, before=placed)
        return self._model.assess(order, customer, History(earlier, uses))
