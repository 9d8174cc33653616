"""The tables of conversations. `events` is the only truth about what was said."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from bot.storage.columns import FreeText, UtcDateTime

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("owner", String(160), nullable=False, default=""),
    Column("created_at", UtcDateTime, nullable=False),
)
events = Table(
    "events",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("event", String(40), nullable=False),
    Column("data", Text, nullable=False),
)
Index("events_by_kind_and_time", events.c.event, events.c.at)
feedback = Table(
    "feedback",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("message_id", String(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("rating", String(8), nullable=False),
    Column("reason", FreeText, nullable=False, default=""),
)
handovers = Table(
    "handovers",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", FreeText, nullable=False),
    Column("contact", FreeText, nullable=False, default=""),
    Column("facts", FreeText, nullable=False, default=""),
)

inbox = Table(
    "inbox",
    metadata,
    # never used twice: a sender waits for "its" row
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("conversation_id", String(128), nullable=False),
    Column("message_key", String(64), nullable=False),
    Column("received_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("set_aside", Boolean, nullable=False, default=False),
    Column("data", Text, nullable=False),
    UniqueConstraint("conversation_id", "message_key"),
    sqlite_autoincrement=True,
)
"""Messages that no turn has answered yet."""

answered = Table(
    "answered_messages",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("message_key", String(64), primary_key=True),
    Column("start", Integer, nullable=False),
    Column("stop", Integer, nullable=False),
    Column("joined", Boolean, nullable=False),
)
"""In which events each message was answered: from position `start` to before `stop`."""

leases = Table(
    "leases",
    metadata,
    Column("conversation_id", String(128), primary_key=True),
    Column("token", String(32), nullable=False),
    Column("expires_at", Double, nullable=False),
)
"""The turns under way: one row each."""


class clock(FunctionElement[float]):
    """Seconds since 1970 by the database's clock.

    Leases live by it: the clocks of several machines differ, the database has one. It is read
    when the statement runs, not when its transaction began, which may have waited for a lock.
    """

    type = Double()
    inherit_cache = True


@compiles(clock, "sqlite")
def _sqlite_clock(_element: clock, _compiler: Any, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(clock, "postgresql")
def _postgresql_clock(_element: clock, _compiler: Any, **_options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS double precision)"


def upsert(engine: Engine, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT … ON CONFLICT in the words of the engine's database."""
    return sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)
