from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot.errors import ConfigError, ConversationNotYours
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


@pytest.fixture
def store(engine: Engine) -> ConversationStore:
    return ConversationStore(engine)


def without_time(events: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [{k: v for k, v in e.items() if k != "timestamp"} for e in events]


def test_events_come_back_in_order(store: ConversationStore, engine: Engine) -> None:
    assert store.open("c", TAB) == ()
    store.append("c", 0, [HELLO, BYE])
    store.append("c", 2, [HELLO])
    store.append("c", 3, [])
    for again in (store, ConversationStore(engine)):
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


def test_a_relative_file_lies_in_the_state_folder(tmp_path: Path) -> None:
    engine = open_database("sqlite:///deep/shop.db", tmp_path / "state")
    ConversationStore(engine)
    assert (tmp_path / "state" / "deep" / "shop.db").is_file()
    with engine.connect() as db:
        assert db.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.execute(text("PRAGMA busy_timeout")).scalar() == 5000
    engine.dispose()


def test_an_absolute_file_and_memory(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'other' / 'a.db'}", "sqlite:///:memory:"):
        engine = open_database(url, tmp_path / "state")
        ConversationStore(engine)
        engine.dispose()
    assert (tmp_path / "other" / "a.db").is_file()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("url", ["", "shop.db", "nosuch://x", "sqlite+nosuch:///a.db"])
def test_a_database_that_cannot_be_opened(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"shop\.toml: storage\.url .* cannot be opened .*; use "):
        open_database(url, tmp_path)
