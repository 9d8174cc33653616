"""The database's side of turns: messages that wait, and who may answer them. No waiting here.

A message is kept before its turn begins. A turn holds its conversation by a lease: a row with a
token and an end. Its last transaction appends its events, takes its messages out of the inbox and
gives the lease up, all or none, and fails where the lease has gone to another turn. So a process
may die at any point: what it had not finished waits in the inbox, and its lease runs out.

Whatever puts messages in or takes them out locks the conversation's row first.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, update

from bot.dialogue.tracker import Event
from bot.messages import Shopper, UserMessage
from bot.storage import leases
from bot.storage.conversations import ConversationStore, append_events
from bot.storage.database import writer_of
from bot.storage.held import (
    MAX_ATTEMPTS,
    Answered,
    Claim,
    Inbound,
    LostLease,
    MessageSetAside,
    Taken,
    Waiting,
)
from bot.storage.owners import check_owner, claim, lock, may_see, owner_of
from bot.storage.recent import RecentEvents
from bot.storage.tables import answered, clock, conversations, events, inbox, upsert

log = logging.getLogger("shopclerk")


class Inbox:
    """Messages and leases of all conversations of one store."""

    def __init__(self, store: ConversationStore, max_attempts: int = MAX_ATTEMPTS) -> None:
        self._max_attempts = max_attempts
        self._engine = store.engine
        self._writer = writer_of(store.engine)
        self._recent = RecentEvents()

    def receive(self, message: UserMessage, asked: Claim) -> Taken | Answered | Waiting:
        """Keep the message and begin its turn where nobody holds the conversation.

        Raises:
            ConversationNotYours: the conversation belongs to another session or customer.
            MessageSetAside: the same message has failed too often.
        """
        with self._writer.begin() as db:
            claim(db, message.conversation_id, message.shopper)
            before = _answer(db, message.conversation_id, message.id)
            if before is not None:
                return before
            seq = self._put(db, message)
            return self._take(db, asked, seq) or Waiting(seq)

    def look(self, message: UserMessage, seq: int) -> Answered | Waiting:
        """Say how a message that waits is doing.

        Raises:
            MessageSetAside: it has failed too often.
        """
        with self._engine.connect() as db:
            here = _is_waiting(db, seq)
            if not here:
                before = _answer(db, message.conversation_id, message.id)
                if before is not None:
                    return before
            return Waiting(seq, free=here and not leases.is_held(db, message.conversation_id))

    def take(self, asked: Claim, seq: int) -> Taken | None:
        """Begin the turn of a message that waits; None where somebody was faster."""
        with self._writer.begin() as db:
            lock(db, asked.conversation_id)
            return self._take(db, asked, seq) if _is_waiting(db, seq) else None

    def take_quiet(self, asked: Claim) -> Taken | None:
        """Begin a turn without a message of its own; None where the conversation is held.

        Messages of the same shopper that wait, left behind by a process that died, come along.

        Raises:
            ConversationNotYours: the conversation belongs to another session or customer.
        """
        with self._writer.begin() as db:
            owner = lock(db, asked.conversation_id)
            if owner is None:
                return None
            check_owner(asked.conversation_id, owner, asked.shopper)
            return self._take(db, asked, 0)

    def more(self, asked: Claim, after: int) -> tuple[Inbound, ...]:
        """Take over what the shopper wrote since the message `after`."""
        came = exists().where(
            inbox.c.conversation_id == asked.conversation_id, inbox.c.seq > after
        )
        with self._engine.connect() as db:
            if not db.execute(select(came)).scalar_one():
                return ()
        with self._writer.begin() as db:
            lock(db, asked.conversation_id)
            return _take_messages(db, asked, after=after)

    def renew(self, asked: Claim) -> bool:
        """Hold on for another lease; False where the lease is gone."""
        with self._writer.begin() as db:
            return leases.renew(db, asked)

    def finish(self, asked: Claim, taken: Taken, said: Sequence[Event], *, own: int) -> None:
        """End the turn: keep its events, and know its messages as answered by them.

        Raises:
            LostLease: another turn has begun; nothing is kept.
        """
        start = len(taken.past)
        told = own or min((message.seq for message in taken.messages), default=0)
        answers = [
            {
                "conversation_id": asked.conversation_id,
                "message_key": _key(message.id),
                "start": start,
                "stop": start + len(said),
                "joined": message.seq != told,
            }
            for message in taken.messages
        ]
        with self._writer.begin() as db:
            lock(db, asked.conversation_id)
            if not leases.give_up(db, asked):
                raise LostLease(f"conversation {asked.conversation_id}: another turn has begun")
            append_events(db, asked.conversation_id, start, said)
            if answers:
                seqs = [message.seq for message in taken.messages]
                db.execute(delete(inbox).where(inbox.c.seq.in_(seqs)))
                db.execute(insert(answered), answers)

    def release(self, asked: Claim, *, cancelled: bool) -> None:
        """Give the lease up without an answer, if it is held; a cancelled turn is no attempt."""
        with self._writer.begin() as db:
            lock(db, asked.conversation_id)
            if leases.give_up(db, asked) and cancelled:
                db.execute(
                    update(inbox)
                    .where(inbox.c.conversation_id == asked.conversation_id)
                    .where(inbox.c.set_aside.is_(False), inbox.c.attempts > 0)
                    .values(attempts=inbox.c.attempts - 1)
                )

    def left_behind(self, older_than_s: float) -> tuple[tuple[str, Shopper], ...]:
        """Conversations in which a message has waited for so long, with who wrote the first.

        One whose owner has changed since is left out: the new owner's next message takes it along.
        """
        first = (
            select(func.min(inbox.c.seq))
            .where(inbox.c.set_aside.is_(False), inbox.c.received_at <= clock() - older_than_s)
            .group_by(inbox.c.conversation_id)
        )
        rows = (
            select(inbox, conversations.c.owner)
            .join(conversations, conversations.c.id == inbox.c.conversation_id)
            .where(inbox.c.seq.in_(first))
            .order_by(inbox.c.seq)
        )
        with self._engine.connect() as db:
            found = db.execute(rows).all()
        first_by = [(r.conversation_id, r.owner, _inbound(r, attempt=r.attempts)) for r in found]
        return tuple((id, m.shopper) for id, owner, m in first_by if may_see(owner, m.shopper))

    def set_aside(self) -> tuple[tuple[str, Inbound], ...]:
        """Messages that failed too often, each with its conversation, for somebody to look at."""
        rows = select(inbox).where(inbox.c.set_aside.is_(True)).order_by(inbox.c.seq)
        with self._engine.connect() as db:
            found = db.execute(rows).all()
        return tuple((r.conversation_id, _inbound(r, attempt=r.attempts)) for r in found)

    def _put(self, db: Connection, message: UserMessage) -> int:
        content = asdict(message)  # as JSON: a database's text cannot hold every character
        row = {
            "conversation_id": message.conversation_id,
            "message_key": _key(message.id),
            "received_at": clock(),
            "data": json.dumps(content),
        }
        new = upsert(self._engine, inbox).values(row).on_conflict_do_nothing()
        seq = db.execute(new.returning(inbox.c.seq)).scalar_one_or_none()
        if seq is not None:
            return int(seq)
        same = select(inbox.c.seq).where(
            inbox.c.conversation_id == message.conversation_id,
            inbox.c.message_key == _key(message.id),
        )
        seq = int(db.execute(same).scalar_one())
        _is_waiting(db, seq)  # or set aside
        return seq

    def _take(self, db: Connection, asked: Claim, own: int) -> Taken | None:
        if not leases.acquire(db, asked):
            return None
        if own in self._set_aside_failed(db, asked.conversation_id):
            leases.give_up(db, asked)
            return None
        messages = _take_messages(db, asked, own=own)
        return Taken(self._recent.read(db, asked.conversation_id), messages)

    def _set_aside_failed(self, db: Connection, conversation_id: str) -> frozenset[int]:
        """Mark the messages with which too many turns failed; the conversation must be held."""
        failed = (
            update(inbox)
            .where(inbox.c.conversation_id == conversation_id, inbox.c.set_aside.is_(False))
            .where(inbox.c.attempts >= self._max_attempts)
            .values(set_aside=True)
            .returning(inbox.c.seq)
        )
        seqs = frozenset(db.execute(failed).scalars())
        for seq in sorted(seqs):
            log.error("conversation %s: message %s failed %d times; it is kept and set aside",
                      conversation_id, seq, self._max_attempts)  # fmt: skip
        return seqs


def _take_messages(
    db: Connection, asked: Claim, *, own: int = 0, after: int = 0
) -> tuple[Inbound, ...]:
    """Take what came before the turn's own message, and what its shopper wrote next.

    A message of somebody else's behind it (of a shopper who has just signed in, say) is left to a
    turn with that shopper's rights.
    """
    rows = db.execute(
        select(inbox)
        .where(inbox.c.conversation_id == asked.conversation_id)
        .where(inbox.c.set_aside.is_(False), inbox.c.seq > after)
        .order_by(inbox.c.seq)
    )
    sender = owner_of(asked.shopper)
    taken = tuple(
        takewhile(
            lambda message: message.seq <= own or owner_of(message.shopper) == sender,
            (_inbound(row, attempt=row.attempts + 1) for row in rows),
        )
    )
    if taken:
        tried = update(inbox).where(inbox.c.seq.in_([message.seq for message in taken]))
        db.execute(tried.values(attempts=inbox.c.attempts + 1))
    return taken


def _is_waiting(db: Connection, seq: int) -> bool:
    """Whether the message is in the inbox; one that was set aside there is an error."""
    row = db.execute(select(inbox.c.set_aside).where(inbox.c.seq == seq)).one_or_none()
    if row is not None and row.set_aside:
        raise MessageSetAside(f"every turn with message {seq} failed; it is kept and set aside")
    return row is not None


def _answer(db: Connection, conversation_id: str, message_id: str) -> Answered | None:
    """Return the replies to a message that was answered."""
    row = db.execute(
        select(answered).where(
            answered.c.conversation_id == conversation_id,
            answered.c.message_key == _key(message_id),
        )
    ).one_or_none()
    if row is None:
        return None
    replies = db.execute(
        select(events.c.data)
        .where(events.c.conversation_id == conversation_id, events.c.event == "bot")
        .where(events.c.position >= row.start, events.c.position < row.stop)
        .order_by(events.c.position)
    ).scalars()
    return Answered(tuple(json.loads(data) for data in replies), row.joined)


def _inbound(row: Row[Any], *, attempt: int) -> Inbound:
    data = json.loads(row.data)
    return Inbound(
        seq=row.seq,
        id=data["id"],
        text=data["text"],
        shopper=Shopper(**data["shopper"]),
        channel=data["channel"],
        language=data["language"],
        metadata=data["metadata"],
        attempt=attempt,
    )


def _key(message_id: str) -> str:
    """Any id in a fixed length: a sender may choose what no column could hold."""
    return hashlib.sha256(message_id.encode(errors="surrogatepass")).hexdigest()
