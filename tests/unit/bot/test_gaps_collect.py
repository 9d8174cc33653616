from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from stand_ins import Desk

from bot.dialogue.tracker import Event, slot_event, user_event
from bot.gaps.collect import collect
from bot.messages import Shopper
from bot.storage.conversations import ConversationStore

YESTERDAY = datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def store(engine: Engine) -> ConversationStore:
    return ConversationStore(engine)


def user(words: str, channel: str = "web") -> Event:
    return user_event(words, {}, channel)


def understood(decision: str | None = None, language: str = "en") -> Event:
    """As written now, or as earlier versions wrote it."""
    told = {} if decision is None else {"decision": decision, "language": language}
    return {"event": "understood", "probability": 0.9, **told}


def repair(language: str = "en") -> Event:
    return {"event": "repair", "decision": "out of scope", "language": language}


def bot(score: float | None = None, id: str = "m") -> Event:
    cited = [] if score is None else [{"id": "returns", "score": score}]
    return {"event": "bot", "text": "…", "data": {"id": id, "citations": cited}}


FLOW = {"event": "flow_started", "flow_id": "orders", "step_id": "1"}
PERSON = {"event": "action", "name": "action_handover", "in_flow": True}


def talk(store: ConversationStore, *turns: Sequence[Event], conversation: str = "c") -> None:
    position = len(store.open(conversation, Shopper()))
    for turn in turns:
        store.append(conversation, position, turn)
        position += len(turn)


def missed(store: ConversationStore, **options: Any) -> list[tuple[str, str, str | None]]:
    found = collect(store, since=YESTERDAY, unsure_below=0.8, **options)
    return [(m.text, m.reason, m.entry) for m in reversed(found)]


CASES: dict[str, tuple[list[list[Event]], list[tuple[str, str, str | None]]]] = {
    "not understood": ([[user("Norway?"), repair(), bot()]], [("Norway?", "unanswered", None)]),
    "not understood, as earlier versions wrote it": (
        [[user("Norway?"), slot_event("language", "en"), {"event": "repair"}, bot()]],
        [("Norway?", "unanswered", None)],
    ),
    "answered surely": ([[user("returns?"), understood("answer 0.90"), bot(0.9)]], []),
    "answered, but not surely": (
        [[user("returns?"), understood("answer 0.70"), bot(0.7)]],
        [("returns?", "unsure", "returns")],
    ),
    "answered right at the margin": ([[user("a?"), understood("answer 0.80"), bot(0.8)]], []),
    "what a flow cites in passing": (
        [[user("my order"), understood("confident intent"), FLOW, bot(0.3)]],
        [],
    ),
    "asked which is meant, and the choice answered": (
        [[user("refund"), repair(), bot()], [user("/get_refund"), understood(), bot(0.9)]],
        [("refund", "unsure", None)],
    ),
    "asked which is meant, and a person chosen": (
        [[user("refund"), repair(), bot()], [user("/person"), understood(), FLOW, PERSON, bot()]],
        [("refund", "unanswered", None)],
    ),
    "asked which is meant, and said otherwise": (
        [[user("refund"), repair(), bot()], [user("money back"), understood("a"), bot(0.9)]],
        [("refund", "unanswered", None)],
    ),
    "a person after an answer": (
        [
            [user("returns?"), understood("answer 0.90"), bot(0.9)],
            [user("a person"), understood("confident intent"), FLOW, PERSON, bot()],
            [user("me@example.org"), understood("fills contact_email"), PERSON, bot()],
        ],
        [("returns?", "asked for a person", "returns")],
    ),
    "a person after small talk": (
        [[user("hello"), understood("confident intent"), FLOW, bot()], [user("a"), PERSON, bot()]],
        [],
    ),
    "a pressed button": ([[user("/nonsense"), repair(), bot()]], []),
    "evaluation": ([[user("Norway?", "test"), repair(), bot()]], []),
    "silence": ([[user("  "), repair(), bot()]], []),
    "a turn that failed inside": ([[user("Norway?"), bot()]], []),
    "words that fill a slot": (
        [[user("4001"), understood("fills order_number"), slot_event("order", "4001"), bot(0.1)]],
        [],
    ),
    "words that fill a slot, as earlier versions wrote it": (
        [[user("4001"), slot_event("order", "4001"), understood(), bot(0.1)]],
        [],
    ),
}


@pytest.mark.parametrize(("turns", "expected"), CASES.values(), ids=CASES)
def test_what_counts_as_missed(
    store: ConversationStore, turns: list[list[Event]], expected: list[tuple[str, str, str | None]]
) -> None:
    talk(store, *turns)
    assert missed(store) == expected


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ([user("a?"), understood("answer 0.95"), bot(0.95)], [("a?", "thumbs down", "returns")]),
        ([user("a?"), understood("answer 0.5"), bot(0.5)], [("a?", "thumbs down", "returns")]),
        ([user("a?"), understood("confident intent"), FLOW, bot()], [("a?", "thumbs down", None)]),
        ([user("a?"), repair(), bot()], [("a?", "unanswered", None)]),
        ([user("a"), understood("fills b"), bot()], []),
        ([user("/a"), understood("confident intent"), bot(0.9)], []),
    ],
)
def test_a_reply_rated_down(
    store: ConversationStore, turn: list[Event], expected: list[tuple[str, str, str | None]]
) -> None:
    talk(store, turn)
    store.rate("c", "m", "down", "")
    assert missed(store) == expected


def test_thumbs_that_are_not_down_on_this_reply(store: ConversationStore) -> None:
    for name in ("up", "changed", "other", "elsewhere"):
        talk(store, [user(name), understood("answer 0.95"), bot(0.95)], conversation=name)
    store.rate("up", "m", "up", "")
    store.rate("changed", "m", "down", "")
    store.rate("changed", "m", "up", "")
    store.rate("other", "another", "down", "")
    store.rate("nowhere", "m", "down", "")
    assert missed(store) == []


def test_language_time_and_conversation_come_along(store: ConversationStore) -> None:
    talk(store, [user("挪威 norway"), repair("zh"), bot()], conversation="new")
    talk(store, [user("寄到挪威吗"), {"event": "repair"}, bot()], conversation="old")
    later, earlier = collect(store, since=YESTERDAY)
    assert (earlier.language, earlier.conversation_id) == ("zh", "new")
    assert (later.language, later.conversation_id) == ("zh", "old")
    assert YESTERDAY < earlier.at < later.at


def test_only_since_and_only_the_latest_messages(store: ConversationStore) -> None:
    for number in range(6):
        talk(store, [user(f"q{number}"), repair(), bot()], conversation=f"c{number % 2}")
    for number in range(9):  # evaluation uses up nothing of the limit
        talk(store, [user(f"t{number}", "test"), repair()], conversation=f"t{number}")
    everything = [(f"q{number}", "unanswered", None) for number in range(6)]
    assert missed(store) == everything
    assert missed(store, limit=3) == everything[3:]
    assert collect(store, since=datetime.now(UTC)) == ()


def test_odd_words_and_an_empty_shop(store: ConversationStore) -> None:
    assert missed(store) == []
    odd = '你好 \x00 \ud800 "input_channel": "test" %'
    talk(store, [user(odd), repair(), bot()])
    assert missed(store) == [(odd, "unanswered", None)]


def test_a_database_of_an_earlier_version_gets_the_index(tmp_path: Any) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    ConversationStore(engine)
    with engine.begin() as db:
        db.execute(text("DROP INDEX events_by_kind_and_time"))
    ConversationStore(engine)
    with engine.connect() as db:
        plan = db.execute(
            text("EXPLAIN QUERY PLAN SELECT at FROM events WHERE event = 'user' AND at >= '2026'")
        ).all()
    assert "events_by_kind_and_time" in str(plan)
    engine.dispose()


async def test_the_assistant_writes_what_is_read_here(desk: Desk) -> None:
    for words in ("how long does delivery take", "where do frogs live", "where is my order"):
        await desk.say(words)
    (frogs,) = collect(desk.store, since=YESTERDAY, unsure_below=0.8)
    assert (frogs.text, frogs.reason, frogs.language) == ("where do frogs live", "unanswered", "en")
    (delivery, _) = reversed(collect(desk.store, since=YESTERDAY, unsure_below=0.95))
    assert (delivery.text, delivery.reason, delivery.entry) == (
        "how long does delivery take",
        "unsure",
        "delivery-time",
    )
