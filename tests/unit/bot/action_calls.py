"""What tests of actions share: a made-up shop's domain, and calls of its actions."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.actions.runner import ActionCall
from bot.dialogue.domain import Domain
from bot.dialogue.domain_files import read_domain
from bot.dialogue.tracker import Event, State, replay
from bot.messages import Shopper
from nlu.understanding import Entity, IntentRank, Understanding

DOMAIN = """
version: "3.1"
intents: [book, inform]
entities: [number]
slots:
  language: {type: text, initial_value: en, mappings: [{type: controlled}]}
  cuisine: {type: text, mappings: [{type: from_text}]}
  num_people:
    type: any
    mappings: [{type: from_entity, entity: number}]
  outdoor: {type: any, mappings: [{type: custom}]}
  sunshade: {type: any, mappings: [{type: custom}]}
  phone: {type: text, mappings: [{type: custom}]}
  basket: {type: list, initial_value: [], mappings: [{type: custom}]}
forms:
  table_form:
    required_slots: [cuisine, num_people]
  plain_form:
    required_slots: [phone]
responses:
  utter_too_short:
  - text: "Too short."
  utter_booked:
  - text: "A table for {num_people} at {shop_name}, {day}."
    buttons:
    - {title: "Fine", payload: "/affirm"}
actions:
- validate_table_form
- action_remote
- utter_booked
"""


def shop_domain(folder: Path) -> Domain:
    """The made-up shop's domain, read from a file."""
    path = folder / "domain.yml"
    path.write_text(DOMAIN)
    return read_domain(path)


def call_of(
    *events: Event,
    slots: Mapping[str, Any] | None = None,
    text: str = "a table please",
    intent: str = "book",
    entities: Iterable[Entity] = (),
    **more: Any,
) -> ActionCall:
    """A call of an action; its state is what the events come to."""
    heard = Understanding(text, "en", (IntentRank(intent, 0.9),), False, 0.9, tuple(entities))
    state = replay(events, State(slots=dict(slots or {})))
    return ActionCall("c1", Shopper("s1", 7), state, heard, events=events, **more)
