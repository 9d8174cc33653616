"""Makes a shop ready: trains, embeds, seeds and fits what changed, and nothing else.

Everything made here is kept in the shop's state folder by the digest of what it was made from.
"""

import hashlib
import os
import shutil
import time
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
from knowledge.entries import Content
from knowledge.formats.digests import content_digest
from knowledge.formats.folder import load_folder
from knowledge.formats.questions import Question, load_questions
from knowledge.index.answer_model import AnswerModel
from knowledge.index.answering import Labelled, fit
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.encoder import OnnxSentenceEncoder
from knowledge.index.products import ProductIndex
from knowledge.index.search import KnowledgeIndex
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.rasa_format import TrainingData, read_training_data
from nlu.training import TrainingSettings, data_digest, train

PERSONAS = 6
"""The demo's first customers are made for visitors to sign in as."""

KEPT_MODELS = 3
"""Older intent models that stay on disk, so that going back to earlier files costs no training."""


@dataclass(frozen=True)
class Prepared:
    """The parts that are made from the shop's files and data."""

    engine: Engine
    orders: SqlOrders
    risk: OrderAssessor
    content: Content
    encoder: OnnxSentenceEncoder
    index: KnowledgeIndex
    products: ProductIndex
    classifier: IntentClassifier
    intents: tuple[str, ...]
    demo_customers: tuple[tuple[int, str], ...]


def prepare(shop: ShopFiles, progress: ProgressCallback, *, force: bool = False) -> Prepared:
    """Make everything ready; `force` trains again although nothing changed.

    Raises:
        ConfigError, ModelError, KnowledgeError, TrainingDataError, EncoderFilesError.
    """
    content = load_folder(shop.folder / "knowledge")  # the cheap checks first
    model_dir = find_encoder(shop.settings.models.encoder, shop.folder)
    data = read_training_data(shop.folder / "nlu")
    intent_model = _intent_model(shop, data, model_dir, progress, force=force)
    threads = shop.settings.models.threads
    extractor = EntityExtractor(data.lookups, data.synonyms, data.regexes)
    classifier = IntentClassifier.load(intent_model, extractor, threads=threads)
    encoder = OnnxSentenceEncoder.open(
        model_dir, shop.state_dir / "encoder", threads=threads, progress=progress
    )
    cache = EmbeddingCache(shop.state_dir / "vectors")
    index = KnowledgeIndex.build(content, encoder, cache, progress=progress)
    index = index.with_model(_answer_model(shop, content, index, classifier, intent_model.name))
    products = ProductIndex.build(content.products, encoder, cache, progress=progress)
    engine = open_database(shop.settings.storage.url, shop.state_dir)
    fresh = _seed(shop, engine, content, progress)
    orders = SqlOrders(engine)
    risk = _risk(shop, orders, progress, force=force or fresh)
    demo = demo_customers(orders) if shop.settings.orders.demo_history else ()
    intents = tuple(dict.fromkeys(e.intent for e in data.examples))
    return Prepared(
        engine, orders, risk, content, encoder, index, products, classifier, intents, demo
    )


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


def _answer_model(
    shop: ShopFiles,
    content: Content,
    index: KnowledgeIndex,
    classifier: IntentClassifier,
    classifier_digest: str,
) -> AnswerModel:
    """Fit when a search hit answers, on the shop's test questions with what the intents say."""
    path = shop.folder / "tests" / "questions.yml"
    questions = load_questions(path) if path.is_file() else ()
    asked = [(q.question, q.language, sorted(q.acceptable)) for q in questions]
    made_from = [
        content_digest(content),
        classifier_digest,
        index.encoder.identity,
        shop.settings.knowledge.max_wrong,
        asked,
    ]
    digest = hashlib.sha256(repr(made_from).encode()).hexdigest()[:16]
    kept = shop.state_dir / "answers" / f"{digest}.json"
    if kept.is_file():
        with suppress(ValueError):  # damaged: fitted again below
            return AnswerModel.load(kept)
    model = fit(
        _labelled(questions, classifier), index, max_wrong=shop.settings.knowledge.max_wrong
    )
    kept.parent.mkdir(parents=True, exist_ok=True)
    model.save(kept)
    return model


def _labelled(
    questions: tuple[Question, ...], classifier: IntentClassifier
) -> tuple[Labelled, ...]:
    heard = classifier.understand_batch([q.question for q in questions]) if questions else []
    return tuple(
        Labelled(
            q.question, q.language, {r.name: r.probability for r in u.intents[:10]}, q.acceptable
        )
        for q, u in zip(questions, heard, strict=True)
    )


def _seed(shop: ShopFiles, engine: Engine, content: Content, progress: ProgressCallback) -> bool:
    """Fill an empty database with the demo's history, where shop.toml wants that."""
    if not shop.settings.orders.demo_history:
        return False
    from bot.demo.make_orders import seed

    return seed(engine, content.products, today=datetime.now(UTC), progress=progress).fresh


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
