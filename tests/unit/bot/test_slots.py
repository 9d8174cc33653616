from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.domain_files import read_domain
from bot.dialogue.slots import SLOT_TYPES, MappingCondition, Slot, SlotMapping
from bot.errors import ConfigError

SIZES = ("Small", "medium", 42, True)


def slot(kind: str, **limits: Any) -> Slot:
    values = SIZES if kind == "categorical" else ()
    return Slot("a", kind, (), None, values, limits.get("minimum"), limits.get("maximum"))


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("text", "4417", "4417"),
        ("text", " as typed ", " as typed "),
        ("text", 4417, "4417"),
        ("text", 20.0, "20"),
        ("text", 20.5, "20.5"),
        ("text", True, "true"),
        ("text", False, "false"),
        ("bool", True, True),
        ("bool", False, False),
        ("bool", "true", True),
        ("bool", " FALSE ", False),
        ("bool", 1, True),
        ("bool", 0.0, False),
        ("categorical", "small", "Small"),
        ("categorical", "SMALL", "Small"),
        ("categorical", " Medium ", "medium"),
        ("categorical", "ｍｅｄｉｕｍ", "medium"),
        ("categorical", "42", 42),
        ("categorical", 42.0, 42),
        ("categorical", True, True),
        ("float", "20", 20.0),
        ("float", "20.5", 20.5),
        ("float", " -3 ", -3.0),
        ("float", "−3", -3.0),
        ("float", "+3", 3.0),
        ("float", ".5", 0.5),
        ("float", "5.", 5.0),
        ("float", "1,200.50", 1200.5),
        ("float", "12,345,678", 12345678.0),
        ("float", "２０．５", 20.5),
        ("float", "１，２００", 1200.0),
        ("float", 7, 7.0),
        ("float", 7.25, 7.25),
        ("list", "a", ["a"]),
        ("list", 5, [5]),
        ("list", ["a", "b"], ["a", "b"]),
        ("list", ("a",), ["a"]),
        ("list", [], []),
        ("any", {"a": [1]}, {"a": [1]}),
        ("any", "x", "x"),
    ],
)
def test_a_value_becomes_one_of_the_slots_type(kind: str, given: Any, expected: Any) -> None:
    found = slot(kind).coerce(given)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize("kind", SLOT_TYPES)
def test_no_value_stays_none(kind: str) -> None:
    assert slot(kind).coerce(None) is None


@pytest.mark.parametrize(
    ("kind", "given", "message"),
    [
        ("text", ["a"], r"a text is expected, not \['a'\]"),
        ("text", {"a": 1}, "a text is expected"),
        ("bool", "yes", "true or false is expected, not 'yes'"),
        ("bool", "", "true or false is expected"),
        ("bool", "1", "true or false is expected"),
        ("bool", 2, "true or false is expected, not 2"),
        ("bool", [True], "true or false is expected"),
        ("categorical", "huge", "'huge' is not one of Small, medium, 42, True"),
        ("categorical", "", "is not one of"),
        ("categorical", ["small"], "is not one of"),
        ("float", "many", "a number is expected, not 'many'"),
        ("float", "", "a number is expected"),
        ("float", "1,5", "a number is expected"),
        ("float", "1,20,000", "a number is expected"),
        ("float", "1200,", "a number is expected"),
        ("float", "1.2.3", "a number is expected"),
        ("float", "nan", "a number is expected"),
        ("float", "inf", "a number is expected"),
        ("float", "1e5", "a number is expected"),
        ("float", "9" * 400, "a number is expected"),
        ("float", float("nan"), "a number is expected"),
        ("float", float("inf"), "a number is expected"),
        ("float", 10**400, "a number is expected"),
        ("float", True, "a number is expected, not True"),
        ("float", [5], "a number is expected"),
    ],
)
def test_what_is_no_such_value_is_refused_in_plain_words(
    kind: str, given: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        slot(kind).coerce(given)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("0", "0 is less than 1, the least allowed"),
        (10.5, "10.5 is more than 10, the most allowed"),
    ],
)
def test_a_number_keeps_to_its_limits(value: Any, message: str) -> None:
    limited = slot("float", minimum=1.0, maximum=10.0)
    assert (limited.coerce("1"), limited.coerce(10)) == (1.0, 10.0)
    with pytest.raises(ValueError, match=message):
        limited.coerce(value)


@given(
    st.sampled_from(SLOT_TYPES),
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
)
def test_anything_is_coerced_or_refused_and_coercing_again_changes_nothing(
    kind: str, value: Any
) -> None:
    if value != value:
        return  # NaN equals nothing
    try:
        once = slot(kind).coerce(value)
    except ValueError:
        return
    assert slot(kind).coerce(once) == once


def read(folder: Path, body: str) -> Slot:
    path = folder / "domain.yml"
    path.write_text(f"forms:\n  f: {{required_slots: []}}\nslots:\n  a:\n{body}", encoding="utf-8")
    return read_domain(path).slots["a"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{type: from_entity, entity: city}", SlotMapping("from_entity", "city")),
        (
            "{type: from_entity, entity: city, role: to, group: 1, intent: go, not_intent: [a, b]}",
            SlotMapping(
                "from_entity", "city", ("go",), role="to", group="1", not_intents=("a", "b")
            ),
        ),
        (
            "{type: from_intent, intent: [yes_please, sure], value: true}",
            SlotMapping("from_intent", intents=("yes_please", "sure"), value="true"),
        ),
        (
            "{type: from_intent, not_intent: deny, value: x}",
            SlotMapping("from_intent", not_intents=("deny",), value="x"),
        ),
        (
            "{type: from_trigger_intent, intent: order, value: new}",
            SlotMapping("from_trigger_intent", intents=("order",), value="new"),
        ),
        (
            "{type: from_text, intent: inform, not_intent: stop}",
            SlotMapping("from_text", intents=("inform",), not_intents=("stop",)),
        ),
        ("{type: from_llm}", SlotMapping("from_llm")),
        ("{type: from_llm, allow_nlu_correction: true}", SlotMapping("from_llm")),
        ("{type: controlled}", SlotMapping("controlled")),
        ("{type: controlled, coexistence_system: SHARED}", SlotMapping("controlled")),
        (
            "{type: controlled, run_action_every_turn: action_tell}",
            SlotMapping("controlled", action="action_tell"),
        ),
        ("{type: custom}", SlotMapping("custom")),
        ("{type: custom, action: action_tell}", SlotMapping("custom", action="action_tell")),
        (
            "{type: from_text, conditions: [{active_loop: f}]}",
            SlotMapping("from_text", conditions=(MappingCondition("f"),)),
        ),
        (
            "{type: from_text, conditions: [{active_loop: f, requested_slot: a}, "
            "{active_loop: null}, {active_flow: buy}]}",
            SlotMapping(
                "from_text",
                conditions=(
                    MappingCondition("f", "a"),
                    MappingCondition(None),
                    MappingCondition("buy"),
                ),
            ),
        ),
    ],
)
def test_each_mapping_is_read(tmp_path: Path, written: str, expected: SlotMapping) -> None:
    found = read(tmp_path, f"    type: text\n    mappings:\n      - {written}\n")
    assert found.mappings == (expected,)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    type: text\n", (SlotMapping("from_llm"),)),  # CALM's default
        ("    type: text\n    mappings: []\n", ()),
    ],
)
def test_a_slot_without_mappings(
    tmp_path: Path, body: str, expected: tuple[SlotMapping, ...]
) -> None:
    assert read(tmp_path, body).mappings == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("    type: text\n    initial_value: 5\n", Slot("a", "text", (), "5")),
        ("    type: bool\n    initial_value: false\n", Slot("a", "bool", (), False)),
        (
            "    type: categorical\n    values: [Low, high, 3]\n    initial_value: LOW\n",
            Slot("a", "categorical", (), "Low", ("Low", "high", 3)),
        ),
        (
            "    type: float\n    min_value: 0\n    max_value: 10.5\n    initial_value: 3\n",
            Slot("a", "float", (), 3.0, (), 0.0, 10.5),
        ),
        ("    type: float\n    max_value: 9\n", Slot("a", "float", (), maximum=9.0)),
        ("    type: list\n    initial_value: [x]\n", Slot("a", "list", (), ["x"])),
        ("    type: any\n    initial_value: {k: [1]}\n", Slot("a", "any", (), {"k": [1]})),
        ("    type: text\n    influence_conversation: false\n", Slot("a", "text", ())),
        ("    type: text\n    shared_for_coexistence: True\n", Slot("a", "text", ())),
    ],
)
def test_each_type_is_read(tmp_path: Path, body: str, expected: Slot) -> None:
    assert read(tmp_path, body + "    mappings: []\n") == expected


def test_a_value_of_an_intent_is_of_the_slots_type(tmp_path: Path) -> None:
    found = read(
        tmp_path, "    type: bool\n    mappings: [{type: from_intent, intent: a, value: 'true'}]\n"
    )
    assert found.mappings[0].value is True


@pytest.mark.parametrize(
    ("body", "place", "what"),
    [
        ("    type: unfeaturized\n", "5:5", "slot type 'unfeaturized' is not supported; use one"),
        ("    type: text\n    auto_fill: false\n", "6:5", "slot 'a' has no key 'auto_fill'"),
        (
            "    type: text\n    validation: {rejections: []}\n",
            "6:5",
            "write its rejections: under the collect steps",
        ),
        ("    type: categorical\n", "5:5", "slot 'a' is categorical and needs values:"),
        ("    type: categorical\n    values: []\n", "6:5", "needs values:"),
        ("    type: categorical\n    values: low\n", "6:5", "needs values:"),
        (
            "    type: categorical\n    values:\n      - low\n      - [high]\n",
            "8:9",
            "a value of slot 'a' is a text",
        ),
        (
            "    type: categorical\n    values:\n      - low\n      - Low\n",
            "8:9",
            "value 'Low' of slot 'a' stands twice",
        ),
        ("    type: text\n    values: [a]\n", "6:5", "values: is for slots of type categorical"),
        ("    type: text\n    min_value: 1\n", "6:5", "min_value: is for slots of type float"),
        ("    type: float\n    max_value: lots\n", "6:5", "max_value: must be a number"),
        ("    type: float\n    max_value: true\n", "6:5", "max_value: must be a number"),
        (
            "    type: float\n    min_value: 3\n    max_value: 2\n",
            "6:5",
            "min_value: is more than max_value:",
        ),
        (
            "    type: float\n    max_value: 2\n    initial_value: 3\n",
            "7:5",
            "initial_value: of slot 'a': 3 is more than 2, the most allowed",
        ),
        ("    type: bool\n    initial_value: maybe\n", "6:5", "true or false is expected"),
        (
            "    type: text\n    influence_conversation: 1\n",
            "6:5",
            "influence_conversation: is true or false",
        ),
        (
            "    type: bool\n    mappings:\n      - {type: from_intent, intent: a, value: yup}\n",
            "7:40",
            "value: of slot 'a': true or false is expected, not 'yup'",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_image\n",
            "7:9",
            "mapping type 'from_image' is not supported; use one of from_entity",
        ),
        ("    type: text\n    mappings:\n      - entity: a\n", "7:9", "mapping type None"),
        (
            "    type: text\n    mappings:\n      - type: from_entity\n",
            "7:9",
            "a mapping from_entity needs entity:",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_intent\n        intent: a\n",
            "7:9",
            "a mapping from_intent needs value:",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n        entity: a\n",
            "8:9",
            "a mapping from_text has no key 'entity'",
        ),
        (
            "    type: text\n    mappings:\n      - type: controlled\n        action: a\n",
            "8:9",
            "a mapping controlled has no key 'action'",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_entity\n        entity: 5\n",
            "8:9",
            "'entity' must be a text",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n        intent: 5\n",
            "8:9",
            "'intent' must be a list of names, or one name",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n        not_intent: [a, 5]\n",
            "8:25",
            "'not_intent' must be a list of names",
        ),
        (
            "    type: text\n    mappings:\n      - {type: from_llm, allow_nlu_correction: 1}\n",
            "7:26",
            "allow_nlu_correction: is true or false",
        ),
        (
            "    type: text\n    mappings:\n      - {type: controlled, coexistence_system: NLG}\n",
            "7:28",
            "coexistence_system: is one of NLU, CALM, SHARED",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n        conditions: f\n",
            "8:9",
            "'conditions' must be a list",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n"
            "        conditions:\n          - requested_slot: a\n",
            "9:13",
            "a mapping's condition needs active_loop:",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n"
            "        conditions:\n          - active_loop: f\n            slot: a\n",
            "10:13",
            "a mapping's condition has no key 'slot'",
        ),
        (
            "    type: text\n    mappings:\n      - type: from_text\n"
            "        conditions:\n          - active_loop: 5\n",
            "9:13",
            "'active_loop' must be a text",
        ),
    ],
)
def test_a_mistake_in_a_slot_is_named_with_its_place(
    tmp_path: Path, body: str, place: str, what: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, body)
    assert str(caught.value).startswith(f"{tmp_path / 'domain.yml'}:{place}: ")
    assert what in str(caught.value)
