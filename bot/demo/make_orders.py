"""Write the demo shop's customers and eighteen months of orders into a database.

Everything is made up from a seed. The times count back from the day of the first seeding, and stay
as they are from then on: a demo that is a week old has no order of the last hour any more.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select

from bot.demo.history.baskets import Shelf
from bot.demo.history.crowd import Crowd, crowd_orders
from bot.demo.history.fulfilment import draw_course, tell
from bot.demo.history.personas import Scene, persona_scenes, persona_shoppers
from bot.errors import ConfigError
from bot.orders.order import Customer
from bot.orders.past import PastOrder
from bot.orders.rows import write_customers, write_orders
from bot.orders.tables import metadata, orders
from bot.storage.columns import UtcDateTime
from knowledge.entries import Product

VERSION = 1  # raise it when the made-up data changes, so that old demo data are replaced
ORDERS = 5200
_FIRST_NUMBER = 4001
_SETTLED_AFTER = timedelta(days=14)  # by then a card's owner has complained, if at all

_demo_metadata = MetaData()
_demo = Table(
    "demo_seed",
    _demo_metadata,
    Column("name", String(16), primary_key=True),
    Column("seed", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("anchor", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class Seeded:
    """What the demo holds; `anchor` is its "today", `fresh` whether it was written just now."""

    anchor: datetime
    fresh: bool


def seed(
    engine: Engine,
    products: Sequence[Product],
    *,
    today: datetime,
    seed: int = 7,
    progress: Callable[[str, int, int], None],
) -> Seeded:
    """Fill the database unless it holds this demo already.

    Args:
        engine: a database of the demo's own.
        products: what the shop sells.
        today: the moment, with time zone, that the story leads up to.
        seed: another one tells another story.
        progress: called with stage, done and total.

    Raises:
        ConfigError: the database holds orders that are not this demo's.
    """
    metadata.create_all(engine)
    _demo_metadata.create_all(engine)
    with engine.begin() as db:
        kept = db.execute(select(_demo)).one_or_none()
        if kept is not None and (kept.seed, kept.version) == (seed, VERSION):
            return Seeded(kept.anchor, fresh=False)
        if kept is None and db.execute(select(orders.c.number).limit(1)).first() is not None:
            raise ConfigError(
                "shop.toml: storage.url: this database holds orders that are not the demo's; "
                "give the demo a database of its own"
            )
        customers, past = make_history(products, today=today, seed=seed, progress=progress)
        for table in (_demo, *reversed(metadata.sorted_tables)):
            db.execute(table.delete())
        db.execute(
            insert(_demo).values(name="orders", seed=seed, version=VERSION, anchor=today)
        )
        write_customers(db, customers)
        write_orders(db, past)
    return Seeded(today, fresh=True)


def make_history(
    products: Sequence[Product],
    *,
    today: datetime,
    seed: int,
    progress: Callable[[str, int, int], None],
) -> tuple[tuple[Customer, ...], tuple[PastOrder, ...]]:
    """Make up customers, by id, and orders, by time; the same for the same arguments."""
    # Two streams of chance, so that a change to a persona does not tell the crowd's story anew.
    rng, persona_rng = random.Random(seed), random.Random(f"personas {seed}")
    shelf = Shelf(products, rng)
    people = persona_shoppers(persona_rng, shelf, today)
    crowd = Crowd(rng, shelf, list(people))
    scenes = list(persona_scenes(persona_rng, shelf, people, today))
    for checkout in crowd_orders(crowd, ORDERS - len(scenes), today, progress):
        scenes.append(Scene(checkout, draw_course(rng, checkout)))
    scenes.sort(key=lambda s: (s.checkout.placed_at, s.checkout.customer_id))
    customers = {s.customer.id: s.customer for s in crowd.shoppers}
    past = []
    for number, scene in enumerate(scenes, start=_FIRST_NUMBER):
        checkout = scene.checkout
        order = tell(rng, str(number), checkout, scene.course, now=today)
        settled = checkout.placed_at < today - _SETTLED_AFTER
        past.append(
            PastOrder(order, customers[order.customer_id], checkout.risky if settled else None)
        )
    progress("demo orders", len(past), len(past))
    return tuple(customers.values()), tuple(past)

