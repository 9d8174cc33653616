"""A small shop in code, to try on it how messages are understood in the middle of a task."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.dialogue.commands import Command, Decision
from bot.dialogue.conditions import parse_condition
from bot.dialogue.domain import Domain, Form
from bot.dialogue.flows import END, Branch, Flow, Flows, Step, Trigger
from bot.dialogue.interpret import interpret
from bot.dialogue.script import Script
from bot.dialogue.slots import Slot, SlotMapping
from bot.dialogue.thresholds import NO_EVIDENCE, Thresholds
from bot.dialogue.tracker import Frame, State
from knowledge.entries import Entry, Hit, Source
from knowledge.index.search import Findings
from nlu.understanding import Entity, IntentRank, Understanding

THRESHOLDS = Thresholds(0.6, 0.3, {"en": 0.5, "zh": 0.5})
LLM = (SlotMapping("from_llm"),)
YES_OR_NO = (
    SlotMapping("from_intent", intents=("affirm",), value=True),
    SlotMapping("from_intent", intents=("deny", "stop"), value=False),
)


def of_entity(name: str, entity: str, role: str | None = None) -> Slot:
    return Slot(name, "text", (SlotMapping("from_entity", entity, role=role),))


SLOTS = (
    of_entity("order_number", "order_number"),
    of_entity("invoice", "invoice_number"),
    Slot("confirm_cancel", "bool", YES_OR_NO),
    Slot(
        "contact_email",
        "text",
        (
            SlotMapping("from_entity", "email"),
            SlotMapping("from_intent", intents=("deny", "stop"), value="none"),
        ),
    ),
    Slot("reason", "text", (SlotMapping("from_text"),)),
    Slot("colour", "categorical", LLM, values=("red", "blue", "white", "green", "红色", "蓝色")),
    Slot(
        "size", "categorical", LLM,
        values=("small", "medium", "large", "extra large", "大号", "小号"),
    ),
    Slot("about", "categorical", LLM, values=("delivery", "service", "product")),
    Slot("story", "text", (SlotMapping("from_text"),)),
    Slot("wish", "text", (SlotMapping("from_text"),)),
    Slot("pass_on", "bool", YES_OR_NO),
    Slot("quantity", "float", LLM, minimum=1, maximum=20),
    Slot("gift", "bool", LLM),
    of_entity("day", "date"),
    of_entity("from_city", "city"),
    of_entity("to_city", "city"),
    of_entity("ship_from", "place", "from"),
    of_entity("ship_to", "place", "to"),
    of_entity("nickname", "name"),
    Slot("places", "list", (SlotMapping("from_entity", "place_name"),)),
    Slot("secret", "text", (SlotMapping("controlled"),)),
    Slot(
        "topic", "text",
        (SlotMapping("from_trigger_intent", intents=("book_table",), value="table"),),
    ),
    Slot("seats", "float", (SlotMapping("from_entity", "number", not_intents=("complain",)),)),
)  # fmt: skip


def asking(slot: str, *, before_filling: bool = False, optional: bool = False) -> Step:
    return Step(
        slot, "collect", (), slot, ask_before_filling=before_filling, optional=optional
    )


def doing(action: str) -> Step:
    return Step(action, "action", (), action)


def flow(
    id: str, intent: str, *steps: Step, guard: str = "", sure: float = 0.0, form: bool = False,
    zh: str = "",
) -> Flow:
    triggers = (Trigger(intent, sure),) if intent else ()
    condition = parse_condition(guard) if guard else None
    following = [*(step.id for step in steps[1:]), END]
    by_id = {
        step.id: replace(step, branches=(Branch(None, target),))
        for step, target in zip(steps, following, strict=True)
    }
    titles = {"zh": zh} if zh else {}
    return Flow(id, id, "", triggers, titles, steps[0].id, by_id, frozenset(), condition, form=form)


FLOWS = (
    flow("track_order", "track_order", doing("action_order_status")),
    flow("order_history", "order_history", doing("action_order_history")),
    flow("get_refund", "get_refund", doing("action_answer")),
    flow(
        "cancel_order", "cancel_order",
        asking("order_number"), asking("confirm_cancel"), zh="取消订单",
    ),
    flow(
        "complaint", "complaint", asking("about"), asking("story"),
        asking("wish", optional=True), asking("pass_on", before_filling=True), zh="投诉",
    ),
    flow("bot_challenge", "bot_challenge", doing("utter_bot_challenge")),
    flow("status", "order_status", asking("order_number"), doing("action_order_status")),
    flow("return_item", "return_item", asking("order_number"), asking("reason")),
    flow(
        "order_gear", "order_gear",
        asking("colour"), asking("size"), asking("quantity"), asking("gift"), asking("day"),
    ),
    flow("trip", "trip", asking("from_city"), asking("to_city"), asking("day"), asking("gift")),
    flow("shipment", "shipment", asking("ship_from"), asking("ship_to")),
    flow("profile", "profile", asking("contact_email"), asking("nickname", before_filling=True)),
    flow("tour", "tour", asking("places"), Step("c", "call", (), "profile")),
    flow("book_form", "book_table", asking("seats"), asking("topic"), asking("secret"), form=True),
    flow("members", "members", doing("action_members"), guard="slots.member"),
    flow("close_account", "close_account", doing("action_close"), sure=0.9),
    flow("confirm_flow", "", asking("gift")),
    flow("greet", "greet", doing("utter_greet")),
    flow("goodbye", "goodbye", doing("utter_goodbye")),
    flow("affirm", "affirm", doing("utter_affirm")),
    flow("deny", "deny", doing("utter_deny")),
    flow("pattern_cancel_flow", "stop", doing("action_cancel_flow")),
    flow("pattern_skip_question", "skip", doing("action_skip_question")),
    flow("pattern_restart", "restart", doing("action_restart")),
    flow("pattern_repeat_bot_messages", "repeat", doing("action_repeat_bot_messages")),
    flow("pattern_chitchat", "chitchat", doing("utter_chitchat")),
    flow("pattern_typo", "", doing("utter_read_as")),
    flow(
        "pattern_human_handoff", "contact_human_agent",
        doing("action_handover"), asking("contact_email"),
    ),
)  # fmt: skip
DOMAIN = Domain(
    {slot.name: slot for slot in SLOTS},
    {},
    (),
    forms={"book_form": Form("book_form", ("seats", "topic"), ("complain",))},
)
SCRIPT = Script(
    DOMAIN,
    Flows({f.id: f for f in FLOWS}, {i: f for f in FLOWS for i in f.intents}),
    frozenset(),
)


def at(flow_id: str, step: str, *, buttons: Sequence[tuple[str, str]] = (), **slots: Any) -> State:
    """A conversation in which this question was just asked."""
    kind = "pattern" if flow_id.startswith("pattern_") else "regular"
    shown = [{"title": title, "payload": payload} for title, payload in buttons]
    return State(
        slots=slots,
        stack=(Frame(flow_id, step, kind, asked=True),),
        last_replies=({"event": "bot", "text": "?", "data": {"buttons": shown}},),
    )


def hear(
    text: str,
    intent: str = "",
    probability: float = 0.9,
    *,
    language: str = "en",
    out_of_scope: bool = False,
    roles: Mapping[str, str] | None = None,
    **entities: str | Sequence[str],
) -> Understanding:
    """What is understood of a text; entities stand in it as typed."""
    found = []
    for name, typed in entities.items():
        for value in [typed] if isinstance(typed, str) else typed:
            start = text.find(value)
            role = (roles or {}).get(value)
            found.append(Entity(name, value, value, start, start + len(value), role))
    ranks = (IntentRank(intent, probability),) if intent else ()
    return Understanding(text, language, ranks, out_of_scope, 0.9, tuple(found))


def hit(id: str, probability: float, intent: str | None = None) -> Hit:
    entry = Entry(id, "en", f"{id}?", f"{id}.", Source("faq/x.md", 7), intent=intent)
    return Hit(entry, 1.0, probability, 0.5, 0.5, id)


def on(intent: str) -> Findings:
    """What a search finds on a topic."""
    found = hit(intent, 0.8, intent)
    return Findings((found,), found)


def decide(
    understanding: Understanding, state: State, evidence: Findings = NO_EVIDENCE
) -> Decision:
    return interpret(understanding, evidence, state, script=SCRIPT, thresholds=THRESHOLDS)


def commands(
    understanding: Understanding, state: State, evidence: Findings = NO_EVIDENCE
) -> list[Command]:
    return list(decide(understanding, state, evidence).commands)
