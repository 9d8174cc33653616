from pathlib import Path

import pytest

from bot.dialogue.domain import Domain, SlotMapping, read_domain
from bot.errors import ConfigError
from bot.messages import Button

DOMAIN = """\
version: "3.1"
intents: [greet]
entities: [colour]
session_config: {session_expiration_time: 60}
actions: [action_own]
slots:
  language: {type: text}
  colour:
    type: categorical
    values: [red, blue]
    influence_conversation: false
    initial_value: red
    mappings:
      - {type: from_entity, entity: colour}
      - {type: from_intent, intent: affirm, value: true}
      - {type: from_text, intent: [inform, deny]}
      - {type: controlled}
  anything:
responses:
  utter_hi:
    - text: "  Hello, {name}! "
      image: /hi.png
    - text: "你好，{name}！"
      condition: [{type: slot, name: language, value: zh}]
      buttons: [{title: 帮助, payload: /help}]
  utter_english:
    - text: English only
      condition: [{type: slot, name: language, value: en}]
  utter_chinese:
    - text: 只有中文
      condition: [{type: slot, name: language, value: zh}]
  utter_two:
    - text: one
    - text: two
"""


def domain_of(folder: Path, text: str) -> Domain:
    path = folder / "domain.yml"
    path.write_text(text, encoding="utf-8")
    return read_domain(path)


@pytest.fixture
def domain(tmp_path: Path) -> Domain:
    return domain_of(tmp_path, DOMAIN)


def test_slots_with_their_mappings(domain: Domain) -> None:
    colour = domain.slots["colour"]
    assert (colour.type, colour.initial) == ("categorical", "red")
    assert colour.mappings == (
        SlotMapping("from_entity", entity="colour"),
        SlotMapping("from_intent", intents=("affirm",), value=True),
        SlotMapping("from_text", intents=("inform", "deny")),
        SlotMapping("controlled"),
    )
    assert domain.slots["anything"].type == "any"
    assert domain.actions == ("action_own",)


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        ("utter_hi", "en", "Hello, Ada!"),
        ("utter_hi", "zh", "你好，Ada！"),
        ("utter_hi", "de", "Hello, Ada!"),
        ("utter_english", "zh", "English only"),
        ("utter_chinese", "en", "只有中文"),
    ],
)
def test_a_response_is_said_in_the_language_or_the_nearest(
    domain: Domain, name: str, language: str, expected: str
) -> None:
    assert domain.say(name, language, {"name": "Ada"}).text == expected


def test_buttons_and_image_belong_to_the_variation(domain: Domain) -> None:
    assert domain.say("utter_hi", "en", {}).image == "/hi.png"
    assert domain.say("utter_hi", "en", {}).buttons == ()
    assert domain.say("utter_hi", "zh", {}).buttons == (Button("帮助", "/help"),)


def test_each_variation_is_said(domain: Domain) -> None:
    assert {domain.say("utter_two", "en", {}).text for _ in range(60)} == {"one", "two"}


def test_each_reply_has_an_id_of_its_own(domain: Domain) -> None:
    assert domain.say("utter_two", "en", {}).id != domain.say("utter_two", "en", {}).id


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": "Ada"}, "Hello, Ada!"),
        ({"name": None}, "Hello, –!"),
        ({"name": 7}, "Hello, 7!"),
        ({}, "Hello, –!"),
        # a value is put in as it is, whatever it looks like
        ({"name": "{phone}", "phone": "555"}, "Hello, {phone}!"),
        ({"phone": "555", "name": "{phone}"}, "Hello, {phone}!"),
        ({"name": "{name}"}, "Hello, {name}!"),
        ({"name": r"\1 \g<0>"}, r"Hello, \1 \g<0>!"),
    ],
)
def test_placeholders(domain: Domain, values: dict[str, object], expected: str) -> None:
    assert domain.say("utter_hi", "en", values).text == expected


def test_a_response_that_is_not_there(domain: Domain) -> None:
    with pytest.raises(ConfigError, match="no response 'utter_bye'; add it under responses:"):
        domain.say("utter_bye", "en", {})


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("5", "1:1", "a mapping is expected"),
        ("slots: {\n", "2:1", "not valid YAML"),
        ("version: '3.1'\nforms: {}\n", "2:1", "a domain has no key 'forms'"),
        ("slots: [a]\n", "1:1", "'slots' must be a mapping"),
        ("slots:\n  a: text\n", "2:3", "'a' must be a mapping"),
        ("slots:\n  a:\n    kind: text\n", "3:5", "slot 'a' has no key 'kind'"),
        ("slots:\n  a:\n    type: integer\n", "3:5", "slot type 'integer' is not supported; use"),
        ("slots:\n  a:\n    mappings: from_text\n", "3:5", "'mappings' must be a list"),
        ("slots:\n  a:\n    mappings: [from_text]\n", "3:16", "must be a list of mappings"),
        (
            "slots:\n  a:\n    mappings: [{type: custom}]\n",
            "3:17",
            "mapping type 'custom' is not supported; use one of from_entity",
        ),
        ("slots:\n  a:\n    mappings: [{entity: a}]\n", "3:16", "mapping type None"),
        (
            "slots:\n  a:\n    mappings: [{type: from_text, role: b}]\n",
            "3:34",
            "a slot mapping has no key 'role'",
        ),
        (
            "slots:\n  a:\n    mappings: [{type: from_intent, intent: 5}]\n",
            "3:36",
            "'intent' must be a list",
        ),
        ("responses: []\n", "1:1", "'responses' must be a mapping"),
        ("responses:\n  utter_a: Hello\n", "2:3", "'utter_a' must be a list"),
        ("responses:\n  utter_a: [Hello]\n", "2:13", "'utter_a' must be a list of mappings"),
        (
            "responses:\n  utter_a:\n    - buttons: []\n",
            "2:3",
            "each variation of 'utter_a' needs a text:",
        ),
        ("responses:\n  utter_a:\n    - text: 5\n", "2:3", "needs a text:"),
        (
            "responses:\n  utter_a:\n    - text: a\n      custom: {}\n",
            "4:7",
            "response 'utter_a' has no key 'custom'",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [zh]}\n",
            "3:29",
            "'condition' must be a list of mappings",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [{type: slot, name: vip}]}\n",
            "3:29",
            "only conditions on the slot 'language' are supported",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [{type: slot, nam: b}]}\n",
            "3:42",
            "a condition has no key 'nam'",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, buttons: [Yes]}\n",
            "3:27",
            "'buttons' must be a list of mappings",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, buttons: [{title: b}]}\n",
            "3:27",
            "a button needs a title: and a payload:",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, buttons: [{title: b, type: c}]}\n",
            "3:38",
            "a button has no key 'type'",
        ),
        ("actions: {a: b}\n", "1:1", "'actions' must be a list"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        domain_of(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'domain.yml'}:{place}: ")
    assert what in str(caught.value)


def test_an_empty_domain_is_a_domain(tmp_path: Path) -> None:
    assert domain_of(tmp_path, "# nothing yet\n") == Domain({}, {}, ())
