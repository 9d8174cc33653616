"""Conversations as appended events; the table is the only truth about them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.dialogue.tracker import Event
from bot.errors import ConversationNotYours
from bot.messages import Shopper
from bot.storage.columns import UtcDateTime

metadata = MetaData()

_conversations = Table(
    "conversations",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("owner", String(160), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
)
_events = Table(
    "events",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("event", String(40), nullable=False),
    Column("data", Text, nullable=False),
)
_EVENTS_BY_KIND_AND_TIME = Index("events_by_kind_and_time", _events.c.event, _events.c.at)
_feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("message_id", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("rating", String(8), nullable=False),
    Column("reason", Text, nullable=False, default=""),
)
_handovers = Table(
    "handovers",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("contact", String(320), nullable=False, default=""),
    Column("facts", Text, nullable=False, default=""),
)


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
        self._engine = engine
        metadata.create_all(engine)
        _EVENTS_BY_KIND_AND_TIME.create(engine, checkfirst=True)  # older databases lack it

    def open(self, conversation_id: str, shopper: Shopper) -> tuple[Event, ...]:
        """Return the conversation's events, making it the shopper's where it was nobody's.

        An anonymous conversation becomes the customer's when its session signs in.

        Raises:
            ConversationNotYours: it belongs to another session or customer.
        """
        with self._engine.begin() as db:
            row = db.execute(
                select(_conversations.c.owner).where(_conversations.c.id == conversation_id)
            ).one_or_none()
            owner = _owner(shopper)
            if row is None:
                db.execute(
                    insert(_conversations).values(
                        id=conversation_id, owner=owner, created_at=datetime.now(UTC)
                    )
                )
                return ()
            _check_owner(conversation_id, row.owner, shopper)
            if owner != row.owner and (shopper.signed_in or not row.owner):
                db.execute(
                    update(_conversations)
                    .where(_conversations.c.id == conversation_id)
                    .values(owner=owner)
                )
            return _events_of(db, conversation_id)

    def append(self, conversation_id: str, position: int, events: Sequence[Event]) -> None:
        """Add the events of one turn after `position` earlier ones, all or none.

        Raises:
            sqlalchemy.exc.IntegrityError: another turn took that position meanwhile.
        """
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
            with self._engine.begin() as db:
                db.execute(insert(_events), rows)

    def read(self, conversation_id: str, shopper: Shopper) -> tuple[Event, ...]:
        """Return the events, or nothing where there is no such conversation.

        Raises:
            ConversationNotYours: it belongs to another session or customer.
        """
        with self._engine.connect() as db:
            owner = db.execute(
                select(_conversations.c.owner).where(_conversations.c.id == conversation_id)
            ).scalar_one_or_none()
            if owner is None:
                return ()
            _check_owner(conversation_id, owner, shopper)
            return _events_of(db, conversation_id)

    def rate(self, conversation_id: str, message_id: str, rating: str, reason: str) -> None:
        """Keep a thumb up or down for a reply; a second one replaces the first."""
        values = {"at": datetime.now(UTC), "rating": rating, "reason": reason}
        key = (_feedback.c.conversation_id == conversation_id) & (
            _feedback.c.message_id == message_id
        )
        with self._engine.begin() as db:
            if not db.execute(update(_feedback).where(key).values(**values)).rowcount:
                db.execute(
                    insert(_feedback).values(
                        conversation_id=conversation_id, message_id=message_id, **values
                    )
                )

    def hand_over(
        self, conversation_id: str, reason: str, *, contact: str = "", facts: Iterable[str] = ()
    ) -> None:
        """Put the conversation in the people's queue; doing it again adds what is new."""
        values = {"reason": reason, "contact": contact, "facts": "\n".join(facts)}
        key = _handovers.c.conversation_id == conversation_id
        with self._engine.begin() as db:
            before = db.execute(select(_handovers.c.reason).where(key)).scalar_one_or_none()
            if before is not None:
                reasons = before.split("; ")
                values["reason"] = "; ".join(dict.fromkeys([*reasons, reason]))
                kept = {k: v for k, v in values.items() if v}
                db.execute(update(_handovers).where(key).values(**kept))
            else:
                db.execute(
                    insert(_handovers).values(
                        conversation_id=conversation_id, at=datetime.now(UTC), **values
                    )
                )

    def handovers(self) -> tuple[Handover, ...]:
        """Conversations that wait for a person, longest first."""
        with self._engine.connect() as db:
            rows = db.execute(select(_handovers).order_by(_handovers.c.at))
            return tuple(Handover(*row) for row in rows)

    def feedback_counts(self) -> dict[str, int]:
        """How many replies were rated up and down."""
        with self._engine.connect() as db:
            rows = db.execute(select(_feedback.c.rating, func.count()).group_by(_feedback.c.rating))
            return {rating: count for rating, count in rows}

    def rated_down(self, since: datetime) -> frozenset[tuple[str, str]]:
        """Conversation and message id of every reply whose last thumb, since then, is down."""
        rows = select(_feedback.c.conversation_id, _feedback.c.message_id).where(
            _feedback.c.rating == "down", _feedback.c.at >= since
        )
        with self._engine.connect() as db:
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
        kind, data = _events.c.event, _events.c.data
        messages = (
            select(_events.c.at)
            .where(kind == "user", _events.c.at >= since)
            .where(~data.contains('"input_channel": "test"', autoescape=True))
            .order_by(_events.c.at.desc())
            .limit(limit)
            .subquery()
        )
        rated = select(_feedback.c.message_id).where(
            _feedback.c.conversation_id == _events.c.conversation_id, _feedback.c.rating == "down"
        )
        wanted = or_(
            kind.in_(("user", "understood", "repair", "flow_started")),
            (kind == "slot") & ~data.contains('"name": "language"'),
            (kind == "action") & data.contains('"action_handover"', autoescape=True),
            (kind == "bot") & or_(data.contains('"citations": [{'), rated.exists()),
        )
        rows = (
            select(_events.c.conversation_id, _events.c.position, _events.c.at, data)
            .where(_events.c.at >= select(func.min(messages.c.at)).scalar_subquery())
            .where(kind.in_(_KINDS_OF_A_TURN), wanted)
            .order_by(_events.c.conversation_id, _events.c.position)
        )
        with self._engine.connect() as db:
            return tuple(PastEvent(c, p, at, json.loads(d)) for c, p, at, d in db.execute(rows))


def _events_of(db: Connection, conversation_id: str) -> tuple[Event, ...]:
    rows = db.execute(
        select(_events.c.data)
        .where(_events.c.conversation_id == conversation_id)
        .order_by(_events.c.position)
    )
    return tuple(json.loads(r.data) for r in rows)


def _owner(shopper: Shopper) -> str:
    if shopper.customer_id is not None:
        return f"customer:{shopper.customer_id}"
    return f"session:{shopper.session_id}" if shopper.session_id else ""


def _check_owner(conversation_id: str, owner: str, shopper: Shopper) -> None:
    mine = {"", f"session:{shopper.session_id}", _owner(shopper)}
    if owner not in mine:
        raise ConversationNotYours(conversation_id)
