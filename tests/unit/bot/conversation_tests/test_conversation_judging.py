"""Whether a turn's events meet what is expected: a table, each row with what it must not accept."""

from pathlib import Path
from typing import Any

import pytest
from scripted_bot import action, bot, flow, slot, started, step_of

from bot.conversation_tests.judging import missed

ASK = bot("What is the order number?", "utter_ask_number", ("Skip", "/skip"))
TURN: list[Any] = [
    {"event": "user", "text": "where is it"},
    started("track", "ask"),
    slot("tries", 1),
    slot("urgent", True),
    slot("note", None),
    action("action_look_up"),
    bot("One moment,\n please.", "utter_wait"),
    flow("flow_completed", "greet", "say_hi"),
    ASK,
]
CHOICES: list[Any] = [
    started("pattern_clarification", names=["Track", "Return"], clarification_ids=["track", "back"])
]

MET = [
    "- bot: What is the order number?",
    "- bot: One moment, please.",
    "- utter: utter_ask_number",
    "- utter: utter_ask_number\n- utter: utter_wait",
    "- utter: utter_wait\n- bot: One moment, please.",
    "- slot_was_set: tries",
    "- slot_was_set: {tries: 1}",
    "- slot_was_set: {note: null}",
    "- slot_was_not_set: note",
    "- slot_was_not_set: {tries: 2}",
    "- slot_was_not_set: other",
]
MISSED = [
    "- bot: What is the order?",
    "- bot: What is the order number",
    "- utter: utter_greet",
    "- utter: utter_wait\n- utter: utter_wait",
    "- slot_was_set: note",
    "- slot_was_set: other",
    "- slot_was_set: {tries: '1'}",
    "- slot_was_set: {urgent: 1}",
    "- slot_was_set: {tries: true}",
    "- slot_was_not_set: tries",
    "- slot_was_not_set: {tries: 1}",
]
MET_ASSERTIONS = [
    "flow_started: track",
    "flow_started: {operator: any, flow_ids: [other, track]}",
    "flow_completed: {flow_id: greet}",
    "flow_completed: {flow_id: greet, flow_step_id: say_hi}",
    "action_executed: action_look_up",
    "slot_was_set: [{name: tries}, {name: urgent, value: true}]",
    "slot_was_not_set: [{name: note}, {name: tries, value: 9}]",
    "bot_uttered: {text_matches: 'order n'}",
    "bot_uttered: {utter_name: utter_ask_number, buttons: [{title: Skip}]}",
    "bot_uttered: {utter_name: utter_wait, buttons: []}",
    "bot_did_not_utter: {utter_name: utter_greet, text_matches: sorry}",
]
MISSED_ASSERTIONS = [
    "flow_started: greet",
    "flow_started: {operator: all, flow_ids: [track, other]}",
    "flow_started: {operator: any, flow_ids: [other, greet]}",
    "flow_completed: {flow_id: track}",
    "flow_completed: {flow_id: greet, flow_step_id: ask}",
    "flow_cancelled: {flow_id: greet}",
    "action_executed: action_other",
    "slot_was_set: [{name: tries}, {name: urgent, value: false}]",
    "slot_was_not_set: [{name: note}, {name: tries}]",
    "bot_uttered: {text_matches: '^order'}",
    "bot_uttered: {utter_name: utter_wait, text_matches: number}",
    "bot_uttered: {utter_name: utter_ask_number, buttons: [{title: Skip, payload: /x}]}",
    "bot_uttered: {utter_name: utter_ask_number, buttons: []}",
    "bot_did_not_utter: {utter_name: utter_greet, text_matches: moment}",
    "bot_did_not_utter: {buttons: [{title: Skip}]}",
    "pattern_clarification_contains: [track]",
]


def _with_assertions(*assertions: str, ordered: bool = False) -> str:
    lines = "".join(f"\n    - {a}" for a in assertions)
    return f"- user: x\n  assertion_order_enabled: {str(ordered).lower()}\n  assertions:{lines}"


@pytest.mark.parametrize(
    "steps", [*(f"- user: x\n{s}" for s in MET), *map(_with_assertions, MET_ASSERTIONS)]
)
def test_expectations_that_are_met(tmp_path: Path, steps: str) -> None:
    assert missed(step_of(tmp_path, steps), TURN) == ()


@pytest.mark.parametrize(
    "steps", [*(f"- user: x\n{s}" for s in MISSED), *map(_with_assertions, MISSED_ASSERTIONS)]
)
def test_expectations_that_are_missed(tmp_path: Path, steps: str) -> None:
    assert len(missed(step_of(tmp_path, steps), TURN)) == 1


@pytest.mark.parametrize(
    ("assertion", "met"),
    [
        ("[Return, Track]", True),
        ("[track, back]", True),
        ("{operator: any, flow_ids: [back, cancel]}", True),
        ("{operator: all, flow_ids: [track]}", False),
        ("{operator: all, flow_ids: [track, back, cancel]}", False),
        ("{operator: any, flow_ids: [cancel]}", False),
    ],
)
def test_clarifications(tmp_path: Path, assertion: str, met: bool) -> None:
    step = step_of(tmp_path, _with_assertions(f"pattern_clarification_contains: {assertion}"))
    assert (missed(step, CHOICES) == ()) is met


@pytest.mark.parametrize(("ordered", "count"), [(True, 1), (False, 0)])
def test_order_counts_only_where_it_is_asked_for(tmp_path: Path, ordered: bool, count: int) -> None:
    wrong_way = _with_assertions(
        "bot_uttered: {utter_name: utter_wait}", "action_executed: action_look_up", ordered=ordered
    )
    wrong = missed(step_of(tmp_path, wrong_way), TURN)
    assert [m.out_of_order for m in wrong] == [True] * count


def test_in_order_the_same_event_meets_one_assertion_only(tmp_path: Path) -> None:
    twice = _with_assertions(*["flow_started: track"] * 2, ordered=True)
    assert len(missed(step_of(tmp_path, twice), TURN)) == 1


def test_in_order_what_came_before_is_no_offence(tmp_path: Path) -> None:
    steps = _with_assertions(
        "flow_completed: {flow_id: greet}",
        "bot_did_not_utter: {utter_name: utter_wait}",
        ordered=True,
    )
    assert missed(step_of(tmp_path, steps), TURN) == ()


def test_every_missed_expectation_of_a_turn_is_told(tmp_path: Path) -> None:
    step = step_of(tmp_path, "- user: x\n- utter: utter_a\n- utter: utter_wait\n- bot: Hm.")
    assert [m.expectation.spot.line for m in missed(step, TURN)] == [6, 8]
