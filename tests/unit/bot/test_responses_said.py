"""Which wording is said, and how values get into it."""

from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.conditions import parse_condition
from bot.dialogue.domain import Domain
from bot.dialogue.domain_files import read_domain
from bot.dialogue.responses import SlotIs, Variation, choose, fill, shown
from bot.errors import ConfigError
from bot.messages import BotMessage, Button

CHOICES = """\
version: "3.1"
responses:
  utter_greet:
    - text: default
    - text: another default
    - text: vip
      condition: [{type: slot, name: vip, value: true}]
    - text: vip in town
      condition:
        - {type: slot, name: vip, value: true}
        - {type: slot, name: city, value: Berlin}
    - text: default on rest
      channel: rest
    - text: vip on rest
      channel: rest
      condition: slots.vip and slots.visits > 1
    - text: 您好
      condition: [{type: slot, name: language, value: zh}]
    - text: 贵宾您好
      condition:
        - {type: slot, name: language, value: zh}
        - {type: slot, name: vip, value: true}
  utter_upgrade:
    - text: many visits
      condition: slots.visits > 1
    - text: none yet
      condition: not slots.visits
  utter_slack:
    - {text: only there, channel: slack}
  utter_english:
    - text: English
      condition: [{type: slot, name: language, value: en}]
    - text: any language
  utter_asked:
    - text: asked
      condition: context.asked is true
    - text: not asked
  utter_speaks:
    - text: speaks Chinese
      condition: slots.language is "zh"
    - text: speaks another
"""


@pytest.fixture
def choices(tmp_path: Path) -> Domain:
    return domain_of(tmp_path, CHOICES)


def domain_of(folder: Path, text: str) -> Domain:
    path = folder / "domain.yml"
    path.write_text(text, encoding="utf-8")
    return read_domain(path)


def said(domain: Domain, name: str, **how: Any) -> set[str]:
    how = {"language": "en", "values": {}, **how}
    return {domain.say(name, **how).text for _ in range(80)}


@pytest.mark.parametrize(
    ("name", "how", "expected"),
    [
        ("utter_greet", {}, {"default", "another default"}),
        # conditions that hold go before none; all of them must hold
        ("utter_greet", {"values": {"vip": True}}, {"vip"}),
        ("utter_greet", {"values": {"vip": False}}, {"default", "another default"}),
        ("utter_greet", {"values": {"vip": 1}}, {"default", "another default"}),
        ("utter_greet", {"values": {"vip": "true"}}, {"default", "another default"}),
        ("utter_greet", {"values": {"vip": True, "city": "berlin"}}, {"vip", "vip in town"}),
        ("utter_greet", {"values": {"city": "Berlin"}}, {"default", "another default"}),
        # the channel's own go before all, with conditions before without
        ("utter_greet", {"channel": "rest"}, {"default on rest"}),
        ("utter_greet", {"channel": "rest", "values": {"vip": True}}, {"default on rest"}),
        ("utter_greet", {"channel": "rest", "values": {"vip": True, "visits": 2}}, {"vip on rest"}),
        ("utter_greet", {"channel": "telegram", "values": {"vip": True}}, {"vip"}),
        # the language goes before everything
        ("utter_greet", {"language": "zh"}, {"您好"}),
        ("utter_greet", {"language": "zh", "values": {"vip": True}}, {"贵宾您好"}),
        ("utter_greet", {"language": "zh", "channel": "rest"}, {"您好"}),
        ("utter_greet", {"language": "de"}, {"default", "another default"}),
        ("utter_greet", {"language": "zh", "values": {"language": "en"}}, {"您好"}),
        ("utter_english", {"language": "en"}, {"English"}),
        ("utter_english", {"language": "de"}, {"English", "any language"}),
        # conditions written as in flows
        ("utter_upgrade", {"values": {"visits": 3}}, {"many visits"}),
        ("utter_upgrade", {"values": {}}, {"none yet"}),
        ("utter_asked", {"values": {"context": {"asked": True}}}, {"asked"}),
        ("utter_asked", {"values": {"asked": True}}, {"not asked"}),
        ("utter_asked", {"values": {"context": None}}, {"not asked"}),
        ("utter_speaks", {"language": "zh"}, {"speaks Chinese"}),
        ("utter_speaks", {"language": "en"}, {"speaks another"}),
        ("utter_slack", {"channel": "slack"}, {"only there"}),
    ],
)
def test_what_fits_best_is_said(
    choices: Domain, name: str, how: dict[str, Any], expected: set[str]
) -> None:
    assert said(choices, name, **how) == expected


@pytest.mark.parametrize(
    ("name", "how"),
    [("utter_upgrade", {"values": {"visits": 1}}), ("utter_slack", {"channel": "rest"})],
)
def test_where_nothing_fits_the_remedy_is_named(
    choices: Domain, name: str, how: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError, match=f"no variation of response '{name}' fits .*; add one"):
        said(choices, name, **how)


def test_a_choice_of_nothing_is_none() -> None:
    assert choose([], language="en", channel="", values={}) is None


RICH = """\
responses:
  utter_size:
    - text: "Which size, {name}?"
      image: /pictures/{product}.jpg
      buttons:
        - {title: "Size {size}", payload: '/inform{{"size": "{size}"}}'}
        - {title: plain, payload: '/inform{"size": "M"}'}
        - {title: set, payload: "/SetSlots(size={size})"}
  utter_picture: [{image: /a.png}]
  utter_buttons: [{buttons: [{title: a, payload: /b}]}]
  utter_custom: [{custom: {blocks: [{type: section}]}}]
  utter_manual:
    - text: Here you are.
      attachment: https://shop.example/files/manual_{product}.pdf
  utter_video:
    - attachment: {type: video, payload: {src: "https://shop.example/tent/"}}
"""


@pytest.fixture
def rich(tmp_path: Path) -> Domain:
    return domain_of(tmp_path, RICH)


def test_values_get_into_every_part(rich: Domain) -> None:
    message = rich.say(
        "utter_size", language="en", values={"name": "Ada", "product": 17, "size": "M {name}"}
    )
    assert message == BotMessage(
        "Which size, Ada?",
        (
            Button("Size M {name}", '/inform{"size": "M {name}"}'),
            Button("plain", '/inform{"size": "M"}'),
            Button("set", "/SetSlots(size=M {name})"),
        ),
        image="/pictures/17.jpg",
        response="utter_size",
        id=message.id,
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("utter_picture", BotMessage("", image="/a.png")),
        ("utter_buttons", BotMessage("", (Button("a", "/b"),))),
        ("utter_custom", BotMessage("")),
        (
            "utter_manual",
            BotMessage(
                "Here you are.\n\n[manual_17.pdf](https://shop.example/files/manual_17.pdf)"
            ),
        ),
        ("utter_video", BotMessage("[tent](https://shop.example/tent/)")),
    ],
)
def test_a_response_may_do_without_text(rich: Domain, name: str, expected: BotMessage) -> None:
    found = rich.say(name, language="en", values={"product": 17})
    assert (found.text, found.buttons, found.image) == (
        expected.text,
        expected.buttons,
        expected.image,
    )


def test_a_custom_payload_is_kept_as_it_is(rich: Domain) -> None:
    assert rich.responses["utter_custom"][0].custom == {"blocks": [{"type": "section"}]}


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("{a}", {"a": 20.0}, "20"),
        ("{a}", {"a": 20.5}, "20.5"),
        ("{a}", {"a": ["red", 2.0, None]}, "red, 2, –"),
        ("{a}", {"a": True}, "True"),
        ("{a}", {"a": ""}, ""),
        ("{a}{b}", {"a": "{b}", "b": "{a}"}, "{b}{a}"),
        ("{a b}", {"a": 1}, "{a b}"),
        ("{}", {}, "{}"),
        ("{my-slot}", {"my-slot": "x"}, "x"),
        ("{{a}}", {"a": 1}, "{a}"),
        ("{{{a}}}", {"a": 1}, "{1}"),
        ("{{ {a} {b}", {"a": "{{b}}"}, "{ {{b}} –"),
        ('{"a": {"b": {c}}}', {"c": 1}, '{"a": {"b": 1}}'),
        ("{尺码}", {"尺码": "大"}, "大"),
        ("{{ x }}", {"x": 1}, "{ x }"),
        ("{{{{7*7}}}}", {}, "{{7*7}}"),
    ],
)
def test_filling(text: str, values: dict[str, Any], expected: str) -> None:
    assert fill(text, values) == expected


def test_what_is_shown_for_infinity() -> None:
    assert shown(float("inf")) == "inf"


def jinja(text: str) -> Variation:
    return Variation(text, jinja=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi {{ slots.name }}", "Hi Ada"),
        ("Hi {{ name }}", "Hi Ada"),
        ("Stopped {{ context.canceled_name }}.", "Stopped return goods."),
        ("{{ slots.gone }}", "–"),
        ("{{ slots.gone.deeper }}", "–"),
        ("{{ context.gone[0].x }}", "–"),
        ("{{ nobody }}", "–"),
        ("{{ slots.empty }}", "–"),
        ("{% if slots.gone %}a{% else %}b{% endif %}", "b"),
        ("{% if slots.gone is defined %}a{% else %}b{% endif %}", "b"),
        ("{{ slots.gone or 'nobody' }}", "nobody"),
        ("{% for item in slots.items %}{{ loop.index }}. {{ item }} {% endfor %}", "1. a 2. b"),
        ("{{ slots.items }}", "a, b"),
        ("{{ slots.price }}", "20"),
        ("{{ slots.price * 2 }}", "40"),
        ("{% for k, v in slots.order.items() %}{{ k }}={{ v }}{% endfor %}", "id=7"),
        # a value is never a template, and never HTML
        ("{{ slots.evil }}", "{{ 7*7 }} {name} <b>"),
        # no slot hides the namespaces
        ("{{ slots.slots }} {{ slots.name }}", "mine Ada"),
        ("{name}", "{name}"),
        ("  spaced {{ slots.name }}\n", "spaced Ada"),
    ],
)
def test_jinja_templates(text: str, expected: str) -> None:
    values = {
        "name": "Ada",
        "empty": None,
        "items": ["a", "b"],
        "price": 20.0,
        "order": {"id": 7},
        "evil": "{{ 7*7 }} {name} <b>",
        "slots": "mine",
        "context": {"canceled_name": "return goods"},
    }
    assert jinja(text).message("utter_a", values).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "{{ slots.name + 1 }}",
        "{{ 1 / 0 }}",
        "{{ slots.__class__.__mro__ }}{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% for i in range(999999999) %}{% endfor %}",
        "{% include 'domain.yml' %}",
        "{{ 'a' | int('b', 99) | nofilter }}",
    ],
)
def test_a_template_that_cannot_be_filled_says_where(text: str) -> None:
    with pytest.raises(ConfigError, match=r"template of response 'utter_a' cannot be filled"):
        jinja(text).message("utter_a", {"name": "Ada"})


def test_a_jinja_response_is_read_and_said(tmp_path: Path) -> None:
    domain = domain_of(
        tmp_path,
        "responses:\n  utter_a:\n"
        "    - text: 'Bye {{ slots.name }}'\n"
        "      metadata: {template: jinja, rephrase: true, rephrase_prompt: shorter}\n"
        "      buttons: [{title: '{{ context.title }}', payload: '/go'}]\n",
    )
    message = domain.say(
        "utter_a", language="en", values={"name": "Ada", "context": {"title": "Go on"}}
    )
    assert (message.text, message.buttons) == ("Bye Ada", (Button("Go on", "/go"),))


@pytest.mark.parametrize(
    ("condition", "slots", "holds"),
    [
        (SlotIs("a", "Red"), {"a": "red"}, True),
        (SlotIs("a", None), {}, True),
        (SlotIs("a", None), {"a": "x"}, False),
        (SlotIs("a", 2), {"a": 2.0}, True),
        (SlotIs("a", 2), {"a": "2"}, False),
        (SlotIs("a", False), {"a": 0}, False),
        (SlotIs("a", False), {}, False),
        (SlotIs("a", ["x"]), {"a": ["x"]}, True),
        (parse_condition("slots.a is null"), {}, True),
    ],
)
def test_conditions_of_a_variation(condition: Any, slots: dict[str, Any], holds: bool) -> None:
    assert Variation("x", conditions=(condition,)).holds(slots) is holds
