"""Whatever fails inside a turn: an apology, a place in the queue, nothing half done."""

import logging
from pathlib import Path
from typing import Any

import pytest
from shop_data import ADA
from sqlalchemy import Engine
from stand_ins import (
    Desk,
    desk_of,
    shop_with,
    state_of,
)

from bot.errors import ConfigError
from bot.shop import ShopFiles


@pytest.mark.parametrize(
    "steps",
    [
        "[{id: a, action: utter_greet, next: b}, {id: b, action: utter_greet, next: a}]",
        "[{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]",
    ],
)
async def test_a_flow_in_circles_ends_in_an_apology(
    demo: ShopFiles, engine: Engine, tmp_path: Path, steps: str, caplog: Any
) -> None:
    desk = desk_of(
        demo,
        engine,
        shop=shop_with(
            demo, tmp_path, f"flows: {{round: {{nlu_trigger: [greet], steps: {steps}}}}}"
        ),
    )
    turn = await desk.say("hello")
    assert turn.messages[-1].text.startswith("Sorry, something went wrong on o")
    assert len(turn.messages) <= 3  # once round, and no further
    assert state_of(desk).stack == ()
    assert [h.conversation_id for h in desk.store.handovers()] == ["c1"]


async def test_a_failing_action_is_apologised_for_and_handed_over(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.orders.broken = True
    with caplog.at_level(logging.ERROR, "shopclerk"):
        turn = await desk.say("where is my order")
    trace_id = turn.trace.trace_id
    assert turn.messages[0].text == (
        "Sorry, something went wrong on our side and I couldn't finish that. I've put this "
        f"conversation in our team's queue (reference {trace_id})."
    )
    assert [(h.conversation_id, h.reason) for h in desk.store.handovers()] == [
        ("c1", f"internal error {trace_id}")
    ]
    assert [r.getMessage() for r in caplog.records] == [
        f"turn {trace_id} failed in conversation c1"
    ]
    assert "ConnectionError" in caplog.text
    desk.orders.broken = False
    assert "Order **4005**" in await desk.texts("where is my order")


async def test_no_handover_is_claimed_when_the_queue_fails_too(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_queue(*_: Any, **__: Any) -> None:
        raise ConnectionError("the database is gone")

    desk.orders.broken = True
    monkeypatch.setattr(desk.store, "hand_over", no_queue)
    turn = await desk.say("where is my order", language="zh")
    assert "队列" not in turn.messages[0].text
    assert turn.messages[0].text.startswith("抱歉，我们这边出了点问题")
    assert desk.words["phone"] in turn.messages[0].text
    assert desk.store.handovers() == ()


async def test_an_action_that_nobody_wrote(demo: ShopFiles, engine: Engine, tmp_path: Path) -> None:
    shop = shop_with(demo, tmp_path, "flows: {a: {steps: [{action: action_none}]}}")
    with pytest.raises(ConfigError, match=r"flows/a\.yml:1:21: 'action_none' is neither an action"):
        desk_of(demo, engine, shop=shop)


async def test_a_failed_turn_keeps_what_happened_and_gives_up_its_task(
    desk: Desk, caplog: Any
) -> None:
    await desk.say("hello")
    before = desk.store.read("c1", ADA)
    desk.orders.broken = True
    await desk.say("where is my order")
    after = desk.store.read("c1", ADA)
    assert after[: len(before)] == before
    events = [e["event"] for e in after[len(before) :]]
    assert (events[0], events.count("user"), events.count("bot")) == ("user", 1, 1)
    assert "flow_cancelled" in events
    assert state_of(desk).stack == ()


async def test_what_an_action_did_before_the_failure_is_not_forgotten(
    demo: ShopFiles, engine: Engine, tmp_path: Path, caplog: Any
) -> None:
    """Else the next turn would not know of it, and might do it again."""
    flow = (
        "flows: {a: {nlu_trigger: [greet], "
        "steps: [{action: utter_greet}, {action: action_order_status}]}}"
    )
    desk = desk_of(demo, engine, shop=shop_with(demo, tmp_path, flow))
    desk.orders.broken = True
    turn = await desk.say("hello")
    assert [m.response for m in turn.messages] == ["utter_greet", "utter_internal_error"]
    done = [e["name"] for e in desk.store.read("c1", ADA) if e["event"] == "action"]
    assert done == ["utter_greet", "utter_internal_error"]
