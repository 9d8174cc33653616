"""What did not hold once: faults found by playing conversations, each with its test."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from made_up_shop import made_up_desk, write_made_up_shop
from shop_data import VISITOR
from sqlalchemy import Engine
from stand_ins import DEMO, Desk, desk_of, entity, heard, shop_with, state_of

from bot.dialogue.flow_checks import check_flows
from bot.dialogue.flow_files import read_flows
from bot.dialogue.script import write_script
from bot.errors import ConfigError
from bot.shop import ShopFiles, read_shop
from nlu.understanding import Understanding

UNSURE = heard(intent="inform", probability=0.3)
HEARD: Mapping[str, Understanding] = {
    "i want to buy something": heard(intent="buy"),
    "three red ones please": heard(intent="buy"),
    "let me rate you": heard(intent="rate"),
    "to Rome": heard(intent="inform", probability=0.3, entities=[entity("address", "Rome")]),
    "on 5 May": heard(intent="inform", probability=0.3, entities=[entity("date", "5 May")]),
    "sorry, i meant on 7 May": heard(
        intent="inform", probability=0.3, entities=[entity("date", "7 May")]
    ),
    **{text: UNSURE for text in ("green", "blue", "red", "3", "two", "yes", "skip", "it was late")},
    "yes": heard(intent="affirm"),
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFiles:
    return write_made_up_shop(tmp_path_factory.mktemp("failing"))


@pytest.fixture
def desk(shop: ShopFiles, engine: Engine) -> Desk:
    return made_up_desk(shop, engine, HEARD)


async def replies(desk: Desk, *texts: str) -> list[str]:
    for text in texts:
        turn = await desk.say(text, VISITOR)
    return [m.text for m in turn.messages]


async def test_taking_a_task_up_again_after_payment_changes_nothing_behind_its_back(
    desk: Desk,
) -> None:
    """The order is paid: another colour comes too late, as it does in a correction."""
    said = ("i want to buy something", "green", "3", "to Rome", "on 5 May", "skip", "yes")
    assert await replies(desk, *said) == ["(action_pay)", "Which invoice?"]
    await replies(desk, "let me rate you", "three red ones please")
    assert state_of(desk).slots["colour"] == "green"


async def test_taking_a_task_up_again_with_a_value_that_is_refused(desk: Desk) -> None:
    """More than ten are refused, whichever way the number comes."""
    await replies(desk, "i want to buy something", "green", "3", "let me rate you")
    said = await replies(desk, '/buy{"quantity": "99"}')
    assert "That is too many." in said
    assert state_of(desk).slots["quantity"] is None


async def test_what_was_corrected_during_another_task_is_not_silently_undone(desk: Desk) -> None:
    """`day` belongs to the task below; the shopper mends it while the bot asks for stars."""
    said = ("i want to buy something", "green", "3", "to Rome", "on 5 May", "skip")
    await replies(desk, *said, "let me rate you", "sorry, i meant on 7 May", "two", "skip")
    assert state_of(desk).task[0].flow == "buy"
    assert state_of(desk).slots["day"] == "7 May"


async def test_a_corrected_number_is_read_back_as_it_was_typed(desk: Desk) -> None:
    await replies(desk, "i want to buy something", "green", "3")
    assert "Right: 4." in await replies(desk, "actually, make that 4")


@pytest.mark.parametrize(
    "steps",
    [
        "[{link: pattern_correction}]",
        "[{action: action_correct_flow_slot}, {action: utter_goodbye}]",
        "[{action: action_skip_question}, {action: utter_goodbye}]",
    ],
)
async def test_what_only_a_pattern_can_do_is_refused_when_the_shop_is_read_or_does_no_harm(
    engine: Engine, tmp_path: Path, steps: str
) -> None:
    """At present KeyError in engine._do, so an apology and a handover in front of the shopper."""
    demo = read_shop(DEMO)
    flows = f"flows:\n  it: {{nlu_trigger: [{{intent: greet}}], steps: {steps}}}\n"
    try:
        desk = desk_of(demo, engine, shop=shop_with(demo, tmp_path, flows))
    except ConfigError:
        return
    turn = await desk.say("hello", VISITOR)
    assert turn.trace.decision != "internal error"


@pytest.mark.parametrize("key", ["optional", "once"])
def test_a_flag_of_a_steps_metadata_is_true_or_false(tmp_path: Path, key: str) -> None:
    """`optional: "no"` is read as true, since any text is."""
    (tmp_path / "a.yml").write_text(
        f"flows:\n  f:\n    steps:\n      - collect: a\n        metadata: {{{key}: 'no'}}\n"
    )
    with pytest.raises(ConfigError, match="true or false"):
        read_flows(tmp_path)


def test_flows_that_call_one_another_in_a_circle_are_refused(
    tmp_path: Path, shop: ShopFiles
) -> None:
    """At present every conversation that begins one ends in an apology."""
    (tmp_path / "a.yml").write_text(
        "flows:\n  a: {steps: [{call: b}]}\n  b: {steps: [{call: a}]}\n"
    )
    with pytest.raises(ConfigError):
        check_flows(write_script(shop.domain, read_flows(tmp_path), frozenset()))


def test_what_does_not_fit_is_named_with_its_column_too(tmp_path: Path, shop: ShopFiles) -> None:
    (tmp_path / "a.yml").write_text("flows:\n  f:\n    steps:\n      - collect: nothing\n")
    with pytest.raises(ConfigError, match=r"a\.yml:4:9: "):
        check_flows(write_script(shop.domain, read_flows(tmp_path), frozenset()))
