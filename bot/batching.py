"""Concurrent calls answered together: what waits while one batch runs makes up the next."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


class MicroBatcher(Generic[In, Out]):
    """Calls `work` in a thread of its own with all items that wait, at most `size` at once.

    A lone call starts at once; nothing waits for company. One batcher serves one event loop.
    """

    def __init__(
        self, work: Callable[[Sequence[In]], Sequence[Out]], *, size: int = 32, name: str = "batch"
    ) -> None:
        """`work` returns one result for each item, in order."""
        self._work = work
        self._size = size
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._running = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)

    async def __call__(self, item: In) -> Out:
        """Return the item's result."""
        future: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if not self._running:
            self._running = True
            self._task = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[: self._size], self._waiting[self._size :]
                items = [item for item, _ in batch]
                try:
                    results = await loop.run_in_executor(self._thread, self._work, items)
                    if len(results) != len(batch):
                        raise ValueError(f"{len(results)} results for {len(batch)} items")
                except Exception as error:  # each caller gets it; the next batch goes on
                    for _, future in batch:
                        if not future.done():
                            future.set_exception(error)
                    continue
                for (_, future), result in zip(batch, results, strict=True):
                    if not future.done():
                        future.set_result(result)
        finally:
            self._running = False
