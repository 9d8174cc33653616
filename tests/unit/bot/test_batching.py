import asyncio
import threading
from collections.abc import Sequence

import pytest

from bot.batching import MicroBatcher


class Work:
    """Doubles numbers; refuses batches with a 13; can be held up."""

    def __init__(self, *, held: bool = False) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()
        if not held:
            self.go.set()

    def __call__(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        assert self.go.wait(10)
        if 13 in items:
            raise ValueError("no 13")
        return [2 * i for i in items]


async def test_a_lone_call_is_a_batch_of_one() -> None:
    work = Work()
    batcher = MicroBatcher(work)
    assert [await batcher(1), await batcher(2)] == [2, 4]
    assert work.batches == [[1], [2]]


async def test_calls_that_come_while_one_runs_are_the_next_batches() -> None:
    work = Work(held=True)
    batcher = MicroBatcher(work, size=3)
    calls = [asyncio.create_task(batcher(i)) for i in range(8)]
    async with asyncio.timeout(20):
        while not work.batches:
            await asyncio.sleep(0)
    late = [asyncio.create_task(batcher(i)) for i in (8, 9)]
    await asyncio.sleep(0)
    work.go.set()
    assert await asyncio.gather(*calls, *late) == [2 * i for i in range(10)]
    assert all(len(batch) <= 3 for batch in work.batches)
    assert [i for batch in work.batches for i in batch] == list(range(10))


async def test_an_error_reaches_each_caller_of_its_batch_and_no_other() -> None:
    work = Work()
    batcher = MicroBatcher(work, size=2)
    found = await asyncio.gather(*(batcher(i) for i in (1, 13, 2, 3)), return_exceptions=True)
    assert [str(f) for f in found] == ["no 13", "no 13", "4", "6"]
    assert await batcher(4) == 8


async def test_too_few_results_are_an_error_and_nobody_waits_forever() -> None:
    batcher: MicroBatcher[int, int] = MicroBatcher(lambda items: [1])
    found = await asyncio.wait_for(
        asyncio.gather(batcher(1), batcher(2), return_exceptions=True), 10
    )
    assert [str(f) for f in found] == ["1 results for 2 items"] * 2


async def test_a_caller_that_gave_up_disturbs_nobody() -> None:
    work = Work(held=True)
    batcher = MicroBatcher(work)
    calls = [asyncio.create_task(batcher(i)) for i in (1, 2)]
    async with asyncio.timeout(20):
        while not work.batches:
            await asyncio.sleep(0)
    calls[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await calls[0]
    work.go.set()
    assert await calls[1] == 4
