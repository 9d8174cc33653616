"""What is kept of conversations, on SQLite and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot.errors import ConversationNotYours
from bot.messages import Shopper
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database

HELLO = {"event": "user", "text": "你好 🎉 \x00 \ud800"}
BYE = {"event": "bot", "text": "bye", "data": {"buttons": ({"title": "a"},)}}

NOBODY = Shopper()
TAB = Shopper("tab")
OTHER_TAB = Shopper("other tab")
ADA = Shopper("tab", 1)
ADA_ELSEWHERE = Shopper("phone", 1)
BEN = Shopper("tab", 2)


def without_time(events: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [{k: v for k, v in e.items() if k != "timestamp"} for e in events]


def test_events_come_back_in_order(store: ConversationStore, conversations: Engine) -> None:
    assert store.open("c", TAB) == ()
    store.append("c", 0, [HELLO, BYE])
    store.append("c", 2, [HELLO])
    store.append("c", 3, [])
    for again in (store, ConversationStore(conversations)):
        read = again.open("c", TAB)
        assert read == again.read("c", TAB)
        assert without_time(read) == [HELLO, {**BYE, "data": {"buttons": [{"title": "a"}]}}, HELLO]
        assert all(e["timestamp"] > 0 for e in read)


def test_a_position_is_taken_once_and_a_turn_is_kept_whole_or_not_at_all(
    store: ConversationStore,
) -> None:
    store.open("c", TAB)
    store.append("c", 1, [HELLO])
    with pytest.raises(IntegrityError):
        store.append("c", 0, [BYE, BYE])
    assert without_time(store.read("c", TAB)) == [HELLO]


def test_a_conversation_that_is_not_there_is_empty(store: ConversationStore) -> None:
    assert store.read("none", NOBODY) == ()


@pytest.mark.parametrize(
    ("owner", "other", "allowed"),
    [
        (NOBODY, NOBODY, True),
        (NOBODY, TAB, True),
        (NOBODY, ADA, True),
        (TAB, TAB, True),
        (TAB, ADA, True),
        (TAB, BEN, True),
        (TAB, OTHER_TAB, False),
        (TAB, NOBODY, False),
        (TAB, ADA_ELSEWHERE, False),
        (ADA, ADA, True),
        (ADA, ADA_ELSEWHERE, True),
        (ADA, TAB, False),
        (ADA, BEN, False),
        (ADA, NOBODY, False),
        (ADA, OTHER_TAB, False),
        (Shopper("", 1), Shopper("1"), False),
        (Shopper("1"), Shopper("", 1), False),
    ],
)
def test_who_may_see_whose_conversation(
    store: ConversationStore, owner: Shopper, other: Shopper, allowed: bool
) -> None:
    store.open("c", owner)
    store.append("c", 0, [HELLO])
    for look in (store.read, store.open):
        if allowed:
            assert len(look("c", other)) == 1
        else:
            with pytest.raises(ConversationNotYours):
                look("c", other)


@pytest.mark.parametrize(
    ("first", "then", "closed_to"),
    [(NOBODY, TAB, OTHER_TAB), (NOBODY, ADA, TAB), (TAB, ADA, TAB), (ADA, ADA_ELSEWHERE, TAB)],
)
def test_a_conversation_becomes_the_next_ones_own(
    store: ConversationStore, first: Shopper, then: Shopper, closed_to: Shopper
) -> None:
    store.open("c", first)
    store.open("c", then)
    store.open("c", then)
    with pytest.raises(ConversationNotYours):
        store.open("c", closed_to)


def test_reading_makes_nothing_ones_own(store: ConversationStore) -> None:
    store.open("c", TAB)
    store.read("c", ADA)
    assert store.read("c", TAB) == ()


def test_the_last_thumb_counts(store: ConversationStore) -> None:
    store.rate("c", "m1", "up", "")
    store.rate("c", "m1", "down", "wrong price")
    store.rate("c", "m2", "down", "")
    store.rate("d", "m1", "up", "")
    assert store.feedback_counts() == {"down": 2, "up": 1}


def test_no_feedback(store: ConversationStore) -> None:
    assert store.feedback_counts() == {}


def test_a_handover_is_updated_and_loses_nothing(store: ConversationStore) -> None:
    store.hand_over("c", "asked", facts=["order 4001", "risk low"])
    store.hand_over("d", "asked too")
    store.hand_over("c", "asked again", contact="a@example.org")
    first, second = store.handovers()
    assert (first.conversation_id, first.reason, first.contact, first.facts) == (
        "c",
        "asked; asked again",
        "a@example.org",
        "order 4001\nrisk low",
    )
    assert isinstance(first.at, datetime)
    assert (second.conversation_id, second.contact) == ("d", "")




def test_what_no_database_can_hold_is_kept_as_a_question_mark(store: ConversationStore) -> None:
    store.rate("c", "m", "down", "a\x00b\ud800c 你好")
    store.hand_over("c", "nul \x00", contact="\ud800", facts=["\x00", "fact"])
    (handover,) = store.handovers()
    assert (handover.reason, handover.contact, handover.facts) == ("nul ?", "?", "?\nfact")


def test_thumbs_and_handovers_from_everywhere_at_once_are_all_kept(
    store: ConversationStore,
) -> None:
    def both(number: int) -> None:
        store.rate("c", f"m{number % 3}", "up", "")
        store.hand_over("c", f"reason {number}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(both, range(24)))
    assert store.feedback_counts() == {"up": 3}
    (handover,) = store.handovers()
    assert sorted(handover.reason.split("; ")) == sorted(f"reason {n}" for n in range(24))


def test_conversations_opened_everywhere_at_once_are_one(store: ConversationStore) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: store.open("c", TAB), range(16))) == [()] * 16
    with pytest.raises(ConversationNotYours):
        store.open("c", OTHER_TAB)


def test_processes_that_start_at_once_make_the_tables_once(
    database_url: str, tmp_path: Path
) -> None:
    engines = [open_database(database_url, tmp_path) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(ConversationStore, engines))
    stores[0].open("c", TAB)
    stores[0].append("c", 0, [HELLO])
    assert len(stores[-1].read("c", TAB)) == 1
    for engine in engines:
        engine.dispose()


def test_a_database_of_an_earlier_version_gets_what_it_lacks(
    store: ConversationStore, conversations: Engine
) -> None:
    store.open("c", TAB)
    store.append("c", 0, [HELLO])
    with conversations.begin() as db:
        for name in ("inbox", "leases", "answered_messages"):
            db.execute(text(f"DROP TABLE {name}"))
        db.execute(text("DROP INDEX events_by_kind_and_time"))
    upgraded = ConversationStore(conversations)
    assert len(upgraded.since("c", 0, TAB)) == 1
    assert upgraded.recent(since=datetime.min.replace(tzinfo=UTC), limit=9)[0].event == {
        **HELLO, "timestamp": upgraded.read("c", TAB)[0]["timestamp"]
    }  # fmt: skip
    with conversations.begin() as db:
        db.execute(text("DROP INDEX events_by_kind_and_time"))  # it is there again
