"""Whatever is said, in whatever state: nothing raises, and no slot gets what it may not have."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from interpret_shop import SCRIPT, SLOTS, THRESHOLDS, hit

from bot.dialogue.commands import CorrectSlots, SetSlot, StartFlow, StartPattern
from bot.dialogue.interpret import interpret
from bot.dialogue.said import collected
from bot.dialogue.tracker import Frame, State
from knowledge.index.search import Findings
from nlu.understanding import Entity, IntentRank, Understanding

CONTROLLED = {"secret"}
VALUES: Mapping[str, tuple[str, ...]] = {
    "order_number": ("4471", "4417", "４４１７"),
    "email": ("a@b.org", "c@d.org"),
    "city": ("Paris", "Rome"),
    "place": ("Oslo", "Lima"),
    "date": ("2026-01-01",),
    "name": ("Ann",),
    "number": ("2", "500"),
    "invoice_number": ("B-1", "B-2"),
    "place_name": ("hall",),
    "unknown": ("x", ""),
}
WORDS = st.sampled_from(
    "yes no yep nope ok 嗯 不 不用了 行 sorry actually not but make that instead 不是 是 改成 "
    "说错了 red blue bleu small large 大号 extra 2 two 两个 500 never mind skip 跳过 算了 人工 "
    "agent how where can i ? ？ 吗 4471 4417 Paris Rome , ， . 👍 the second one 第二个 /affirm "
    '/inform{"size":"large"} ﷺ ㎏ İ'.split()
)
TEXTS = st.one_of(st.lists(WORDS, max_size=7).map(" ".join), st.text(max_size=30))
INTENTS = (*sorted(SCRIPT.flows.by_intent), "faq", "")


@st.composite
def understandings(draw: st.DrawFn) -> Understanding:
    text = draw(TEXTS)
    names = draw(st.lists(st.sampled_from(INTENTS), max_size=3, unique=True))
    sure = sorted(draw(st.lists(st.floats(0, 1), min_size=3, max_size=3)), reverse=True)
    entities = []
    for name in draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=3)):
        value = draw(st.sampled_from(VALUES[name]))
        start = max(text.find(value), 0)
        role = draw(st.sampled_from([None, "from", "to"]))
        entities.append(Entity(name, value, value, start, start + len(value), role))
    return Understanding(
        text,
        draw(st.sampled_from(["en", "zh"])),
        tuple(IntentRank(n, p) for n, p in zip(names, sure, strict=False)),
        draw(st.booleans()),
        draw(st.floats(0, 1)),
        tuple(entities),
    )


OF_TYPE: Mapping[str, tuple[Any, ...]] = {
    "bool": (True, False),
    "float": (2.0, 3.0),
    "text": ("4471", "Paris", "a@b.org", "B-1"),
}
SLOT_VALUES = {
    slot.name: st.sampled_from([None, *(slot.values or OF_TYPE.get(slot.type, ()))])
    for slot in SLOTS
}
BUTTONS = st.sampled_from(
    [[], [{"title": "Yes", "payload": "/affirm"}, {"title": "4417", "payload": "/deny"}]]
)


@st.composite
def states(draw: st.DrawFn) -> State:
    frames = []
    for flow in draw(st.lists(st.sampled_from(sorted(SCRIPT.flows.by_id)), max_size=3)):
        step = draw(st.sampled_from([*SCRIPT.flows.by_id[flow].steps, "gone"]))
        kind = draw(st.sampled_from(["regular", "call", "pattern"]))
        done, asked = draw(st.booleans()), draw(st.booleans())
        frames.append(Frame(flow, step, kind, done=done, asked=asked))
    shown = {"event": "bot", "text": "?", "data": {"buttons": draw(BUTTONS)}}
    return State(
        slots=draw(st.fixed_dictionaries(SLOT_VALUES)),
        stack=tuple(frames),
        last_flow=draw(st.sampled_from(["", "gone", "status", "order_gear"])),
        last_replies=(shown,),
    )


HITS = st.lists(
    st.builds(hit, st.sampled_from("ab"), st.floats(0, 1), st.sampled_from([None, "get_refund"])),
    max_size=2,
)


@settings(max_examples=150, deadline=None)
@given(understandings(), HITS, st.booleans(), states())
def test_no_slot_gets_what_it_may_not_have(
    understanding: Understanding, hits: list[Any], topical: bool, state: State
) -> None:
    evidence = Findings(tuple(hits), hits[0] if hits and topical else None)
    decision = interpret(understanding, evidence, state, script=SCRIPT, thresholds=THRESHOLDS)
    assert decision.reason
    filled = [(c.name, c.value) for c in decision.commands if isinstance(c, SetSlot)]
    corrected = [p for c in decision.commands if isinstance(c, CorrectSlots) for p in c.slots]
    names = [name for name, _ in (*filled, *corrected)]
    assert len(names) == len(set(names))
    for name, value in (*filled, *corrected):
        assert name not in CONTROLLED
        assert value is not None
        assert SCRIPT.domain.slots[name].coerce(value) == value
    for command in decision.commands:
        if isinstance(command, StartFlow):
            assert command.flow in SCRIPT.flows.by_id
            assert all(frame.flow != command.flow for frame in state.task)
        if isinstance(command, StartPattern):
            assert command.pattern.startswith("pattern_")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["yes", "Yes, ", "ok ", "嗯，", "是的，", "", "sure, but ", "yes and "]),
    st.sampled_from(["order_number", "colour", "quantity"]),
    st.sampled_from(["affirm", "deny", "cancel_order", "order_gear", ""]),
    st.floats(0, 1),
)
def test_no_yes_passes_beside_another_value(
    yes: str, slot: str, intent: str, probability: float
) -> None:
    known = {"order_number": "4471", "colour": "red", "quantity": 2.0}[slot]
    other = {"order_number": "4417", "colour": "blue", "quantity": "3"}[slot]
    flow, step = {
        "order_number": ("cancel_order", "confirm_cancel"),
        "colour": ("order_gear", "gift"),
        "quantity": ("order_gear", "gift"),
    }[slot]
    text = f"{yes} {other}"
    start = len(yes) + 1
    entities = (
        (Entity("order_number", other, other, start, start + len(other)),)
        if slot == "order_number"
        else ()
    )
    heard = Understanding(
        text, "en", (IntentRank(intent, probability),), False, 0.9, entities
    )
    state = State(slots={slot: known}, stack=(Frame(flow, step, asked=True),))
    assert slot in collected([flow], SCRIPT)
    decision = interpret(heard, Findings(), state, script=SCRIPT, thresholds=THRESHOLDS)
    assert SetSlot(step, True) not in decision.commands
    corrected = [dict(c.slots).keys() for c in decision.commands if isinstance(c, CorrectSlots)]
    started = [c for c in decision.commands if isinstance(c, StartFlow)]
    assert corrected == [{slot}] or (started and intent in SCRIPT.flows.by_intent)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from(["?", "？", " not", " maybe", " wait", " 等等", " 别", " 贵"]))
def test_the_model_alone_never_says_yes(text: str, spoils: str) -> None:
    heard = Understanding(
        text + spoils, "en", (IntentRank("affirm", 1.0),), False, 1.0, ()
    )
    shown = [{"title": "Yes, cancel it", "payload": "/affirm"}]
    state = State(
        slots={"order_number": "4471"},
        stack=(Frame("cancel_order", "confirm_cancel", asked=True),),
        last_replies=({"event": "bot", "text": "?", "data": {"buttons": shown}},),
    )
    decision = interpret(heard, Findings(), state, script=SCRIPT, thresholds=THRESHOLDS)
    assert SetSlot("confirm_cancel", True) not in decision.commands
