"""What becomes of an order by a certain day: parcels, payment, return."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.demo.history.checkouts import PAID_AT_ONCE, Checkout
from bot.demo.history.places import delivery_cost, delivery_days
from bot.orders.order import Order, OrderStatus, Payment, Return, Shipment

PACKED_AFTER = timedelta(hours=2)
# The carriers fetch at 01:00 UTC, an hour after the warehouse's day ends in Portland.
_PICKUP_HOUR = 1
_BEHIND_UTC = timedelta(hours=8)  # Portland; the hour of summer time does not matter to a demo
_CHARGED_BACK_AFTER = timedelta(days=12)
_REASONS = (
    "too small", "too large", "not as pictured", "changed my mind", "arrived damaged",
    "bought two to compare", "a present that did not fit",
)


@dataclass(frozen=True)
class Course:
    """An order's whole life, also the part after the day the story is told."""

    shipped_at: datetime
    due_at: datetime
    delivered_at: datetime
    cancelled_at: datetime | None = None
    charged_back_at: datetime | None = None
    return_requested_at: datetime | None = None
    return_received_at: datetime | None = None
    refunded_at: datetime | None = None
    rejected: bool = False


def draw_course(rng: random.Random, checkout: Checkout) -> Course:
    """Draw an order's life by the shop's promises and the usual mishaps."""
    placed = checkout.placed_at
    pickup = next_pickup(placed + PACKED_AFTER)
    fewest, most = delivery_days(checkout.delivery, checkout.ship_to.country)
    due = business_days_after(pickup, most)
    days = rng.randint(fewest, most) + (rng.randint(1, 4) if rng.random() < 0.04 else 0)
    delivered = business_days_after(pickup, days) + timedelta(minutes=rng.randint(-480, 60))
    if checkout.risky:
        caught = placed + PACKED_AFTER * rng.uniform(0.2, 1) if rng.random() < 0.35 else None
        later = placed + _CHARGED_BACK_AFTER * rng.uniform(0.5, 1)
        return Course(pickup, due, delivered, cancelled_at=caught, charged_back_at=later)
    chance = rng.random()
    if chance < 0.03:
        return Course(
            pickup, due, delivered, cancelled_at=placed + timedelta(minutes=rng.randint(3, 110))
        )
    if chance > 0.905:
        requested = delivered + timedelta(days=rng.uniform(1, 30))
        received = requested + timedelta(days=rng.uniform(4, 9))
        return Course(
            pickup,
            due,
            delivered,
            return_requested_at=requested,
            return_received_at=received,
            refunded_at=received + timedelta(days=rng.uniform(3, 6)),
            rejected=rng.random() < 0.04,
        )
    return Course(pickup, due, delivered)


def tell(
    rng: random.Random, number: str, checkout: Checkout, course: Course, *, now: datetime
) -> Order:
    """Return the order as it stands at `now`."""
    goods = sum((i.unit_price * i.quantity for i in checkout.items), Decimal(0))
    shipping = delivery_cost(checkout.delivery, checkout.ship_to.country, goods)
    shipped = course.cancelled_at is None and course.shipped_at <= now
    back = _return(rng, checkout, course, goods, now) if shipped else None
    return Order(
        number=number,
        customer_id=checkout.customer_id,
        status=_status(checkout, course, back, now),
        placed_at=checkout.placed_at,
        currency="USD",
        shipping_cost=shipping,
        total=goods + shipping,
        ship_to_country=checkout.ship_to.country,
        ship_to_city=checkout.ship_to.city,
        ip_country=checkout.ip_country,
        device=checkout.device,
        items=checkout.items,
        payment=Payment(
            method=checkout.method,
            status=_payment_status(checkout, course, back, goods, now),
            attempts=checkout.attempts,
            billing_country=checkout.billing_country,
        ),
        shipments=(_parcel(rng, checkout, course, now),) if shipped else (),
        returns=() if back is None else (back,),
        delivery=checkout.delivery,
    )


def next_pickup(ready: datetime) -> datetime:
    """Return the first pickup of a weekday (Monday to Friday in Portland) from `ready` on."""
    pickup = ready.replace(hour=_PICKUP_HOUR, minute=0, second=0, microsecond=0)
    while pickup < ready or (pickup - _BEHIND_UTC).weekday() > 4:
        pickup += timedelta(days=1)
    return pickup


def business_days_after(start: datetime, days: int) -> datetime:
    """Return the time `days` weekdays later."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= (day - _BEHIND_UTC).weekday() < 5
    return day


def _status(
    checkout: Checkout, course: Course, back: Return | None, now: datetime
) -> OrderStatus:
    if course.cancelled_at is not None and course.cancelled_at <= now:
        return OrderStatus.CANCELLED
    if back is not None and back.status in ("received", "refunded"):
        return OrderStatus.RETURNED
    if course.shipped_at > now or course.cancelled_at is not None:
        young = now - checkout.placed_at < PACKED_AFTER
        return OrderStatus.PLACED if young else OrderStatus.PROCESSING
    return OrderStatus.DELIVERED if course.delivered_at <= now else OrderStatus.SHIPPED


def _payment_status(
    checkout: Checkout, course: Course, back: Return | None, goods: Decimal, now: datetime
) -> str:
    at_once = checkout.method in PAID_AT_ONCE
    if course.cancelled_at is not None and course.cancelled_at <= now:
        return "refunded" if at_once else "released"
    if course.charged_back_at is not None and course.charged_back_at <= now:
        return "charged_back"
    if back is not None and back.status == "refunded":
        return "refunded" if back.amount == goods else "partly_refunded"
    return "paid" if at_once or course.shipped_at <= now else "authorised"


def _parcel(rng: random.Random, checkout: Checkout, course: Course, now: datetime) -> Shipment:
    if checkout.delivery != "standard" or rng.random() < 0.6:
        letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
        carrier, tracking = "UPS", "1Z" + "".join(rng.choices(letters, k=16))
    else:
        carrier, tracking = "USPS", "9400" + "".join(rng.choices("0123456789", k=18))
    arrived = course.delivered_at if course.delivered_at <= now else None
    return Shipment(carrier, tracking, course.shipped_at, course.due_at, arrived)


def _return(
    rng: random.Random, checkout: Checkout, course: Course, goods: Decimal, now: datetime
) -> Return | None:
    requested = course.return_requested_at
    if requested is None or requested > now:
        return None
    one = rng.choice(checkout.items)
    amount = goods if rng.random() < 0.5 else one.unit_price * one.quantity
    reason = rng.choice(_REASONS)
    if course.refunded_at is not None and course.refunded_at <= now:
        if course.rejected:
            return Return("rejected", reason, amount, requested, None)
        return Return("refunded", reason, amount, requested, course.refunded_at)
    received = course.return_received_at is not None and course.return_received_at <= now
    return Return("received" if received else "requested", reason, amount, requested, None)
