"""Turns of many conversations: those of one conversation one after the other, nothing lost.

    async with queue.turn(message) as work:
        match work:
            case Answered(replies, joined):
                ...                                   # another turn has answered the message
            case Work():
                events = ...                          # answer all of work.messages
                await work.finish(events)

One transaction receives the message and begins its turn, another one finishes it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TypeVar
from uuid import uuid4
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot.dialogue.tracker import Event
from bot.messages import Shopper, UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.held import (
    MAX_ATTEMPTS,
    Answered,
    Claim,
    ConversationBusy,
    Inbound,
    Taken,
    Waiting,
)
from bot.storage.inbox import Inbox

log = logging.getLogger("shopclerk")

T = TypeVar("T")
_DATABASE_THREADS = 8
_SLOWEST_POLL = 10
"""A message that waits long is looked at this many times less often."""


class TurnQueue:
    """Gives each message of a conversation its turn, in order, across processes.

    Args:
        store: Where conversations are kept.
        lease_s: After this time without a sign of life a turn counts as dead.
        poll_s: How soon the end of another process's turn is seen.
        wait_s: How long a message waits for turns before it; more than a lease.
        max_attempts: So many turns may fail or die with a message before it is set aside.
    """

    def __init__(
        self,
        store: ConversationStore,
        *,
        lease_s: float = 10.0,
        poll_s: float = 0.02,
        wait_s: float = 30.0,
        max_attempts: int = MAX_ATTEMPTS,
    ) -> None:
        self.store = store
        self.max_attempts = max_attempts
        self._inbox = Inbox(store, max_attempts)
        self._database = _Database(remote=store.engine.dialect.name != "sqlite")
        self._lease_s = lease_s
        self._poll_s = poll_s
        self._wait_s = wait_s
        self._lines: WeakValueDictionary[str, _Line] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, message: UserMessage) -> AsyncIterator["Work | Answered"]:
        """Keep the message, wait for its turn, and hold the conversation during the block.

        The work's messages are all that wait, often this one alone. A block that ends without
        `finish` leaves them for the next turn; after `max_attempts` such turns they are set aside.

        Raises:
            ConversationNotYours: the conversation belongs to another session or customer.
            ConversationBusy: no turn within `wait_s`; the message waits for the next one.
            MessageSetAside: the message has failed too often.
        """
        message = message if message.id else replace(message, id=uuid4().hex)
        asked = self._claim(message.conversation_id, message.shopper)
        async with self._in_line(asked) as line:
            async with line.entrance:  # in the order in which the messages came
                got = await self._database.run(lambda: self._inbox.receive(message, asked))
            if isinstance(got, Waiting):
                got = await self._wait(message, got.seq, asked, line)
            if isinstance(got, Answered):
                yield got
            else:
                own = next(m.seq for m in got.messages if m.id == message.id)
                async with self._held(asked, got, own) as work:
                    yield work

    @asynccontextmanager
    async def quiet_turn(
        self, conversation_id: str, shopper: Shopper
    ) -> AsyncIterator["Work | None"]:
        """Hold the conversation for a turn that no message began: silence, say.

        None where another turn holds it, or where there is no such conversation. The work has
        messages only where a process died and left them behind.

        Raises:
            ConversationNotYours: the conversation belongs to another session or customer.
        """
        asked = self._claim(conversation_id, shopper)
        async with self._in_line(asked):
            taken = await self._database.run(lambda: self._inbox.take_quiet(asked))
            if taken is None:
                yield None
            else:
                async with self._held(asked, taken, own=0) as work:
                    yield work

    async def left_behind(self) -> tuple[tuple[str, Shopper], ...]:
        """Conversations with messages that nobody waits for any more, and whose: `quiet_turn`s."""
        return await self._database.run(lambda: self._inbox.left_behind(self._wait_s))

    def _claim(self, conversation_id: str, shopper: Shopper) -> Claim:
        return Claim(conversation_id, shopper, uuid4().hex, self._lease_s)

    @asynccontextmanager
    async def _in_line(self, asked: Claim) -> AsyncIterator["_Line"]:
        line = self._lines.setdefault(asked.conversation_id, _Line())
        try:
            yield line
        except asyncio.CancelledError:  # by whoever shuts down or went away; perhaps half-way in
            await self._release(asked, cancelled=True)
            raise
        finally:
            line.ring()

    async def _wait(
        self, message: UserMessage, seq: int, asked: Claim, line: "_Line"
    ) -> Taken | Answered:
        """Wait until another turn has answered the message, or its own can begin."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._wait_s
        pause_s = self._poll_s
        while loop.time() < deadline:
            moved = line.moved  # before looking: what happens from here on is not missed
            got = await self._database.run(lambda: self._inbox.look(message, seq))
            if isinstance(got, Answered):
                return got
            if got.free:
                taken = await self._database.run(lambda: self._inbox.take(asked, seq))
                if taken is not None:
                    return taken
            with suppress(TimeoutError):
                await asyncio.wait_for(moved.wait(), pause_s)
            pause_s = min(pause_s * 1.5, self._poll_s * _SLOWEST_POLL)
        raise ConversationBusy(
            f"conversation {message.conversation_id} was busy for {self._wait_s:g} s; "
            "the message is kept and answered with the next one"
        )

    @asynccontextmanager
    async def _held(self, asked: Claim, taken: Taken, own: int) -> AsyncIterator["Work"]:
        work = Work(self._inbox, self._database, asked, taken, own=own)
        heartbeat = asyncio.create_task(self._keep_alive(asked))
        cancelled = False
        try:
            yield work
        except asyncio.CancelledError:
            cancelled = True
            raise
        finally:
            heartbeat.cancel()
            if not work.finished:
                await self._release(asked, cancelled=cancelled)

    async def _release(self, asked: Claim, *, cancelled: bool) -> None:
        try:
            await self._database.run(lambda: self._inbox.release(asked, cancelled=cancelled))
        except SQLAlchemyError as error:  # what ended the turn must not be hidden by this
            log.warning("conversation %s stays held for up to %g s: %s",
                        asked.conversation_id, self._lease_s, error)  # fmt: skip

    async def _keep_alive(self, asked: Claim) -> None:
        while True:
            await asyncio.sleep(self._lease_s / 3)
            try:
                if not await self._database.run(lambda: self._inbox.renew(asked)):
                    return  # finished this moment, or lost: `finish` says which
            except SQLAlchemyError as error:
                log.warning("conversation %s: the lease was not renewed: %s",
                            asked.conversation_id, error)  # fmt: skip


class Work:
    """A turn that holds its conversation: what was said before, and what there is to answer."""

    def __init__(
        self, inbox: Inbox, database: "_Database", asked: Claim, taken: Taken, *, own: int
    ) -> None:
        self._inbox = inbox
        self._database = database
        self._asked = asked
        self._taken = taken
        self._own = own
        self.finished = False

    @property
    def past(self) -> tuple[Event, ...]:
        """All events of the conversation before this turn."""
        return self._taken.past

    @property
    def messages(self) -> tuple[Inbound, ...]:
        """What this turn answers, in order."""
        return self._taken.messages

    async def more(self) -> tuple[Inbound, ...]:
        """Take over what the same shopper wrote meanwhile; this turn answers it, too."""
        after = self.messages[-1].seq if self.messages else self._own
        came = await self._database.run(lambda: self._inbox.more(self._asked, after))
        self._taken = replace(self._taken, messages=(*self.messages, *came))
        return came

    async def finish(self, events: Sequence[Event]) -> None:
        """Keep the turn's events and let the conversation go, in one transaction.

        Raises:
            LostLease: another turn has begun, because this one showed no sign of life for longer
                than its lease; nothing of it is kept.
        """
        if self.finished:
            raise RuntimeError("a turn is finished once")
        await self._database.run(
            lambda: self._inbox.finish(self._asked, self._taken, events, own=self._own)
        )
        self.finished = True


class _Line:
    """Those of this process who wait for one conversation."""

    def __init__(self) -> None:
        self.entrance = asyncio.Lock()
        self.moved = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self.moved.set()
        self.moved = asyncio.Event()


class _Database:
    """Runs transactions: a server's in threads, for it may be slow or gone; SQLite's at once.

    SQLite takes a write in a fraction of a millisecond and only one at a time, so threads would
    only have them wait for one another; and a database in memory belongs to one thread.
    """

    def __init__(self, *, remote: bool) -> None:
        threads = ThreadPoolExecutor(_DATABASE_THREADS, thread_name_prefix="turns")
        self._threads = threads if remote else None

    async def run(self, transaction: Callable[[], T]) -> T:
        """Return what the transaction returns. A cancelled one is still seen to its end."""
        if self._threads is None:
            return transaction()
        future = asyncio.get_running_loop().run_in_executor(self._threads, transaction)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait([future])
            if error := future.exception():
                log.warning("a cancelled transaction failed, too: %s", error)
            raise
