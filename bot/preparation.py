"""Makes models and orders ready: trains, exports and seeds what changed, and nothing else.

Everything made here is kept in the shop's state folder by the digest of what it was made from.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import ModelError
from bot.intent_models.choice import NO_WISH, Choice, Taught, TrainingWish
from bot.intent_models.choosing import Chooser
from bot.intent_models.comparison import IntentTest, text_digest
from bot.intent_models.model import ModelOpener
from bot.intent_models.serving import IntentFollower
from bot.intent_models.store import ModelStore
from bot.models import find_encoder
from bot.orders.sql import SqlOrders
from bot.progress import ProgressCallback
from bot.risk.model import RiskModel
from bot.risk.service import OrderAssessor, PersonDecides, RiskService
from bot.risk.training import train as train_risk
from bot.shop import ShopFiles
from bot.storage.database import open_database
from knowledge.entries import Product
from knowledge.index.encoder import OnnxSentenceEncoder
from knowledge.index.reranker import CrossEncoderReranker
from knowledge.index.search import Reranker
from nlu.rasa_format import read_training_data
from nlu.training import TrainingSettings, data_digest, train

log = logging.getLogger("shopclerk")

PERSONAS = 6
"""The demo's first customers are made for visitors to sign in as."""


@dataclass(frozen=True)
class Models:
    """What understands and encodes.

    Attributes:
        choice: the intent model in use, and how it came to be.
        follower: notices when another process takes another one into use.
        intents: those that the shop's files teach; the model in use may know others.
        encoder: turns texts into vectors for search.
        reranker: puts the best hits in a new order, where the shop wants that.
    """

    choice: Choice
    follower: IntentFollower
    intents: tuple[str, ...]
    encoder: OnnxSentenceEncoder
    reranker: Reranker | None


@dataclass(frozen=True)
class OrderDesk:
    """The shop's database with its orders, and who weighs their risk.

    `assessor` makes one for orders on another database, with the same model.
    """

    engine: Engine
    orders: SqlOrders
    assessor: Callable[[SqlOrders], OrderAssessor]
    demo_customers: tuple[tuple[int, str], ...]

    def on(self, engine: Engine) -> "OrderDesk":
        """The same desk on another database."""
        return replace(self, engine=engine, orders=SqlOrders(engine))

    @property
    def risk(self) -> OrderAssessor:
        """Who weighs the risk of this desk's orders."""
        return self.assessor(self.orders)


def prepare_models(
    shop: ShopFiles,
    tests: Sequence[IntentTest],
    progress: ProgressCallback,
    wish: TrainingWish = NO_WISH,
) -> Models:
    """Train and export what changed; choose the intent model that is used.

    Args:
        shop: the shop.
        tests: what a new intent model is compared with the live one on.
        progress: told of every stage.
        wish: what a person wants of the training.

    Raises:
        ConfigError, ModelError, TrainingDataError, EncoderFilesError.
    """
    model_dir = find_encoder(shop.settings.models.encoder, shop.folder)
    nlu = shop.folder / "nlu"
    data = read_training_data(nlu)
    settings, store = TrainingSettings(), intent_store(shop)
    opener = ModelOpener(nlu, data, threads=shop.settings.models.threads)
    files = Taught(
        data_digest(data, model_dir, settings),
        frozenset(text_digest(e.text) for e in data.examples),
        len(data.examples),
        tuple(dict.fromkeys(e.intent for e in data.examples)),
    )

    def train_into(folder: Path) -> None:
        train(data, model_dir, folder, settings=settings, progress=progress)

    chooser = Chooser(store, train_into, opener.open, tests)
    choice = chooser.choose(files, wish)
    if choice.problem and not wish.asked:  # who asked is told by the command
        log.warning("%s", choice.problem)
        if choice.verdict:
            log.warning("%s", choice.verdict)
    encoder = OnnxSentenceEncoder.open(
        model_dir,
        shop.state_dir / "encoder",
        threads=shop.settings.models.threads,
        progress=progress,
    )
    follower = IntentFollower(store, opener.reopen)
    return Models(choice, follower, files.intents, encoder, _reranker(shop))


def intent_store(shop: ShopFiles) -> ModelStore:
    """Return where the shop's intent models are kept."""
    return ModelStore(shop.state_dir / "intents")


def _reranker(shop: ShopFiles) -> Reranker | None:
    name = shop.settings.models.reranker
    if not name:
        return None
    return CrossEncoderReranker(find_encoder(name, shop.folder, setting="models.reranker"))


def prepare_orders(
    shop: ShopFiles,
    products: Sequence[Product],
    progress: ProgressCallback,
    *,
    force: bool = False,
) -> OrderDesk:
    """Open the database, seed the demo's orders where wanted, train the risk model.

    Raises:
        ConfigError: the database can't be opened.
    """
    engine = open_database(shop.settings.storage.url, shop.state_dir)
    fresh = _seed(shop, engine, products, progress)
    orders = SqlOrders(engine)
    assessor = _assessor(shop, orders, progress, force=force or fresh)
    demo = demo_customers(orders) if shop.settings.orders.demo_history else ()
    return OrderDesk(engine, orders, assessor, demo)


def _seed(
    shop: ShopFiles, engine: Engine, products: Sequence[Product], progress: ProgressCallback
) -> bool:
    """Fill an empty database with the demo's history, where shop.toml wants that."""
    if not shop.settings.orders.demo_history:
        return False
    from bot.demo.make_orders import seed

    return seed(engine, products, today=datetime.now(UTC), progress=progress).fresh


def demo_customers(orders: SqlOrders) -> tuple[tuple[int, str], ...]:
    """The personas to sign in as, each with where the latest order stands."""
    found = []
    for customer_id in range(1, PERSONAS + 1):
        customer = orders.customer(customer_id)
        if customer is None:
            continue
        latest = next(iter(orders.orders(customer_id=customer_id, limit=1)), None)
        state = f"order {latest.number}, {latest.status}" if latest else "no orders yet"
        found.append((customer_id, f"{customer.name} ({state})"))
    return tuple(found)


def _assessor(
    shop: ShopFiles, orders: SqlOrders, progress: ProgressCallback, *, force: bool
) -> Callable[[SqlOrders], OrderAssessor]:
    folder = shop.state_dir / "risk"
    if not force and folder.exists():
        with suppress(ModelError):  # made by another version: trained again below
            return partial(RiskService, RiskModel.load(folder))
    try:
        train_risk(orders.past_orders(), folder, progress=progress)
    except ModelError as error:
        person = PersonDecides(str(error))
        return lambda _: person
    return partial(RiskService, RiskModel.load(folder))
