"""Events read lately, so that a turn reads only those that are new: events are never changed."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from sqlalchemy import Connection, select

from bot.dialogue.tracker import Event
from bot.storage import tables

REMEMBERED = 256
"""Conversations; one of 50 turns takes about 0.5 MB."""


class RecentEvents:
    """Reads conversations' events; safe from several threads."""

    def __init__(self, size: int = REMEMBERED) -> None:
        self._size = size
        self._known: OrderedDict[str, tuple[Event, ...]] = OrderedDict()
        self._lock = Lock()

    def read(self, db: Connection, conversation_id: str) -> tuple[Event, ...]:
        """Return all events of a conversation, in order."""
        with self._lock:
            known = self._known.get(conversation_id, ())
        # The last one known is read again: a conversation may have been erased meanwhile.
        new = _since(db, conversation_id, max(len(known) - 1, 0))
        if known and (not new or new[0] != known[-1]):
            known, new = (), _since(db, conversation_id, 0)
        found = (*known, *new[1:]) if known else tuple(new)
        with self._lock:
            self._known[conversation_id] = found
            self._known.move_to_end(conversation_id)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return found


def _since(db: Connection, conversation_id: str, position: int) -> Sequence[Event]:
    rows = db.execute(
        select(tables.events.c.data)
        .where(tables.events.c.conversation_id == conversation_id)
        .where(tables.events.c.position >= position)
        .order_by(tables.events.c.position)
    )
    return [json.loads(row.data) for row in rows]
