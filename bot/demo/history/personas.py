"""The six customers that a visitor of the demo can sign in as, each in another situation."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.demo.history.baskets import Shelf
from bot.demo.history.checkouts import Checkout, Shopper, new_device
from bot.demo.history.fulfilment import (
    PACKED_AFTER,
    Course,
    business_days_after,
    next_pickup,
)
from bot.demo.history.places import Place, delivery_days
from bot.orders.order import Customer, OrderItem

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """An order with a life of its own."""

    checkout: Checkout
    course: Course


def persona_shoppers(rng: random.Random, shelf: Shelf, now: datetime) -> tuple[Shopper, ...]:
    """Return the six, ids 1 to 6; their loyalty of 0 keeps them out of the crowd's orders."""
    people = (
        ("Maya Thompson", "maya.thompson", "+1 503 555 0117", Place("US", "Portland"), 420 * _DAY),
        ("陈思远", "siyuan.chen", "+1 206 555 0128", Place("US", "Seattle"), 240 * _DAY),
        ("Oliver Grant", "oliver.grant", "+1 303 555 0135", Place("US", "Denver"), 330 * _DAY),
        ("李雨桐", "yutong.li", "+1 604 555 0146", Place("CA", "Vancouver"), 180 * _DAY),
        ("Jordan Blake", "jordan.blake", "", Place("GB", "London"), 2 * _HOUR),
        ("Hanna Lindqvist", "hanna.lindqvist", "", Place("NO", "Oslo"), 9 * _DAY),
    )
    return tuple(
        Shopper(
            Customer(
                id=i,
                name=name,
                email=f"{mail}@example.com",
                phone=phone,
                country=home.country,
                city=home.city,
                created_at=now - age,
            ),
            interests=shelf.interests(rng),
            loyalty=0.0,
            devices=[new_device(rng)],
        )
        for i, (name, mail, phone, home, age) in enumerate(people, start=1)
    )


def persona_scenes(
    rng: random.Random, shelf: Shelf, people: tuple[Shopper, ...], now: datetime
) -> tuple[Scene, ...]:
    """Return their orders: old ones that went well, and what each is about today."""
    maya, siyuan, oliver, yutong, jordan, _hanna = people
    past = (
        (maya, (400, 255, 121, 48)), (siyuan, (210, 83)), (oliver, (301,)), (yutong, (150,))
    )
    scenes = [
        _scene(rng, shelf, person, now - days * _DAY - rng.randrange(500) * _MINUTE)
        for person, ages in past
        for days in ages
    ]
    sent_back = _scene(rng, shelf, yutong, now - 24 * _DAY)
    refund_under_way = replace(
        sent_back.course,
        return_requested_at=now - 8 * _DAY,
        return_received_at=now - 2 * _DAY,
        refunded_at=now + 2 * _DAY,
    )
    scenes += [
        replace(sent_back, course=refund_under_way),
        _scene(rng, shelf, oliver, now - 9 * _DAY),  # came some days ago
        # Fetched at most three days after, and five weekdays under way: not there yet.
        _scene(rng, shelf, siyuan, now - 5 * _DAY, slow=True),
        _scene(rng, shelf, maya, now - _HOUR),  # can still be cancelled
        _risky_scene(rng, shelf, jordan, now - 40 * _MINUTE),
    ]
    return tuple(scenes)


def _scene(
    rng: random.Random, shelf: Shelf, shopper: Shopper, placed_at: datetime, *, slow: bool = False
) -> Scene:
    """Return an everyday order; a slow one takes as long as was promised."""
    home = shopper.home
    delivery = "standard" if home.country == "US" else "international"
    checkout = Checkout(
        customer_id=shopper.customer.id,
        placed_at=placed_at,
        items=_small_basket(rng, shelf, shopper, placed_at.month),
        method="Visa",
        attempts=1,
        billing_country=home.country,
        ship_to=home,
        ip_country=home.country,
        device=shopper.devices[0],
        delivery=delivery,
    )
    pickup = next_pickup(placed_at + PACKED_AFTER)
    fewest, most = delivery_days(delivery, home.country)
    due = business_days_after(pickup, most)
    delivered = due if slow else business_days_after(pickup, fewest)
    return Scene(checkout, Course(pickup, due, delivered))


def _small_basket(
    rng: random.Random, shelf: Shelf, shopper: Shopper, month: int
) -> tuple[OrderItem, ...]:
    """Draw a basket that is pleasant to read out: the cheapest of five of at most three things."""
    drawn = [shelf.basket(rng, shopper.interests, month)[:3] for _ in range(5)]
    return min(drawn, key=_cost)


def _cost(items: tuple[OrderItem, ...]) -> Decimal:
    return sum((item.unit_price * item.quantity for item in items), Decimal(0))


def _risky_scene(
    rng: random.Random, shelf: Shelf, shopper: Shopper, placed_at: datetime
) -> Scene:
    """Return an order that shows many signs of a stolen card; nobody knows yet whether it is."""
    checkout = Checkout(
        customer_id=shopper.customer.id,
        placed_at=placed_at,
        items=max((shelf.costly_basket(rng) for _ in range(4)), key=_cost),
        method="Visa",
        attempts=4,
        billing_country=shopper.customer.country,
        ship_to=Place("US", "Phoenix"),
        ip_country="SG",
        device=shopper.devices[0],
        delivery="express",
        risky=True,
    )
    course = Course(placed_at + _DAY, placed_at + 3 * _DAY, placed_at + 2 * _DAY)
    return Scene(checkout, course)
