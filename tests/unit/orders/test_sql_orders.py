"""What the SQL order system tells of the past, beside the OrderBackend contract."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.exc import StatementError

from bot.orders.order import Customer, Order, OrderItem, OrderStatus, Payment
from bot.orders.past import DeviceUse, PastOrder
from bot.orders.rows import write_customers, write_orders
from bot.orders.sql import SqlOrders
from bot.orders.tables import customers, order_items

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
ANN = Customer(1, "Ann", "ann@example.com", "", "US", "Portland", NOON)
BO = Customer(2, "Bo", "bo@example.com", "", "US", "Boise", NOON)


def past_order(hour: int, customer: Customer, device: str, product: str) -> PastOrder:
    order = Order(
        number=str(4001 + hour),
        customer_id=customer.id,
        status=OrderStatus.DELIVERED,
        placed_at=NOON + timedelta(hours=hour),
        currency="USD",
        shipping_cost=Decimal("0.00"),
        total=Decimal("0.10"),
        ship_to_country="US",
        ship_to_city="Portland",
        ip_country="US",
        device=device,
        items=(OrderItem(product, product, "", "", 1, Decimal("0.10")),),
        payment=Payment("Visa", "paid", 1, "US"),
    )
    return PastOrder(order, customer, (None, True, False)[hour % 3])


PAST = (
    past_order(0, ANN, "d-1", "TENT"),
    past_order(1, BO, "d-1", "MUG"),
    past_order(2, ANN, "d-2", "SOCK"),
    past_order(3, ANN, "d-1", "TENT"),
)


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://")
    yield engine
    engine.dispose()


@pytest.fixture
def records(engine: Engine) -> SqlOrders:
    records = SqlOrders(engine)
    with engine.begin() as db:
        write_customers(db, (ANN, BO))
        write_orders(db, PAST)
    return records


def test_past_orders_come_back_with_how_they_turned_out(records: SqlOrders) -> None:
    assert records.past_orders() == PAST


def test_earlier_orders_are_strictly_earlier_and_the_customers_own(records: SqlOrders) -> None:
    found = records.earlier_orders(1, before=PAST[3].order.placed_at)
    assert found == (PAST[0].order, PAST[2].order)


def test_device_uses_begin_at_since_and_end_before_before(records: SqlOrders) -> None:
    found = records.device_uses("d-1", since=NOON, before=NOON + timedelta(hours=3))
    assert found == (DeviceUse(1, NOON), DeviceUse(2, NOON + timedelta(hours=1)))
    assert records.device_uses("d-1", since=NOON + timedelta(hours=2), before=NOON) == ()


@pytest.mark.parametrize(
    ("customer_id", "products"), [(1, {"TENT", "SOCK"}), (2, {"MUG"}), (3, set())]
)
def test_ever_ordered(records: SqlOrders, customer_id: int, products: set[str]) -> None:
    assert records.ever_ordered(customer_id) == products


@pytest.mark.parametrize("cents", [0, 1, 10, 29, 1999, 99_999_999_99])
def test_money_is_exact(engine: Engine, records: SqlOrders, cents: int) -> None:
    price = Decimal(cents) / 100
    line = {"order_number": "4001", "position": 7, "product_id": "X", "title": "X", "color": "",
            "size": "", "quantity": 3}  # fmt: skip
    with engine.begin() as db:
        db.execute(insert(order_items).values(**line, unit_price=price))
        query = select(order_items.c.unit_price).where(order_items.c.unit_price == price)
        assert price in db.execute(query).scalars().all()


def test_a_time_of_unknown_zone_is_refused(engine: Engine, records: SqlOrders) -> None:
    row = {**vars(ANN), "id": 9, "email": "x@example.com", "created_at": datetime(2026, 1, 1)}
    with engine.begin() as db, pytest.raises(StatementError, match="has no time zone"):
        db.execute(insert(customers).values(**row))


def test_fractions_of_a_cent_are_refused(engine: Engine, records: SqlOrders) -> None:
    odd = replace(PAST[0].order, number="5000", total=Decimal("1.005"))
    with engine.begin() as db, pytest.raises(StatementError, match="more than two decimals"):
        write_orders(db, (PastOrder(odd, ANN, None),))


def test_times_of_other_zones_become_utc(engine: Engine, records: SqlOrders) -> None:
    local = NOON.astimezone(timezone(timedelta(hours=-8)))
    with engine.begin() as db:
        write_customers(db, (replace(ANN, id=3, email="c@example.com", created_at=local),))
    found = records.customer(3)
    assert found is not None
    assert found.created_at == NOON
    assert found.created_at.tzinfo is UTC
