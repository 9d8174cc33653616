"""What the bot's tests put in place of models, search and whole shops."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from rasa_sdk import Action
from shop_data import (
    ADA,
    BENS_ORDER,
    NO_ORDER,
    VISITOR,
    MemoryOrders,
    RiskyOrders,
    two_customers,
)
from sqlalchemy import Engine

import bot
from bot.actions.answer import ActionAnswer
from bot.actions.cancel_order import ActionCancelOrder, ActionCheckCancellation
from bot.actions.handover import ActionHandover
from bot.actions.order_risk import ActionAssessOrderRisk
from bot.actions.order_status import ActionOrderHistory, ActionOrderStatus, ActionRefundStatus
from bot.actions.runner import ActionRunner
from bot.actions.shop_actions import load_shop_actions, with_shop_actions
from bot.answers import Answers
from bot.assistant import Assistant
from bot.dialogue.domain import Domain
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.flow_files import read_flows
from bot.dialogue.flows import Flows
from bot.dialogue.script import write_script
from bot.dialogue.thresholds import Thresholds
from bot.dialogue.tracker import replay
from bot.errors import ConversationNotYours
from bot.live import Live
from bot.messages import Shopper, Turn, UserMessage
from bot.shop import ShopFiles
from bot.storage.conversations import ConversationStore
from knowledge.entries import Entry, Hit, Source
from knowledge.index.search import Findings
from nlu.understanding import Entity, IntentRank, Understanding

DEMO = Path(bot.__file__).parent / "demo"
PATTERNS = Path(bot.__file__).parent / "dialogue" / "patterns.yml"


THRESHOLDS = Thresholds(0.6, 0.3, {"en": 0.5, "zh": 0.5})


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
    return Understanding(
        text, language, tuple(ranks), out_of_scope, 0.1 if out_of_scope else 0.9, tuple(entities)
    )


def entry(id: str, *, intent: str | None = None, language: str = "en") -> Entry:
    return Entry(
        id, language, f"Question of {id}?", f"Answer of {id}.", Source("faq/x.md", 7), intent=intent
    )


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

    def consult(self, query: str, *, prior: Mapping[str, float], **_: Any) -> Findings:
        hits = tuple(self.script.get(query, ()))
        likeliest = next(iter(prior), "")
        return Findings(hits, next((h for h in hits if h.entry.intent == likeliest), None))


async def no_vector(text: str) -> Any:
    return np.zeros(1, np.float32)


class SaysItsName(Action):
    """Stands for an action that is tested elsewhere."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=f"({self._name})")
        return []


@dataclass(eq=False)
class Known:
    """A snapshot of knowledge that says what its script has."""

    index: ScriptedSearcher
    thresholds: Thresholds = THRESHOLDS
    links: Mapping[str, str] = field(default_factory=dict)


def answers_from(script: Mapping[str, Sequence[Hit]]) -> Answers:
    return Answers(Live(Known(ScriptedSearcher(script))), no_vector)


@dataclass(frozen=True)
class Shop:
    """What a shop's files say."""

    domain: Domain
    flows: Flows


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
        answers = Answers(Live(Known(self.searcher)), no_vector)
        risk = RiskyOrders("4003")
        actions = (
            ActionAnswer(answers),
            ActionOrderStatus(self.orders, answers),
            ActionOrderHistory(self.orders, answers),
            ActionRefundStatus(self.orders, answers),
            ActionCheckCancellation(self.orders, risk, answers),
            ActionCancelOrder(self.orders),
            ActionAssessOrderRisk(self.orders, risk),
            ActionHandover(self.store, self.orders, self.orders, risk),
            *(
                SaysItsName(f"action_{n}")
                for n in ("recommend_product", "product_info", "compare_products")
            ),
            *self.more_actions,
        )
        runner = ActionRunner(
            with_shop_actions(actions, load_shop_actions(DEMO)), self.shop.domain, self.words
        )
        script = write_script(self.shop.domain, self.shop.flows, runner.names)
        check_flows(script)
        self.assistant = Assistant(script, self.understander, answers, runner, self.store)

    async def say(
        self,
        text: str,
        shopper: Shopper = ADA,
        *,
        conversation: str = "c1",
        language: str | None = None,
    ) -> Turn:
        return await self.assistant.handle(
            UserMessage(conversation, text, shopper, language=language)
        )

    async def texts(self, text: str, shopper: Shopper = ADA, *, conversation: str = "c1") -> str:
        """Say it; return all replies as one text."""
        turn = await self.say(text, shopper, conversation=conversation)
        return "\n".join(m.text for m in turn.messages)


def desk_of(files: ShopFiles, engine: Engine, **changes: Any) -> Desk:
    parts: dict[str, Any] = {
        "shop": Shop(files.domain, files.flows),
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
    "me@example.org": heard(
        intent="chitchat",
        probability=0.2,
        entities=[entity("email", "me@example.org")],
        out_of_scope=True,
    ),
    "order or refund": heard(intent="track_order", probability=0.4, others={"track_refund": 0.35}),
    "cancel and refund, no idea": heard(intent="chitchat", probability=0.1, others={"insult": 0.1}),
    "我的订单到哪了": heard(intent="track_order", language="zh"),
    **{
        f"{words} {number}": heard(intent=intent, entities=[entity("order_number", number)])
        for words, intent in (
            ("where is", "track_order"),
            ("cancel", "cancel_order"),
            ("refund of", "track_refund"),
            ("I want a refund for", "get_refund"),
            ("yes", "affirm"),
        )
        for number in ("4001", "4002", "4003", "4004", "4005", BENS_ORDER, NO_ORDER)
    },
}


FOUND: dict[str, Sequence[Hit]] = {
    "how long does delivery take": (hit("delivery-time", 0.9, intent="delivery_period"),),
    "order or refund": (hit("tracking", 0.3), hit("refund-time", 0.1)),
    "cancel and refund, no idea": (hit("refund-time", 0.12),),
    "I want a refund for 4001": (hit("refund-how", 0.9, intent="get_refund"),),
}


def shop_with(demo: ShopFiles, folder: Path, flows: str) -> Shop:
    (folder / "flows").mkdir()
    (folder / "flows" / "a.yml").write_text(flows)
    return Shop(demo.domain, read_flows(folder / "flows", PATTERNS))


def state_of(desk: Desk, conversation: str = "c1") -> Any:
    store: ConversationStore = desk.store
    for shopper in (ADA, VISITOR):
        try:
            return replay(store.read(conversation, shopper))
        except ConversationNotYours:
            continue
    raise AssertionError("whose conversation is it?")
