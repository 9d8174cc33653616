"""A shop's `FormValidationAction` and its like run unchanged, as they stand on Rasa's pages."""

from pathlib import Path
from typing import Any

import pytest
from action_calls import call_of, shop_domain

from bot.actions.runner import ActionOutcome, ActionRunner
from bot.actions.shop_actions import load_shop_actions
from bot.dialogue.tracker import Event, action_event, slot_event, started_event, user_event

ACTIONS = '''
from typing import Any, Dict, List, Text

from rasa_sdk import Action, FormValidationAction, Tracker, ValidationAction
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict


class ValidateTableForm(FormValidationAction):
    def name(self) -> Text:
        return "validate_table_form"

    async def required_slots(
        self,
        domain_slots: List[Text],
        dispatcher: "CollectingDispatcher",
        tracker: "Tracker",
        domain: "DomainDict",
    ) -> List[Text]:
        additional_slots = ["outdoor"]
        if tracker.slots.get("outdoor") is True:
            additional_slots.append("sunshade")
        return domain_slots + additional_slots

    async def extract_outdoor(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict
    ) -> Dict[Text, Any]:
        text = tracker.latest_message.get("text")
        if tracker.get_slot("requested_slot") == "outdoor" or "outside" in text:
            return {"outdoor": "outside" in text}
        return {}

    def validate_cuisine(
        self, slot_value: Any, dispatcher: CollectingDispatcher, tracker: Tracker,
        domain: DomainDict,
    ) -> Dict[Text, Any]:
        """Validate cuisine value."""
        if slot_value.lower() in ("thai", "greek"):
            return {"cuisine": slot_value.lower()}
        dispatcher.utter_message(text=f"We don't cook {slot_value}.")
        return {"cuisine": None}

    async def validate_num_people(
        self, slot_value: Any, dispatcher: CollectingDispatcher, tracker: Tracker,
        domain: DomainDict,
    ) -> Dict[Text, Any]:
        return {"num_people": int(slot_value)}

    def validate_outdoor(self, slot_value, dispatcher, tracker, domain) -> Dict[Text, Any]:
        return {"outdoor": slot_value}


class ValidatePlainForm(FormValidationAction):
    def name(self) -> Text:
        return "validate_plain_form"

    async def required_slots(self, domain_slots, dispatcher, tracker, domain) -> List[Text]:
        dispatcher.utter_message(text=", ".join(domain_slots))
        domain_slots.append("cuisine")
        return domain_slots

    def validate_phone(self, slot_value, dispatcher, tracker, domain) -> Dict[Text, Any]:
        return {"phone": slot_value if slot_value.isdigit() else None}


class ValidatePredefinedSlots(ValidationAction):
    def validate_phone(self, slot_value, dispatcher, tracker, domain) -> Dict[Text, Any]:
        return {"phone": slot_value.replace(" ", "")}

    def extract_sunshade(self, dispatcher, tracker, domain) -> Dict[Text, Any]:
        return {"sunshade": "sunshade" in tracker.latest_message["text"]}


class ValidatePhone(Action):
    def name(self) -> Text:
        return "validate_phone"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker,
            domain: Dict[Text, Any]) -> List[EventType]:
        if len(tracker.get_slot("phone")) < 5:
            dispatcher.utter_message(response="utter_too_short")
            return [SlotSet("phone", None)]
        return []
'''


@pytest.fixture
def runner(tmp_path: Path) -> ActionRunner:
    (tmp_path / "actions.py").write_text(ACTIONS)
    return ActionRunner(load_shop_actions(tmp_path), shop_domain(tmp_path), {})


HELLO = user_event("hello", {}, "rest")
IN_FORM = started_event("table_form", "form")
CHECKED = action_event("validate_table_form", in_flow=False)


def slots(**values: Any) -> tuple[Event, ...]:
    return tuple(slot_event(name, value) for name, value in values.items())


def set_by(outcome: ActionOutcome) -> dict[str, Any]:
    assert all(event["event"] == "slot" for event in outcome.events)
    return {event["name"]: event["value"] for event in outcome.events}


@pytest.mark.parametrize(
    ("events", "text", "expected", "said"),
    [
        # a form begins: the first question is the action's to name
        ((HELLO, IN_FORM), "a table", {"requested_slot": "cuisine"}, ()),
        # a value is taken, in the form that the action gives it
        ((HELLO, IN_FORM, HELLO, *slots(requested_slot="cuisine", cuisine="Thai")), "Thai",
         {"cuisine": "thai", "requested_slot": "num_people"}, ()),
        # and refused: the slot is empty again and asked for again
        ((HELLO, IN_FORM, HELLO, *slots(requested_slot="cuisine", cuisine="Danish")), "Danish",
         {"cuisine": None, "requested_slot": "cuisine"}, ("We don't cook Danish.",)),
        # several at once, by validate_ methods that are async as well
        ((HELLO, *slots(cuisine="Greek", num_people="4"), IN_FORM), "greek, four of us",
         {"cuisine": "greek", "num_people": 4, "requested_slot": "outdoor"}, ()),
        # what was checked is not checked again
        ((HELLO, IN_FORM, *slots(cuisine="thai"), CHECKED, HELLO, *slots(num_people="2")), "2",
         {"num_people": 2, "requested_slot": "outdoor"}, ()),
        # extract_ finds what no mapping knows, and required_slots then asks for one more
        ((HELLO, IN_FORM, *slots(cuisine="thai", num_people=2), CHECKED, HELLO,
          *slots(requested_slot="outdoor")), "outside please",
         {"outdoor": True, "requested_slot": "sunshade"}, ()),
        # nothing more to ask: the form ends
        ((HELLO, IN_FORM, *slots(cuisine="thai", num_people=2), CHECKED, HELLO,
          *slots(requested_slot="outdoor")), "no, in there",
         {"outdoor": False, "requested_slot": None}, ()),
    ],
)  # fmt: skip
async def test_a_form_validation_action_as_in_rasa(
    events: tuple[Event, ...],
    text: str,
    expected: dict[str, Any],
    said: tuple[str, ...],
    runner: ActionRunner,
) -> None:
    outcome = await runner.run("validate_table_form", call_of(*events, text=text))
    assert set_by(outcome) == expected
    assert tuple(reply.text for reply in outcome.replies) == said


async def test_what_an_action_does_to_its_lists_ends_with_its_call(runner: ActionRunner) -> None:
    call = call_of(HELLO, started_event("plain_form", "form"))
    for _ in range(2):
        outcome = await runner.run("validate_plain_form", call)
        assert outcome.replies[0].text == "phone"


@pytest.mark.parametrize(("phone", "kept"), [("12345", "12345"), ("none", None)])
async def test_without_a_choice_of_its_own_it_leaves_the_next_question_to_the_form(
    phone: str, kept: str | None, runner: ActionRunner
) -> None:
    call = call_of(HELLO, *slots(phone=phone), started_event("plain_form", "form"))
    assert set_by(await runner.run("validate_plain_form", call)) == {"phone": kept}


async def test_a_validation_action_checks_and_extracts_slots_outside_forms(
    runner: ActionRunner,
) -> None:
    call = call_of(HELLO, *slots(phone="123 45"), text="with a sunshade")
    outcome = await runner.run("action_validate_slot_mappings", call)
    assert set_by(outcome) == {"phone": "12345", "sunshade": True}


@pytest.mark.parametrize(
    ("phone", "expected", "said"),
    [("12345", {}, []), ("12", {"phone": None}, ["Too short."])],
)
async def test_an_action_of_ones_own_checks_one_slot(
    phone: str, expected: dict[str, Any], said: list[str], runner: ActionRunner
) -> None:
    outcome = await runner.run("validate_phone", call_of(HELLO, *slots(phone=phone)))
    assert set_by(outcome) == expected
    assert [(reply.text, reply.response) for reply in outcome.replies] == [
        (text, "utter_too_short") for text in said
    ]
