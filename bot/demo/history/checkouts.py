"""How people check out: honest ones with their oddities, and fraud with its habits and disguises.

The rates are made up, so that honest and risky orders overlap as they do in life: travellers,
presents sent abroad, mistyped cards; and stolen cards used calmly from an old account.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime

from bot.demo.history.places import Place, another_city, another_country
from bot.orders.order import Customer, OrderItem

PAID_AT_ONCE = ("PayPal", "Alipay", "WeChat Pay", "Gift card")
_METHODS = {
    "Visa": 33, "Mastercard": 22, "American Express": 8, "Discover": 4, "PayPal": 15,
    "Apple Pay": 9, "Google Pay": 5, "Gift card": 4,
}


@dataclass
class Shopper:
    """A customer together with the habits that their orders come from; grows as they order."""

    customer: Customer
    interests: tuple[str, ...]
    loyalty: float  # how readily they come back, relative to others
    devices: list[str] = field(default_factory=list)
    vpn_country: str = ""  # where their connection seems to be, when they always use a VPN
    bank_country: str = ""  # where their card is from, when not from home
    orders: int = 0

    @property
    def home(self) -> Place:
        """Where they live."""
        return Place(self.customer.country, self.customer.city)


@dataclass(frozen=True)
class Checkout:
    """An order as it was placed."""

    customer_id: int
    placed_at: datetime
    items: tuple[OrderItem, ...]
    method: str
    attempts: int
    billing_country: str
    ship_to: Place
    ip_country: str
    device: str
    delivery: str
    risky: bool = False


def new_device(rng: random.Random) -> str:
    """Make up a device's fingerprint."""
    return f"d-{rng.getrandbits(32):08x}"


def honest_checkout(
    rng: random.Random, shopper: Shopper, placed_at: datetime, items: tuple[OrderItem, ...]
) -> Checkout:
    """Check out as an honest shopper does, now and then oddly."""
    home = shopper.home
    ship_to = home
    if rng.random() < 0.03:  # a present, or a holiday address
        ship_to = another_city(rng, another_country(rng, home.country))
    elif rng.random() < 0.12:
        ship_to = another_city(rng, home.country)
    ip_country = home.country
    if shopper.vpn_country and rng.random() < 0.9:
        ip_country = shopper.vpn_country
    elif rng.random() < 0.035:  # travelling
        ip_country = another_country(rng, home.country)
    if not shopper.devices or rng.random() < 0.06:
        shopper.devices.append(new_device(rng))
    return Checkout(
        customer_id=shopper.customer.id,
        placed_at=placed_at,
        items=items,
        method=_method(rng, shopper.customer),
        attempts=rng.choices((1, 2, 3, 4), (84, 11.5, 3.4, 1.1))[0],
        billing_country=shopper.bank_country or home.country,
        ship_to=ship_to,
        ip_country=ip_country,
        device=rng.choice(shopper.devices[-2:]),
        delivery=_delivery(rng, ship_to, fast=0.12),
    )


def stolen_checkout(
    rng: random.Random,
    shopper: Shopper,
    placed_at: datetime,
    items: tuple[OrderItem, ...],
    *,
    device: str,
) -> Checkout:
    """Check out with somebody else's card; each telling sign is there only sometimes."""
    home = shopper.home
    ship_to = another_city(rng, home.country)  # a drop address
    if rng.random() < 0.36:
        ship_to = another_city(rng, another_country(rng, home.country))
    elif rng.random() < 0.4:
        ship_to = home
    odd_ip = rng.random() < 0.45
    return Checkout(
        customer_id=shopper.customer.id,
        placed_at=placed_at,
        items=items,
        method=_method(rng, shopper.customer),
        attempts=rng.choices((1, 2, 3, 4, 5), (42, 22, 17, 12, 7))[0],
        billing_country=home.country,
        ship_to=ship_to,
        ip_country=another_country(rng, home.country) if odd_ip else home.country,
        device=device,
        delivery=_delivery(rng, ship_to, fast=0.45),
        risky=True,
    )


def _method(rng: random.Random, customer: Customer) -> str:
    if customer.country in ("CN", "HK", "TW", "SG") and rng.random() < 0.6:
        return rng.choice(("Alipay", "WeChat Pay"))
    return rng.choices(list(_METHODS), list(_METHODS.values()))[0]


def _delivery(rng: random.Random, ship_to: Place, *, fast: float) -> str:
    if ship_to.country != "US":
        return "international"
    if rng.random() >= fast:
        return "standard"
    return "next-day" if ship_to.next_day and rng.random() < 0.5 else "express"
