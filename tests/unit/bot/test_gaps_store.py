from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.gaps.grouping import Gap
from bot.gaps.store import GapStore

SOON = datetime.now(UTC) + timedelta(hours=1)
LONG_AGO = datetime(2026, 3, 2, 8, 30, 0, 5, tzinfo=UTC)


def gap(id: str, *questions: str, language: str = "en", count: int = 0) -> Gap:
    asked = tuple((question, 1) for question in questions)
    return Gap(
        id, language, questions[0], asked, count or len(asked), (("unanswered", len(asked)),),
        (("returns", 1),), LONG_AGO, LONG_AGO,
    )  # fmt: skip


NORWAY = gap("norway", "ship to norway \ud800", "norway 你好", "norway?!", "to oslo")
TENTS = gap("tents", "rent a tent", "tent rental")


@pytest.fixture
def store(engine: Engine) -> GapStore:
    return GapStore(engine)


def statuses(store: GapStore, *gaps: Gap) -> list[tuple[str, str]]:
    return [(view.gap.id, view.status) for view in store.views(gaps)]


def test_untouched_groups_are_open(store: GapStore) -> None:
    assert statuses(store, NORWAY, TENTS) == [("norway", "open"), ("tents", "open")]
    assert store.remembered() == ()


def test_a_draft_its_publishing_and_a_dismissal_are_remembered(
    store: GapStore, engine: Engine
) -> None:
    store.drafted(NORWAY, entry="ship-to-norway", by="ada")
    store.dismiss(TENTS, by="ben")
    norway, tents = GapStore(engine).views([NORWAY, TENTS])
    assert (norway.gap, norway.status, norway.entry, norway.by) == (
        NORWAY, "drafted", "ship-to-norway", "ada",
    )  # fmt: skip
    assert (tents.status, tents.by) == ("dismissed", "ben")
    assert tents.at is not None
    assert abs(tents.at - datetime.now(UTC)) < timedelta(minutes=5)
    store.asked_again(NORWAY, solved=False)
    assert statuses(store, NORWAY) == [("norway", "still open after publish")]
    store.asked_again(NORWAY, solved=True)
    (norway,) = store.views([NORWAY])
    assert (norway.status, norway.entry, norway.by) == ("solved", "ship-to-norway", "ada")


def test_what_is_remembered_comes_back_whole_when_it_is_missed_no_more(store: GapStore) -> None:
    store.drafted(NORWAY, entry="ship-to-norway", by="ada")
    assert store.views([]) == ()
    assert [view.gap for view in store.remembered()] == [NORWAY]


@pytest.mark.parametrize(
    ("before", "after"), [("open", "open"), ("drafted", "drafted"), ("solved", "solved")]
)
def test_a_dismissal_can_be_undone(store: GapStore, before: str, after: str) -> None:
    if before != "open":
        store.drafted(NORWAY, entry="ship-to-norway", by="ada")
    if before == "solved":
        store.asked_again(NORWAY, solved=True)
    store.dismiss(NORWAY, by="ben")
    store.dismiss(NORWAY, by="ben")
    assert statuses(store, NORWAY) == [("norway", "dismissed")]
    store.restore("norway")
    assert statuses(store, NORWAY) == [("norway", after)]
    store.restore("norway")
    store.restore("unheard of")
    assert statuses(store, NORWAY) == [("norway", after)]


@pytest.mark.parametrize(
    ("now", "same"),
    [
        (gap("x", "Ship to NORWAY", "norway 你好!", "to oslo", "norway"), True),
        (gap("x", "ship to norway", "norway 你好", "a", "b"), True),
        (gap("x", "ship to norway", "a", "b"), False),
        (gap("x", "ship to norway"), True),
        (gap("x", *"abcdefghij", "ship to norway", "norway 你好", "norway", "to oslo"), True),
        (gap("norway", "a", "b"), False),
        (gap("x", "ship to norway", "norway 你好", "norway", "to oslo", language="de"), False),
    ],
)
def test_a_group_is_known_by_its_questions(store: GapStore, now: Gap, same: bool) -> None:
    store.dismiss(NORWAY, by="ben")
    (view,) = store.views([now])
    assert view.status == ("dismissed" if same else "open")
    assert (view.gap.id == "norway") is same
    assert view.gap.questions == now.questions


def test_of_a_split_group_the_larger_part_is_the_heir_and_ids_stay_apart(store: GapStore) -> None:
    store.dismiss(NORWAY, by="ben")
    larger = gap("x", "norway 你好", "norway", "to oslo")
    rest = gap("norway", "ship to norway")
    first, second = store.views([larger, rest])
    assert (first.gap.id, first.status) == ("norway", "dismissed")
    assert second.status == "open"
    assert second.gap.id not in ("norway", "x")
    store.dismiss(second.gap, by="ben")
    assert [status for _, status in statuses(store, larger, rest)] == ["dismissed", "dismissed"]


def test_a_group_missed_again_after_it_was_solved_is_still_open(store: GapStore) -> None:
    store.drafted(NORWAY, entry="ship-to-norway", by="ada")
    store.asked_again(NORWAY, solved=True)
    again = replace(NORWAY, last_at=SOON, count=7)
    (view,) = store.views([again])
    assert (view.status, view.newer, view.entry) == (
        "still open after publish", 3, "ship-to-norway",
    )  # fmt: skip


def test_a_dismissal_holds_and_tells_how_many_asked_since(store: GapStore) -> None:
    store.dismiss(NORWAY, by="ben")
    (view,) = store.views([replace(NORWAY, last_at=SOON, count=40)])
    assert (view.status, view.newer) == ("dismissed", 36)
