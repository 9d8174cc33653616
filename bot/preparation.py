"""Makes models and orders ready: trains, exports and seeds what changed, and nothing else.

Everything made here is kept in the shop's state folder by the digest of what it was made from.
"""

import os
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from bot.errors import ModelError
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
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.rasa_format import TrainingData, read_training_data
from nlu.training import TrainingSettings, data_digest, train

PERSONAS = 6
"""The demo's first customers are made for visitors to sign in as."""

KEPT_MODELS = 3
"""Older intent models that stay on disk, so that going back to earlier files costs no training."""


@dataclass(frozen=True)
class Models:
    """What understands and encodes. `name` changes with whatever would change their results."""

    classifier: IntentClassifier
    encoder: OnnxSentenceEncoder
    reranker: Reranker | None
    intents: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class OrderDesk:
    """The shop's database with its orders, and who weighs their risk."""

    engine: Engine
    orders: SqlOrders
    risk: OrderAssessor
    demo_customers: tuple[tuple[int, str], ...]


def prepare_models(shop: ShopFiles, progress: ProgressCallback, *, force: bool = False) -> Models:
    """Train and export what changed; `force` trains again although nothing did.

    Raises:
        ConfigError, ModelError, TrainingDataError, EncoderFilesError.
    """
    model_dir = find_encoder(shop.settings.models.encoder, shop.folder)
    data = read_training_data(shop.folder / "nlu")
    intent_model = _intent_model(shop, data, model_dir, progress, force=force)
    threads = shop.settings.models.threads
    extractor = EntityExtractor(data.lookups, data.synonyms, data.regexes)
    classifier = IntentClassifier.load(intent_model, extractor, threads=threads)
    encoder = OnnxSentenceEncoder.open(
        model_dir, shop.state_dir / "encoder", threads=threads, progress=progress
    )
    intents = tuple(dict.fromkeys(e.intent for e in data.examples))
    name = f"{intent_model.name} {encoder.identity}"
    return Models(classifier, encoder, _reranker(shop), intents, name)


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
    risk = _risk(shop, orders, progress, force=force or fresh)
    demo = demo_customers(orders) if shop.settings.orders.demo_history else ()
    return OrderDesk(engine, orders, risk, demo)


def _intent_model(
    shop: ShopFiles,
    data: TrainingData,
    model_dir: Path,
    progress: ProgressCallback,
    *,
    force: bool,
) -> Path:
    """Return the folder of the model trained on this data, training it where there is none."""
    settings = TrainingSettings()
    folder = shop.state_dir / "intents"
    target = folder / data_digest(data, model_dir, settings)
    if force and target.exists():
        shutil.rmtree(target)
    if not target.exists():
        train(data, model_dir, target, settings=settings, progress=progress)
        _forget_oldest(folder, keep=KEPT_MODELS)
    os.utime(target)  # the least recently used model goes first
    return target


def _forget_oldest(folder: Path, *, keep: int) -> None:
    """Remove the models least recently used, and what a killed training left behind."""
    found = [p for p in folder.iterdir() if p.is_dir()]
    models = sorted((p for p in found if p.name[0] != "."), key=lambda p: p.stat().st_mtime)
    a_day_ago = time.time() - 24 * 3600  # a younger one may belong to a process at work
    left = [p for p in found if p.name[0] == "." and p.stat().st_mtime < a_day_ago]
    for old in (*models[:-keep], *left):
        shutil.rmtree(old, ignore_errors=True)


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


def _risk(
    shop: ShopFiles, orders: SqlOrders, progress: ProgressCallback, *, force: bool
) -> OrderAssessor:
    folder = shop.state_dir / "risk"
    if not force and folder.exists():
        with suppress(ModelError):  # made by another version: trained again below
            return RiskService(RiskModel.load(folder), orders)
    try:
        train_risk(orders.past_orders(), folder, progress=progress)
    except ModelError as error:
        return PersonDecides(str(error))
    return RiskService(RiskModel.load(folder), orders)
