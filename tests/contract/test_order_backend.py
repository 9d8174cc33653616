"""What every order system must do; here on SQLite, and on PostgreSQL where one is named.

SHOPCLERK_TEST_POSTGRES: the SQLAlchemy URL of an empty database; its order tables are dropped.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine

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
from bot.orders.past import PastOrder
from bot.orders.rows import write_customers, write_orders
from bot.orders.sql import SqlOrders
from bot.orders.tables import metadata
from bot.storage.database import open_database

NOON = datetime(2026, 5, 4, 12, 0, 0, 250, tzinfo=UTC)
ANN = Customer(1, "Ann Lee", "ann@example.com", "+1 503 555 0100", "US", "Portland", NOON)
BO = Customer(2, "博", "bo@example.org", "", "CN", "上海", NOON)
PLACED = Order(
    number="4001",
    customer_id=1,
    status=OrderStatus.PLACED,
    placed_at=NOON,
    currency="USD",
    shipping_cost=Decimal("4.95"),
    total=Decimal("45.05"),
    ship_to_country="US",
    ship_to_city="Portland",
    ip_country="US",
    device="d-1",
    items=(
        OrderItem("SOCK-1", "Wool socks", "grey", "M", 2, Decimal("20.05")),
        OrderItem("MUG-1", "Mug", "", "", 1, Decimal("0.00")),
    ),
    payment=Payment("Visa", "authorised", 1, "US"),
    delivery="standard",
)
PAID = replace(PLACED.payment, method="PayPal", status="paid")
PARCEL = Shipment("UPS", "1Z1", NOON, NOON + timedelta(days=5), NOON + timedelta(days=3))
RETURN = Return("refunded", "too small", Decimal("20.05"), NOON, NOON + timedelta(days=9))
ORDERS = (
    PLACED,
    replace(PLACED, number="4002", status=OrderStatus.PROCESSING, payment=PAID),
    replace(PLACED, number="4003", status=OrderStatus.SHIPPED,
            shipments=(replace(PARCEL, delivered_at=None), PARCEL)),
    replace(PLACED, number="4004", status=OrderStatus.DELIVERED, shipments=(PARCEL,)),
    replace(PLACED, number="4005", status=OrderStatus.RETURNED, shipments=(PARCEL,),
            returns=(RETURN,)),
    replace(PLACED, number="4006", customer_id=2),
)  # fmt: skip
PAST = tuple(
    PastOrder(replace(order, placed_at=NOON + timedelta(hours=i)), ANN, None)
    for i, order in enumerate(ORDERS)
)
BY_NUMBER = {past.order.number: past.order for past in PAST}


POSTGRES = os.environ.get("SHOPCLERK_TEST_POSTGRES")
URLS = {"sqlite": "sqlite:///orders.db", **({"postgresql": POSTGRES} if POSTGRES else {})}


@pytest.fixture(params=URLS.values(), ids=URLS.keys())
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(request.param, tmp_path)
    metadata.drop_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def backend(engine: Engine) -> SqlOrders:
    backend = SqlOrders(engine)
    with engine.begin() as db:
        write_customers(db, (ANN, BO))
        write_orders(db, PAST)
    return backend


@pytest.mark.parametrize("number", ["4001", "4003", "4005"])
def test_an_order_comes_back_whole(backend: SqlOrders, number: str) -> None:
    found = backend.order(number, customer_id=1)
    assert found == BY_NUMBER[number]
    assert found.placed_at.utcoffset() == timedelta(0)
    assert str(found.total) == "45.05"


NOT_ANNS = ["4006", "9999", "", "400", " 4001", "4001' OR '1'='1", "4001\x00", "四", "\ud800", "%"]


@pytest.mark.parametrize("number", NOT_ANNS)
def test_somebody_elses_order_is_as_if_there_were_none(backend: SqlOrders, number: str) -> None:
    assert backend.order(number, customer_id=1) is None
    with pytest.raises(LookupError) as error:
        backend.cancel(number, customer_id=1)
    assert str(error.value) == f"customer 1 has no order {number!r}"
    assert backend.order("4006", customer_id=2) == BY_NUMBER["4006"]


@pytest.mark.parametrize(
    ("customer_id", "limit", "numbers"),
    [
        (1, 2, ["4005", "4004"]),
        (1, 9, ["4005", "4004", "4003", "4002", "4001"]),
        (1, 0, []),
        (1, -1, []),
        (2, 5, ["4006"]),
        (3, 5, []),
    ],
)
def test_orders_are_the_customers_own_latest_first(
    backend: SqlOrders, customer_id: int, limit: int, numbers: list[str]
) -> None:
    found = backend.orders(customer_id=customer_id, limit=limit)
    assert [order.number for order in found] == numbers


@pytest.mark.parametrize(("number", "payment"), [("4001", "released"), ("4002", "refunded")])
def test_cancelling_settles_the_payment_and_twice_does_it_once(
    backend: SqlOrders, number: str, payment: str
) -> None:
    before = BY_NUMBER[number]
    after = replace(
        before, status=OrderStatus.CANCELLED, payment=replace(before.payment, status=payment)
    )
    assert backend.cancel(number, customer_id=1) == after
    assert backend.cancel(number, customer_id=1) == after
    assert backend.order(number, customer_id=1) == after
    other = "4001" if number == "4002" else "4002"
    assert backend.order(other, customer_id=1) == BY_NUMBER[other]


def test_many_cancel_at_once(backend: SqlOrders) -> None:
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: backend.cancel("4002", customer_id=1), range(6)))
    assert {order.status for order in results} == {OrderStatus.CANCELLED}
    assert {order.payment.status for order in results} == {"refunded"}


@pytest.mark.parametrize("number", ["4003", "4004", "4005"])
def test_what_has_left_the_house_cannot_be_cancelled(backend: SqlOrders, number: str) -> None:
    with pytest.raises(CannotCancel) as error:
        backend.cancel(number, customer_id=1)
    assert error.value.status is BY_NUMBER[number].status
    assert backend.order(number, customer_id=1) == BY_NUMBER[number]


def test_customers(backend: SqlOrders) -> None:
    assert backend.customer(2) == BO
    assert backend.customer(99) is None
