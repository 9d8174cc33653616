from pathlib import Path

import pytest

from bot.dialogue.commands import CancelFlow, CannotHandle, Command, Repeat, Restart, SetSlot
from bot.dialogue.commands import StartFlow as Start
from bot.dialogue.engine import Ask, Effect, Listen, RunAction, action_event, advance, begin
from bot.dialogue.flows import Flows, read_flows
from bot.dialogue.tracker import Frame, State, flow_event, replay, slot_event

FLOWS = """\
flows:
  buy:
    persisted_slots: [address]
    steps:
      - action: action_check
        next:
          - if: slots.sold_out
            then: END
          - else: item
      - id: item
        collect: item
      - id: address
        collect: address
        utter: utter_where_to
      - set_slots: [{sold: true}]
      - action: utter_bought
  hello:
    steps: [{id: say, action: utter_hello}]
  silent:
    steps: [{set_slots: [{seen: true}]}, {noop: true}]
  circle:
    steps:
      - {id: a, set_slots: [{n: 1}], next: b}
      - {id: b, noop: true, next: a}
  never_satisfied:
    steps:
      - {id: ask, collect: size, next: [{if: slots.size = 1, then: END}, {else: ask}]}
"""


@pytest.fixture(scope="module")
def flows(tmp_path_factory: pytest.TempPathFactory) -> Flows:
    folder: Path = tmp_path_factory.mktemp("flows")
    (folder / "flows.yml").write_text(FLOWS)
    return read_flows(folder)


def at(*frames: Frame, **slots: object) -> State:
    return State(slots=slots, stack=frames)


CHECK = Frame("buy", "buy.0")
CHECKED = Frame("buy", "buy.0", done=True)


@pytest.mark.parametrize(
    ("state", "effect", "stack"),
    [
        (at(), Listen(), ()),
        (at(CHECK), RunAction("action_check"), (CHECK,)),
        (at(CHECKED), Ask("utter_ask_item"), (Frame("buy", "item"),)),
        (at(CHECKED, sold_out=True), Listen(), ()),
        (at(Frame("buy", "item"), item="tent"), Ask("utter_where_to"), (Frame("buy", "address"),)),
        (at(Frame("buy", "item"), item=False), Ask("utter_where_to"), (Frame("buy", "address"),)),
        # several slots at once: nothing is asked twice
        (
            at(CHECKED, item="tent", address="here"),
            RunAction("utter_bought"),
            (Frame("buy", "buy.4"),),
        ),
        # the flow below goes on where it waited
        (
            at(Frame("buy", "item"), Frame("hello", "say", done=True)),
            Ask("utter_ask_item"),
            (Frame("buy", "item"),),
        ),
        (at(Frame("silent", "silent.0")), Listen(), ()),
        # what is gone from disk is given up, and what is below goes on
        (at(Frame("gone", "x")), Listen(), ()),
        (at(Frame("buy", "gone")), Listen(), ()),
        (
            at(Frame("buy", "item"), Frame("gone", "x"), Frame("hello", "gone")),
            Ask("utter_ask_item"),
            (Frame("buy", "item"),),
        ),
    ],
)
def test_advance(flows: Flows, state: State, effect: Effect, stack: tuple[Frame, ...]) -> None:
    events, found = advance(state, flows)
    assert found == effect
    assert replay(events, state).stack == stack


def test_a_flow_forgets_its_own_slots_at_its_end(flows: Flows) -> None:
    done = at(
        Frame("buy", "buy.4", done=True), item="tent", address="here", sold=True, language="en"
    )
    events, _ = advance(done, flows)
    assert replay(events, done).slots == {
        "item": None,
        "sold": None,
        "address": "here",
        "language": "en",
    }


def test_a_flow_that_lost_its_step_forgets_its_own_slots_too(flows: Flows) -> None:
    lost = at(Frame("buy", "gone"), item="tent")
    assert replay(advance(lost, flows)[0], lost).slots["item"] is None


def test_set_slots_are_seen_by_the_next_step(flows: Flows) -> None:
    state = at(Frame("buy", "buy.3"))
    assert slot_event("sold", True) in advance(state, flows)[0]


@pytest.mark.parametrize(
    "state", [at(Frame("circle", "a")), at(Frame("never_satisfied", "ask"), size=2)]
)
def test_a_flow_in_circles_is_an_error_and_not_a_standstill(flows: Flows, state: State) -> None:
    with pytest.raises(RuntimeError, match="goes in circles"):
        advance(state, flows)


def test_an_action_that_has_run_is_not_run_again(flows: Flows) -> None:
    state = replay([action_event("action_check", in_flow=True)], at(CHECK))
    assert advance(state, flows)[1] == Ask("utter_ask_item")


STARTED = flow_event("flow_started", "hello", "say")


@pytest.mark.parametrize(
    ("state", "commands", "events"),
    [
        (at(), [], ()),
        (at(), [SetSlot("a", 1), SetSlot("b", None)], (slot_event("a", 1), slot_event("b", None))),
        (at(), [Start("hello")], (STARTED,)),
        (at(), [CancelFlow()], ()),
        (at(), [Restart()], ({"event": "restart"},)),
        (at(), [Repeat(), CannotHandle()], ()),
        # on top of what is under way
        (at(Frame("buy", "item")), [Start("hello")], (STARTED,)),
        # the same flow again begins anew, and keeps what it was just given
        (
            at(Frame("buy", "item")),
            [SetSlot("item", "tent"), Start("buy")],
            (
                flow_event("flow_cancelled", "buy"),
                slot_event("item", None),
                slot_event("sold", None),
                flow_event("flow_started", "buy", "buy.0"),
                slot_event("item", "tent"),
            ),
        ),
        (
            at(Frame("hello", "say"), Frame("buy", "item")),
            [CancelFlow()],
            (
                flow_event("flow_cancelled", "buy"),
                slot_event("item", None),
                slot_event("sold", None),
            ),
        ),
        # gone from disk
        (at(Frame("gone", "x")), [CancelFlow()], (flow_event("flow_cancelled", "gone"),)),
    ],
)
def test_begin(
    flows: Flows, state: State, commands: list[Command], events: tuple[object, ...]
) -> None:
    assert begin(state, commands, flows) == events
