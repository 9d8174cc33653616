"""Waiting for an answer that does not come. No real time passes."""

import asyncio
import logging

import pytest
from sleeper import Sleeper, settle

from bot.messages import BotMessage, Shopper, Trace, Turn
from bot.silence import SilenceClock

TRACE = Trace("en", "", 1.0, False, (), None, (), (), "", 0.0, "")
SHOPPER = Shopper("s1")


def turn(silence_s: float | None = 30.0, *, conversation: str = "c1", joined: bool = False) -> Turn:
    return Turn(conversation, (BotMessage("Well?"),), TRACE, joined=joined, silence_s=silence_s)


class Assistant:
    """Says the turns of its script into silences, then nothing more."""

    def __init__(self, *script: Turn | Exception | None) -> None:
        self.script = list(script)
        self.asked: list[tuple[str, Shopper]] = []
        self.gate: asyncio.Event | None = None

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        self.asked.append((conversation_id, shopper))
        if self.gate:
            await self.gate.wait()
        said = self.script.pop(0) if self.script else None
        if isinstance(said, Exception):
            raise said
        return said


class Night:
    def __init__(self, *script: Turn | Exception | None, max_waits: int = 100) -> None:
        self.assistant = Assistant(*script)
        self.sleeper = Sleeper()
        self.said: list[Turn] = []
        self.clock = SilenceClock(
            self.assistant, self.said.append, sleep=self.sleeper, max_waits=max_waits
        )

    async def answered(self, turn: Turn, shopper: Shopper = SHOPPER) -> None:
        self.clock.answered(turn, shopper)
        await settle()


async def test_after_a_silence_the_assistant_speaks_to_the_same_shopper() -> None:
    reminder = turn(None)
    night = Night(reminder)
    await night.answered(turn(30))
    assert night.sleeper.asleep == [30]
    assert night.assistant.asked == []
    await night.sleeper.wake()
    assert night.assistant.asked == [("c1", SHOPPER)]
    assert night.said == [reminder]
    assert night.sleeper.asleep == []


async def test_a_reminder_may_be_followed_by_another() -> None:
    night = Night(turn(60), turn(None))
    await night.answered(turn(30))
    await night.sleeper.wake()
    assert night.sleeper.asleep == [60]
    await night.sleeper.wake()
    assert len(night.said) == 2
    assert night.sleeper.asleep == []


async def test_where_there_is_nothing_to_say_nobody_is_told() -> None:
    night = Night(None)
    await night.answered(turn(30))
    await night.sleeper.wake()
    assert night.assistant.asked
    assert night.said == []


@pytest.mark.parametrize("last", [turn(None), turn(None, joined=True)])
async def test_a_turn_without_a_question_is_not_waited_for(last: Turn) -> None:
    night = Night(turn())
    await night.answered(last)
    assert night.sleeper.asleep == []


async def test_a_new_message_ends_the_wait_of_its_conversation_only() -> None:
    night = Night(turn(None), turn(None))
    await night.answered(turn(30, conversation="c1"))
    await night.answered(turn(40, conversation="c2"))
    night.clock.heard("c1")
    await settle()
    assert night.sleeper.asleep == [40]
    await night.sleeper.wake()
    assert [c for c, _ in night.assistant.asked] == ["c2"]


async def test_a_later_turn_replaces_the_wait() -> None:
    night = Night()
    await night.answered(turn(30))
    await night.answered(turn(40))
    assert night.sleeper.asleep == [40]
    await night.answered(turn(None))
    assert night.sleeper.asleep == []


async def test_a_joined_message_leaves_the_wait_to_the_turn_that_answered_it() -> None:
    night = Night()
    await night.answered(turn(30))
    await night.answered(turn(None, joined=True))
    assert night.sleeper.asleep == [30]


async def test_a_message_in_the_last_moment_ends_the_wait() -> None:
    night = Night(turn(None))
    await night.answered(turn(30))
    waking = asyncio.create_task(night.sleeper.wake())
    asyncio.get_running_loop().call_soon(night.clock.heard, "c1")  # before the wait goes on
    await waking
    assert night.assistant.asked == []


async def test_a_silence_that_is_being_answered_is_not_broken_off() -> None:
    night = Night(turn(None))
    night.assistant.gate = asyncio.Event()
    await night.answered(turn(30))
    await night.sleeper.wake()
    night.clock.heard("c1")
    await settle()
    night.assistant.gate.set()
    await settle()
    assert len(night.said) == 1


async def test_a_failure_is_logged_once_and_the_clock_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    night = Night(RuntimeError("the database is away"), turn(None))
    await night.answered(turn(30))
    with caplog.at_level(logging.ERROR):
        await night.sleeper.wake()
    assert [r.message for r in caplog.records] == [
        "a silence could not be answered in conversation c1"
    ]
    await night.answered(turn(30))
    await night.sleeper.wake()
    assert len(night.said) == 1


async def test_too_many_waits_give_up_the_oldest() -> None:
    night = Night(max_waits=3)
    for number in (1, 2, 3, 1, 4):  # 1 asks again, so 2 is the oldest
        await night.answered(turn(number, conversation=f"c{number}"))
    assert sorted(night.sleeper.asleep) == [1, 3, 4]


async def test_stopping_gives_up_waits_and_finishes_what_has_begun() -> None:
    night = Night(turn(20))
    night.assistant.gate = asyncio.Event()
    await night.answered(turn(30, conversation="c1"))
    await night.sleeper.wake()
    await night.answered(turn(40, conversation="c2"))
    stopping = asyncio.create_task(night.clock.stop())
    await settle()
    assert not stopping.done()
    night.assistant.gate.set()
    await stopping
    await settle()
    assert len(night.said) == 1
    assert night.sleeper.asleep == []
    assert [c for c, _ in night.assistant.asked] == ["c1"]
