"""Cases played against a bot, several at once."""

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol
from uuid import uuid4

from bot.conversation_tests.format import SILENCE, Case, UserStep
from bot.conversation_tests.judging import Missed, missed
from bot.dialogue.tracker import Event, slot_event
from bot.messages import Shopper, Turn, UserMessage
from bot.progress import ProgressCallback, silent

_READ_HERE = ("customer_id", "language", "channel", "burst")
"""Metadata that the runner goes by; the rest is passed on with the message."""


class Bot(Protocol):
    """Takes the turns of a conversation."""

    async def handle(self, message: UserMessage) -> Turn:
        """Answer one message."""
        ...

    async def silence(self, conversation_id: str, shopper: Shopper) -> object:
        """Do what the bot does when the time to answer has passed."""
        ...


class Record(Protocol):
    """The events of conversations."""

    def events(self, conversation_id: str, shopper: Shopper) -> Sequence[Event]:
        """Return the conversation's events so far."""
        ...

    def append(self, conversation_id: str, shopper: Shopper, events: Sequence[Event]) -> None:
        """Add events behind those that are there; the conversation begins with its first."""
        ...


@dataclass(frozen=True)
class Copy:
    """A bot whose database nobody else uses."""

    bot: Bot
    record: Record


Open = Callable[[Case], AbstractContextManager[Copy]]
"""Gives a case a copy of its own, and throws it away afterwards."""


@dataclass(frozen=True)
class Played:
    """A turn as it went: what was said to the bot (several messages, in a burst), what happened."""

    steps: tuple[UserStep, ...]
    events: tuple[Event, ...]

    @property
    def judged(self) -> UserStep:
        """The step that holds what is expected of the turn."""
        return self.steps[-1]


@dataclass(frozen=True)
class CaseResult:
    """How a case went. Its turns stop at the first one that missed anything.

    `error` is the trace of what went wrong in the bot's or the runner's code.
    """

    case: Case
    turns: tuple[Played, ...]
    missed: tuple[Missed, ...] = ()
    error: str = ""
    duration_s: float = 0.0

    @property
    def passed(self) -> bool:
        """Whether everything that was expected happened."""
        return not self.missed and not self.error


async def run_case(case: Case, copy: Copy) -> CaseResult:
    """Play one case to its end, or to the first turn that misses anything."""
    conversation_id, session_id = f"test-{uuid4().hex}", uuid4().hex
    first = _shopper(case.steps[0].metadata, session_id)
    if case.slots:
        slots = [slot_event(name, value) for name, value in case.slots.items()]
        copy.record.append(conversation_id, first, slots)
    seen = len(case.slots)
    turns: list[Played] = []
    for steps in turns_of(case):
        shopper = _shopper(steps[-1].metadata, session_id)
        await asyncio.gather(*(_say(copy.bot, s, conversation_id, session_id) for s in steps))
        events = tuple(copy.record.events(conversation_id, shopper))
        turns.append(Played(steps, events[seen:]))
        seen = len(events)
        wrong = missed(steps[-1], turns[-1].events)
        if wrong:
            return CaseResult(case, tuple(turns), wrong)
    return CaseResult(case, tuple(turns))


def turns_of(case: Case) -> tuple[tuple[UserStep, ...], ...]:
    """The steps of a case by turns: those of a burst are one, up to the first that is judged."""
    found: list[list[UserStep]] = []
    for step in case.steps:
        before = found[-1][-1] if found else None
        if before is not None and step.burst and before.burst and not before.expectations:
            found[-1].append(step)
        else:
            found.append([step])
    return tuple(map(tuple, found))


async def run_cases(
    cases: Sequence[Case],
    open_copy: Open,
    *,
    jobs: int = 4,
    fail_fast: bool = False,
    progress: ProgressCallback = silent,
) -> tuple[CaseResult, ...]:
    """Play cases, several at once, each on a copy of its own.

    Args:
        cases: what to play.
        open_copy: gives each case its copy.
        jobs: how many at once.
        fail_fast: begin no further case once one has failed.
        progress: told of every finished case.

    Returns:
        The results in the order of the cases; without those that were not begun.
    """
    results: dict[int, CaseResult] = {}
    waiting = iter(enumerate(cases))

    async def work() -> None:
        for i, case in waiting:
            results[i] = await _guarded(case, open_copy)
            progress("playing conversations", len(results), len(cases))
            if fail_fast and any(not r.passed for r in results.values()):
                return

    await asyncio.gather(*(work() for _ in range(max(1, jobs))))
    return tuple(results[i] for i in sorted(results))


async def _guarded(case: Case, open_copy: Open) -> CaseResult:
    """Play a case; an error of the bot's fails this case and not the run."""
    started = time.perf_counter()
    try:
        with open_copy(case) as copy:
            result = await run_case(case, copy)
    except Exception:  # the place where tests end: whatever it is, the report shows it
        result = CaseResult(case, (), error=traceback.format_exc())
    return replace(result, duration_s=time.perf_counter() - started)


async def _say(bot: Bot, step: UserStep, conversation_id: str, session_id: str) -> None:
    shopper = _shopper(step.metadata, session_id)
    if step.text.strip() == SILENCE:
        await bot.silence(conversation_id, shopper)
        return
    passed_on = {k: v for k, v in step.metadata.items() if k not in _READ_HERE}
    await bot.handle(
        UserMessage(
            conversation_id,
            step.text,
            shopper,
            channel=step.metadata.get("channel") or "rest",
            language=step.metadata.get("language"),
            metadata=passed_on,
        )
    )


def _shopper(metadata: Mapping[str, Any], session_id: str) -> Shopper:
    return Shopper(session_id, metadata.get("customer_id"))
