"""Events remembered between turns are those of the database."""

from sqlalchemy import delete

from bot.messages import Shopper
from bot.storage import tables
from bot.storage.conversations import ConversationStore
from bot.storage.recent import RecentEvents

ME = Shopper("me")


def test_only_what_is_new_is_read_and_all_is_returned(store: ConversationStore) -> None:
    recent = RecentEvents()
    store.open("c", ME)
    for turn in range(3):
        store.append("c", turn * 2, [{"event": "user", "text": f"{turn}"}, {"event": "bot"}])
        with store.engine.connect() as db:
            assert recent.read(db, "c") == store.read("c", ME)
    assert len(store.read("c", ME)) == 6


def test_a_conversation_that_was_erased_and_begun_anew(store: ConversationStore) -> None:
    recent = RecentEvents()
    store.open("c", ME)
    store.append("c", 0, [{"event": "user", "text": "old"}, {"event": "bot", "text": "old"}])
    with store.engine.begin() as db:
        recent.read(db, "c")
        db.execute(delete(tables.events))
        assert recent.read(db, "c") == ()
    store.append("c", 0, [{"event": "user", "text": f"{n}"} for n in range(3)])
    with store.engine.connect() as db:
        assert [e["text"] for e in recent.read(db, "c")] == ["0", "1", "2"]


def test_few_conversations_are_remembered(store: ConversationStore) -> None:
    recent = RecentEvents(size=2)
    for name in "abc":
        store.open(name, ME)
        store.append(name, 0, [{"event": "user", "text": name}])
    with store.engine.connect() as db:
        for name in "abcabc":
            assert [e["text"] for e in recent.read(db, name)] == [name]
