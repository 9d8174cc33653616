"""What the tests of turns talk with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import Engine, select, update

from bot.dialogue.tracker import Event
from bot.messages import Shopper, UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.held import Answered, Inbound
from bot.storage.tables import inbox, leases
from bot.storage.turns import TurnQueue, Work

TAB = Shopper("tab")
OTHER_TAB = Shopper("other tab")
ADA = Shopper("tab", 1)
MakeQueue = Callable[..., TurnQueue]


class Broken(Exception):
    """What a turn fails with here."""


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
