"""A model's contributions in plain words with the order's actual values."""

from collections.abc import Callable, Mapping

from bot.orders.order import Order
from bot.risk.features import FeatureRow

MAX_FACTS = 4
_LEAST = 0.05  # log-odds; less is noise and not worth a person's reading time


def explain(
    order: Order, row: FeatureRow, contributions: Mapping[str, float], *, reassuring: bool
) -> tuple[str, ...]:
    """Return the facts that speak for risk, or for calm, the strongest first.

    Args:
        order: for the values that people know it by.
        row: its features.
        contributions: feature name to its share of the score in log-odds, above 0 for risk.
        reassuring: whether to tell what lowers the risk instead of what raises it.
    """
    sign = -1 if reassuring else 1
    strength = {name: sign * share for name, share in contributions.items()}
    facts: list[str] = []
    for name in sorted(strength, key=lambda n: -strength[n]):
        if strength[name] < _LEAST or len(facts) == MAX_FACTS:
            break
        sentence = _SENTENCES[name](order, row)
        if sentence not in facts:
            facts.append(sentence)
    return tuple(facts)


def _total(order: Order, row: FeatureRow) -> str:
    return f"order total is {order.total:,.2f} {order.currency}"


def _usual(order: Order, row: FeatureRow) -> str:
    if row.earlier_orders == 0:
        return "first order of this customer"
    if 0.75 <= row.total_vs_usual <= 1.5:
        return "total is about the customer's usual"
    return f"total is {row.total_vs_usual:.1f} times the customer's usual"


def _quantity(order: Order, row: FeatureRow) -> str:
    return f"{row.most_of_one:.0f} of one item"


def _account(order: Order, row: FeatureRow) -> str:
    return f"account is {_age(row.account_age_hours)} old"


def _earlier(order: Order, row: FeatureRow) -> str:
    if row.earlier_orders == 0:
        return "first order of this customer"
    return f"{_count(row.earlier_orders, 'earlier order')}"


def _delivered(order: Order, row: FeatureRow) -> str:
    if row.earlier_orders == 0:
        return "first order of this customer"
    return f"{_count(row.earlier_delivered, 'earlier order')} delivered"


def _returned(order: Order, row: FeatureRow) -> str:
    return f"{_count(row.earlier_returned, 'earlier order')} with a return"


def _last_day(order: Order, row: FeatureRow) -> str:
    return f"{_count(row.orders_last_day, 'other order')} by this customer within a day"


def _attempts(order: Order, row: FeatureRow) -> str:
    return f"{_count(row.payment_attempts, 'payment attempt')}"


def _billing(order: Order, row: FeatureRow) -> str:
    billing = order.payment.billing_country
    if row.billing_differs:
        return f"billed in {billing} but delivered to {order.ship_to_country}"
    return f"billed and delivered in the same country ({billing})"


def _ip(order: Order, row: FeatureRow) -> str:
    billing = order.payment.billing_country
    if row.ip_differs:
        return f"ordered from a connection in {order.ip_country} but billed in {billing}"
    return f"ordered from the billing country ({billing})"


def _city(order: Order, row: FeatureRow) -> str:
    if row.new_city:
        return f"delivered to {order.ship_to_city}, new for this customer"
    return f"delivered to {order.ship_to_city}, known for this customer"


def _device(order: Order, row: FeatureRow) -> str:
    if row.earlier_orders == 0:
        return "first order of this customer"
    return "a device new for this customer" if row.new_device else "a device used before"


def _delivery(order: Order, row: FeatureRow) -> str:
    return f"{order.delivery} delivery"


def _device_hour(order: Order, row: FeatureRow) -> str:
    return f"{_count(row.device_orders_last_hour, 'other order')} from this device within an hour"


def _device_customers(order: Order, row: FeatureRow) -> str:
    return f"{_count(row.device_other_customers, 'other customer')} on this device within 30 days"


_SENTENCES: Mapping[str, Callable[[Order, FeatureRow], str]] = {
    "total": _total,
    "total_vs_usual": _usual,
    "most_of_one": _quantity,
    "account_age_hours": _account,
    "earlier_orders": _earlier,
    "earlier_delivered": _delivered,
    "earlier_returned": _returned,
    "orders_last_day": _last_day,
    "payment_attempts": _attempts,
    "billing_differs": _billing,
    "ip_differs": _ip,
    "new_city": _city,
    "new_device": _device,
    "fast_delivery": _delivery,
    "device_orders_last_hour": _device_hour,
    "device_other_customers": _device_customers,
}


def _count(number: float, noun: str) -> str:
    if number == 0:
        return f"no {noun}s"
    return f"{number:.0f} {noun}" if number == 1 else f"{number:.0f} {noun}s"


def _age(hours: float) -> str:
    if hours < 1:
        return _count(max(round(hours * 60), 1), "minute")
    if hours < 48:
        return _count(round(hours), "hour")
    days = round(hours / 24)
    return _count(days, "day") if days < 730 else _count(days // 365, "year")
