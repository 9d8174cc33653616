"""Cases played: what the bot is told, what is judged, how several run beside one another."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scripted_bot import ScriptedBot, bot, case_of, cases_of, slot

from bot.conversation_tests.format import Case
from bot.conversation_tests.runner import Copy, run_case, run_cases, turns_of
from bot.messages import UserMessage

HELLO = {"hello": [bot("Hi.", "utter_greet")], "bye": [bot("Bye.", "utter_bye")]}


async def test_each_turn_is_judged_by_its_own_events(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        """
        - user: hello
        - utter: utter_greet
        - user: bye
        - utter: utter_greet
        - user: hello
        """,
    )
    result = await run_case(case, ScriptedBot(HELLO).copy)
    assert not result.passed
    assert [m.expectation.spot.line for m in result.missed] == [8]
    assert [t.judged.text for t in result.turns] == ["hello", "bye"]  # it stops there
    assert [e["text"] for e in result.turns[1].events] == ["bye", "Bye."]


async def test_a_case_that_gets_all_it_expects_passes(tmp_path: Path) -> None:
    case = case_of(tmp_path, "- user: hello\n- utter: utter_greet\n- user: bye\n- bot: Bye.")
    result = await run_case(case, ScriptedBot(HELLO).copy)
    assert result.passed
    assert len(result.turns) == 2


async def test_fixtures_are_there_before_the_first_message_and_are_no_event_of_it(
    tmp_path: Path,
) -> None:
    (case,) = cases_of(
        tmp_path,
        """
        fixtures: [{vip: {tier: gold}}]
        test_cases:
          - test_case: a
            fixtures: [vip]
            steps:
              - user: hello
              - slot_was_not_set: tier
        """,
    )
    it = ScriptedBot(HELLO)
    result = await run_case(case, it.copy)
    assert result.passed
    assert it.kept[0] == slot("tier", "gold")


async def test_metadata_makes_the_shopper_the_language_and_the_channel(tmp_path: Path) -> None:
    (case,) = cases_of(
        tmp_path,
        """
        metadata:
          - ada: {customer_id: 7, language: zh, campaign: spring}
          - guest: {customer_id: null, channel: whatsapp, language: en}
        test_cases:
          - test_case: a
            metadata: guest
            steps:
              - user: hello
              - user: bye
                metadata: ada
        """,
    )
    it = ScriptedBot(HELLO)
    await run_case(case, it.copy)
    first, second = it.heard
    assert (first.shopper.customer_id, first.language, first.channel) == (None, "en", "whatsapp")
    assert (second.shopper.customer_id, second.language) == (7, "zh")
    assert second.channel == "whatsapp"
    assert dict(second.metadata) == {"campaign": "spring"}
    assert first.shopper.session_id == second.shopper.session_id != ""
    assert first.conversation_id == second.conversation_id


async def test_silence_is_no_message(tmp_path: Path) -> None:
    case = case_of(tmp_path, "- user: hello\n- user: /silence_timeout\n- utter: utter_still_there")
    it = ScriptedBot(HELLO, on_silence=[bot("Still there?", "utter_still_there")])
    result = await run_case(case, it.copy)
    assert result.passed
    assert len(it.silences) == 1
    assert [m.text for m in it.heard] == ["hello"]


BURST = """
    metadata: [{quick: {burst: true}}]
    test_cases:
      - test_case: a
        steps:
          - {user: before}
          - {user: one, metadata: quick}
          - {user: two, metadata: quick}
          - utter: utter_both
          - {user: three, metadata: quick}
          - {user: after}
"""


def test_a_burst_is_one_turn_up_to_what_is_expected_of_it(tmp_path: Path) -> None:
    (case,) = cases_of(tmp_path, BURST)
    said = [[step.text for step in steps] for steps in turns_of(case)]
    assert said == [["before"], ["one", "two"], ["three"], ["after"]]


class WaitsForBoth:
    """Answers `one` only when `two` has come: messages sent in turn would never be answered."""

    def __init__(self) -> None:
        self.both = asyncio.Event()
        self.kept: list[Any] = []

    async def handle(self, message: UserMessage) -> Any:
        if message.text == "two":
            self.both.set()
            self.kept.append(bot("Both.", "utter_both"))
        elif message.text == "one":
            await self.both.wait()

    async def silence(self, conversation_id: str, shopper: object) -> None: ...

    def events(self, conversation_id: str, shopper: object) -> Any:
        return tuple(self.kept)

    def append(self, conversation_id: str, shopper: object, events: object) -> None: ...


async def test_messages_of_a_burst_are_sent_at_once(tmp_path: Path) -> None:
    (case,) = cases_of(tmp_path, BURST)
    it = WaitsForBoth()
    async with asyncio.timeout(5):
        assert (await run_case(case, Copy(it, it))).passed


def _many(folder: Path, count: int) -> tuple[Case, ...]:
    entries = "".join(
        f"  - {{test_case: c{i}, steps: [{{user: hello}}, {{utter: utter_greet}}]}}\n"
        for i in range(count)
    )
    return cases_of(folder, f"test_cases:\n{entries}")


async def test_results_come_in_the_order_of_the_cases_and_progress_counts(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    cases = _many(tmp_path, 5)
    results = await run_cases(
        cases, ScriptedBot(HELLO).open, jobs=3, progress=lambda _, n, of: told.append((n, of))
    )
    assert [r.case.name for r in results] == [c.name for c in cases]
    assert all(r.passed for r in results)
    assert told == [(n, 5) for n in range(1, 6)]


async def test_as_many_as_jobs_are_under_way_at_once(tmp_path: Path) -> None:
    cases = _many(tmp_path, 6)
    all_here = asyncio.Barrier(3)

    class Meets(ScriptedBot):
        async def handle(self, message: UserMessage) -> Any:
            await all_here.wait()
            return await super().handle(message)

    @contextmanager
    def open_copy(case: Case) -> Iterator[Copy]:
        yield Meets(HELLO).copy

    async with asyncio.timeout(5):
        results = await run_cases(cases, open_copy, jobs=3)
    assert all(r.passed for r in results)


async def test_fail_fast_begins_no_further_case(tmp_path: Path) -> None:
    cases = _many(tmp_path, 4)
    wrong = ScriptedBot({"hello": [bot("Hm.")]})
    assert len(await run_cases(cases, wrong.open, jobs=1, fail_fast=True)) == 1
    assert len(await run_cases(cases, wrong.open, jobs=1)) == 4


async def test_an_error_in_the_bot_fails_its_case_alone(tmp_path: Path) -> None:
    cases = cases_of(
        tmp_path,
        """
        test_cases:
          - {test_case: a, steps: [{user: unheard of}]}
          - {test_case: b, steps: [{user: hello}]}
        """,
    )
    first, second = await run_cases(cases, ScriptedBot(HELLO).open, jobs=2)
    assert not first.passed
    assert "KeyError: 'unheard of'" in first.error
    assert second.passed


@pytest.mark.parametrize("jobs", [1, 4])
async def test_every_case_has_a_copy_of_its_own(tmp_path: Path, jobs: int) -> None:
    opened: list[str] = []
    closed: list[str] = []

    @contextmanager
    def open_copy(case: Case) -> Iterator[Copy]:
        opened.append(case.name)
        yield ScriptedBot(HELLO).copy
        closed.append(case.name)

    await run_cases(_many(tmp_path, 4), open_copy, jobs=jobs)
    assert sorted(opened) == sorted(closed) == ["c0", "c1", "c2", "c3"]
