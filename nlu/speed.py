"""How fast a model understands: one utterance at a time, and many clients at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from nlu.understanding import Understanding

Progress = Callable[[str, int, int], None]

CLIENTS = 32

_TOLD = 32  # texts between two words of progress

UnderstandMany = Callable[[Sequence[str]], Sequence[Understanding]]
UnderstandOne = Callable[[str], Awaitable[Understanding]]
Batcher = Callable[[UnderstandMany], UnderstandOne]
"""Makes concurrent single calls into calls with many texts, as serving does."""


class Classifier(Protocol):
    """What `nlu.classifier.IntentClassifier` is here."""

    def understand(self, text: str) -> Understanding:
        """Understand one text."""
        ...

    def understand_batch(self, texts: Sequence[str]) -> list[Understanding]:
        """Understand many, in input order."""
        ...


def time_alone(
    classifier: Classifier, texts: Sequence[str], *, warm_up: Sequence[str], progress: Progress
) -> list[float]:
    """Return the milliseconds of each text, one at a time."""
    for text in warm_up:
        classifier.understand(text)
    latencies = []
    for done, text in enumerate(texts, 1):
        started = time.perf_counter()
        classifier.understand(text)
        latencies.append((time.perf_counter() - started) * 1000)
        if done % _TOLD == 0 or done == len(texts):
            progress("timing one utterance at a time", done, len(texts))
    return latencies


def time_together(
    classifier: Classifier, texts: Sequence[str], *, warm_up: Sequence[str], batcher: Batcher
) -> float:
    """Return the texts understood in a second with CLIENTS clients at once."""
    understand = batcher(classifier.understand_batch)

    async def ask(asked: Sequence[str]) -> float:
        waiting = iter(asked)

        async def client() -> None:
            for text in waiting:
                await understand(text)

        started = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CLIENTS)))
        return time.perf_counter() - started

    async def both() -> float:
        await ask(warm_up)
        return await ask(texts)

    return len(texts) / asyncio.run(both())
