"""When a pause begins a new session, and what of the old one is kept."""

from typing import Any

import pytest

from bot.dialogue.domain import Domain, SessionConfig
from bot.dialogue.sessions import new_session
from bot.dialogue.tracker import Frame, State, apply_event

START = 1_000_000.0


def domain(minutes: float, *, keep: bool = True, written: bool = True) -> Domain:
    raw: dict[str, Any] = {"session_config": {}} if written else {}
    return Domain({}, {}, (), session_config=SessionConfig(minutes, keep), raw=raw)


@pytest.mark.parametrize(
    ("minutes", "keep", "written", "pause_s", "expected"),
    [
        (60, True, True, 3600, [True]),
        (60, True, True, 3599, []),
        (60, False, True, 86_400, [False]),
        (0.5, True, True, 30, [True]),
        (0, True, True, 10**9, []),  # 0 stands for never
        (60, True, False, 10**9, []),  # the shop's domain says nothing of sessions
        (60, True, True, -5, []),  # a clock that was put back
    ],
)
def test_a_long_pause_begins_a_new_session(
    minutes: float, keep: bool, written: bool, pause_s: float, expected: list[bool]
) -> None:
    past = [{"event": "user", "timestamp": 0.0}, {"event": "bot", "timestamp": START}]
    found = new_session(past, START + pause_s, domain(minutes, keep=keep, written=written))
    assert [e["keep"] for e in found] == expected
    assert all(e["event"] == "session_started" for e in found)


def test_the_first_message_of_all_begins_no_second_session() -> None:
    assert new_session([], START, domain(60)) == ()


def test_an_event_without_its_time_does_not_begin_a_session() -> None:
    assert new_session([{"event": "slot", "name": "a", "value": 1}], START, domain(60)) == ()


@pytest.mark.parametrize(
    ("keep", "slots"), [(True, {"language": "zh", "size": 2}), (False, {"language": "zh"})]
)
def test_a_new_session_drops_tasks_and_keeps_slots_where_it_should(
    keep: bool, slots: dict[str, object]
) -> None:
    before = State(
        slots={"language": "zh", "size": 2},
        stack=(Frame("buy", "size"),),
        repairs=2,
        paused=True,
        last_flow="rate",
    )
    after = apply_event(before, {"event": "session_started", "keep": keep})
    assert after == State(slots=slots)
