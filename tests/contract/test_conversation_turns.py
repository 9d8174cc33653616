"""Turns through the queue, on SQLite and on PostgreSQL: in order, once, and none lost."""

import asyncio
from dataclasses import replace

import pytest
from conversation_turns import (
    ADA,
    OTHER_TAB,
    TAB,
    MakeQueue,
    answer,
    events_for,
    held,
    hello,
    texts,
    waiting,
)
from sqlalchemy import Engine, select

from bot.errors import ConversationNotYours
from bot.messages import UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.held import (
    Inbound,
)
from bot.storage.tables import inbox, leases
from bot.storage.turns import TurnQueue


async def test_a_turn_sees_what_was_said_and_what_there_is_to_answer(make: MakeQueue) -> None:
    queue = make()
    assert await answer(queue, hello("one")) == "to one"
    message = UserMessage(
        "c", "two 你好 \x00 \ud800", ADA, "web", "zh", "m-2 \ud800", {"page": "/socks", "n": [1]}
    )
    async with held(queue, message) as work:
        assert [e["text"] for e in work.past] == ["one", "to one"]
        (inbound,) = work.messages
        assert inbound == Inbound(
            inbound.seq, message.id, message.text, ADA, "web", "zh", message.metadata, 1
        )


async def test_a_finished_turn_is_in_the_store_and_leaves_nothing_behind(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    for text_ in ("one", "two"):
        await answer(queue, hello(text_))
    assert texts(store) == ["one", "to one", "two", "to two"]
    with conversations.connect() as db:
        assert db.execute(select(inbox)).all() == db.execute(select(leases)).all() == []
    assert [(e.position, e.event["text"]) for e in store.since("c", 2, TAB)] == [
        (2, "two"),
        (3, "to two"),
    ]
    assert store.since("c", 4, TAB) == store.since("none", 0, TAB) == ()
    with pytest.raises(ConversationNotYours):
        store.since("c", 0, OTHER_TAB)


async def test_a_turn_is_finished_once(make: MakeQueue, store: ConversationStore) -> None:
    async with held(make(), hello()) as work:
        await work.finish([])
        with pytest.raises(RuntimeError, match="finished once"):
            await work.finish(events_for(work.messages))
    assert texts(store) == []


@pytest.mark.parametrize("processes", [1, 3])
async def test_many_messages_at_once_are_each_answered_once_in_order(
    make: MakeQueue, store: ConversationStore, processes: int
) -> None:
    queues = [make() for _ in range(processes)]
    sent = [f"m{i}" for i in range(24)]
    outcomes = await asyncio.gather(
        *(answer(queues[i % processes], hello(text_)) for i, text_ in enumerate(sent))
    )
    events = store.read("c", TAB)
    heard = [e["text"] for e in events if e["event"] == "user"]
    for number in range(processes):  # a process's own in the order in which it got them
        assert [t for t in heard if t in sent[number::processes]] == sent[number::processes]
    assert sorted(heard) == sorted(sent)
    replies = [e["text"] for e in events if e["event"] == "bot"]
    assert sorted(o for o in outcomes if o.startswith("to ")) == sorted(replies)  # each told once
    assert all(o[8:-1] in replies for o in outcomes if o.startswith("joined "))


async def test_new_conversations_begun_everywhere_at_once_are_one(
    make: MakeQueue, store: ConversationStore
) -> None:
    queues = [make() for _ in range(4)]

    def begin(queue: TurnQueue) -> None:
        asyncio.run(answer(queue, hello("hi")))

    await asyncio.gather(*(asyncio.to_thread(begin, queue) for queue in queues))
    assert [t for t in texts(store) if t == "hi"] == ["hi"] * 4


@pytest.mark.parametrize("elsewhere", [False, True], ids=["same process", "another process"])
async def test_what_waits_during_a_turn_is_answered_as_one(
    make: MakeQueue, store: ConversationStore, conversations: Engine, elsewhere: bool
) -> None:
    queue = make()
    other = make() if elsewhere else queue
    async with held(queue, hello("one")) as work:
        assert await work.more() == ()
        second = asyncio.create_task(answer(other, hello("two")))
        await waiting(conversations, 2)
        assert [m.text for m in await work.more()] == ["two"]
        third = asyncio.create_task(answer(other, hello("three")))
        await waiting(conversations, 3)
        fourth = asyncio.create_task(answer(other, hello("four")))
        await waiting(conversations, 4)
        await work.finish(events_for(work.messages))
    assert await second == "joined 'to one and two'"
    later = sorted([await third, await fourth])
    assert later == ["joined 'to three and four'", "to three and four"]
    assert texts(store) == ["one", "two", "to one and two", "three", "four", "to three and four"]


async def test_a_message_that_comes_again_is_answered_once(
    make: MakeQueue, store: ConversationStore
) -> None:
    assert await answer(make(), hello("one", id="a")) == "to one"
    assert await answer(make(), hello("one", id="a")) == "again 'to one'"
    assert await answer(make(), hello("one", id="b")) == "to one"
    other = replace(hello("one", id="a"), conversation_id="d")
    assert await answer(make(), other) == "to one"
    with pytest.raises(ConversationNotYours):
        await answer(make(), hello("one", id="a", shopper=OTHER_TAB))
    assert texts(store) == ["one", "to one"] * 2


async def test_a_message_that_comes_again_while_it_waits_is_answered_once(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    async with held(queue, hello("one", id="a")) as work:
        again = [asyncio.create_task(answer(q, hello("one", id="a"))) for q in (queue, make())]
        after = asyncio.create_task(answer(queue, hello("two", id="b")))
        await waiting(conversations, 2)
        await work.more()
        await work.finish(events_for(work.messages))
    assert await asyncio.gather(*again) == ["again 'to one and two'"] * 2
    assert await after == "joined 'to one and two'"
    assert await answer(queue, hello("two", id="b")) == "joined 'to one and two'"
    assert texts(store) == ["one", "two", "to one and two"]


async def test_the_same_messages_from_everywhere_at_once_are_each_answered_once(
    make: MakeQueue, store: ConversationStore
) -> None:
    ids = [f"m{i}" for i in range(8)]

    async def send_all(queue: TurnQueue) -> list[str]:
        return await asyncio.gather(*(answer(queue, hello(id, id=id)) for id in ids))

    queues = [make() for _ in range(4)]
    await asyncio.gather(*(asyncio.to_thread(asyncio.run, send_all(q)) for q in queues))
    heard = [e["text"] for e in store.read("c", TAB) if e["event"] == "user"]
    assert sorted(heard) == ids


async def test_a_message_to_somebody_elses_conversation_is_not_kept(
    make: MakeQueue, conversations: Engine
) -> None:
    queue = make()
    await answer(queue, hello())
    for turn in (queue.turn(hello(shopper=OTHER_TAB)), queue.quiet_turn("c", OTHER_TAB)):
        with pytest.raises(ConversationNotYours):
            async with turn:
                pytest.fail("a turn began")
    await waiting(conversations, 0)


async def test_who_signs_in_during_a_turn_has_a_turn_with_those_rights(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    async with held(queue, hello("before")) as work:
        signed_in = asyncio.create_task(answer(queue, hello("after", shopper=ADA)))
        await waiting(conversations, 2)
        assert await work.more() == ()
        with pytest.raises(ConversationNotYours):
            await answer(queue, hello("not mine any more"))
        await work.finish(events_for(work.messages))
    assert await signed_in == "to after"
    assert texts(store, ADA) == ["before", "to before", "after", "to after"]
