"""Who holds a conversation: one row with a token and an end, by the database's clock."""

from sqlalchemy import ColumnElement, Connection, delete, exists, select, update

from bot.storage.held import Claim
from bot.storage.tables import clock, leases, upsert


def acquire(db: Connection, asked: Claim) -> bool:
    """Hold the conversation if nobody does, or whoever did has run out of time."""
    ends = clock() + asked.lease_s
    lease = (
        upsert(db.engine, leases)
        .values(conversation_id=asked.conversation_id, token=asked.token, expires_at=ends)
        .on_conflict_do_update(
            index_elements=[leases.c.conversation_id],
            set_={"token": asked.token, "expires_at": ends},
            where=leases.c.expires_at <= clock(),
        )
        .returning(leases.c.token)
    )
    return db.execute(lease).one_or_none() is not None


def renew(db: Connection, asked: Claim) -> bool:
    """Hold on for another lease; False where the conversation is not held by this token."""
    longer = update(leases).values(expires_at=clock() + asked.lease_s)
    return db.execute(longer.where(_mine(asked))).rowcount == 1


def give_up(db: Connection, asked: Claim) -> bool:
    """Let the conversation go; False where it is not held by this token."""
    return db.execute(delete(leases).where(_mine(asked))).rowcount == 1


def is_held(db: Connection, conversation_id: str) -> bool:
    """Whether a turn is under way."""
    held = exists().where(
        leases.c.conversation_id == conversation_id, leases.c.expires_at > clock()
    )
    return bool(db.execute(select(held)).scalar_one())


def _mine(asked: Claim) -> ColumnElement[bool]:
    return (leases.c.conversation_id == asked.conversation_id) & (leases.c.token == asked.token)
