"""Which slots a message fills: mappings, and each value for one slot only."""

from dataclasses import replace
from typing import Any

import pytest
from interpret_shop import DOMAIN, SCRIPT, asking, at, flow, hear

from bot.dialogue.fitting import fit, same
from bot.dialogue.flows import Flows
from bot.dialogue.said import Said, awaited, collected
from bot.dialogue.script import Script
from bot.dialogue.slot_filling import Filled, fill, fill_started, free_text
from bot.dialogue.slots import MappingCondition, Slot, SlotMapping
from bot.dialogue.tracker import Frame, State
from nlu.understanding import Understanding


def said(understanding: Understanding, *, sure: bool = True, pressed: bool = False) -> Said:
    intents = frozenset({understanding.top.name} if sure else ())
    return Said.of(understanding, intents, pressed=pressed)


def shop(*slots: Slot) -> Script:
    """A shop whose one flow asks for these slots in turn."""
    task = flow("task", "", *(asking(slot.name) for slot in slots))
    domain = replace(DOMAIN, slots={slot.name: slot for slot in slots})
    return Script(domain, Flows({"task": task}), frozenset())


def answer(slot: Slot, understanding: Understanding, *, sure: bool = True) -> Any:
    script, state = shop(slot), at("task", slot.name)
    asked = awaited(state, script)
    reading = fill(said(understanding, sure=sure), state, script, asked).answer
    if reading is not None:
        return reading.value
    return free_text(said(understanding, sure=sure), state, script, asked)


COLOURED = hear("red or blue", "x", colour=["red", "blue"])


@pytest.mark.parametrize(
    ("mappings", "understanding", "sure", "expected"),
    [
        ([SlotMapping("from_entity", "colour")], COLOURED, False, "blue"),
        ([SlotMapping("from_entity", "size")], COLOURED, True, None),
        ([SlotMapping("from_entity", "colour", ("x",))], COLOURED, True, "blue"),
        ([SlotMapping("from_entity", "colour", ("x",))], COLOURED, False, None),
        ([SlotMapping("from_entity", "colour", ("y",))], COLOURED, True, None),
        ([SlotMapping("from_entity", "colour", not_intents=("x",))], COLOURED, True, None),
        ([SlotMapping("from_entity", "colour", not_intents=("y",))], COLOURED, True, "blue"),
        ([SlotMapping("from_intent", None, ("x", "y"), 5)], hear("…", "y"), True, 5),
        ([SlotMapping("from_intent", None, ("x", "y"), False)], hear("…", "y"), True, False),
        ([SlotMapping("from_intent", None, ("x", "y"), 5)], hear("…", "y"), False, None),
        ([SlotMapping("from_intent", None, (), 5)], hear("…", "y"), True, None),
        ([SlotMapping("from_text")], hear("  as typed "), False, "as typed"),
        ([SlotMapping("from_text")], hear("   "), True, None),
        ([SlotMapping("from_text", None, ("inform",))], hear("a", "deny"), True, None),
        ([SlotMapping("from_llm")], hear("anything"), True, "anything"),
        ([SlotMapping("from_llm")], hear("say 5", s="5"), True, "5"),
        ([SlotMapping("controlled")], COLOURED, True, None),
        ([SlotMapping("custom")], COLOURED, True, None),
        # the first that fits
        (
            [
                SlotMapping("from_entity", "size"),
                SlotMapping("from_entity", "colour"),
                SlotMapping("from_text"),
            ],
            COLOURED,
            True,
            "blue",
        ),
        (
            [
                SlotMapping("from_entity", "colour"),
                SlotMapping("from_intent", intents=("x",), value="none"),
            ],
            COLOURED,
            True,
            "blue",
        ),
    ],
)
def test_slot_mappings(
    mappings: list[SlotMapping], understanding: Understanding, sure: bool, expected: Any
) -> None:
    slot = Slot("s", "any", tuple(mappings))
    assert answer(slot, understanding, sure=sure) == expected


@pytest.mark.parametrize(
    ("slot", "understanding", "expected"),
    [
        (Slot("n", "float", (SlotMapping("from_entity", "money"),)),
         hear("20 USD", money="20 USD"), 20),
        (Slot("n", "float", (SlotMapping("from_llm"),), maximum=10), hear("20"), None),
        (Slot("n", "float", (SlotMapping("from_text"),)), hear("about two"), 2),
        (Slot("n", "float", (SlotMapping("from_text"),)), hear("a few"), None),
        (Slot("n", "float", (SlotMapping("from_text"),)), hear("two"), 2),
        (Slot("b", "bool", (SlotMapping("from_llm"),)), hear("yep"), True),
        (Slot("b", "bool", (SlotMapping("from_entity", "x"),)), hear("不用了"), False),
        (Slot("b", "bool", (SlotMapping("controlled"),)), hear("yep"), None),
        (Slot("l", "list", (SlotMapping("from_entity", "colour"),)), COLOURED, ["red", "blue"]),
        (Slot("c", "categorical", (SlotMapping("from_entity", "colour"),), values=("red",)),
         COLOURED, "red"),
    ],
)  # fmt: skip
def test_values_are_of_the_slots_type(
    slot: Slot, understanding: Understanding, expected: Any
) -> None:
    assert answer(slot, understanding) == expected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (MappingCondition("task"), True),
        (MappingCondition("task", "s"), True),
        (MappingCondition("task", "other"), False),
        (MappingCondition("book_form"), False),
        (MappingCondition(None), True),
    ],
)
def test_conditions_of_mappings(condition: MappingCondition, holds: bool) -> None:
    slot = Slot("s", "text", (SlotMapping("from_entity", "colour", conditions=(condition,)),))
    assert (answer(slot, COLOURED) == "blue") is holds


def test_a_mapping_for_outside_of_forms_does_not_hold_in_one() -> None:
    free = SlotMapping("from_entity", "number", conditions=(MappingCondition(None),))
    slots = {**DOMAIN.slots, "seats": Slot("seats", "float", (free,))}
    script = replace(SCRIPT, domain=replace(DOMAIN, slots=slots))
    state = at("book_form", "seats")
    heard = said(hear("number 4 it is indeed", "inform", number="4"))
    asked = awaited(state, script)
    reading = fill(heard, state, script, asked).answer
    assert reading is not None
    assert reading.words == "4"  # read by the slot's type, not taken by its mapping


def filled(understanding: Understanding, state: State, script: Script = SCRIPT) -> Filled:
    return fill(said(understanding), state, script, awaited(state, script))


def test_an_entity_goes_to_the_slot_that_was_asked_for_and_to_no_other() -> None:
    for asked, other in (("from_city", "to_city"), ("to_city", "from_city")):
        found = filled(hear("Rome", city="Rome"), at("trip", asked))
        assert found.answer is not None
        assert found.answer.value == "Rome"
        assert other not in found.passing
        assert not found.mentions


def test_roles_tell_slots_of_one_entity_apart() -> None:
    heard = hear("from Oslo to Lima", place=["Oslo", "Lima"], roles={"Oslo": "from", "Lima": "to"})
    found = filled(heard, at("shipment", "ship_to"))
    assert found.answer is not None
    assert found.answer.value == "Lima"
    assert found.passing == {"ship_from": "Oslo"}
    only_from = hear("from Oslo", place="Oslo", roles={"Oslo": "from"})
    found = filled(only_from, at("shipment", "ship_to"))
    assert found.answer is None
    assert found.passing == {"ship_from": "Oslo"}


def test_a_slot_without_role_leaves_entities_to_the_one_that_names_their_role() -> None:
    plain = Slot("place", "text", (SlotMapping("from_entity", "place"),))
    script = replace(SCRIPT, domain=replace(DOMAIN, slots={**DOMAIN.slots, "place": plain}))
    heard = hear("from Oslo", place="Oslo", roles={"Oslo": "from"})
    assert filled(heard, State(), script).mentions == {"ship_from": "Oslo"}
    assert filled(hear("Oslo", place="Oslo"), State(), script).mentions == {"place": "Oslo"}


@pytest.mark.parametrize(
    ("understanding", "state", "mentions"),
    [
        (hear("4417", order_number="4417"), State(), {"order_number": "4417"}),
        (hear("4417", order_number="4417"), State({"order_number": "4417"}), {}),
        (hear("4417", order_number="4417"), State({"order_number": "1"}), {"order_number": "4417"}),
        (hear("Rome", city="Rome"), State(), {}),  # from or to?
        (hear("x", unknown="x"), State(), {}),
        (hear("no, 4417", order_number="4417"), at("profile", "contact_email"),
         {"order_number": "4417"}),
    ],
)  # fmt: skip
def test_mentions_fill_slots_that_alone_take_the_entity(
    understanding: Understanding, state: State, mentions: dict[str, Any]
) -> None:
    assert filled(understanding, state).mentions == mentions


@pytest.mark.parametrize(
    ("flow_id", "understanding", "state", "given"),
    [
        ("trip", hear("to Rome", city="Rome"), State(), {"from_city": "Rome"}),
        ("trip", hear("Paris Rome", city=["Paris", "Rome"]), State(),
         {"from_city": "Paris", "to_city": "Rome"}),
        ("cancel_order", hear("4417", order_number="4417"), State({"order_number": "1"}),
         {"order_number": "4417"}),
        ("cancel_order", hear("4417", order_number="4417"), State({"order_number": "4417"}), {}),
        ("track_order", hear("4417", order_number="4417"), State(), {"order_number": "4417"}),
        ("order_gear", hear("a large one in blue"), State(), {"colour": "blue", "size": "large"}),
        ("profile", hear("I am Ann", name="Ann"), State(), {}),
        ("gone", hear("4417", order_number="4417"), State(), {"order_number": "4417"}),
    ],
)  # fmt: skip
def test_what_a_task_is_told_when_it_starts(
    flow_id: str, understanding: Understanding, state: State, given: dict[str, Any]
) -> None:
    started = SCRIPT.flows.by_id.get(flow_id) or flow(flow_id, "", asking("day"))
    assert fill_started(said(understanding), state, SCRIPT, started) == given


@pytest.mark.parametrize(
    ("frame", "slot"),
    [
        (Frame("cancel_order", "confirm_cancel"), "confirm_cancel"),
        (Frame("cancel_order", "confirm_cancel", done=True), None),
        (Frame("track_order", "action_order_status"), None),
        (Frame("cancel_order", "gone"), None),
        (Frame("gone", "ask"), None),
        (Frame("pattern_human_handoff", "contact_email", "pattern"), "contact_email"),
        (Frame("profile", "nickname"), None),  # it must be asked before it is filled
        (Frame("profile", "nickname", asked=True), "nickname"),
    ],
)
def test_the_slot_that_is_awaited(frame: Frame, slot: str | None) -> None:
    asked = awaited(State(stack=(frame,)), SCRIPT)
    assert (asked.slot.name if asked else None) == slot


def test_nothing_is_awaited_without_a_flow() -> None:
    assert awaited(State(), SCRIPT) is None


def test_the_slots_of_a_task_are_those_of_the_flows_that_it_calls_too() -> None:
    assert list(collected(["tour"], SCRIPT)) == ["places", "contact_email", "nickname"]
    assert list(collected(["book_form"], SCRIPT)) == ["seats", "topic"]
    assert list(collected(["gone"], SCRIPT)) == []


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [("A1", "a1", True), ("４４", "44", True), (2.0, "2", True), (None, "", False),
     ("a", "b", False), (None, None, True), ([1], [1], True), ([1], [2], False)],
)  # fmt: skip
def test_values_are_compared_as_people_type_them(one: Any, other: Any, are_same: bool) -> None:
    assert same(one, other) is are_same


def test_what_does_not_fit_is_no_value() -> None:
    quantity = DOMAIN.slots["quantity"]
    assert [fit(quantity, v) for v in ("2", "two", "21", "x", None)] == [2.0, 2.0, None, None, None]
