"""kill -9 during turns, on SQLite and on PostgreSQL; benchmarks/kill.py does it 200 times."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.dialogue.tracker import Event
from tests.integration import postgres_server
from tests.integration.kill_assistant import is_whole, whole_bot
from tests.integration.kill_harness import Plan, counts_right, run
from tests.integration.postgres_server import PostgresServer, server_or_skip

KILLS = 20


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    yield from server_or_skip()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def test_killed_at_any_moment_nothing_is_lost_or_doubled(url: str, tmp_path: Path) -> None:
    outcome = run(Plan(url, KILLS), tmp_path)
    print(outcome)
    assert outcome.kills_during_a_turn > KILLS // 2
    assert outcome.sent_again > 0
    assert outcome.turns > 10 * KILLS
    assert (outcome.lost, outcome.doubled, outcome.stuck, outcome.torn) == (0, 0, 0, 0)
    assert (outcome.left_in_inbox, outcome.left_leases) == (0, 0)


def test_killed_while_the_assistant_answers_nothing_is_lost_or_done_twice(
    url: str, tmp_path: Path
) -> None:
    plan = Plan(url, KILLS // 2, turns="tests.integration.kill_assistant:whole_bot")
    outcome = run(plan, tmp_path, make_turn=whole_bot, is_whole=is_whole)
    print(outcome)
    assert outcome.kills_during_a_turn > KILLS // 4
    assert (outcome.lost, outcome.doubled, outcome.stuck, outcome.torn) == (0, 0, 0, 0)
    assert (outcome.left_in_inbox, outcome.left_leases) == (0, 0)


def turn(number: int, count: int, at: float = 0.0) -> list[Event]:
    kinds: list[Event] = [
        {"event": "turn", "number": number, "size": 4},
        {"event": "user"},
        {"event": "slot", "value": count},
        {"event": "bot"},
    ]
    return [{**event, "timestamp": at or number} for event in kinds]


@pytest.mark.parametrize(
    ("talk", "right"),
    [
        ([], True),
        ([*turn(0, 1), *turn(1, 2)], True),
        ([*turn(0, 1), *turn(1, 2)[:-1]], False),
        (turn(0, 1)[1:], False),
        ([*turn(0, 1), *turn(0, 1)], False),
        ([*turn(0, 1), *turn(1, 1)], False),
        ([*turn(0, 1), *turn(2, 2)], False),
        ([*turn(0, 1)[:2], *turn(0, 1, at=9.0)[2:]], False),
    ],
)
def test_a_torn_turn_would_be_seen(talk: Sequence[Event], right: bool) -> None:
    assert counts_right(talk) is right


@pytest.mark.parametrize(
    ("required", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)]
)
def test_without_postgresql_its_tests_are_skipped_but_in_ci_they_fail(
    monkeypatch: pytest.MonkeyPatch, required: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(postgres_server, "installed_at", lambda: None)
    monkeypatch.setenv("SHOPCLERK_REQUIRE_POSTGRES", required)
    with pytest.raises(outcome, match="apt-get install postgresql"):
        next(server_or_skip())
