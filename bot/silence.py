"""Notices that a shopper has said nothing after a question, and lets the assistant speak again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.messages import Shopper, Turn

log = logging.getLogger("shopclerk")

MAX_WAITS = 10_000
"""Conversations that are waited for at once, about 2 kB each; beyond it the oldest is given up."""

Sleep = Callable[[float], Awaitable[None]]


class Noticing(Protocol):
    """Says something into a silence."""

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        """Return what is said, or None where there is nothing to say."""
        ...


class SilenceClock:
    """Waits after every turn that wants it. A new message of that conversation ends the wait.

    The waits live in this process: after a restart nobody is reminded of an older question.
    """

    def __init__(
        self,
        assistant: Noticing,
        said: Callable[[Turn], None],
        *,
        sleep: Sleep = asyncio.sleep,
        max_waits: int = MAX_WAITS,
    ) -> None:
        """`said` is told of every turn that a silence brought about."""
        self._assistant = assistant
        self._said = said
        self._sleep = sleep
        self._max_waits = max_waits
        self._waits: dict[str, asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()  # the loop itself keeps no task alive

    def heard(self, conversation_id: str) -> None:
        """The shopper has written: wait no longer."""
        wait = self._waits.pop(conversation_id, None)
        if wait is not None:
            wait.cancel()

    def answered(self, turn: Turn, shopper: Shopper) -> None:
        """Begin to wait where the turn wants it."""
        if turn.joined:  # the turn that it was answered with says how long to wait
            return
        self.heard(turn.conversation_id)
        if turn.silence_s is None:
            return
        task = asyncio.create_task(self._wait(turn.conversation_id, turn.silence_s, shopper))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        self._waits[turn.conversation_id] = task
        if len(self._waits) > self._max_waits:
            self.heard(next(iter(self._waits)))

    async def stop(self) -> None:
        """Give up all waits; a turn that a silence has begun is finished."""
        for conversation_id in tuple(self._waits):
            self.heard(conversation_id)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for conversation_id in tuple(self._waits):  # begun by what has just finished
            self.heard(conversation_id)

    async def _wait(self, conversation_id: str, seconds: float, shopper: Shopper) -> None:
        await self._sleep(seconds)
        self._waits.pop(conversation_id)  # a message ends the wait, never a turn under way
        try:
            turn = await self._assistant.silence(conversation_id, shopper)
        except Exception:  # nobody awaits this turn: its failure is logged here or nowhere
            log.exception("a silence could not be answered in conversation %s", conversation_id)
            return
        if turn is not None:
            self._said(turn)
            self.answered(turn, shopper)
