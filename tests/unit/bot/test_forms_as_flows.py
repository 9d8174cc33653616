"""Rasa's forms as flows: their questions, and which comes next."""

import pytest

from bot.dialogue.domain import Domain, Form
from bot.dialogue.flows import END, Flow, Flows, Step
from bot.dialogue.forms import ENTRY, REQUESTED, form_flows, next_question
from bot.dialogue.responses import Variation
from bot.dialogue.script import write_script
from bot.dialogue.slots import Slot

SLOTS = {name: Slot(name, "text", ()) for name in ("name", "phone", "pet", REQUESTED)}


def domain(*responses: str) -> Domain:
    said = {name: (Variation("?"),) for name in responses}
    return Domain(SLOTS, said, (), forms={"contact": Form("contact", ("name", "phone"))})


@pytest.mark.parametrize(
    ("slots", "decided", "expected"),
    [
        # nobody decides: the first required slot that is empty
        ({}, False, "name"),
        ({"name": "Ann"}, False, "phone"),
        ({"phone": "1"}, False, "name"),
        ({"name": "Ann", "phone": "1"}, False, END),
        # what was asked for stays asked for until it has a value
        ({REQUESTED: "phone"}, False, "phone"),
        ({REQUESTED: "phone", "phone": "1"}, False, "name"),
        # the form's action decides
        ({REQUESTED: "phone"}, True, "phone"),
        ({REQUESTED: "pet", "name": "Ann"}, True, "pet"),  # one that the form does not list
        ({REQUESTED: None}, True, END),
        ({REQUESTED: None, "name": "Ann"}, True, END),
        ({}, True, END),
        ({REQUESTED: "nobody"}, True, "name"),  # no such slot
        ({REQUESTED: "name", "name": "Ann"}, True, "phone"),
    ],
)
def test_the_next_question(slots: dict[str, object], decided: bool, expected: str) -> None:
    assert next_question("contact", domain(), slots, decided=decided) == expected


def test_a_form_may_ask_for_any_slot_and_keeps_all() -> None:
    flow = form_flows(domain(), frozenset())["contact"]
    assert flow.form
    assert flow.first == ENTRY
    assert set(flow.steps) == {ENTRY, *SLOTS}
    assert flow.own_slots == ()
    assert flow.intents == ()


@pytest.mark.parametrize(
    ("responses", "actions", "asks"),
    [
        ((), (), "utter_ask_phone"),  # what is said to be missing
        (("utter_ask_phone",), (), "utter_ask_phone"),
        (("utter_ask_phone", "utter_ask_contact_phone"), (), "utter_ask_contact_phone"),
        (("utter_ask_phone",), ("action_ask_phone",), "action_ask_phone"),
        (("utter_ask_contact_phone",), ("action_ask_phone",), "utter_ask_contact_phone"),
        (
            ("utter_ask_contact_phone",), ("action_ask_contact_phone", "action_ask_phone"),
            "action_ask_contact_phone",
        ),
    ],
)  # fmt: skip
def test_the_words_of_a_question_are_found_by_their_names(
    responses: tuple[str, ...], actions: tuple[str, ...], asks: str
) -> None:
    script = write_script(domain(*responses), Flows(), frozenset(actions))
    assert script.question(script.flows.by_id["contact"].steps["phone"]) == asks


def test_a_step_that_names_a_form_calls_it() -> None:
    steps = {s.id: s for s in (Step("f", "action", (), "contact"), Step("a", "action", (), "act"))}
    flow = Flow("buy", "buy", "", (), {}, "f", steps, frozenset())
    script = write_script(domain(), Flows({"buy": flow}, {"purchase": flow}), frozenset({"act"}))
    assert [s.kind for s in script.flows.by_id["buy"].steps.values()] == ["call", "action"]
    assert script.flows.by_intent["purchase"] is script.flows.by_id["buy"]
    assert script.flows.by_id["buy"].called == ("contact",)


@pytest.mark.parametrize(
    ("actions", "flow", "checker"),
    [
        ((), "contact", None),
        (("validate_contact",), "contact", "validate_contact"),
        (("validate_phone",), "contact", None),  # a form has one action for all of its slots
        (("validate_phone",), "buy", "validate_phone"),
    ],
)
def test_who_checks_an_answer(actions: tuple[str, ...], flow: str, checker: str | None) -> None:
    phone = Step("phone", "collect", (), "phone")
    buy = Flow("buy", "buy", "", (), {}, "phone", {"phone": phone}, frozenset())
    script = write_script(domain(), Flows({"buy": buy}, {}), frozenset(actions))
    found = script.flows.by_id[flow]
    assert script.checker(found, found.steps["phone"]) == checker
