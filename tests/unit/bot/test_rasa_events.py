"""What actions return, as events of the conversation."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from action_calls import shop_domain
from rasa_sdk import events as sdk

from bot.actions.errors import ActionError
from bot.actions.rasa_events import Returned, read_events
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import State, replay, slot_event


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return shop_domain(tmp_path)


SLOTS = {"language": "zh", "cuisine": "thai", "basket": ["tent"], "requested_slot": "phone"}


def read(domain: Domain, *returned: Any) -> Returned:
    return read_events("action_x", returned, SLOTS, domain)


def after(domain: Domain, *returned: Any) -> dict[str, Any]:
    """The slots that are filled afterwards."""
    state = replay(read(domain, *returned).events, State(slots=SLOTS))
    return {name: value for name, value in state.slots.items() if value is not None}


@pytest.mark.parametrize(
    ("returned", "slots"),
    [
        ([sdk.SlotSet("phone", "123", timestamp=3.0)], {**SLOTS, "phone": "123"}),
        ([sdk.SlotSet("cuisine", None)], {k: v for k, v in SLOTS.items() if k != "cuisine"}),
        ([sdk.SlotSet("requested_slot", "cuisine")], {**SLOTS, "requested_slot": "cuisine"}),
        ([sdk.AllSlotsReset()], {"language": "zh", "basket": []}),
        ([sdk.AllSlotsReset(), sdk.SlotSet("phone", "1")],
         {"language": "zh", "basket": [], "phone": "1"}),
        ([sdk.SlotSet("phone", "1"), sdk.AllSlotsReset()], {"language": "zh", "basket": []}),
        ([sdk.Restarted()], {"language": "zh", "basket": []}),
        ([sdk.Restarted(), sdk.SlotSet("phone", "1")],
         {"language": "zh", "basket": [], "phone": "1"}),
        ([sdk.ActiveLoop(None)], {k: v for k, v in SLOTS.items() if k != "requested_slot"}),
        ([sdk.ActiveLoop("table_form")], SLOTS),
    ],
)  # fmt: skip
def test_what_becomes_of_the_slots(
    returned: list[Any], slots: dict[str, Any], domain: Domain
) -> None:
    assert after(domain, *returned) == slots


@pytest.mark.parametrize(
    ("returned", "followup"),
    [
        ([], None),
        ([sdk.FollowupAction("action_y")], "action_y"),
        ([sdk.FollowupAction("action_y"), sdk.FollowupAction("action_z")], "action_z"),
        ([sdk.ActiveLoop("table_form")], "table_form"),
        ([sdk.FollowupAction("action_y"), sdk.ActiveLoop(None)], "action_y"),
    ],
)
def test_what_runs_next(returned: list[Any], followup: str | None, domain: Domain) -> None:
    assert read(domain, *returned).followup == followup


def test_falling_silent_and_speaking_again_are_kept(domain: Domain) -> None:
    found = read(domain, sdk.ConversationPaused(), sdk.ConversationResumed())
    assert found.events == ({"event": "pause"}, {"event": "resume"})


def test_an_utterance_is_said(domain: Domain) -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}]
    found = read(domain, sdk.BotUttered("Shall I?", {"buttons": buttons, "image": None}))
    assert found.events == ()
    assert found.said == ({"text": "Shall I?", "buttons": buttons, "image": None},)


def test_a_reset_forgets_no_slot_that_was_set_a_moment_before(domain: Domain) -> None:
    found = read_events("a", [sdk.SlotSet("phone", "1"), sdk.AllSlotsReset()], {}, domain)
    assert found.events[-1] == slot_event("phone", None)


REFUSED = [
    (sdk.UserUttered("hi"), "'user'", "FollowupAction"),
    (sdk.AgentUttered("hi"), "'agent'", "utter_message"),
    (sdk.ActionExecuted("action_y"), "'action'", "FollowupAction"),
    (sdk.UserUtteranceReverted(), "'rewind'", "set the slots back"),
    (sdk.ActionReverted(), "'undo'", "set the slots back"),
    (sdk.ReminderScheduled("remind", datetime(2026, 1, 1, tzinfo=UTC)), "'reminder'", "silence"),
    (sdk.ReminderCancelled("remind"), "'cancel_reminder'", "silence"),
    (sdk.SessionStarted(), "'session_started'", "Restarted"),
    (sdk.SessionEnded(), "'session_ended'", "ConversationPaused"),
    (sdk.LoopInterrupted(True), "'loop_interrupted'", "leave the event out"),
    (sdk.StoryExported(), "'export'", "leave the event out"),
    (sdk.ActionExecutionRejected("table_form"), "'action_execution_rejected'", "asks again"),
    ({"event": "flow_started", "flow_id": "x"}, "'flow_started'", "link, call"),
    ({"event": "stack", "update": "[]"}, "'stack'", "link, call"),
    ({"event": "routing_session_ended"}, "'routing_session_ended'", "docs/actions.md"),
    (sdk.ActiveLoop("no_form"), "no_form", "add it under forms:"),
    ({"event": "slot", "value": 1}, "without a slot's name", "name one"),
    (sdk.SlotSet("phone", date(2026, 1, 1)), "'phone'", "not JSON serializable"),
    (sdk.SlotSet("phone", {1: {2, 3}}), "'phone'", "set a text, number"),
]


@pytest.mark.parametrize(("event", "what", "remedy"), REFUSED)
def test_what_cannot_be_followed_is_an_error_with_the_remedy(
    event: dict[str, Any], what: str, remedy: str, domain: Domain
) -> None:
    with pytest.raises(ActionError) as raised:
        read(domain, event)
    assert "action 'action_x'" in str(raised.value)
    assert what in str(raised.value)
    assert remedy in str(raised.value)


def test_every_event_of_the_sdk_is_followed_or_refused_in_words_of_its_own(
    domain: Domain,
) -> None:
    """What a new rasa-sdk brings must not fall through unnoticed."""
    made = {
        name
        for name, value in vars(sdk).items()
        if callable(value) and getattr(value, "__annotations__", {}).get("return") == sdk.EventType
    }
    assert made - {"Form", "FormValidation"} == {  # the old names of two of these
        "SlotSet", "AllSlotsReset", "Restarted", "ConversationPaused", "ConversationResumed",
        "FollowupAction", "ActiveLoop", "BotUttered",
        "UserUttered", "AgentUttered", "ActionExecuted", "UserUtteranceReverted", "ActionReverted",
        "ReminderScheduled", "ReminderCancelled", "SessionStarted", "SessionEnded",
        "LoopInterrupted", "StoryExported", "ActionExecutionRejected",
    }  # fmt: skip
