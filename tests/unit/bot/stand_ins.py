"""What the bot's tests put in place of models, search, order systems and risk models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import bot
import numpy as np
from bot.actions.answer import ActionAnswer
from bot.actions.cancel_order import ActionCancelOrder, ActionCheckCancellation
from bot.actions.handover import ActionHandover
from bot.actions.order_risk import ActionAssessOrderRisk
from bot.actions.order_status import ActionOrderHistory, ActionOrderStatus, ActionRefundStatus
from bot.actions.runner import ActionRunner
from bot.answers import Answers
from bot.assistant import Assistant, Shop
from bot.dialogue.interpret import Thresholds
from bot.messages import Shopper, Turn, UserMessage
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
from bot.shop import ShopFiles
from bot.storage.conversations import ConversationStore
from knowledge.entries import Entry, Hit, Source
from nlu.understanding import Entity, IntentRank, Understanding
from rasa_sdk import Action
from sqlalchemy import Engine

DEMO = Path(bot.__file__).parent / "demo"
THRESHOLDS = Thresholds(0.6, {"en": 0.5, "zh": 0.5})

ADA = Shopper("ada-session", 1)
BEN = Shopper("ben-session", 2)
VISITOR = Shopper("visitor-session")
BENS_ORDER = "4101"
NO_ORDER = "4999"


def entity(name: str, value: str, role: str | None = None) -> Entity:
    return Entity(name, value, value, 0, len(value), role)


def heard(
    text: str = "",
    intent: str = "",
    probability: float = 0.95,
    *,
    entities: Iterable[Entity] = (),
    others: Mapping[str, float] | None = None,
    language: str = "en",
    out_of_scope: bool = False,
) -> Understanding:
    ranks = [IntentRank(intent, probability)] if intent else []
    ranks += [IntentRank(name, p) for name, p in (others or {}).items()]
    return Understanding(text, language, tuple(ranks), out_of_scope,
                         0.1 if out_of_scope else 0.9, tuple(entities))


def entry(id: str, *, intent: str | None = None, language: str = "en") -> Entry:
    return Entry(id, language, f"Question of {id}?", f"Answer of {id}.", Source("faq/x.md", 7),
                 intent=intent)


def hit(id: str, probability: float, *, intent: str | None = None) -> Hit:
    return Hit(entry(id, intent=intent), 1.0, probability, 0.5, 0.5, id)


class ScriptedUnderstander:
    """Knows the texts of its script; anything else is out of scope. Keeps what it was asked."""

    def __init__(self, script: Mapping[str, Understanding]) -> None:
        self.script = dict(script)
        self.asked: list[str] = []

    async def understand(self, text: str) -> Understanding:
        self.asked.append(text)
        found = self.script.get(text, heard(intent="chitchat", probability=0.1, out_of_scope=True))
        return replace(found, text=text)


class ScriptedSearcher:
    """Finds what its script has for a text."""

    def __init__(self, script: Mapping[str, Sequence[Hit]]) -> None:
        self.script = dict(script)

    def search(self, query: str, **_: Any) -> Sequence[Hit]:
        return self.script.get(query, ())


async def no_vector(text: str) -> Any:
    return np.zeros(1, np.float32)


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
    parcel = Shipment("PostNord", f"PN{number}", datetime(2025, 3, day + 1, tzinfo=UTC),
                      datetime(2025, 3, day + 4, tzinfo=UTC), arrived)
    return Order(
        number, customer_id, status, datetime(2025, 3, day, tzinfo=UTC), "USD",
        Decimal("5.00"), Decimal("84.00"), "US", "Portland", "US", "",
        (OrderItem("P1", f"Item of {number}", "red", "M", 1, Decimal("79.00")),),
        Payment("Visa", "captured", 1, "US"), (parcel,) if sent else (), returns,
    )


def two_customers() -> MemoryOrders:
    """Ada: 4001 delivered, 4002 shipped, 4003 placed (risky), 4004 refunded, 4005 latest, placed.

    Ben: 4101 placed. Customer 3, Cleo, has no orders.
    """
    refund = Return("refunded", "too small", Decimal("79.00"),
                    datetime(2025, 3, 9, tzinfo=UTC), datetime(2025, 3, 12, tzinfo=UTC))
    orders = [
        order("4001", OrderStatus.DELIVERED, day=1),
        order("4002", OrderStatus.SHIPPED, day=2),
        order("4003", OrderStatus.PLACED, day=3),
        order("4004", OrderStatus.RETURNED, day=4, returns=(refund,)),
        order("4005", OrderStatus.PLACED, day=5),
        order(BENS_ORDER, OrderStatus.PLACED, customer_id=2, day=6),
    ]
    people = [
        Customer(i, name, f"{name.lower()}@example.org", "", "US", "Portland",
                 datetime(2024, 1, 1, tzinfo=UTC))
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


class SaysItsName(Action):
    """Stands for an action that is tested elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"({self._name})")
        return []


@dataclass
class Desk:
    """An assistant with everything behind it, to talk to."""

    shop: Shop
    words: Mapping[str, str]
    engine: Engine
    orders: MemoryOrders
    understander: ScriptedUnderstander
    searcher: ScriptedSearcher
    more_actions: tuple[Action, ...] = ()
    store: ConversationStore = field(init=False)
    assistant: Assistant = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin again on the same database, as after a new deployment."""
        self.store = ConversationStore(self.engine)
        answers = Answers(self.searcher, no_vector)
        risk = RiskyOrders("4003")
        actions = (
            ActionAnswer(answers, self.shop.thresholds),
            ActionOrderStatus(self.orders, answers),
            ActionOrderHistory(self.orders, answers),
            ActionRefundStatus(self.orders, answers),
            ActionCheckCancellation(self.orders, risk, answers),
            ActionCancelOrder(self.orders),
            ActionAssessOrderRisk(self.orders, risk),
            ActionHandover(self.store, self.orders, self.orders, risk),
            *(SaysItsName(f"action_{n}")
              for n in ("recommend_product", "product_info", "compare_products")),
            *self.more_actions,
        )
        runner = ActionRunner(actions, self.shop.domain, self.words)
        self.assistant = Assistant(self.shop, self.understander, answers, runner, self.store)

    async def say(
        self,
        text: str,
        shopper: Shopper = ADA,
        *,
        conversation: str = "c1",
        language: str | None = None,
    ) -> Turn:
        return await self.assistant.handle(
            UserMessage(conversation, text, shopper, language=language))

    async def texts(self, text: str, shopper: Shopper = ADA, *, conversation: str = "c1") -> str:
        """Say it; return all replies as one text."""
        turn = await self.say(text, shopper, conversation=conversation)
        return "\n".join(m.text for m in turn.messages)


def desk_of(files: ShopFiles, engine: Engine, **changes: Any) -> Desk:
    parts: dict[str, Any] = {
        "shop": Shop(files.domain, files.flows, THRESHOLDS),
        "words": files.words,
        "engine": engine,
        "orders": two_customers(),
        "understander": ScriptedUnderstander(SCRIPT),
        "searcher": ScriptedSearcher(FOUND),
    }
    return Desk(**{**parts, **changes})


SCRIPT: dict[str, Understanding] = {
    "hello": heard(intent="greet"),
    "where is my order": heard(intent="track_order"),
    "where is my refund": heard(intent="track_refund"),
    "my orders": heard(intent="order_history"),
    "cancel my order": heard(intent="cancel_order"),
    "a person please": heard(intent="contact_human_agent"),
    "yes": heard(intent="affirm"),
    "no": heard(intent="deny"),
    "stop": heard(intent="stop"),
    "start over": heard(intent="restart"),
    "say that again": heard(intent="repeat"),
    "yes?": heard(intent="affirm", probability=0.3, others={"deny": 0.2}),
    "how long does delivery take": heard(intent="delivery_period"),
    "me@example.org": heard(intent="chitchat", probability=0.2,
                            entities=[entity("email", "me@example.org")], out_of_scope=True),
    "order or refund": heard(intent="track_order", probability=0.4, others={"track_refund": 0.35}),
    "cancel and refund, no idea": heard(intent="chitchat", probability=0.1,
                                        others={"insult": 0.1}),
    "我的订单到哪了": heard(intent="track_order", language="zh"),
    **{
        f"{words} {number}": heard(intent=intent, entities=[entity("order_number", number)])
        for words, intent in (("where is", "track_order"), ("cancel", "cancel_order"),
                              ("refund of", "track_refund"), ("I want a refund for", "get_refund"),
                              ("yes", "affirm"))
        for number in ("4001", "4002", "4003", "4004", "4005", BENS_ORDER, NO_ORDER)
    },
}

FOUND: dict[str, Sequence[Hit]] = {
    "how long does delivery take": (hit("delivery-time", 0.9, intent="delivery_period"),),
    "order or refund": (hit("tracking", 0.3), hit("refund-time", 0.1)),
    "cancel and refund, no idea": (hit("refund-time", 0.12),),
    "I want a refund for 4001": (hit("refund-how", 0.9, intent="get_refund"),),
}
