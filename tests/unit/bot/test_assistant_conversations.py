"""Conversations: whose they are, the order of their turns, and that they last."""

import asyncio

import pytest
from shop_data import (
    ADA,
    BEN,
    VISITOR,
)
from sqlalchemy import Engine
from stand_ins import (
    SCRIPT,
    Desk,
    ScriptedUnderstander,
    desk_of,
    state_of,
)

from bot.errors import ConversationNotYours
from bot.messages import Shopper
from bot.shop import ShopFiles
from nlu.understanding import Understanding


async def test_a_conversation_goes_on_after_a_restart_of_the_service(desk: Desk) -> None:
    await desk.say("cancel 4005")
    desk.restart()
    assert "Done: order **4005** is cancelled" in await desk.texts("yes")
    assert desk.orders.cancelled == ["4005"]


class SlowFirst(ScriptedUnderstander):
    """The first text takes longer than the second."""

    calls = 0

    async def understand(self, text: str) -> Understanding:
        self.calls += 1
        for _ in range(50 if self.calls == 1 else 1):
            await asyncio.sleep(0)
        return await super().understand(text)


async def test_messages_to_one_conversation_are_taken_in_order(
    demo: ShopFiles, engine: Engine
) -> None:
    desk = desk_of(demo, engine, understander=SlowFirst(SCRIPT))
    said = ["where is 4001", "cancel 4005", "yes"]
    turns = await asyncio.gather(*map(desk.say, said))
    texts = [m.text for m in turns[0].messages]
    assert "**4001**" in texts[0]
    assert "Shall I cancel order **4005**" in texts[1]
    assert len(texts) == 2  # the "yes" was written before the question could be read
    assert desk.orders.cancelled == []
    assert [(turn.joined, turn.messages) for turn in turns[1:]] == [(True, ()), (True, ())]
    events = desk.store.read("c1", ADA)
    assert [e["text"] for e in events if e["event"] == "user"] == said
    assert "is cancelled" in await desk.texts("yes")


async def test_a_slow_conversation_does_not_hold_up_another(
    demo: ShopFiles, engine: Engine
) -> None:
    desk = desk_of(demo, engine, understander=SlowFirst(SCRIPT))
    done: list[str] = []

    async def say(conversation: str) -> None:
        await desk.say("hello", Shopper(conversation), conversation=conversation)
        done.append(conversation)

    await asyncio.gather(say("slow"), say("quick"))
    assert done == ["quick", "slow"]


@pytest.mark.parametrize(
    "other",
    [BEN, VISITOR, Shopper(), Shopper("", 2), Shopper(ADA.session_id), Shopper(ADA.session_id, 2)],
    ids=["customer", "visitor", "nobody", "customer without session", "signed out", "signed over"],
)
async def test_somebody_elses_conversation_is_refused(desk: Desk, other: Shopper) -> None:
    await desk.say("where is my order", ADA)
    before = desk.store.read("c1", ADA)
    with pytest.raises(ConversationNotYours):
        await desk.say("where is my order", other)
    with pytest.raises(ConversationNotYours):
        desk.store.read("c1", other)
    assert desk.store.read("c1", ADA) == before
    assert desk.store.handovers() == ()


async def test_signing_in_takes_the_anonymous_conversation_along(desk: Desk) -> None:
    anonymous = Shopper(ADA.session_id)
    assert "please sign in" in await desk.texts("where is 4002", anonymous)
    assert "Order **4002**" in await desk.texts("where is my order", ADA)
    assert "Order **4002**" in await desk.texts("where is my order", Shopper("other device", 1))
    with pytest.raises(ConversationNotYours):
        await desk.say("hello", anonymous)


async def test_the_events_are_the_conversation(desk: Desk) -> None:
    await desk.say("cancel my order")
    await desk.say("no")
    kinds = [e["event"] for e in desk.store.read("c1", ADA)]
    assert kinds[:4] == ["user", "slot", "understood", "flow_started"]
    assert kinds.count("bot") == 2
    assert state_of(desk).stack == ()
