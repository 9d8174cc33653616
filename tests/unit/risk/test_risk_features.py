"""Features tell what was known when an order was placed, and nothing of later."""

import math
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.orders.order import (
    Customer,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    Return,
    Shipment,
)
from bot.orders.past import DeviceUse, PastOrder
from bot.risk.examples import examples
from bot.risk.features import NAMES, FeatureRow, History, features, values

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANN = Customer(1, "Ann", "ann@example.com", "", "US", "Portland", NOON - 5 * HOUR)
ORDER = Order(
    number="4100",
    customer_id=1,
    status=OrderStatus.PLACED,
    placed_at=NOON,
    currency="USD",
    shipping_cost=Decimal("0.00"),
    total=Decimal("90.00"),
    ship_to_country="US",
    ship_to_city="Portland",
    ip_country="US",
    device="d-1",
    items=(OrderItem("A", "A", "", "", 2, Decimal("45.00")),),
    payment=Payment("Visa", "authorised", 1, "US"),
)
PARCEL = Shipment("UPS", "1Z", NOON - 3 * HOUR, NOON, NOON - HOUR)
RETURN = Return("requested", "", Decimal("1.00"), NOON - HOUR, None)
EARLIER = replace(
    ORDER, number="4050", placed_at=NOON - 4 * HOUR, total=Decimal("45.00"),
    shipments=(PARCEL,), returns=(RETURN,),
)  # fmt: skip
HISTORY = History(
    orders=(EARLIER,),
    device_uses=(DeviceUse(1, NOON - HOUR / 2), DeviceUse(2, NOON - 2 * HOUR)),
)


def test_a_plain_first_order() -> None:
    row = features(ORDER, ANN, History())
    assert math.isnan(row.total_vs_usual)
    assert {name for name in NAMES if getattr(row, name)} == {
        "total", "total_vs_usual", "most_of_one", "account_age_hours", "payment_attempts",
    }  # fmt: skip
    assert (row.total, row.most_of_one, row.account_age_hours) == (90, 2, 5)


def test_history_counts() -> None:
    row = features(ORDER, ANN, HISTORY)
    assert row.total_vs_usual == 2
    assert (row.earlier_orders, row.earlier_delivered, row.earlier_returned) == (1, 1, 1)
    assert (row.orders_last_day, row.new_device, row.new_city) == (1, 0, 0)
    assert (row.device_orders_last_hour, row.device_other_customers) == (1, 1)


CHANGES = [
    ({"ip_country": "FR"}, {"ip_differs": 1}),
    ({"ip_country": ""}, {}),
    ({"payment": replace(ORDER.payment, attempts=3)}, {"payment_attempts": 3}),
    ({"payment": replace(ORDER.payment, billing_country="FR")},
     {"billing_differs": 1, "ip_differs": 1}),
    ({"ship_to_city": "Boise"}, {"new_city": 1}),
    ({"ship_to_country": "CA"}, {"new_city": 1, "billing_differs": 1}),
    ({"device": "d-9"}, {"new_device": 1}),
    ({"delivery": "express"}, {"fast_delivery": 1}),
    ({"delivery": "next-day"}, {"fast_delivery": 1}),
]  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_each_sign_moves_its_own_feature(
    change: dict[str, object], expected: dict[str, float]
) -> None:
    before = asdict(features(ORDER, ANN, HISTORY))
    after = asdict(features(replace(ORDER, **change), ANN, HISTORY))
    assert {name: after[name] for name in NAMES if after[name] != before[name]} == expected


LATER = NOON + HOUR
FUTURES = [
    History((*HISTORY.orders, replace(EARLIER, number="4200", placed_at=LATER)),
            HISTORY.device_uses),
    History((*HISTORY.orders, replace(EARLIER, number="4200", placed_at=NOON)),
            HISTORY.device_uses),
    History((*HISTORY.orders, ORDER), HISTORY.device_uses),
    History(HISTORY.orders, (*HISTORY.device_uses, DeviceUse(3, LATER), DeviceUse(3, NOON))),
]  # fmt: skip


@pytest.mark.parametrize("history", FUTURES)
def test_what_happens_later_changes_nothing(history: History) -> None:
    assert features(ORDER, ANN, history) == features(ORDER, ANN, HISTORY)


@pytest.mark.parametrize(
    "change",
    [
        {"status": OrderStatus.CANCELLED},
        {"payment": replace(ORDER.payment, status="charged_back")},
        {"payment": replace(ORDER.payment, method="Alipay")},
        {"shipments": (PARCEL,)},
        {"returns": (RETURN,)},
    ],
)
def test_an_orders_own_fate_and_payment_method_change_nothing(change: dict[str, object]) -> None:
    assert features(replace(ORDER, **change), ANN, HISTORY) == features(ORDER, ANN, HISTORY)


def test_earlier_orders_count_as_they_stood_then() -> None:
    later = replace(
        EARLIER,
        shipments=(replace(PARCEL, delivered_at=LATER),),
        returns=(replace(RETURN, requested_at=LATER),),
    )
    row = features(ORDER, ANN, History((later,)))
    assert (row.earlier_orders, row.earlier_delivered, row.earlier_returned) == (1, 0, 0)


def test_who_somebody_is_changes_nothing() -> None:
    other = Customer(1, "王芳", "w@example.org", "1", "CN", "上海", ANN.created_at)
    moved = replace(ORDER, ship_to_country="CN", ship_to_city="上海", ip_country="CN",
                    payment=replace(ORDER.payment, billing_country="CN"))  # fmt: skip
    assert values(features(moved, other, History()))[2:] == values(
        features(ORDER, ANN, History())
    )[2:]


def test_examples_hold_only_settled_orders_with_the_history_before_them() -> None:
    past = (PastOrder(ORDER, ANN, True), PastOrder(EARLIER, ANN, None))
    (example,) = examples(past)
    assert (example.order_number, example.risky) == ("4100", True)
    uses = (DeviceUse(1, EARLIER.placed_at),)
    assert example.row == features(ORDER, ANN, History((EARLIER,), uses))


def test_names_are_the_rows_fields_in_order() -> None:
    row = FeatureRow(*map(float, range(len(fields(FeatureRow)))))
    assert values(row) == tuple(range(len(NAMES)))
