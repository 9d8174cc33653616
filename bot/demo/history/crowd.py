"""Eighteen months of a shop: who came when, who came back, and who came with a stolen card."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.demo.history.baskets import Shelf
from bot.demo.history.checkouts import (
    Checkout,
    Shopper,
    honest_checkout,
    new_device,
    stolen_checkout,
)
from bot.demo.history.people import make_customer
from bot.demo.history.places import another_country, some_place

_DAYS = 560
_LAST_MINUTES = 70  # kept free before today, so that the personas' orders are the latest
_OLD_ACCOUNTS = 160  # customers from before the story begins
_NEW_SHARE = 0.24  # of honest orders: somebody's first
_FRAUD_SHARE = 0.039  # of visits; a visit of fraud is one to three orders
_QUIET_SHARE = 0.22  # of those: nothing about them is odd
# Orders by month relative to the mean: sales in January and July, Black Friday, Christmas.
_MONTHS = (1.1, 0.75, 0.85, 0.95, 1.05, 1.1, 1.3, 1.0, 0.9, 0.9, 1.35, 1.4)
_HOURS_UTC = (9, 8, 9, 9, 8, 6, 4, 3, 2, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 9, 9, 8, 8, 8)
_MINUTE = timedelta(minutes=1)


@dataclass
class Crowd:
    """Everybody who ever came."""

    rng: random.Random
    shelf: Shelf
    shoppers: list[Shopper]

    def join(self, created_at: datetime, *, stays: bool = True) -> Shopper:
        """Add a customer; one that does not stay never comes back by themselves."""
        rng = self.rng
        home = some_place(rng)
        shopper = Shopper(
            make_customer(rng, len(self.shoppers) + 1, home, created_at),
            interests=self.shelf.interests(rng),
            loyalty=rng.gammavariate(0.8, 1) if stays else 0.0,
            vpn_country=another_country(rng, home.country) if rng.random() < 0.025 else "",
            bank_country=another_country(rng, home.country) if rng.random() < 0.015 else "",
        )
        self.shoppers.append(shopper)
        return shopper

    def returning(self) -> Shopper:
        """Draw somebody who comes back."""
        loyalties = [shopper.loyalty for shopper in self.shoppers]
        return self.rng.choices(self.shoppers, loyalties)[0]


def crowd_orders(
    crowd: Crowd, count: int, now: datetime, progress: Callable[[str, int, int], None]
) -> list[Checkout]:
    """Let the last `count` orders before `now` happen, while the crowd grows."""
    rng = crowd.rng
    start = now - timedelta(days=_DAYS)
    for _ in range(_OLD_ACCOUNTS):
        crowd.join(start - timedelta(days=rng.uniform(1, 700)))
    found: list[Checkout] = []
    times = sorted(_some_time(rng, start, now) for _ in range(count))
    latest = now - _LAST_MINUTES * _MINUTE
    for done, at in enumerate(times):
        if done % 500 == 0:
            progress("demo orders", done, count)
        visit = _fraud(crowd, at) if rng.random() < _FRAUD_SHARE else _honest(crowd, at)
        found += [replace(order, placed_at=min(order.placed_at, latest)) for order in visit]
    return sorted(found, key=lambda order: order.placed_at)[-count:]


def _some_time(rng: random.Random, start: datetime, now: datetime) -> datetime:
    """Draw a time by growth of the shop, season and hour."""
    while True:
        share = rng.random()
        at = start + timedelta(days=share * _DAYS)
        if rng.random() * 1.4 * 1.3 < _MONTHS[at.month - 1] * (0.7 + 0.6 * share):
            break
    at = at.replace(hour=rng.choices(range(24), _HOURS_UTC)[0], microsecond=0)
    return min(at, now - _LAST_MINUTES * _MINUTE - timedelta(minutes=rng.randrange(600)))


def _honest(crowd: Crowd, at: datetime) -> list[Checkout]:
    """One order; sometimes another soon after, for what was forgotten."""
    rng = crowd.rng
    if rng.random() < _NEW_SHARE:
        age_min = rng.choices(
            (rng.uniform(3, 45), rng.uniform(60, 4000), rng.uniform(4000, 300_000)), (50, 25, 25)
        )[0]
        shopper = crowd.join(at - age_min * _MINUTE)
        if rng.random() < 0.06:  # somebody else in the house has ordered before
            shopper.devices += crowd.returning().devices[:1]
    else:
        shopper = crowd.returning()
    visit = [at]
    while rng.random() < 0.035 and len(visit) < 3:
        visit.append(visit[-1] + timedelta(minutes=rng.randint(4, 90)))
    return [_honest_order(crowd, shopper, moment) for moment in visit]


def _honest_order(crowd: Crowd, shopper: Shopper, at: datetime) -> Checkout:
    rng = crowd.rng
    costly = rng.random() < 0.06  # equips an expedition, or a club
    items = (
        crowd.shelf.costly_basket(rng)
        if costly
        else crowd.shelf.basket(rng, shopper.interests, at.month)
    )
    shopper.orders += 1
    return honest_checkout(rng, shopper, at, items)


def _fraud(crowd: Crowd, at: datetime) -> list[Checkout]:
    """One to three orders: quiet, from a taken-over account, or from new accounts in a burst."""
    rng = crowd.rng
    kind = rng.random()
    if kind < _QUIET_SHARE:
        # A stolen card used calmly; or a regular who says of a parcel that it never came.
        regular = rng.random() < 0.15
        joined = at - rng.uniform(5, 20_000) * _MINUTE
        shopper = crowd.returning() if regular else crowd.join(joined, stays=False)
        return [replace(_honest_order(crowd, shopper, at), risky=True)]
    device = new_device(rng)
    if kind < _QUIET_SHARE + 0.22:
        victim = crowd.returning()
        if rng.random() < 0.15 and victim.devices:
            device = victim.devices[0]  # by remote control, from the victim's own device
        return [_stolen_order(crowd, victim, at, device)]
    found: list[Checkout] = []
    shopper = _fresh_account(crowd, at)
    for _ in range(rng.choices((1, 2, 3), (60, 27, 13))[0]):
        found.append(_stolen_order(crowd, shopper, at, device))
        at += timedelta(minutes=rng.randint(3, 40))
        if rng.random() < 0.5:
            shopper = _fresh_account(crowd, at)
    return found


def _fresh_account(crowd: Crowd, at: datetime) -> Shopper:
    rng = crowd.rng
    age_min = rng.choices(
        (rng.uniform(2, 60), rng.uniform(60, 4000), rng.uniform(4000, 60_000)), (65, 22, 13)
    )[0]
    return crowd.join(at - age_min * _MINUTE, stays=False)


def _stolen_order(crowd: Crowd, shopper: Shopper, at: datetime, device: str) -> Checkout:
    rng = crowd.rng
    items = (
        crowd.shelf.costly_basket(rng)
        if rng.random() < 0.65
        else crowd.shelf.basket(rng, shopper.interests, at.month)
    )
    shopper.orders += 1
    return stolen_checkout(rng, shopper, at, items, device=device)
