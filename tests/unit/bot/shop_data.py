"""Shoppers, orders and products of the bot's tests, and systems in memory that hold them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from bot.messages import Shopper
from bot.orders.order import (
    CannotCancel,
    Customer,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    Return,
    Shipment,
)
from bot.risk.assessment import RiskAssessment, RiskLevel
from knowledge.entries import Product, Source

ADA = Shopper("ada-session", 1)


BEN = Shopper("ben-session", 2)


VISITOR = Shopper("visitor-session")


BENS_ORDER = "4101"


NO_ORDER = "4999"


@dataclass
class MemoryOrders:
    """An order system in memory; also who the customers are."""

    by_number: dict[str, Order]
    customers: dict[int, Customer]
    cancelled: list[str] = field(default_factory=list)
    broken: bool = False

    def order(self, number: str, *, customer_id: int) -> Order | None:
        if self.broken:
            raise ConnectionError("the order system does not answer")
        order = self.by_number.get(number)
        return order if order is not None and order.customer_id == customer_id else None

    def orders(self, *, customer_id: int, limit: int = 5) -> Sequence[Order]:
        if self.broken:
            raise ConnectionError("the order system does not answer")
        own = [o for o in self.by_number.values() if o.customer_id == customer_id]
        return sorted(own, key=lambda o: o.placed_at, reverse=True)[:limit]

    def cancel(self, number: str, *, customer_id: int) -> Order:
        order = self.order(number, customer_id=customer_id)
        if order is None:
            raise LookupError(number)
        if not order.status.cancellable:
            raise CannotCancel(order.status)
        self.cancelled.append(number)
        self.by_number[number] = replace(order, status=OrderStatus.CANCELLED)
        return self.by_number[number]

    def customer(self, customer_id: int) -> Customer | None:
        return self.customers.get(customer_id)


def order(
    number: str,
    status: OrderStatus,
    *,
    customer_id: int = 1,
    day: int = 1,
    returns: tuple[Return, ...] = (),
) -> Order:
    sent = status in (OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.RETURNED)
    arrived = datetime(2025, 3, day + 3, tzinfo=UTC) if status is not OrderStatus.SHIPPED else None
    parcel = Shipment(
        "PostNord",
        f"PN{number}",
        datetime(2025, 3, day + 1, tzinfo=UTC),
        datetime(2025, 3, day + 4, tzinfo=UTC),
        arrived,
    )
    return Order(
        number,
        customer_id,
        status,
        datetime(2025, 3, day, tzinfo=UTC),
        "USD",
        Decimal("5.00"),
        Decimal("84.00"),
        "US",
        "Portland",
        "US",
        "",
        (OrderItem("P1", f"Item of {number}", "red", "M", 1, Decimal("79.00")),),
        Payment("Visa", "captured", 1, "US"),
        (parcel,) if sent else (),
        returns,
    )


def two_customers() -> MemoryOrders:
    """Ada: 4001 delivered, 4002 shipped, 4003 placed (risky), 4004 refunded, 4005 latest, placed.

    Ben: 4101 placed. Customer 3, Cleo, has no orders.
    """
    refund = Return(
        "refunded",
        "too small",
        Decimal("79.00"),
        datetime(2025, 3, 9, tzinfo=UTC),
        datetime(2025, 3, 12, tzinfo=UTC),
    )
    orders = [
        order("4001", OrderStatus.DELIVERED, day=1),
        order("4002", OrderStatus.SHIPPED, day=2),
        order("4003", OrderStatus.PLACED, day=3),
        order("4004", OrderStatus.RETURNED, day=4, returns=(refund,)),
        order("4005", OrderStatus.PLACED, day=5),
        order(BENS_ORDER, OrderStatus.PLACED, customer_id=2, day=6),
    ]
    people = [
        Customer(
            i,
            name,
            f"{name.lower()}@example.org",
            "",
            "US",
            "Portland",
            datetime(2024, 1, 1, tzinfo=UTC),
        )
        for i, name in enumerate(("Ada", "Ben", "Cleo"), 1)
    ]
    return MemoryOrders({o.number: o for o in orders}, {c.id: c for c in people})


class RiskyOrders:
    """Says HIGH of the orders it was given, LOW of all others."""

    def __init__(self, *numbers: str) -> None:
        self._numbers = numbers

    def assess_order(self, order: Order) -> RiskAssessment:
        if order.number in self._numbers:
            return RiskAssessment(RiskLevel.HIGH, 0.91, ("paid at the third try",), "Call first.")
        return RiskAssessment(RiskLevel.LOW, 0.02, (), "Go on.")


def product(id: str = "T1", **changes: Any) -> Product:
    standard = Product(
        id,
        f"Tent {id}",
        "Stands.",
        f"/p/{id}",
        f"/i/{id}.jpg",
        "in_stock",
        Decimal("129.00"),
        "USD",
        Source("products.csv", 2),
        brand="Larkfell",
        colors=("Red", "blue"),
        sizes=("2P",),
        materials=("nylon",),
        uses=("hiking",),
        rating=4.56,
        review_count=31,
        stock=40,
        titles={"zh": f"帐篷 {id}"},
        descriptions={"zh": "结实。"},
    )
    return replace(standard, **changes)
