"""The demo's history in a real database, and the risk model trained on it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from bot.demo import make_orders
from bot.demo.make_orders import make_history, seed
from bot.errors import ConfigError
from bot.orders.order import Order, OrderStatus
from bot.orders.past import PastOrder
from bot.orders.rows import write_customers, write_orders
from bot.orders.sql import SqlOrders
from bot.risk.assessment import RiskLevel
from bot.risk.evaluation import TrainingReport
from bot.risk.examples import examples
from bot.risk.features import NAMES, History, values
from bot.risk.model import RiskModel
from bot.risk.service import RiskService
from bot.risk.training import train
from bot.storage.database import open_database
from knowledge.entries import Product, Source

TODAY = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
KINDS = ("Tents", "Down jackets", "Rain jackets", "Boots", "Socks", "Backpacks", "Stoves")
PRODUCTS = tuple(
    Product(
        id=f"LF-{i}",
        title=f"{KINDS[i % len(KINDS)]} {i}",
        description="",
        link="",
        image_link="",
        availability="in_stock",
        price=Decimal((17, 29, 59, 89, 129, 189, 249, 349)[i % 8]) - Decimal("0.05"),
        currency="USD",
        source=Source("products.csv", i + 2),
        product_type=KINDS[i % len(KINDS)],
        colors=("green", "blue"),
        sizes=("S", "M", "L"),
    )
    for i in range(84)
)


def quiet(stage: str, done: int, total: int) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Demo:
    engine: Engine
    orders: SqlOrders
    past: tuple[PastOrder, ...]
    folder: Path
    report: TrainingReport

    @property
    def service(self) -> RiskService:
        return RiskService(RiskModel.load(self.folder), self.orders)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    state = tmp_path_factory.mktemp("demo")
    engine = open_database("sqlite:///demo.db", state)
    assert seed(engine, PRODUCTS, today=TODAY, progress=quiet).fresh
    orders = SqlOrders(engine)
    past = tuple(orders.past_orders())
    yield Demo(engine, orders, past, state / "risk", train(past, state / "risk", progress=quiet))
    engine.dispose()


def test_the_shops_size(demo: Demo) -> None:
    assert len({p.customer.id for p in demo.past}) >= 250
    assert len(demo.past) >= 3000
    assert [p.order.number for p in demo.past] == [str(4001 + i) for i in range(len(demo.past))]
    assert int(demo.past[-1].order.number) <= 9999
    age = TODAY - demo.past[0].order.placed_at
    assert timedelta(days=500) < age < timedelta(days=580)
    settled = [p.risky for p in demo.past if p.risky is not None]
    assert 0.035 < sum(settled) / len(settled) < 0.055
    delivered = [p for p in demo.past if any(s.delivered_at for s in p.order.shipments)]
    assert 0.07 < sum(bool(p.order.returns) for p in delivered) / len(delivered) < 0.11
    orders_each = Counter(p.customer.id for p in demo.past).values()
    assert sum(n > 1 for n in orders_each) / len(orders_each) > 0.3


def test_customers_are_nobody_real(demo: Demo) -> None:
    people = {p.customer.id: p.customer for p in demo.past}.values()
    assert len({c.email for c in people}) == len(people)
    assert all(c.email.isascii() for c in people)
    assert {c.email.split("@")[1] for c in people} == {"example.com", "example.org"}
    assert any("\u4e00" <= c.name[0] <= "\u9fff" for c in people)


def status_fits(order: Order) -> bool:
    age = TODAY - order.placed_at
    arrived = [s.delivered_at for s in order.shipments]
    match order.status:
        case OrderStatus.PLACED:
            return age < timedelta(hours=2) and not arrived
        case OrderStatus.PROCESSING:  # over a weekend nothing ships
            return timedelta(hours=2) <= age < timedelta(days=4) and not arrived
        case OrderStatus.SHIPPED:
            return arrived == [None]
        case OrderStatus.CANCELLED:
            return not arrived and order.payment.status in ("released", "refunded")
        case OrderStatus.DELIVERED:
            return None not in arrived
        case OrderStatus.RETURNED:
            return None not in arrived and order.returns[0].status in ("received", "refunded")


def test_every_order_hangs_together(demo: Demo) -> None:
    assert {p.order.status for p in demo.past} == set(OrderStatus)
    for past in demo.past:
        order = past.order
        goods = sum(i.unit_price * i.quantity for i in order.items)
        assert order.total == goods + order.shipping_cost, order
        assert all(1 <= i.quantity <= 10 for i in order.items), order
        times = [past.customer.created_at, order.placed_at]
        times += [s.shipped_at for s in order.shipments]
        times += [s.delivered_at for s in order.shipments if s.delivered_at]
        times += [r.requested_at for r in order.returns]
        times += [r.refunded_at for r in order.returns if r.refunded_at]
        assert times == sorted(times), order
        assert times[-1] <= TODAY, order
        assert all(s.due_at > s.shipped_at for s in order.shipments), order
        assert status_fits(order), order
        assert (past.risky is None) == (order.placed_at >= TODAY - timedelta(days=14)), order


def test_the_six_personas(demo: Demo) -> None:
    latest = {i: next(iter(demo.orders.orders(customer_id=i)), None) for i in range(1, 7)}
    maya, siyuan, oliver, yutong, jordan = (latest[i] for i in range(1, 6))
    assert latest[6] is None
    assert demo.orders.customer(6) is not None
    assert maya is not None
    assert (TODAY - maya.placed_at, maya.status) == (timedelta(hours=1), OrderStatus.PLACED)
    assert siyuan is not None
    assert siyuan.status is OrderStatus.SHIPPED
    assert siyuan.shipments[0].due_at > TODAY
    assert oliver is not None
    assert oliver.status is OrderStatus.DELIVERED
    assert yutong is not None
    assert (yutong.returns[0].status, yutong.returns[0].refunded_at) == ("received", None)
    assert jordan is not None
    assert jordan.status.cancellable
    levels = {o.customer_id: demo.service.assess_order(o).level for o in latest.values() if o}
    assert levels == {**dict.fromkeys((1, 2, 3, 4), RiskLevel.LOW), 5: RiskLevel.HIGH}


@pytest.mark.parametrize("weekday", range(7))
def test_the_personas_situations_hold_on_every_weekday(
    weekday: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_orders, "ORDERS", 60)
    today = TODAY.replace(hour=1, minute=20) + timedelta(days=weekday)
    _, past = make_history(PRODUCTS, today=today, seed=7, progress=quiet)
    latest = {p.customer.id: p.order.status for p in past if p.customer.id <= 6}
    assert latest == {1: "placed", 2: "shipped", 3: "delivered", 4: "returned", 5: "placed"}


def test_history_is_the_same_for_the_same_seed(demo: Demo) -> None:
    _, again = make_history(PRODUCTS, today=TODAY, seed=7, progress=quiet)
    assert again == demo.past


def test_another_seed_tells_another_story(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_orders, "ORDERS", 60)
    stories = [make_history(PRODUCTS, today=TODAY, seed=i, progress=quiet) for i in (7, 8)]
    assert stories[0] != stories[1]


def test_a_seeded_database_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_database("sqlite:///demo.db", tmp_path)
    monkeypatch.setattr(make_orders, "ORDERS", 40)
    seed(engine, PRODUCTS, today=TODAY, progress=quiet)
    orders = SqlOrders(engine)
    (latest,) = orders.orders(customer_id=1, limit=1)
    cancelled = orders.cancel(latest.number, customer_id=1)

    later = seed(engine, PRODUCTS, today=TODAY + timedelta(days=30), progress=quiet)
    assert (later.fresh, later.anchor) == (False, TODAY)
    assert orders.order(latest.number, customer_id=1) == cancelled

    monkeypatch.setattr(make_orders, "VERSION", make_orders.VERSION + 1)
    assert seed(engine, PRODUCTS, today=TODAY, progress=quiet).fresh
    assert orders.order(latest.number, customer_id=1) == latest
    assert len(orders.past_orders()) == 40
    engine.dispose()


def test_a_real_shops_orders_are_not_touched(demo: Demo, tmp_path: Path) -> None:
    engine = open_database("sqlite:///shop.db", tmp_path)
    orders = SqlOrders(engine)
    with engine.begin() as db:
        write_customers(db, (demo.past[0].customer,))
        write_orders(db, demo.past[:1])
    with pytest.raises(ConfigError, match="not the demo's"):
        seed(engine, PRODUCTS, today=TODAY, progress=quiet)
    assert orders.past_orders() == demo.past[:1]
    engine.dispose()


def test_a_shop_without_products_has_no_history() -> None:
    with pytest.raises(ValueError, match="no products"):
        make_history((), today=TODAY, seed=7, progress=quiet)


def test_the_model_finds_most_and_not_all(demo: Demo) -> None:
    report = demo.report
    assert 0.88 < report.auc < 0.99  # neither useless nor trivial
    assert report.average_precision > 5 * report.test_risky / report.test_orders
    assert report.precision_at_high > 0.4
    assert report.recall_at_high > 0.35
    assert report.recall_at_medium >= report.recall_at_high
    assert report.share_medium_or_high < 0.2
    assert report.brier < 0.04


def test_the_probability_means_what_it_says(demo: Demo) -> None:
    """Summed over the test slice, which calibration never saw, it is near the risky orders."""
    model = RiskModel.load(demo.folder)
    test = examples(demo.past)[-demo.report.test_orders :]
    scores = model.booster.predict(np.array([values(e.row) for e in test]), raw_score=True)
    expected = sum(map(model.calibration.probability, scores))
    assert 0.6 < expected / demo.report.test_risky < 1.6


def test_training_is_deterministic(demo: Demo, tmp_path: Path) -> None:
    assert train(demo.past, tmp_path / "risk", progress=quiet) == demo.report
    for path in demo.folder.iterdir():
        assert (tmp_path / "risk" / path.name).read_bytes() == path.read_bytes()


def test_serving_sees_what_training_saw(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Features gathered from the database for one order equal those of the training sweep."""
    rows = {e.order_number: e.row for e in examples(demo.past)}
    settled = [p.order for p in demo.past if p.risky is not None]
    seen = {}

    def keep(order: Order, row: object, *args: object, **kwargs: object) -> tuple[str, ...]:
        seen[order.number] = row
        return ()

    monkeypatch.setattr("bot.risk.model.explain", keep)
    for order in settled[::45]:
        demo.service.assess_order(order)
    assert len(seen) > 100
    for number, row in seen.items():
        np.testing.assert_array_equal(values(row), values(rows[number]), str(NAMES))


def test_facts_name_the_orders_own_values(demo: Demo) -> None:
    (risky,) = demo.orders.orders(customer_id=5)
    assessment = demo.service.assess_order(risky)
    assert assessment.needs_person
    assert "4 payment attempts" in assessment.facts
    assert "account is 1 hour old" in assessment.facts
    assert "person" in assessment.recommendation


def test_an_unknown_customer_is_an_error(demo: Demo) -> None:
    order = replace(demo.past[0].order, customer_id=10_000_000)
    with pytest.raises(LookupError, match="customer 10000000 is not known"):
        demo.service.assess_order(order)


def test_no_history_is_no_error(demo: Demo) -> None:
    past = demo.past[0]
    model = RiskModel.load(demo.folder)
    assert 0 <= model.assess(past.order, past.customer, History()).probability <= 1
