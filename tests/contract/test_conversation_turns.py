"""Turns through the queue, on SQLite and on PostgreSQL: in order, once, and none lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update

from bot.dialogue.tracker import Event
from bot.errors import ConversationNotYours
from bot.messages import Shopper, UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database
from bot.storage.held import (
    MAX_ATTEMPTS,
    Answered,
    ConversationBusy,
    Inbound,
    LostLease,
    MessageSetAside,
)
from bot.storage.inbox import Inbox
from bot.storage.tables import inbox, leases
from bot.storage.turns import TurnQueue, Work

TAB = Shopper("tab")
OTHER_TAB = Shopper("other tab")
ADA = Shopper("tab", 1)
MakeQueue = Callable[..., TurnQueue]


class Broken(Exception):
    """What a turn fails with here."""


@pytest.fixture
async def make(database_url: str, tmp_path: Path) -> AsyncIterator[MakeQueue]:
    """Queues with engines of their own, as other processes have them."""
    engines: list[Engine] = []

    def queue(**options: Any) -> TurnQueue:
        engines.append(open_database(database_url, tmp_path))
        settings = {"lease_s": 30.0, "poll_s": 0.005, "wait_s": 30.0, **options}
        return TurnQueue(ConversationStore(engines[-1]), **settings)

    yield queue
    for engine in engines:
        engine.dispose()


def hello(text: str = "hello", *, id: str = "", shopper: Shopper = TAB) -> UserMessage:
    return UserMessage("c", text, shopper, id=id)


def events_for(messages: tuple[Inbound, ...]) -> list[Event]:
    heard = [{"event": "user", "text": m.text, "message_id": m.id} for m in messages]
    return [*heard, {"event": "bot", "text": "to " + " and ".join(m.text for m in messages)}]


async def answer(queue: TurnQueue, message: UserMessage) -> str:
    """Take a turn as the assistant does, and say what became of the message."""
    async with queue.turn(message) as work:
        if isinstance(work, Answered):
            said = "; ".join(reply["text"] for reply in work.replies)
            return f"joined {said!r}" if work.joined else f"again {said!r}"
        await work.finish(events_for(work.messages))
        return events_for(work.messages)[-1]["text"]


async def fail(queue: TurnQueue, message: UserMessage, attempts: list[int] | None = None) -> None:
    async with held(queue, message) as work:
        if attempts is not None:
            attempts.append(work.messages[0].attempt)
        raise Broken


@asynccontextmanager
async def held(queue: TurnQueue, message: UserMessage) -> AsyncIterator[Work]:
    async with queue.turn(message) as work:
        assert isinstance(work, Work)
        yield work


def texts(store: ConversationStore, shopper: Shopper = TAB) -> list[str]:
    return [e["text"] for e in store.read("c", shopper)]


async def waiting(engine: Engine, count: int) -> None:
    """Return when so many messages are in the inbox."""
    async with asyncio.timeout(30):
        while True:
            with engine.connect() as db:
                if len(db.execute(select(inbox.c.seq)).all()) == count:
                    return
            await asyncio.sleep(0.005)


def expire_leases(engine: Engine) -> None:
    """What time does to a lease that nobody renews."""
    with engine.begin() as db:
        db.execute(update(leases).values(expires_at=0.0))


def age_messages(engine: Engine) -> None:
    with engine.begin() as db:
        db.execute(update(inbox).values(received_at=0.0))


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


async def test_a_failed_turn_keeps_its_message_for_the_next_turn(
    make: MakeQueue, store: ConversationStore
) -> None:
    queue = make()
    with pytest.raises(Broken):
        await fail(queue, hello("one"))
    async with held(queue, hello("two")) as work:
        assert [(m.text, m.attempt) for m in work.messages] == [("one", 2), ("two", 1)]
        await work.finish(events_for(work.messages))
    assert texts(store) == ["one", "two", "to one and two"]


async def test_a_message_that_fails_every_turn_is_set_aside_and_the_others_go_on(
    make: MakeQueue, store: ConversationStore, conversations: Engine,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    queue = make()
    attempts: list[int] = []
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Broken):
            await fail(queue, hello("poison", id="p"), attempts)
    assert attempts == [1, 2, 3]
    with caplog.at_level(logging.ERROR):
        assert await answer(queue, hello("fine")) == "to fine"
    assert "failed 3 times; it is kept and set aside" in caplog.text
    for again in range(2):
        with pytest.raises(MessageSetAside):
            await answer(make(), hello("poison", id="p"))
        assert await answer(queue, hello(f"on {again}")) == f"to on {again}"
    ((conversation, message),) = Inbox(ConversationStore(conversations)).set_aside()
    assert (conversation, message.text, message.attempt) == ("c", "poison", MAX_ATTEMPTS)
    assert "poison" not in texts(store)


async def test_the_sender_of_a_message_that_fails_its_last_turn_is_told(make: MakeQueue) -> None:
    queue = make()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(Broken):
            await fail(queue, hello("poison", id="p"))
    with pytest.raises(MessageSetAside):
        await answer(queue, hello("poison", id="p"))


async def test_a_cancelled_turn_counts_as_no_attempt(make: MakeQueue) -> None:
    queue = make()

    async def stop() -> None:
        async with held(queue, hello("one", id="a")):
            raise asyncio.CancelledError

    for _ in range(MAX_ATTEMPTS + 1):
        with pytest.raises(asyncio.CancelledError):
            await stop()
    async with held(queue, hello("two")) as work:
        assert [(m.text, m.attempt) for m in work.messages] == [("one", 1), ("two", 1)]


async def test_a_sender_who_goes_away_while_waiting_leaves_the_message(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    async with held(queue, hello("one")) as work:
        gone = asyncio.create_task(answer(queue, hello("two")))
        await waiting(conversations, 2)
        gone.cancel()
        await asyncio.wait([gone])
        assert gone.cancelled()
        await work.finish(events_for(work.messages))
    assert await answer(queue, hello("three")) == "to two and three"


async def test_cancelled_at_any_moment_a_turn_leaves_the_conversation_free(
    make: MakeQueue, store: ConversationStore
) -> None:
    queue = make()
    for steps in range(12):
        turn = asyncio.create_task(answer(queue, hello(f"m{steps}", id=f"i{steps}")))
        for _ in range(steps):
            await asyncio.sleep(0)
        turn.cancel()
        await asyncio.wait([turn])
    async with asyncio.timeout(10):  # a third of the lease
        for steps in range(12):
            await answer(queue, hello(f"m{steps}", id=f"i{steps}"))
    heard = [e["text"] for e in store.read("c", TAB) if e["event"] == "user"]
    assert sorted(heard) == sorted(f"m{steps}" for steps in range(12))


async def test_a_turn_of_a_dead_process_is_taken_over_with_its_messages(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    async with AsyncExitStack() as dead:
        await dead.enter_async_context(held(make(), hello("one", id="a")))
        second = asyncio.create_task(answer(make(), hello("two")))
        await waiting(conversations, 2)
        assert not second.done()
        expire_leases(conversations)
        assert await second == "to one and two"
        assert texts(store) == ["one", "two", "to one and two"]
        assert await answer(make(), hello("one", id="a")) == "joined 'to one and two'"


async def test_a_turn_that_was_taken_over_keeps_nothing(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    async with held(make(), hello("one")) as slow:
        expire_leases(conversations)
        async with held(make(), hello("two")) as next_:
            with pytest.raises(LostLease):
                await slow.finish(events_for(slow.messages))
            await next_.finish(events_for(next_.messages))
        with pytest.raises(LostLease):
            await slow.finish(events_for(slow.messages))
    assert texts(store) == ["one", "two", "to one and two"]


async def test_giving_up_a_lost_turn_does_not_free_the_one_that_took_over(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    async with AsyncExitStack() as slow, AsyncExitStack() as next_:
        await slow.enter_async_context(held(make(), hello("one")))
        expire_leases(conversations)
        work = await next_.enter_async_context(held(make(), hello("two")))
        await slow.aclose()
        async with make().quiet_turn("c", TAB) as none:
            assert none is None
        await work.finish(events_for(work.messages))


async def test_a_turn_that_lives_keeps_its_lease(make: MakeQueue, conversations: Engine) -> None:
    async with held(make(lease_s=0.3), hello("one")) as work:
        expire_leases(conversations)
        async with asyncio.timeout(30):
            while True:  # the heartbeat puts the end off again
                with conversations.connect() as db:
                    if db.execute(select(leases.c.expires_at)).scalar_one() > 0:
                        break
                await asyncio.sleep(0.01)
        await work.finish(events_for(work.messages))


async def test_a_busy_conversation_is_an_error_in_the_end_and_keeps_the_message(
    make: MakeQueue, store: ConversationStore
) -> None:
    async with held(make(), hello("one")) as work:
        with pytest.raises(ConversationBusy, match=r"c was busy for 0\.05 s; the message is kept"):
            await answer(make(wait_s=0.05), hello("two"))
        await work.finish(events_for(work.messages))
    assert await answer(make(), hello("three")) == "to two and three"


async def test_a_quiet_turn_says_something_unasked(
    make: MakeQueue, store: ConversationStore
) -> None:
    queue = make()
    async with queue.quiet_turn("c", TAB) as nothing:
        assert nothing is None  # no such conversation, and none is made
    await answer(queue, hello("one"))
    async with queue.quiet_turn("c", TAB) as work:
        assert work is not None
        assert work.messages == ()
        assert len(work.past) == 2
        async with make().quiet_turn("c", TAB) as busy:
            assert busy is None
        await work.finish([{"event": "bot", "text": "still there?"}])
    async with queue.quiet_turn("c", TAB):
        pass  # nothing to say after all
    assert await answer(queue, hello("yes")) == "to yes"
    assert texts(store) == ["one", "to one", "still there?", "yes", "to yes"]


async def test_what_a_dead_process_left_behind_is_found_and_answered(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    with pytest.raises(Broken):
        await fail(make(), hello("one", shopper=ADA))
    assert await queue.left_behind() == ()  # its sender may still be waiting
    age_messages(conversations)
    for conversation_id, shopper in await queue.left_behind():
        async with queue.quiet_turn(conversation_id, shopper) as work:
            assert work is not None
            await work.finish(events_for(work.messages))
    assert texts(store, ADA) == ["one", "to one"]
    assert await queue.left_behind() == ()


async def test_a_database_that_breaks_while_a_turn_ends_loses_nothing(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    with pytest.raises(TypeError, match="not JSON serializable"):
        async with held(queue, hello("one")) as work:
            await work.finish([*events_for(work.messages), {"event": "bot", "data": object()}])
    assert texts(store) == []
    with conversations.begin() as db:
        db.execute(text("ALTER TABLE events RENAME TO gone"))
    with pytest.raises(Exception, match="events"):
        await answer(queue, hello("two"))
    with conversations.begin() as db:
        db.execute(text("ALTER TABLE gone RENAME TO events"))
    assert await answer(queue, hello("three")) == "to one and three"
