"""What the shop remembers of past orders; read by the risk model."""

from dataclasses import dataclass
from datetime import datetime

from bot.orders.order import Customer, Order


@dataclass(frozen=True)
class DeviceUse:
    """An order was placed from a device, by whom and when."""

    customer_id: int
    placed_at: datetime


@dataclass(frozen=True)
class PastOrder:
    """An order and how it turned out: `risky` is None until that is known."""

    order: Order
    customer: Customer
    risky: bool | None
