"""Whatever is decided, on the demo's own flows: the engine never raises and each turn ends."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_data import BENS_ORDER, NO_ORDER
from stand_ins import DEMO, THRESHOLDS, entity, hit

from bot.actions.shop_actions import load_shop_actions
from bot.dialogue import patterns
from bot.dialogue.beginning import begin
from bot.dialogue.commands import (
    Answer,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlots,
    SetSlot,
    StartFlow,
    StartPattern,
)
from bot.dialogue.engine import BUILTIN, Ask, Effect, Listen, RunAction, advance, wake
from bot.dialogue.flow_checks import REPEAT
from bot.dialogue.interpret import interpret
from bot.dialogue.script import Script, write_script
from bot.dialogue.slots import Slot
from bot.dialogue.stack import owned_slots, question_under_way, task_slots
from bot.dialogue.tracker import (
    Event,
    State,
    action_event,
    apply_event,
    replay,
    slot_event,
    user_event,
)
from bot.shop import read_shop
from bot.turn import MAX_STEPS
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding


def demo_script() -> Script:
    """The demo's flows with the names of all actions that they run, and of the shop's own."""
    files = read_shop(DEMO)
    steps = [s for flow in files.flows.by_id.values() for s in flow.steps.values()]
    named = {s.name for s in steps if s.kind == "action"} - {*files.domain.responses, *BUILTIN}
    shops = {action.name() for action in load_shop_actions(DEMO)}
    return write_script(files.domain, files.flows, frozenset((named | shops) - {REPEAT}))


SCRIPT = demo_script()
FLOWS = SCRIPT.flows.by_id
TASKS = tuple(i for i, flow in FLOWS.items() if not flow.is_pattern)
PATTERNS = tuple(sorted(patterns.ALL - {patterns.CORRECTION}))
"""Those that are begun by their names; a correction begins with CorrectSlots alone."""

SLIP = {"slot": "complaint_topic", "heard": "delivry", "read": "delivery"}
CONTEXTS: Mapping[str, Mapping[str, Any]] = {patterns.TYPO: SLIP}

INTENTS = (*sorted(SCRIPT.flows.by_intent), "delivery_period", "unheard_of")


def values_of(slot: Slot) -> st.SearchStrategy[Any]:
    match slot.type:
        case "bool":
            return st.booleans()
        case "float":
            return st.sampled_from([2.0, 30.0])
        case "categorical":
            return st.sampled_from(slot.values)
        case "list":
            return st.just(["a"])
    return st.sampled_from(["4005", "a@example.org", "ask", "person", "none", "w" * 301])


SLOTS = {name: values_of(slot) for name, slot in SCRIPT.domain.slots.items() if name != "language"}
VALUES: Mapping[str, Sequence[Any]] = {
    "cancellation": ("ask", "person", "no", None),
    "request_route": ("person", "self_service", None),
    "contact_email": ("a@example.org", "none", None),
    "order_number": ("4005", None),
}
"""What the demo's actions may make of the slots that steer its flows."""

OUTCOMES = st.lists(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, values in VALUES.items()}),
    min_size=1,
    max_size=3,
)


@dataclass
class Talk:
    """A conversation with the engine alone; actions do what `outcomes` say, in turn."""

    outcomes: Sequence[Mapping[str, Any]]
    state: State = field(default_factory=SCRIPT.domain.start)
    events: list[Event] = field(default_factory=list)
    ran: int = 0

    def add(self, *events: Event) -> None:
        self.events += events
        self.state = replay(events, self.state)

    def hear(self, text: str = "words") -> None:
        self.add(user_event(text, {}, "rest"), *wake(self.state, SCRIPT))

    def play(self, commands: Sequence[Command]) -> Effect:
        """Let the commands take effect; return what the turn ended with."""
        self.add(*begin(self.state, commands, SCRIPT))
        for _ in range(MAX_STEPS):
            events, effect = advance(self.state, SCRIPT)
            self.add(*events)
            if not isinstance(effect, RunAction):
                return effect
            assert effect.name in SCRIPT.actions | SCRIPT.domain.responses.keys() | {REPEAT}
            made = self.outcomes[self.ran % len(self.outcomes)]
            if not effect.name.startswith("utter_"):
                self.ran += 1
                self.add(*(slot_event(n, v) for n, v in made.items()))
            self.add(action_event(effect.name, in_flow=effect.in_flow))
        pytest.fail(f"the turn does not end: {self.state.frame}")


def holds(talk: Talk, effect: Effect, before: State, since: int) -> None:
    """What is true after every turn."""
    for frame in talk.state.stack:
        assert frame.step in FLOWS[frame.flow].steps
    if isinstance(effect, Ask):
        assert question_under_way(talk.state, SCRIPT) is not None
        assert effect.name in SCRIPT.actions | SCRIPT.domain.responses.keys()
    else:
        assert isinstance(effect, Listen)
        assert not talk.state.stack or talk.state.stack[-1].asked  # it waits for a message
    assert forgotten(before, talk.events[since:], talk.state) == []
    kept = json.loads(json.dumps(talk.events))
    again = replay(kept, SCRIPT.domain.start())
    assert json.dumps(again, default=vars) == json.dumps(talk.state, default=vars)


def forgotten(state: State, events: Sequence[Event], end: State) -> list[str]:
    """Slots of flows that ended in these events and that still have a value from before.

    Those of a flow that linked to another are due when that one ends.
    """
    due: set[str] = set()
    carried: dict[str, set[str]] = defaultdict(set)
    for event, following in pairwise([*events, {"event": ""}]):
        name, flow = event["event"], FLOWS.get(event.get("flow_id", ""))
        frames = [f for f in state.stack if flow is not None and f.flow == flow.id]
        state = apply_event(state, event)
        if name == "slot":
            due.discard(event["name"])  # filled again, or emptied
        if flow is None or not frames or name not in ("flow_completed", "flow_cancelled"):
            continue
        own = {*owned_slots(flow, SCRIPT), *carried.pop(flow.id, ())}
        if "forget" in following.get("context", {}):
            carried[following["flow_id"]] |= own
        elif frames[-1].kind != "call":
            due |= own - set(task_slots(state.stack, SCRIPT))
    return [name for name in sorted(due) if end.slots.get(name) is not None]


PROBABILITIES = st.sampled_from([0.0, 0.1, 0.3, 0.6, 0.99, 1.0])
ENTITIES = st.sampled_from(
    [entity("order_number", n) for n in ("4001", "4003", "4005", BENS_ORDER, NO_ORDER, "")]
    + [entity("email", "a@example.org"), entity("money", "20"), entity("unknown", "x")]
)
TEXTS = st.sampled_from(
    ["", "words", "你好", "yes", "no", "delivery", "delivry", "service", "never mind", "跳过",
     "转人工", "sorry, it's about service", "is it?", "the second one", "/affirm", "不用了"]
)  # fmt: skip


@st.composite
def understandings(draw: st.DrawFn) -> Understanding:
    names = draw(st.lists(st.sampled_from(INTENTS), max_size=3, unique=True))
    probabilities = sorted((draw(PROBABILITIES) for _ in names), reverse=True)
    return Understanding(
        draw(TEXTS),
        draw(st.sampled_from(["en", "zh"])),
        tuple(IntentRank(n, p) for n, p in zip(names, probabilities, strict=True)),
        draw(st.booleans()),
        draw(PROBABILITIES),
        tuple(draw(st.lists(ENTITIES, max_size=2))),
    )


HITS = st.lists(
    st.builds(
        hit,
        st.sampled_from("abc"),
        PROBABILITIES,
        intent=st.sampled_from([None, "get_refund", "track_order", "delivery_period"]),
    ),
    max_size=3,
).map(lambda hits: sorted(hits, key=lambda h: -h.probability))
HEARD = st.lists(st.tuples(understandings(), HITS), max_size=8)


@settings(max_examples=100, deadline=None)
@given(HEARD, OUTCOMES)
def test_no_conversation_breaks_the_engine(
    turns: Sequence[tuple[Understanding, Sequence[Hit]]], outcomes: Sequence[Mapping[str, Any]]
) -> None:
    talk = Talk(outcomes)
    for understanding, hits in turns:
        before, since = talk.state, len(talk.events)
        talk.hear(understanding.text)
        decision = interpret(
            understanding, Findings(tuple(hits)), talk.state, script=SCRIPT, thresholds=THRESHOLDS
        )
        assert decision.reason
        holds(talk, talk.play(decision.commands), before, since)


@st.composite
def commands(draw: st.DrawFn) -> Command:
    """Any command that names things that exist, whether it makes sense now or not."""
    filled = st.sampled_from(sorted(SLOTS)).flatmap(lambda n: st.tuples(st.just(n), SLOTS[n]))
    kinds: tuple[st.SearchStrategy[Command], ...] = (
        st.builds(StartFlow, st.sampled_from(TASKS)),
        filled.map(lambda pair: SetSlot(*pair)),
        st.lists(filled, min_size=1, max_size=2, unique_by=lambda pair: pair[0]).map(
            lambda pairs: CorrectSlots(tuple(pairs))
        ),
        st.sampled_from(PATTERNS).map(lambda name: StartPattern(name, CONTEXTS.get(name, {}))),
        st.builds(Answer, st.builds(hit, st.sampled_from("ab"), PROBABILITIES)),
        st.just(Clarify(("track_order", "get_refund"), (hit("a", 0.4),))),
        st.just(CannotHandle((hit("a", 0.2),))),
    )
    return draw(st.one_of(kinds))


ASKING = tuple(i for i in TASKS if any(s.kind == "collect" for s in FLOWS[i].steps.values()))
SAID = st.one_of(
    st.lists(commands(), max_size=3),
    st.sampled_from(ASKING).map(lambda flow: [StartFlow(flow)]),
    st.just(None),
    st.just(None),
)
"""Commands; None stands for an answer to the question that is open."""


@settings(max_examples=100, deadline=None)
@given(st.lists(SAID, max_size=10), OUTCOMES, st.data())
def test_no_commands_break_the_engine(
    turns: Sequence[Sequence[Command] | None],
    outcomes: Sequence[Mapping[str, Any]],
    data: st.DataObject,
) -> None:
    talk = Talk(outcomes)
    for said in turns:
        before, since = talk.state, len(talk.events)
        talk.hear()
        question = question_under_way(talk.state, SCRIPT)
        if said is None:
            slot = question[1] if question is not None else None
            said = [SetSlot(slot, data.draw(SLOTS[slot]))] if slot is not None else []
        holds(talk, talk.play(said), before, since)


@pytest.mark.parametrize("flow", TASKS)
def test_every_flow_of_the_demo_can_be_begun_and_dropped(flow: str) -> None:
    talk = Talk([{"cancellation": "ask"}])
    talk.hear()
    talk.play([StartFlow(flow)])
    talk.hear()
    assert talk.play([StartPattern("pattern_cancel_flow")]) == Listen()
    assert talk.state.stack == ()
