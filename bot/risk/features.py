"""What the risk model sees of an order: only what was known the moment it was placed.

Left out on purpose: who somebody is or where from. No age, gender, name, language or country (only
whether countries differ), and no payment method, since Alipay or WeChat Pay would stand for one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from bot.orders.order import Customer, Order
from bot.orders.past import DeviceUse

DEVICE_MEMORY = timedelta(days=30)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class History:
    """What the shop may know of earlier orders: the customer's own, and others from the device."""

    orders: Sequence[Order] = ()
    device_uses: Sequence[DeviceUse] = ()


@dataclass(frozen=True)
class FeatureRow:
    """One order in numbers; yes and no are 1 and 0, NaN means there is nothing to compare with."""

    total: float
    total_vs_usual: float  # ratio to the mean of the customer's earlier totals
    most_of_one: float  # largest quantity of one line
    account_age_hours: float
    earlier_orders: float
    earlier_delivered: float
    earlier_returned: float  # earlier orders with a return requested
    orders_last_day: float
    payment_attempts: float
    billing_differs: float  # from the country delivered to
    ip_differs: float  # from the billing country
    new_city: float  # delivered to a city that is neither the customer's nor used before
    new_device: float  # the customer has ordered before, but never from this device
    fast_delivery: float
    device_orders_last_hour: float
    device_other_customers: float  # in the last 30 days


NAMES = tuple(field.name for field in fields(FeatureRow))


def values(row: FeatureRow) -> tuple[float, ...]:
    """Return the numbers in the order of NAMES."""
    return tuple(getattr(row, name) for name in NAMES)


def features(order: Order, customer: Customer, history: History) -> FeatureRow:
    """Describe an order; whatever in `history` happened at or after it is not looked at.

    Its own status, parcels, returns and payment status are not looked at either: they come later,
    and would let the model learn from the answer.
    """
    now = order.placed_at
    earlier = [o for o in history.orders if o.placed_at < now and o.number != order.number]
    uses = [u for u in history.device_uses if now - DEVICE_MEMORY <= u.placed_at < now]
    usual = sum(float(o.total) for o in earlier) / len(earlier) if earlier else 0.0
    places = {(o.ship_to_country, o.ship_to_city) for o in earlier}
    places.add((customer.country, customer.city))
    billing = order.payment.billing_country
    return FeatureRow(
        total=float(order.total),
        total_vs_usual=float(order.total) / usual if usual else math.nan,
        most_of_one=float(max((item.quantity for item in order.items), default=0)),
        account_age_hours=max((now - customer.created_at) / _HOUR, 0.0),
        earlier_orders=float(len(earlier)),
        earlier_delivered=float(sum(_delivered(o, now) for o in earlier)),
        earlier_returned=float(sum(_returned(o, now) for o in earlier)),
        orders_last_day=float(sum(o.placed_at >= now - _DAY for o in earlier)),
        payment_attempts=float(order.payment.attempts),
        billing_differs=float(billing != order.ship_to_country),
        ip_differs=float(order.ip_country not in ("", billing)),
        new_city=float((order.ship_to_country, order.ship_to_city) not in places),
        new_device=float(bool(earlier) and order.device not in {o.device for o in earlier}),
        fast_delivery=float(order.delivery in ("express", "next-day")),
        device_orders_last_hour=float(sum(u.placed_at >= now - _HOUR for u in uses)),
        device_other_customers=float(len({u.customer_id for u in uses} - {customer.id})),
    )


def _delivered(order: Order, now: datetime) -> bool:
    return any(s.delivered_at is not None and s.delivered_at < now for s in order.shipments)


def _returned(order: Order, now: datetime) -> bool:
    return any(r.requested_at < now for r in order.returns)
