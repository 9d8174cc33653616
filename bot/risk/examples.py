"""Past orders into rows to learn from."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.orders.order import Order
from bot.orders.past import DeviceUse, PastOrder
from bot.risk.features import FeatureRow, History, features


@dataclass(frozen=True)
class Example:
    """What was known of an order when it was placed, and how it turned out."""

    order_number: str
    row: FeatureRow
    risky: bool
    customer_country: str  # for checking that the model is fair; the model never sees it


def examples(past: Sequence[PastOrder]) -> tuple[Example, ...]:
    """Return the settled orders in time order, each with the history before it and no later."""
    by_customer: dict[int, list[Order]] = defaultdict(list)
    by_device: dict[str, list[DeviceUse]] = defaultdict(list)
    found: list[Example] = []
    for record in sorted(past, key=lambda p: (p.order.placed_at, p.order.number)):
        order, customer = record.order, record.customer
        uses = by_device[order.device] if order.device else []
        if record.risky is not None:
            row = features(order, customer, History(by_customer[customer.id], uses))
            found.append(Example(order.number, row, record.risky, customer.country))
        by_customer[customer.id].append(order)
        if order.device:
            by_device[order.device].append(DeviceUse(customer.id, order.placed_at))
    return tuple(found)
