"""Turns that fail, die, are cancelled or take too long, on SQLite and on PostgreSQL."""

import asyncio
import logging
from contextlib import AsyncExitStack

import pytest
from conversation_turns import (
    ADA,
    TAB,
    Broken,
    MakeQueue,
    age_messages,
    answer,
    events_for,
    expire_leases,
    fail,
    held,
    hello,
    texts,
    waiting,
)
from sqlalchemy import Engine, select, text

from bot.storage.conversations import ConversationStore
from bot.storage.held import (
    MAX_ATTEMPTS,
    ConversationBusy,
    LostLease,
    MessageSetAside,
)
from bot.storage.inbox import Inbox
from bot.storage.tables import leases


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
        await fail(make(), hello("one", id="a", shopper=ADA))
    assert await queue.left_behind() == ()  # its sender may still be waiting
    age_messages(conversations)
    for conversation_id, shopper in await queue.left_behind():
        async with queue.quiet_turn(conversation_id, shopper) as work:
            assert work is not None
            await work.finish(events_for(work.messages))
    assert texts(store, ADA) == ["one", "to one"]
    assert await queue.left_behind() == ()
    assert await answer(queue, hello("one", id="a", shopper=ADA)) == "again 'to one'"


async def test_what_was_left_behind_before_somebody_signed_in_waits_for_them(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    queue = make()
    with pytest.raises(Broken):
        await fail(queue, hello("one"))
    store.open("c", ADA)
    age_messages(conversations)
    assert await queue.left_behind() == ()
    assert await answer(queue, hello("two", shopper=ADA)) == "to one and two"


async def test_a_server_that_was_started_anew_costs_no_turn(
    make: MakeQueue, store: ConversationStore, conversations: Engine
) -> None:
    if conversations.dialect.name == "sqlite":
        pytest.skip("SQLite has no server")
    queue = make()
    await answer(queue, hello("one"))
    with conversations.connect() as db:  # every connection but this one
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        db.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    assert await answer(queue, hello("two")) == "to two"


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
