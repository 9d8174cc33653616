"""The knowledge that is live: one reference to an immutable snapshot, swapped as a whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

T = TypeVar("T")


class Live(Generic[T]):
    """Holds what every new turn uses. Reading and swapping are atomic, without a lock."""

    def __init__(self, snapshot: T) -> None:
        self._snapshot = snapshot
        self._pinned: ContextVar[T | None] = ContextVar("pinned", default=None)

    @property
    def current(self) -> T:
        """The latest snapshot, or the one that this turn began with."""
        return self._pinned.get() or self._snapshot

    @contextmanager
    def pinned(self) -> Iterator[T]:
        """Keep to one snapshot for a turn: its decision and its reply must not differ."""
        token = self._pinned.set(self._snapshot)
        try:
            yield self._snapshot
        finally:
            self._pinned.reset(token)

    def swap(self, snapshot: T) -> None:
        """Let every turn from now on use this one."""
        self._snapshot = snapshot
