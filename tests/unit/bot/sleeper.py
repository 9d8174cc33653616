"""A night without a clock: who waits is woken by the test."""

import asyncio


class Sleeper:
    """Stands for `asyncio.sleep`. `asleep` has the seconds of everybody who waits."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []

    async def __call__(self, seconds: float) -> None:
        one = (seconds, asyncio.get_running_loop().create_future())
        self._waiting.append(one)
        try:
            await one[1]
        finally:
            self._waiting.remove(one)

    @property
    def asleep(self) -> list[float]:
        return [seconds for seconds, _ in self._waiting]

    async def wake(self) -> None:
        """Let everybody's time pass, and everything happen that follows from it."""
        for _, future in self._waiting:
            future.set_result(None)
        await settle()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)
