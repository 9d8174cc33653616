"""Whose a conversation is."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from bot.errors import ConversationNotYours
from bot.messages import Shopper
from bot.storage.tables import conversations, upsert


def owner_of(shopper: Shopper) -> str:
    """Return how the shopper is named as an owner; empty for somebody without a session."""
    if shopper.customer_id is not None:
        return f"customer:{shopper.customer_id}"
    return f"session:{shopper.session_id}" if shopper.session_id else ""


def may_see(owner: str, shopper: Shopper) -> bool:
    """Whether a conversation of this owner is the shopper's, or nobody's."""
    return owner in {"", f"session:{shopper.session_id}", owner_of(shopper)}


def check_owner(conversation_id: str, owner: str, shopper: Shopper) -> None:
    """Let pass whom the conversation belongs to, and everybody where it is nobody's.

    Raises:
        ConversationNotYours: it belongs to another session or customer.
    """
    if not may_see(owner, shopper):
        raise ConversationNotYours(conversation_id)


def claim(db: Connection, conversation_id: str, shopper: Shopper) -> None:
    """Make the conversation where there is none, and the shopper's where it was nobody's.

    An anonymous conversation becomes the customer's when its session signs in. The row stays
    locked until the transaction ends, so that it is the only one at this conversation.

    Raises:
        ConversationNotYours: it belongs to another session or customer.
    """
    mine = owner_of(shopper)
    owner = lock(db, conversation_id)
    if owner is None:
        db.execute(
            upsert(db.engine, conversations)
            .values(id=conversation_id, owner=mine, created_at=datetime.now(UTC))
            .on_conflict_do_nothing()
        )
        owner = lock(db, conversation_id) or ""  # another process may have made it first
    check_owner(conversation_id, owner, shopper)
    if mine != owner and (shopper.signed_in or not owner):
        db.execute(
            update(conversations).where(conversations.c.id == conversation_id).values(owner=mine)
        )


def lock(db: Connection, conversation_id: str) -> str | None:
    """Wait for the conversation's row and return its owner; None where there is no such row.

    SQLite knows no locks on rows: there a transaction of `writer_of` is alone anyway.
    """
    return db.execute(
        select(conversations.c.owner)
        .where(conversations.c.id == conversation_id)
        .with_for_update()
    ).scalar_one_or_none()
