from pathlib import Path

import pytest

from bot.dialogue.domain import Domain, Form, SessionConfig
from bot.dialogue.domain_files import read_domain
from bot.dialogue.slots import SlotMapping
from bot.errors import ConfigError
from bot.messages import Button

DOMAIN = """\
version: "3.1"
intents: [greet, affirm, inform, deny]
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
      - {type: from_intent, intent: affirm, value: BLUE}
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
        SlotMapping("from_intent", intents=("affirm",), value="blue"),
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
    assert domain.say(name, language=language, values={"name": "Ada"}).text == expected


def test_buttons_and_image_belong_to_the_variation(domain: Domain) -> None:
    english = domain.say("utter_hi", language="en", values={})
    assert (english.image, english.buttons) == ("/hi.png", ())
    chinese = domain.say("utter_hi", language="zh", values={})
    assert (chinese.image, chinese.buttons) == ("", (Button("帮助", "/help"),))


def test_each_variation_is_said(domain: Domain) -> None:
    said = {domain.say("utter_two", language="en", values={}).text for _ in range(60)}
    assert said == {"one", "two"}


def test_each_reply_has_an_id_of_its_own_and_names_its_response(domain: Domain) -> None:
    first, second = (domain.say("utter_two", language="en", values={}) for _ in range(2))
    assert first.id != second.id
    assert first.response == second.response == "utter_two"


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
    assert domain.say("utter_hi", language="en", values=values).text == expected


def test_a_response_that_is_not_there(domain: Domain) -> None:
    with pytest.raises(ConfigError, match="no response 'utter_bye'; add it under responses:"):
        domain.say("utter_bye", language="en", values={})


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("5", "1:1", "a mapping is expected"),
        ("slots: {\n", "2:1", "not valid YAML"),
        ("version: '3.1'\nstories: {}\n", "2:1", "a domain has no key 'stories'; known are"),
        ("version: '2.0'\n", "1:1", "version '2.0' is not Rasa 3's format; write the file in"),
        ("- a\n", "1:1", "a mapping is expected"),
        ("slots:\n  a: {}\n  a: {}\n", "3:3", "not valid YAML: found duplicate key"),
        ("slots: [a]\n", "1:1", "'slots' must be a mapping"),
        ("slots:\n  a: text\n", "2:3", "'a' must be a mapping"),
        ("slots:\n  a:\n    kind: text\n", "3:5", "slot 'a' has no key 'kind'"),
        ("slots:\n  a:\n    type: integer\n", "3:5", "slot type 'integer' is not supported; use"),
        ("slots:\n  a:\n    mappings: from_text\n", "3:5", "'mappings' must be a list"),
        ("slots:\n  a:\n    mappings: [from_text]\n", "3:16", "must be a list of mappings"),
        ("slots:\n  a:\n    mappings: [{entity: a}]\n", "3:16", "mapping type None"),
        (
            "slots:\n  a:\n    mappings: [{type: from_text, role: b}]\n",
            "3:34",
            "a mapping from_text has no key 'role'",
        ),
        (
            "slots:\n  a:\n    mappings: [{type: from_intent, value: 1, intent: 5}]\n",
            "3:46",
            "'intent' must be a list",
        ),
        ("responses: []\n", "1:1", "'responses' must be a mapping"),
        ("responses:\n  utter_a: Hello\n", "2:3", "'utter_a' must be a list"),
        ("responses:\n  utter_a: [Hello]\n", "2:13", "'utter_a' must be a list of mappings"),
        (
            "responses:\n  utter_a:\n    - buttons: []\n",
            "3:7",
            "each variation of 'utter_a' needs a text:",
        ),
        ("responses:\n  utter_a: []\n", "2:3", "response 'utter_a' has no variation; write one"),
        ("responses:\n  utter_a:\n", "2:3", "response 'utter_a' has no variation"),
        ("responses:\n  5: [{text: a}]\n", "2:3", "a name is a text; put 5 in quotes"),
        ("responses:\n  utter_a:\n    - text: 5\n", "3:7", "'text' must be a text"),
        ("responses:\n  utter_a:\n    - image: ['a']\n", "3:7", "'image' must be a text"),
        ("responses:\n  utter_a:\n    - {text: a, channel: 5}\n", "3:17", "'channel' must be"),
        ("responses:\n  utter_a:\n    - {text: a, id: 5}\n", "3:17", "'id' must be a text"),
        ("responses:\n  utter_a:\n    - {custom: 5}\n", "3:8", "'custom' must be a mapping"),
        (
            "responses:\n  utter_a:\n    - {attachment: {url: x}}\n",
            "3:8",
            "attachment: is an address, or payload: with src:",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, allow_interruptions: 1}\n",
            "3:17",
            "allow_interruptions: is true or false",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, metadata: {template: mako}}\n",
            "3:28",
            "template: 'mako' is not supported; write jinja",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, metadata: {templat: jinja}}\n",
            "3:28",
            "the metadata of a response has no key 'templat'",
        ),
        (
            "responses:\n  utter_a:\n    - metadata: {template: jinja}\n      text: '{% if %}'\n",
            "4:7",
            "text: is no Jinja template: ",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, quick_replies: []}\n",
            "3:17",
            "quick_replies: is not supported; write them as buttons:",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, translation: {de: b}}\n",
            "3:17",
            "write a variation for each language",
        ),
        (
            "responses:\n  utter_a:\n    - text: a\n      texts: b\n",
            "4:7",
            "response 'utter_a' has no key 'texts'",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [zh]}\n",
            "3:29",
            "'condition' must be a list of mappings",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [{type: slot, name: vip}]}\n",
            "3:29",
            "a condition needs a name: and a value:",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: [{name: vip, value: 1}]}\n",
            "3:29",
            "a condition needs type: slot",
        ),
        (
            "responses:\n  utter_a:\n    - {text: a, condition: vip is true}\n",
            "3:17",
            "cannot read 'vip' at character 1 of the condition 'vip is true'; a slot is written",
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
        (
            "responses:\n  utter_a:\n    - {text: a, buttons: [{title: b, payload: 5}]}\n",
            "3:27",
            "a button needs a title: and a payload:",
        ),
        ("actions: {a: b}\n", "1:1", "'actions' must be a list"),
        ("actions: [5]\n", "1:11", "actions: is a list of names, each alone or as `- name: {op"),
        ("actions: [a, b, a]\n", "1:17", "'a' stands twice under actions: remove one"),
        ("actions: [{a: {send: true}}]\n", "1:16", "action 'a' has no key 'send'"),
        ("intents:\n  - {greet: , bye: }\n", "2:5", "intents: is a list of names"),
        ("intents: greet\n", "1:1", "'intents' must be a list"),
        ("intents: [greet: {entities: []}]\n", "1:19", "intent 'greet' has no key 'entities'"),
        ("intents: [greet: {use_entities: 5}]\n", "1:19", "'use_entities' must be a list"),
        ("entities: [city: {role: [a]}]\n", "1:19", "entity 'city' has no key 'role'"),
        ("entities: [city: {roles: a}]\n", "1:19", "'roles' must be a list"),
        ("forms: [a]\n", "1:1", "'forms' must be a mapping"),
        ("forms:\n  f: {}\n", "2:3", "form 'f' needs required_slots:, the list of its slots"),
        ("forms:\n  f: {required: [a]}\n", "2:7", "form 'f' has no key 'required'"),
        (
            "forms:\n  f:\n    required_slots:\n      a: [{type: from_text}]\n",
            "3:5",
            "required_slots: is a list of names; how each is filled stands under slots:",
        ),
        ("forms:\n  f: {required_slots: [5]}\n", "2:24", "'required_slots' must be a list of nam"),
        (
            "forms:\n  f: {required_slots: [a]}\n",
            "2:3",
            "form 'f' names 'a', which is not under slots: of the domain; add it there or mend",
        ),
        (
            "intents: [a]\nforms:\n  f: {required_slots: [], ignored_intents: b}\n",
            "3:3",
            "form 'f' names 'b', which is not under intents:",
        ),
        (
            "entities: [b]\nslots:\n  a:\n    mappings: [{type: from_entity, entity: c}]\n",
            "3:3",
            "slot 'a' names 'c', which is not under entities:",
        ),
        (
            "entities: [b: {roles: [to]}]\nslots:\n  a:\n    mappings:\n"
            "      - {type: from_entity, entity: b, role: from}\n",
            "3:3",
            "slot 'a' is filled from role 'from' of entity 'b', which has none of that name",
        ),
        (
            "entities: [b]\nslots:\n  a:\n    mappings:\n"
            "      - {type: from_entity, entity: b, group: 1}\n",
            "3:3",
            "add it under entities: as one of its groups:",
        ),
        (
            "intents: [b]\nslots:\n  a:\n    mappings: [{type: from_text, not_intent: [b, c]}]\n",
            "3:3",
            "slot 'a' names 'c', which is not under intents:",
        ),
        (
            "actions: [b]\nslots:\n  a:\n    mappings: [{type: custom, action: c}]\n",
            "3:3",
            "slot 'a' names 'c', which is not under actions:",
        ),
        (
            "slots:\n  a:\n    mappings:\n      - type: from_text\n"
            "        conditions: [{active_loop: f, requested_slot: b}]\n",
            "2:3",
            "slot 'a' names 'b', which is not under slots:",
        ),
        (
            "slots:\n  a:\nresponses:\n  utter_a:\n    - text: x\n"
            "      condition: [{type: slot, name: b, value: 1}]\n",
            "4:3",
            "a condition of response 'utter_a' names 'b', which is not under slots:",
        ),
        (
            "slots:\n  a:\nresponses:\n  utter_a:\n"
            "    - {text: x, condition: slots.a or slots.b}\n",
            "4:3",
            "a condition of response 'utter_a' names 'b', which is not under slots:",
        ),
        (
            "session_config: {expires: 5}\n",
            "1:18",
            "session_config has no key 'expires'",
        ),
        (
            "session_config: {session_expiration_time: -1}\n",
            "1:18",
            "session_expiration_time: is a number of minutes, 0 for never",
        ),
        (
            "session_config:\n  carry_over_slots_to_new_session: maybe\n",
            "2:3",
            "carry_over_slots_to_new_session: is true or false",
        ),
        ("config: {store_entities: true}\n", "1:10", "config has no key 'store_entities'"),
        (
            "config: {store_entities_as_slots: maybe}\n",
            "1:10",
            "store_entities_as_slots: is true or false",
        ),
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


def test_all_problems_of_a_file_are_told_in_its_order(tmp_path: Path) -> None:
    text = """\
forms:
  f: {required_slots: [gone, size]}
slots:
  size: {type: categorical}
  city: {type: town}
responses:
  utter_a: [{buttons: []}]
  utter_b: [{text: fine}]
actions: [5]
"""
    with pytest.raises(ConfigError) as caught:
        domain_of(tmp_path, text)
    lines = str(caught.value).splitlines()
    path = tmp_path / "domain.yml"
    # a slot that could not be read is not unknown as well
    assert [line.split(": ")[0] for line in lines] == [
        f"{path}:{place}" for place in ("2:3", "4:10", "5:10", "7:13", "9:11")
    ]


def test_names_are_checked_only_against_lists_that_there_are(tmp_path: Path) -> None:
    text = """\
slots:
  a:
    mappings:
      - {type: from_entity, entity: e, role: r, intent: i}
      - {type: custom, action: action_a}
"""
    assert domain_of(tmp_path, text).every_turn == ("action_a",)
    listed = domain_of(
        tmp_path,
        "intents: [i]\nslots:\n  a:\n    mappings:\n"
        "      - {type: from_text, intent: [i, nlu_fallback]}\n",
    )
    assert listed.intents == ("i",)


def test_slots_that_stand_elsewhere_may_be_named(tmp_path: Path) -> None:
    text = """\
slots:
  a: {type: text}
forms:
  f: {required_slots: [a, contact_email, language]}
responses:
  utter_a: [{text: x, condition: slots.contact_email and slots.language is "en"}]
"""
    with pytest.raises(ConfigError, match="'contact_email', which is not under slots:"):
        domain_of(tmp_path, text)
    domain = read_domain(tmp_path / "domain.yml", known_slots={"contact_email"})
    assert set(domain.slots) == {"a"}


FOLDER = {
    "a/slots.yml": "intents: [greet]\nentities: [city]\nslots:\n  town:\n    mappings:\n"
    "      - {type: from_entity, entity: village}\n",
    "b.yaml": "intents: [greet, bye]\nentities: [village]\nactions: [action_a]\n"
    "responses:\n  utter_a: [{text: a}]\n",
    "forms.yml": "forms:\n  trip: {required_slots: [town], ignored_intents: bye}\n"
    "actions: [action_b]\nsession_config: {session_expiration_time: 5}\n",
    "notes.txt": "not: [yaml",
}


def folder_of(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_folder_of_files_is_one_domain(tmp_path: Path) -> None:
    domain = read_domain(folder_of(tmp_path, FOLDER))
    assert set(domain.slots) == {"town"}
    assert set(domain.responses) == {"utter_a"}
    assert domain.forms == {"trip": Form("trip", ("town",), ("bye",))}
    assert domain.actions == ("action_a", "action_b")
    assert domain.intents == ("greet", "bye")
    assert domain.entities == ("city", "village")
    assert domain.session_config == SessionConfig(5.0, True)


@pytest.mark.parametrize(
    ("section", "text", "line"),
    [
        ("slots", "slots:\n  town: {type: text}\n", 2),
        ("responses", "version: '3.1'\nresponses:\n  utter_a: [{text: b}]\n", 3),
        ("forms", "forms: {trip: {required_slots: []}}\n", 1),
        ("the domain", "session_config: {session_expiration_time: 5}\n", 1),
    ],
)
def test_what_stands_in_two_files_is_refused_with_both_places(
    tmp_path: Path, section: str, text: str, line: int
) -> None:
    folder_of(tmp_path, {**FOLDER, "z.yml": text})
    with pytest.raises(
        ConfigError, match=rf"z\.yml:{line}:\d+: .* under {section}: stands al"
    ) as e:
        read_domain(tmp_path)
    assert str(e.value).count("\n") == 0
    assert any(f"{tmp_path / name}:" in str(e.value) for name in FOLDER)


def test_problems_of_several_files_are_told_together(tmp_path: Path) -> None:
    folder_of(tmp_path, {"a.yml": "slot: {}\n", "b.yml": "slots: {\n", "c.yml": "actions: 5\n"})
    with pytest.raises(ConfigError) as caught:
        read_domain(tmp_path)
    found = [line.split(":")[0] for line in str(caught.value).splitlines()]
    assert found == [str(tmp_path / name) for name in ("a.yml", "b.yml", "c.yml")]


def test_a_folder_without_files(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no \.yml file in this folder"):
        read_domain(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yml: cannot be read"):
        read_domain(tmp_path / "gone.yml")


def test_a_conversation_starts_with_the_initial_values(domain: Domain) -> None:
    assert domain.start().slots == {"colour": "red"}


def test_a_choice_is_shown_as_its_button_calls_it(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text(
        "slots:\n"
        "  topic: {type: categorical, values: [delivery, other], mappings: [{type: from_llm}]}\n"
        "  note: {type: text}\n"
        "responses:\n"
        "  utter_ask_topic:\n"
        "    - {text: What?, buttons: [{title: Delivery!, payload: delivery}]}\n"
        "    - text: 哪方面？\n"
        "      buttons: [{title: 配送, payload: delivery}]\n"
        "      condition: [{type: slot, name: language, value: zh}]\n"
        "  utter_noted:\n"
        "    - {text: '{topic}!', condition: [{type: slot, name: topic, value: delivery}]}\n",
        encoding="utf-8",
    )
    domain = read_domain(tmp_path / "domain.yml")
    assert domain.shown("topic", "delivery", "zh") == "配送"
    assert domain.shown("topic", "other", "zh") == "other"
    assert domain.shown("topic", None, "zh") is None
    assert domain.shown("note", "delivery", "zh") == "delivery"
    assert domain.shown("unknown", 3, "zh") == 3
    noted = domain.say("utter_noted", language="zh", values={"topic": "delivery"})
    assert noted.text == "配送!"  # the condition reads the value itself
