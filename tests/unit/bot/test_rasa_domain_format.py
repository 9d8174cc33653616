"""Domains as the real tool's users have them: one of forms and intents, one of CALM, one split."""

import json
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.forms import FormValidationAction

from bot.dialogue.domain import Domain, Form, SessionConfig
from bot.dialogue.domain_files import read_domain
from bot.dialogue.slots import MappingCondition, SlotMapping
from bot.messages import Button

FORMS = """\
version: "3.1"

intents:
  - greet
  - deny
  - affirm
  - stop
  - small_talk:
      use_entities: []
  - book_tour:
      use_entities:
        - place
        - party_size
  - inform:
      ignore_entities: [price_range]
  - pick: {use_entities: true}

entities:
  - party_size
  - price_range:
      influence_conversation: false
  - place:
      roles:
        - start
        - finish
  - extra:
      groups:
        - 1
        - 2

slots:
  requested_slot:
    type: any
    influence_conversation: false
    mappings:
      - type: custom
  start_place:
    type: text
    influence_conversation: true
    mappings:
      - type: from_entity
        entity: place
        role: start
      - type: from_text
        not_intent: [stop, small_talk]
        conditions:
          - active_loop: tour_form
            requested_slot: start_place
  finish_place:
    type: text
    mappings:
      - type: from_entity
        entity: place
        role: finish
        not_intent: stop
  people:
    type: float
    min_value: 1
    max_value: 12
    mappings:
      - type: from_entity
        entity: party_size
        intent: [inform, book_tour]
  guide:
    type: bool
    mappings:
      - type: from_intent
        intent: affirm
        value: true
        conditions:
          - active_loop: tour_form
            requested_slot: guide
      - type: from_intent
        intent: deny
        value: false
  reason:
    type: text
    mappings:
      - type: from_trigger_intent
        intent: book_tour
        value: tour
  level:
    type: categorical
    values:
      - easy
      - medium
      - hard
    initial_value: easy
    mappings:
      - type: from_entity
        entity: extra
        group: "1"
  wishes:
    type: list
    mappings:
      - type: custom
        action: action_gather_wishes

forms:
  tour_form:
    ignored_intents:
      - small_talk
    required_slots:
      - start_place
      - finish_place
      - people
      - guide
  feedback_form:
    required_slots: []

responses:
  utter_greet:
    - text: "Good day, {name}."
    - text: "Good day. How can we help?"
      channel: "telegram"
  utter_ask_level:
    - id: ask_level_1
      text: How steep may it be?
      buttons:
        - title: Easy, please
          payload: '/inform{{"extra": "easy"}}'
        - title: The steeper the better
          payload: '/inform{{"extra": "hard"}}'
      image: "https://tours.example/levels.png"
  utter_guided:
    - condition:
        - type: slot
          name: guide
          value: true
      text: A guide will come along.
    - text: You will find your own way.
  utter_map:
    - custom:
        map:
          zoom: 12
          centre: [47.1, 11.3]
  utter_small_talk/who_are_you:
    - text: The tour desk's bot.

actions:
  - action_book_tour
  - action_gather_wishes
  - validate_tour_form: {send_domain: true}

session_config:
  session_expiration_time: 90
  carry_over_slots_to_new_session: false

config:
  store_entities_as_slots: true
"""

CALM = """\
version: "3.1"

actions:
  - action_fetch_parcels
  - action_note_channel

slots:
  parcel_number:
    type: text
    mappings:
      - type: from_llm
        allow_nlu_correction: true
  weight:
    type: float
  insured:
    type: bool
    mappings:
      - type: from_llm
  signed_in:
    type: bool
    initial_value: false
    mappings:
      - type: controlled
  channel_name:
    type: categorical
    values: [web, phone]
    shared_for_coexistence: True
    mappings:
      - type: controlled
        run_action_every_turn: action_note_channel
        coexistence_system: SHARED
  sender:
    type: text
    mappings:
      - type: from_entity
        entity: person
        conditions:
          - active_flow: send_parcel
  parcels:
    type: list
  address:
    type: any

responses:
  utter_ask_insured:
    - text: "Insure it for {fee}?"
      metadata:
        rephrase: True
        rephrase_prompt: |
          Say it kindly: {{suggested_response}}
      buttons:
        - title: "Yes"
          payload: "/SetSlots(insured=true)"
        - title: "No"
          payload: "/SetSlots(insured=false)"
  utter_welcome:
    - condition: slots.signed_in is true and slots.weight > 2
      text: "Welcome back; that is heavy."
      allow_interruptions: false
    - condition: "{'web' 'phone'} contains slots.channel_name"
      text: "Hello from afar."
    - text: "Hello."
  utter_flow_cancelled:
    - text: "Very well, {{ context.canceled_name }} ends here."
      metadata:
        template: jinja
"""


def domain_of(folder: Path, text: str) -> Domain:
    path = folder / "domain.yml"
    path.write_text(text, encoding="utf-8")
    return read_domain(path)


def text_of(domain: Domain, name: str, /, **values: Any) -> str:
    return domain.say(name, language="en", values=values).text


@pytest.fixture
def forms(tmp_path: Path) -> Domain:
    return domain_of(tmp_path, FORMS)


@pytest.fixture
def calm(tmp_path: Path) -> Domain:
    return domain_of(tmp_path, CALM)


def test_forms(forms: Domain) -> None:
    assert forms.forms == {
        "tour_form": Form(
            "tour_form", ("start_place", "finish_place", "people", "guide"), ("small_talk",)
        ),
        "feedback_form": Form("feedback_form", ()),
    }


def test_intents_entities_actions_and_session(forms: Domain) -> None:
    assert forms.intents == (
        "greet", "deny", "affirm", "stop", "small_talk", "book_tour", "inform", "pick",
    )  # fmt: skip
    assert forms.entities == ("party_size", "price_range", "place", "extra")
    assert forms.actions == ("action_book_tour", "action_gather_wishes", "validate_tour_form")
    assert forms.session_config == SessionConfig(90.0, False)
    assert forms.every_turn == ("action_gather_wishes",)


def test_mappings(forms: Domain) -> None:
    asked = MappingCondition("tour_form", "start_place")
    assert forms.slots["start_place"].mappings == (
        SlotMapping("from_entity", "place", role="start"),
        SlotMapping("from_text", not_intents=("stop", "small_talk"), conditions=(asked,)),
    )
    assert forms.slots["finish_place"].mappings == (
        SlotMapping("from_entity", "place", role="finish", not_intents=("stop",)),
    )
    assert forms.slots["guide"].mappings == (
        SlotMapping(
            "from_intent",
            intents=("affirm",),
            value=True,
            conditions=(MappingCondition("tour_form", "guide"),),
        ),
        SlotMapping("from_intent", intents=("deny",), value=False),
    )
    assert forms.slots["reason"].mappings == (
        SlotMapping("from_trigger_intent", intents=("book_tour",), value="tour"),
    )
    people = forms.slots["people"]
    assert (people.type, people.minimum, people.maximum) == ("float", 1.0, 12.0)
    assert forms.start().slots == {"level": "easy"}


def test_responses(forms: Domain) -> None:
    assert text_of(forms, "utter_greet", name="Ada") == "Good day, Ada."
    there = forms.say("utter_greet", language="en", channel="telegram", values={})
    assert there.text == "Good day. How can we help?"
    asked = forms.say("utter_ask_level", language="en", values={})
    assert asked.image == "https://tours.example/levels.png"
    assert asked.buttons[0] == Button("Easy, please", '/inform{"extra": "easy"}')
    assert text_of(forms, "utter_guided", guide=True) == "A guide will come along."
    assert text_of(forms, "utter_guided", guide=None) == "You will find your own way."
    assert forms.responses["utter_map"][0].custom == {"map": {"zoom": 12, "centre": [47.1, 11.3]}}
    assert text_of(forms, "utter_small_talk/who_are_you") == "The tour desk's bot."


def test_calm_slots(calm: Domain) -> None:
    assert {name: slot.mappings[0].type for name, slot in calm.slots.items()} == {
        "parcel_number": "from_llm",
        "weight": "from_llm",
        "insured": "from_llm",
        "signed_in": "controlled",
        "channel_name": "controlled",
        "sender": "from_entity",
        "parcels": "from_llm",
        "address": "from_llm",
    }
    assert calm.slots["sender"].mappings[0].conditions == (MappingCondition("send_parcel"),)
    assert calm.every_turn == ("action_note_channel",)
    assert calm.start().slots == {"signed_in": False}
    assert calm.session_config == SessionConfig(60.0, True)


def test_calm_responses(calm: Domain) -> None:
    asked = calm.say("utter_ask_insured", language="en", values={"fee": 3.0})
    assert asked.text == "Insure it for 3?"
    assert [b.payload for b in asked.buttons] == [
        "/SetSlots(insured=true)",
        "/SetSlots(insured=false)",
    ]
    assert text_of(calm, "utter_welcome") == "Hello."
    assert text_of(calm, "utter_welcome", channel_name="web") == "Hello from afar."
    heavy = text_of(calm, "utter_welcome", signed_in=True, weight="2.5")
    assert heavy == "Welcome back; that is heavy."
    cancelled = text_of(calm, "utter_flow_cancelled", context={"canceled_name": "send a parcel"})
    assert cancelled == "Very well, send a parcel ends here."


def test_the_raw_domain_is_plain_json_in_the_tools_shape(forms: Domain, calm: Domain) -> None:
    for domain in (forms, calm):
        assert json.loads(json.dumps(domain.raw)) == domain.raw
        assert set(domain.raw) == {
            "version", "intents", "entities", "slots", "responses", "forms", "actions",
            "e2e_actions", *(["session_config"] if domain is forms else []),
        }  # fmt: skip
    assert forms.raw["intents"][:5] == [
        "greet", "deny", "affirm", "stop", {"small_talk": {"use_entities": []}},
    ]  # fmt: skip
    assert forms.raw["actions"][-1] == "validate_tour_form"
    assert forms.raw["forms"]["tour_form"]["required_slots"][0] == "start_place"
    assert forms.raw["slots"]["reason"]["mappings"] == [
        {"type": "from_trigger_intent", "intent": "book_tour", "value": "tour"}
    ]
    assert forms.raw["responses"]["utter_greet"][0] == {"text": "Good day, {name}."}
    assert forms.raw["session_config"] == {
        "session_expiration_time": 90.0,
        "carry_over_slots_to_new_session": False,
    }
    assert calm.raw["slots"]["weight"] == {"type": "float", "initial_value": None, "mappings": []}


def test_dates_and_odd_keys_become_json(tmp_path: Path) -> None:
    domain = domain_of(
        tmp_path, "slots:\n  a:\n    type: any\n    initial_value: {1: 2026-01-31, b: [yes, ~]}\n"
    )
    assert domain.slots["a"].initial == {"1": "2026-01-31", "b": ["yes", None]}
    assert json.loads(json.dumps(domain.raw)) == domain.raw


class ValidateTourForm(FormValidationAction):  # type: ignore[misc]  # rasa-sdk is untyped
    def name(self) -> str:
        return "validate_tour_form"


def test_a_form_validation_action_finds_its_slots_in_it(forms: Domain) -> None:
    action = ValidateTourForm()
    assert action.domain_slots(forms.raw) == ["start_place", "finish_place", "people", "guide"]
    assert set(action.global_slots(forms.raw)) >= {"finish_place", "people", "reason"}


def test_the_same_domain_split_into_files_is_the_same(tmp_path: Path, forms: Domain) -> None:
    folder = tmp_path / "domain"
    folder.mkdir()
    parts = FORMS.split("\n\n")
    for i, part in enumerate(parts):
        (folder / f"{i}.yml").write_text(part, encoding="utf-8")
    assert read_domain(folder) == forms
    assert read_domain(folder).raw == forms.raw
