"""Orders as the bot sees them, and the Protocol of an order system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class OrderStatus(StrEnum):
    """Where an order stands. It can be cancelled while PLACED or PROCESSING."""

    PLACED = "placed"
    PROCESSING = "processing"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"
    RETURNED = "returned"

    @property
    def cancellable(self) -> bool:
        """Whether nothing has left the house yet."""
        return self in (OrderStatus.PLACED, OrderStatus.PROCESSING)


@dataclass(frozen=True)
class Customer:
    """A customer of the shop."""

    id: int
    name: str
    email: str
    phone: str
    country: str
    city: str
    created_at: datetime


@dataclass(frozen=True)
class OrderItem:
    """One line of an order; `product_id` is the feed's id."""

    product_id: str
    title: str
    color: str
    size: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True)
class Shipment:
    """A parcel."""

    carrier: str
    tracking_number: str
    shipped_at: datetime
    due_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True)
class Payment:
    """How an order is paid; `attempts` counts tries at the checkout, `method` is for people."""

    method: str
    status: str
    attempts: int
    billing_country: str


@dataclass(frozen=True)
class Return:
    """A return and its refund. `status`: requested, received, refunded or rejected."""

    status: str
    reason: str
    amount: Decimal
    requested_at: datetime
    refunded_at: datetime | None


@dataclass(frozen=True)
class Order:
    """An order with all that belongs to it. Times are UTC; money is in `currency`.

    `device` is an opaque fingerprint ("" when unknown); `delivery`: standard, express, next-day
    or international.
    """

    number: str
    customer_id: int
    status: OrderStatus
    placed_at: datetime
    currency: str
    shipping_cost: Decimal
    total: Decimal
    ship_to_country: str
    ship_to_city: str
    ip_country: str
    device: str
    items: tuple[OrderItem, ...]
    payment: Payment
    shipments: tuple[Shipment, ...] = ()
    returns: tuple[Return, ...] = ()
    delivery: str = "standard"


class CannotCancel(Exception):
    """The order's status no longer allows it; `status` says which it is."""

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(f"an order that is {status} cannot be cancelled")
        self.status = status


class OrderBackend(Protocol):
    """An order system. Every call names the customer, and sees that customer's orders only."""

    def order(self, number: str, *, customer_id: int) -> Order | None:
        """Return the customer's order; None when there is none, or it is somebody else's."""
        ...

    def orders(self, *, customer_id: int, limit: int = 5) -> Sequence[Order]:
        """Return the customer's orders, latest first."""
        ...

    def cancel(self, number: str, *, customer_id: int) -> Order:
        """Cancel in one transaction and return the order as it is now; twice does it once.

        Raises:
            CannotCancel: it has shipped, or is not cancellable for another reason.
            LookupError: no such order of this customer.
        """
        ...


class CustomerDirectory(Protocol):
    """Who a customer is."""

    def customer(self, customer_id: int) -> Customer | None:
        """Return the customer, or None."""
        ...
