"""A small shop with a flow of every kind, and an assistant that keeps it, for conversations."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.forms import FormValidationAction
from sqlalchemy import Engine
from stand_ins import Desk, SaysItsName, ScriptedSearcher, ScriptedUnderstander, desk_of, hit

from bot.shop import ShopFiles, read_shop
from knowledge.entries import Hit
from nlu.understanding import Understanding

SETTINGS = """\
[shop]
name = "Made up"
url = "https://made.example"
phone = "+1 212 555 0100"
email = "help@made.example"
hours = "always"
currency = "USD"
"""

DOMAIN = """\
version: "3.1"
slots:
  requested_slot: {type: any, mappings: [{type: controlled}]}
  colour: {type: categorical, values: [red, blue, green], mappings: [{type: from_llm}]}
  quantity: {type: float, mappings: [{type: from_llm}]}
  gift: {type: bool, mappings: [{type: from_llm}]}
  note: {type: text, mappings: [{type: from_text}]}
  invoice: {type: categorical, values: [paper, digital], mappings: [{type: from_llm}]}
  address: {type: text, mappings: [{type: from_entity, entity: address}]}
  day: {type: text, mappings: [{type: from_entity, entity: date}]}
  stars: {type: float, mappings: [{type: from_llm}]}
  reason: {type: text, mappings: [{type: from_text}]}
  number: {type: text, mappings: [{type: from_entity, entity: number_plate}]}
  name: {type: text, mappings: [{type: from_entity, entity: name}]}
  phone: {type: text, mappings: [{type: from_entity, entity: phone}]}
  pet: {type: bool, mappings: [{type: from_llm}]}
  breed: {type: categorical, values: [dog, cat], mappings: [{type: from_llm}]}
entities: [address, date, number_plate, name, phone]
intents: [buy]
forms:
  contact_form: {required_slots: [name, phone]}
  pet_form: {required_slots: [pet, breed, phone]}
actions: [action_look, action_pay, action_book, action_file, action_status, action_save]
responses:
  utter_ask_colour:
    - {text: Which colour?, buttons: [{title: Red, payload: red}, {title: Blue, payload: blue}]}
    - {text: 什么颜色？, condition: [{type: slot, name: language, value: zh}]}
  utter_ask_quantity:
    - text: How many?
    - {text: 要几个？, condition: [{type: slot, name: language, value: zh}]}
  utter_ask_gift: [{text: Is it a gift?}]
  utter_ask_note: [{text: Anything to add?}]
  utter_ask_invoice: [{text: Which invoice?}]
  utter_ask_address: [{text: Where to?}]
  utter_ask_day: [{text: Which day?}]
  utter_ask_stars: [{text: How many stars?}]
  utter_ask_reason: [{text: Why?}]
  utter_ask_number: [{text: Which number?}]
  utter_ask_name: [{text: Your name?}]
  utter_ask_phone: [{text: Your phone?}]
  utter_ask_pet: [{text: Have you a pet?}]
  utter_ask_breed: [{text: Dog or cat?}]
  utter_too_many: [{text: That is too many.}]
  utter_glad: [{text: Glad to hear from you.}]
  utter_thanks: [{text: Thank you.}]
  utter_hello: [{text: Hello.}]
"""

FLOWS = """\
flows:
  buy:
    name: Buy something
    nlu_trigger: [{intent: buy}]
    persisted_slots: [address]
    steps:
      - {id: look, action: action_look}
      - {id: colour, collect: colour}
      - id: quantity
        collect: quantity
        rejections: [{if: slots.quantity > 10, utter: utter_too_many}]
      - {id: delivery, call: delivery}
      - {id: note, collect: note, metadata: {optional: true}}
      - {id: gift, collect: gift, ask_before_filling: true}
      - {id: pay, action: action_pay, metadata: {once: true}}
      - {id: invoice, collect: invoice}
      - {id: book, action: action_book}
  delivery:
    name: Delivery
    steps:
      - {id: address, collect: address}
      - {id: day, collect: day}
  rate:
    name: Rate us
    nlu_trigger: [{intent: rate}]
    steps:
      - {id: stars, collect: stars}
      - {id: reason, collect: reason, metadata: {optional: true}}
      - {id: thanks, action: utter_thanks}
  feedback:
    name: Feedback
    nlu_trigger: [{intent: feedback}]
    steps:
      - {id: glad, action: utter_glad}
      - {id: over, link: rate}
  complain:
    name: Complain
    nlu_trigger: [{intent: complain}]
    steps:
      - {id: number, collect: number}
      - {id: why, collect: reason}
      - {id: file, action: action_file, metadata: {once: true}}
      - {id: rating, call: rate}
  status:
    name: Where it is
    nlu_trigger: [{intent: status}]
    steps:
      - {id: number, collect: number}
      - {id: tell, action: action_status}
  contact:
    name: Leave your address
    nlu_trigger: [{intent: contact}]
    steps:
      - {id: form, action: contact_form}
      - {id: save, action: action_save}
  pets:
    name: About your pet
    nlu_trigger: [{intent: pets}]
    steps:
      - {id: form, action: pet_form}
      - {id: save, action: action_save}
  hello:
    nlu_trigger: [{intent: greet}]
    steps: [{id: say, action: utter_hello}]
"""


class ChecksAddress(Action):
    """Takes no address that says nothing."""

    def name(self) -> str:
        return "validate_address"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        if tracker.get_slot("address") == "nowhere":
            dispatcher.utter_message(text="There is no such place.")
            return [SlotSet("address", None)]
        return []


class AsksForPets(FormValidationAction):
    """Asks for the breed only where there is a pet, and takes no short phone number."""

    def name(self) -> str:
        return "validate_pet_form"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: Any, tracker: Any, domain: Any
    ) -> list[str]:
        left_out = {"breed"} if tracker.get_slot("pet") is False else set()
        return [slot for slot in domain_slots if slot not in left_out]

    def validate_phone(
        self, value: Any, dispatcher: Any, tracker: Any, domain: Any
    ) -> dict[str, Any]:
        return {"phone": value if len(str(value)) > 3 else None}


ACTIONS: tuple[Action, ...] = (
    *(SaysItsName(f"action_{n}") for n in ("look", "pay", "book", "file", "status", "save")),
    ChecksAddress(),
    AsksForPets(),
)
class Unhurried(ScriptedUnderstander):
    """Lets what is written at the same time come in before it understands."""

    async def understand(self, text: str) -> Understanding:
        for _ in range(5):
            await asyncio.sleep(0)
        return await super().understand(text)


DELIVERY_TIME = "how long does delivery take?"


def write_made_up_shop(folder: Path) -> ShopFiles:
    (folder / "shop.toml").write_text(SETTINGS)
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "flows").mkdir()
    (folder / "flows" / "flows.yml").write_text(FLOWS)
    return read_shop(folder)


def made_up_desk(
    shop: ShopFiles,
    engine: Engine,
    heard: Mapping[str, Understanding],
    found: Mapping[str, Sequence[Hit]] | None = None,
) -> Desk:
    """An assistant of the shop that understands what `heard` has."""
    answers = {DELIVERY_TIME: (hit("delivery-time", 0.9, intent="delivery_period"),)}
    return desk_of(
        shop,
        engine,
        understander=Unhurried(heard),
        searcher=ScriptedSearcher(found or answers),
        more_actions=ACTIONS,
    )
