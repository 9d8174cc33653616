"""The one way by which messages reach the assistant, whichever channel they come through."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Protocol

from bot.messages import Shopper, Turn, UserMessage
from bot.server.feed import Feed
from bot.silence import SilenceClock, Sleep

log = logging.getLogger("shopclerk")

FINISH_WITHIN_S = 10.0
"""How long a service that stops waits for turns under way."""


CATCH_UP_EVERY_S = 60.0
"""How often messages are looked for that a process took and died with."""


class Talking(Protocol):
    """The assistant."""

    async def handle(self, message: UserMessage) -> Turn:
        """Answer one message."""
        ...

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        """Say something into a silence, or nothing."""
        ...

    async def catch_up(self) -> None:
        """Answer what processes that died have left behind."""
        ...


class ChatService:
    """Takes turns, waits for silence after them, and rings the bells of who listens."""

    def __init__(
        self,
        assistant: Talking,
        *,
        at_end: Callable[[], Awaitable[None]] | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        """`at_end` closes what turns use, once no turn is under way."""
        self.feed = Feed()
        self._at_end = at_end
        self._assistant = assistant
        self._sleep = sleep
        self._silence = SilenceClock(
            assistant, lambda turn: self.feed.ring(turn.conversation_id), sleep=sleep
        )
        self._turns: set[asyncio.Task[Turn]] = set()

    async def take(self, message: UserMessage) -> Turn:
        """Answer one message. The turn is finished even when who asked has gone meanwhile.

        Raises:
            ConversationNotYours: the conversation belongs to somebody else.
        """
        task = asyncio.create_task(self._take(message))
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)
        return await asyncio.shield(task)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Keep the service open; on leaving, turns under way are finished and waits given up."""
        catching_up = asyncio.create_task(self._catch_up())
        try:
            yield
        finally:
            catching_up.cancel()
            await asyncio.wait([catching_up])
            if self._turns:
                await asyncio.wait(self._turns, timeout=FINISH_WITHIN_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._silence.stop(), FINISH_WITHIN_S)
            if self._at_end is not None:
                await self._at_end()

    async def _take(self, message: UserMessage) -> Turn:
        self._silence.heard(message.conversation_id)
        turn = await self._assistant.handle(message)
        self._silence.answered(turn, message.shopper)
        self.feed.ring(message.conversation_id)
        return turn

    async def _catch_up(self) -> None:
        while True:
            try:
                await self._assistant.catch_up()
            except Exception:  # nobody awaits this: logged here or nowhere, and tried again
                log.exception("what was left behind could not be looked for")
            await self._sleep(CATCH_UP_EVERY_S)
