"""Conversations as appended events; the table is the only truth about them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, func, insert, or_, select, update

from bot.dialogue.tracker import Event
from bot.messages import Shopper
from bot.storage import tables
from bot.storage.database import create_tables, writer_of
from bot.storage.owners import check_owner, claim

_RATED = ("conversation_id", "message_id")
_KINDS_OF_A_TURN = ("user", "understood", "repair", "flow_started", "slot", "action", "bot")


@dataclass(frozen=True)
class Handover:
    """A conversation that waits for a person."""

    conversation_id: str
    at: datetime
    reason: str
    contact: str
    facts: str


@dataclass(frozen=True)
class PastEvent:
    """An event with its place; `at` is the time of the turn that it belongs to."""

    conversation_id: str
    position: int
    at: datetime
    event: Event


class ConversationStore:
    """Events, feedback and handovers of all conversations on one database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = writer_of(engine)
        create_tables(engine, tables.metadata)

    def open(self, conversation_id: str, shopper: Shopper) -> tuple[Event, ...]:
        """Return the conversation's events, making it the shopper's where it was nobody's.

        An anonymous conversation becomes the customer's when its session signs in.

        Raises:
            ConversationNotYours: it belongs to another session or customer.
        """
        with self._writer.begin() as db:
            claim(db, conversation_id, shopper)
            return events_of(db, conversation_id)

    def append(self, conversation_id: str, position: int, events: Sequence[Event]) -> None:
        """Add the events of one turn after `position` earlier ones, all or none.

        Raises:
            sqlalchemy.exc.IntegrityError: another turn took that position meanwhile.
        """
        with self._writer.begin() as db:
            append_events(db, conversation_id, position, events)

    def read(self, conversation_id: str, shopper: Shopper) -> tuple[Event, ...]:
        """Return the events, or nothing where there is no such conversation.

        Raises:
            ConversationNotYours: it belongs to another session or customer.
        """
        with self.engine.connect() as db:
            if not _exists(db, conversation_id, shopper):
                return ()
            return events_of(db, conversation_id)

    def since(
        self, conversation_id: str, position: int, shopper: Shopper
    ) -> tuple[PastEvent, ...]:
        """Return the events from `position` on, for a page that has those before it.

        Raises:
            ConversationNotYours: it belongs to another session or customer.
        """
        with self.engine.connect() as db:
            if not _exists(db, conversation_id, shopper):
                return ()
            rows = db.execute(
                select(tables.events.c.position, tables.events.c.at, tables.events.c.data)
                .where(tables.events.c.conversation_id == conversation_id)
                .where(tables.events.c.position >= position)
                .order_by(tables.events.c.position)
            )
            return tuple(PastEvent(conversation_id, p, at, json.loads(d)) for p, at, d in rows)

    def rate(self, conversation_id: str, message_id: str, rating: str, reason: str) -> None:
        """Keep a thumb up or down for a reply; a second one replaces the first."""
        values = {"at": datetime.now(UTC), "rating": rating, "reason": reason}
        row = tables.upsert(self.engine, tables.feedback).values(
            conversation_id=conversation_id, message_id=message_id, **values
        )
        with self._writer.begin() as db:
            db.execute(row.on_conflict_do_update(index_elements=_RATED, set_=values))

    def hand_over(
        self, conversation_id: str, reason: str, *, contact: str = "", facts: Iterable[str] = ()
    ) -> None:
        """Put the conversation in the people's queue; doing it again adds what is new."""
        values = {"reason": reason, "contact": contact, "facts": "\n".join(facts)}
        key = tables.handovers.c.conversation_id == conversation_id
        row = tables.upsert(self.engine, tables.handovers).values(
            conversation_id=conversation_id, at=datetime.now(UTC), **values
        )
        with self._writer.begin() as db:
            new = row.on_conflict_do_nothing().returning(tables.handovers.c.reason)
            if db.execute(new).one_or_none() is not None:
                return
            waiting = select(tables.handovers.c.reason).where(key).with_for_update()
            reasons = db.execute(waiting).scalar_one().split("; ")
            values["reason"] = "; ".join(dict.fromkeys([*reasons, reason]))
            kept = {k: v for k, v in values.items() if v}
            db.execute(update(tables.handovers).where(key).values(**kept))

    def handovers(self) -> tuple[Handover, ...]:
        """Conversations that wait for a person, longest first."""
        with self.engine.connect() as db:
            rows = db.execute(select(tables.handovers).order_by(tables.handovers.c.at))
            return tuple(Handover(*row) for row in rows)

    def feedback_counts(self) -> dict[str, int]:
        """How many replies were rated up and down."""
        with self.engine.connect() as db:
            rating = tables.feedback.c.rating
            rows = db.execute(select(rating, func.count()).group_by(rating))
            return {name: count for name, count in rows}

    def rated_down(self, since: datetime) -> frozenset[tuple[str, str]]:
        """Conversation and message id of every reply whose last thumb, since then, is down."""
        rows = select(tables.feedback.c.conversation_id, tables.feedback.c.message_id).where(
            tables.feedback.c.rating == "down", tables.feedback.c.at >= since
        )
        with self.engine.connect() as db:
            return frozenset((conversation, message) for conversation, message in db.execute(rows))

    def recent(self, *, since: datetime, limit: int) -> tuple[PastEvent, ...]:
        """What became of the latest messages, conversation by conversation, in order.

        A turn's user, understood, repair and flow_started events are there, slots other than the
        language, the action of a handover, and those replies that cite an entry or may have been
        rated down. Turns of the channel `test` may be among them.

        Args:
            since: The earliest turn.
            limit: The most messages, the latest first; those of the channel `test` don't count.
        """
        events, rated = tables.events.c, tables.feedback.c
        kind, data = events.event, events.data
        messages = (
            select(events.at)
            .where(kind == "user", events.at >= since)
            .where(~data.contains('"input_channel": "test"', autoescape=True))
            .order_by(events.at.desc())
            .limit(limit)
            .subquery()
        )
        rated_down = select(rated.message_id).where(
            rated.conversation_id == events.conversation_id, rated.rating == "down"
        )
        wanted = or_(
            kind.in_(("user", "understood", "repair", "flow_started")),
            (kind == "slot") & ~data.contains('"name": "language"'),
            (kind == "action") & data.contains('"action_handover"', autoescape=True),
            (kind == "bot") & or_(data.contains('"citations": [{'), rated_down.exists()),
        )
        rows = (
            select(events.conversation_id, events.position, events.at, data)
            .where(events.at >= select(func.min(messages.c.at)).scalar_subquery())
            .where(kind.in_(_KINDS_OF_A_TURN), wanted)
            .order_by(events.conversation_id, events.position)
        )
        with self.engine.connect() as db:
            return tuple(PastEvent(c, p, at, json.loads(d)) for c, p, at, d in db.execute(rows))


def events_of(db: Connection, conversation_id: str) -> tuple[Event, ...]:
    """Return all events of a conversation, in order."""
    rows = db.execute(
        select(tables.events.c.data)
        .where(tables.events.c.conversation_id == conversation_id)
        .order_by(tables.events.c.position)
    )
    return tuple(json.loads(r.data) for r in rows)


def append_events(
    db: Connection, conversation_id: str, position: int, events: Sequence[Event]
) -> None:
    """Write the events of one turn in the transaction under way."""
    now = datetime.now(UTC)
    rows = [
        {
            "conversation_id": conversation_id,
            "position": position + i,
            "at": now,
            "event": e["event"],
            "data": json.dumps({**e, "timestamp": now.timestamp()}),
        }
        for i, e in enumerate(events)
    ]
    if rows:
        db.execute(insert(tables.events), rows)


def _exists(db: Connection, conversation_id: str, shopper: Shopper) -> bool:
    """Whether there is such a conversation; one of somebody else's is an error."""
    owner = db.execute(
        select(tables.conversations.c.owner).where(tables.conversations.c.id == conversation_id)
    ).scalar_one_or_none()
    if owner is not None:
        check_owner(conversation_id, owner, shopper)
    return owner is not None
