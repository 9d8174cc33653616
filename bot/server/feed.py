"""Tells those who listen to a conversation that something new was said in it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Feed:
    """A bell for each listener. What was said lies in the store; a bell only says when to look.

    So nothing piles up for a listener that is slow, and a message is told once whichever way
    the news of it came. All of it belongs to one event loop.
    """

    def __init__(self) -> None:
        self._bells: dict[str, set[asyncio.Event]] = {}

    def ring(self, conversation_id: str) -> None:
        """Wake everybody who listens to this conversation."""
        for bell in self._bells.get(conversation_id, ()):
            bell.set()

    @contextmanager
    def listen(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """Lend a bell that is set at every ring; the listener clears it."""
        bell = asyncio.Event()
        bells = self._bells.setdefault(conversation_id, set())
        bells.add(bell)
        try:
            yield bell
        finally:
            bells.discard(bell)
            if not bells:
                self._bells.pop(conversation_id, None)
