"""The tracker that actions get, in the shape of Rasa's action-server protocol."""

import json
from pathlib import Path
from typing import Any

import pytest
from action_calls import call_of, shop_domain
from rasa_sdk import Tracker

from bot.actions.session import shopper_of
from bot.actions.tracker_json import ActionCall, tracker_json
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event, action_event, slot_event, started_event, user_event
from bot.messages import Shopper
from nlu.understanding import Entity


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return shop_domain(tmp_path)


def tracker_of(call: ActionCall, domain: Domain, name: str = "action_x") -> Tracker:
    return Tracker.from_dict(json.loads(json.dumps(tracker_json(name, call, domain))))


HELLO = user_event("hello", {}, "rest")
IN_FORM = started_event("table_form", "cuisine")


def test_it_has_all_that_rasa_sends(domain: Domain) -> None:
    entity = Entity("number", "4", "four", 12, 16, "guests", "1")
    events = (HELLO, started_event("book_table", "ask"), slot_event("cuisine", "thai"))
    call = call_of(*events, text="a table for four", entities=[entity], channel="voice")
    sent = tracker_json("action_x", call, domain)
    assert sent == {
        "sender_id": "c1",
        "slots": {"cuisine": "thai"},
        "latest_message": {
            "text": "a table for four",
            "intent": {"name": "book", "confidence": 0.9},
            "intent_ranking": [{"name": "book", "confidence": 0.9}],
            "entities": [
                {
                    "entity": "number", "value": "4", "start": 12, "end": 16,
                    "role": "guests", "group": "1",
                }
            ],
            "metadata": {"session": {"session_id": "s1", "customer_id": 7}},
        },
        "latest_event_time": None,
        "events": list(events),
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action": {"action_name": "action_listen"},
        "latest_action_name": "action_listen",
        "latest_input_channel": "voice",
        "stack": [
            {
                "type": "flow", "frame_type": "regular", "flow_id": "book_table",
                "step_id": "ask", "context": {},
            }
        ],
    }  # fmt: skip
    json.dumps(sent)


def test_who_it_is_replaces_what_a_client_claims(domain: Domain) -> None:
    forged = {"session": {"customer_id": 1, "session_id": "x"}, "page": "/tents"}
    earlier = {**HELLO, "metadata": forged}
    call = call_of(earlier, HELLO, metadata=forged)
    tracker = tracker_of(call, domain)
    assert shopper_of(tracker) == Shopper("s1", 7)
    assert tracker.latest_message["metadata"]["page"] == "/tents"
    assert tracker.events[0]["metadata"] == {"page": "/tents"}
    assert earlier["metadata"] is forged  # what is kept in the conversation stays as it was


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ((), {"active_loop_name": None, "latest_action_name": "action_listen"}),
        ((HELLO, action_event("action_a", in_flow=True)), {"latest_action_name": "action_a"}),
        ((action_event("action_a", in_flow=True), HELLO), {"latest_action_name": "action_listen"}),
        ((HELLO, IN_FORM), {"active_loop_name": "table_form"}),
        ((HELLO, IN_FORM, started_event("pattern_chitchat", "say", "pattern")),
         {"active_loop_name": None}),
        ((HELLO, IN_FORM, slot_event("requested_slot", "cuisine")),
         {"active_loop_name": "table_form", "requested": "cuisine"}),
        (({"event": "pause"}, HELLO), {"paused": True}),
        (({"event": "pause"}, HELLO, {"event": "resume"}), {"paused": False}),
        (({"event": "pause"}, {"event": "restart"}), {"paused": False}),
    ],
)  # fmt: skip
def test_what_the_sdk_reads_from_it(
    events: tuple[Event, ...], expected: dict[str, Any], domain: Domain
) -> None:
    tracker = tracker_of(call_of(*events), domain)
    found = {
        "active_loop_name": tracker.active_loop_name,
        "latest_action_name": tracker.latest_action_name,
        "requested": tracker.get_slot("requested_slot"),
        "paused": tracker.is_paused(),
    }
    assert {name: found[name] for name in expected} == expected


def test_the_channel_is_that_of_the_message_or_of_the_last_one_kept(domain: Domain) -> None:
    assert tracker_of(call_of(HELLO), domain).get_latest_input_channel() == "rest"
    assert tracker_json("action_x", call_of(HELLO), domain)["latest_input_channel"] == "rest"


CUISINE = slot_event("cuisine", "thai")
PEOPLE = slot_event("num_people", "4")
CHECKED = action_event("validate_table_form", in_flow=False)


@pytest.mark.parametrize(
    ("name", "events", "to_check"),
    [
        ("validate_table_form", (HELLO, IN_FORM), {}),
        ("validate_table_form", (HELLO, CUISINE, IN_FORM), {"cuisine": "thai"}),
        ("validate_table_form", (HELLO, CUISINE, PEOPLE, IN_FORM),
         {"cuisine": "thai", "num_people": "4"}),
        # what is said in passing, turns before the form begins
        ("validate_table_form", (HELLO, CUISINE, HELLO, IN_FORM), {"cuisine": "thai"}),
        # each value once: not again in the turns after
        ("validate_table_form", (HELLO, CUISINE, CHECKED, HELLO, PEOPLE), {"num_people": "4"}),
        ("validate_table_form", (HELLO, CUISINE, CHECKED), {}),
        # another action between the answer and the check takes nothing away
        ("validate_table_form", (HELLO, CUISINE, action_event("action_a", in_flow=True)),
         {"cuisine": "thai"}),
        ("validate_table_form", (HELLO, CUISINE, slot_event("cuisine", "greek")),
         {"cuisine": "greek"}),
        ("validate_table_form", (HELLO, CUISINE, slot_event("cuisine", None)), {}),
        ("validate_table_form", (CUISINE, {"event": "restart"}, HELLO, IN_FORM), {}),
        ("validate_table_form", (HELLO, slot_event("language", "zh"), IN_FORM,
                                 slot_event("requested_slot", "cuisine")), {}),
        ("validate_cuisine", (HELLO, CUISINE, PEOPLE), {"cuisine": "thai"}),
        ("action_validate_slot_mappings", (CUISINE, HELLO, PEOPLE), {"num_people": "4"}),
    ],
)  # fmt: skip
def test_slots_to_check_come_last_as_the_sdk_reads_them(
    name: str, events: tuple[Event, ...], to_check: dict[str, Any], domain: Domain
) -> None:
    assert tracker_of(call_of(*events), domain, name).slots_to_validate() == to_check


def test_slots_filled_from_the_beginning_are_checked_when_a_form_begins(domain: Domain) -> None:
    call = call_of(HELLO, IN_FORM, slots={"cuisine": "thai", "phone": "123"})
    tracker = tracker_of(call, domain, "validate_table_form")
    assert tracker.slots_to_validate() == {"cuisine": "thai"}


def test_an_action_may_change_lists_without_changing_the_conversation(domain: Domain) -> None:
    start = domain.start().slots
    call = call_of(HELLO, slots=start)
    sent = tracker_json("action_x", call, domain)
    sent["slots"]["basket"].append("tent")
    sent["events"].append(slot_event("basket", ["tent"]))
    assert call.state.slots["basket"] == domain.start().slots["basket"] == []
    assert list(call.events) == [HELLO]
