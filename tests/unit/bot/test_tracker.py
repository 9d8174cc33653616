from dataclasses import replace

import pytest

from bot.dialogue.tracker import (
    Event,
    Frame,
    State,
    action_event,
    apply_event,
    flow_event,
    replay,
    slot_event,
    user_event,
)

BOT: Event = {"event": "bot", "text": "Hi", "data": {"text": "Hi"}}
TWO = State(
    stack=(Frame("a", "1", done=True), Frame("b", "1")),
    slots={"x": 1},
    repairs=1,
    last_replies=(BOT,),
    last_user_text="hello",
)


@pytest.mark.parametrize(
    ("event", "changed"),
    [
        (
            user_event("bye", {}, "rest"),
            {
                "last_replies": (),
                "earlier_replies": (BOT,),
                "last_user_text": "bye",
                "earlier_user_text": "hello",
            },
        ),
        (BOT, {"last_replies": (BOT, BOT)}),
        (slot_event("x", None), {"slots": {"x": None}}),
        (slot_event("y", [1]), {"slots": {"x": 1, "y": [1]}}),
        (flow_event("flow_started", "c", "1"), {"stack": (*TWO.stack, Frame("c", "1"))}),
        (flow_event("flow_step", "b", "2"), {"stack": (TWO.stack[0], Frame("b", "2"))}),
        (
            action_event("act", in_flow=True),
            {"stack": (TWO.stack[0], Frame("b", "1", done=True, ran=("1",)))},
        ),
        (action_event("act", in_flow=False), {}),
        (flow_event("flow_completed", "b"), {"stack": TWO.stack[:1], "last_flow": "b"}),
        (flow_event("flow_cancelled", "b"), {"stack": TWO.stack[:1], "last_flow": "b"}),
        (flow_event("flow_cancelled", "a"), {"stack": TWO.stack[1:], "last_flow": "a"}),
        (flow_event("flow_cancelled", "none"), {}),
        (
            flow_event("question_asked", "a", "1"),
            {"stack": (replace(TWO.stack[0], asked=True), TWO.stack[1])},
        ),
        (flow_event("flow_resumed", "a", "1"), {"stack": TWO.stack[::-1]}),
        (
            {"event": "silence"},
            {
                "silences": 1,
                "last_replies": (),
                "earlier_replies": (BOT,),
                "earlier_user_text": "hello",
            },
        ),
        ({"event": "pause"}, {"paused": True}),
        ({"event": "repair"}, {"repairs": 2}),
        ({"event": "understood"}, {"repairs": 0}),
        (
            {"event": "session_started", "keep": True},
            {"stack": (), "repairs": 0, "last_replies": (), "last_user_text": ""},
        ),
        ({"event": "unheard_of"}, {}),
    ],
    ids=lambda value: value.get("event") if isinstance(value, dict) else "",
)
def test_what_an_event_changes(event: Event, changed: dict[str, object]) -> None:
    after = apply_event(TWO, event)
    assert {k: v for k, v in vars(after).items() if v != vars(TWO)[k]} == changed


def test_restart_forgets_all_but_the_language() -> None:
    before = State(slots={"language": "zh", "order_number": "4001"}, stack=TWO.stack, repairs=3)
    assert apply_event(before, {"event": "restart"}) == State(slots={"language": "zh"})


@pytest.mark.parametrize(
    "event",
    [
        flow_event("flow_completed", "a"),
        flow_event("flow_cancelled", "a"),
        action_event("act", in_flow=True),
    ],
)
def test_the_end_of_a_flow_that_is_not_there_changes_nothing(event: Event) -> None:
    assert apply_event(State(), event) == State()


def test_replay_goes_on_from_a_state() -> None:
    events = [slot_event("x", 1), flow_event("flow_started", "a", "1"), slot_event("x", 2)]
    assert replay(events) == State(slots={"x": 2}, stack=(Frame("a", "1"),))
    assert replay(events[2:], replay(events[:2])) == replay(events)
