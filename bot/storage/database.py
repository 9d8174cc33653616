"""One SQLAlchemy engine, opened the same way everywhere, on SQLite or PostgreSQL."""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, MetaData, create_engine, event, make_url, text

from bot.errors import ConfigError

_WRITES = "shopclerk_writes"
_CREATING_TABLES = 5_072_406_411
"""Any number does for PostgreSQL's advisory lock, so long as nobody else takes the same."""
_WAL_ATTEMPTS = 100


def open_database(url: str, state_dir: Path) -> Engine:
    """Open the database; a relative SQLite file lies in `state_dir`.

    Raises:
        ConfigError: the URL cannot be read, names another kind of database, or its driver is not
            installed.
    """
    try:
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if kind not in ("sqlite", "postgresql"):
            raise ValueError(f"{kind} is not supported")
        parsed = _in_folder(parsed, state_dir) if kind == "sqlite" else _with_time_limits(parsed)
        engine = create_engine(parsed, pool_pre_ping=kind == "postgresql")
    except Exception as error:  # SQLAlchemy's own, and ModuleNotFoundError for the driver
        raise ConfigError(
            f"shop.toml: storage.url {url!r} cannot be opened ({error}); "
            "use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        ) from error
    if kind == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def writer_of(engine: Engine) -> Engine:
    """Return the same database for transactions that read before they write.

    On SQLite such a transaction takes the write lock when it begins: one that took it only at its
    first write would fail with "database is locked" if somebody else wrote in between.
    """
    return engine.execution_options(**{_WRITES: True})


def create_tables(engine: Engine, metadata: MetaData) -> None:
    """Create the tables and indexes that are missing; several processes may do so at once."""
    with writer_of(engine).begin() as db:
        if db.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(:number)")
            db.execute(lock, {"number": _CREATING_TABLES})
        metadata.create_all(db)
        for table in metadata.tables.values():
            for index in table.indexes:
                index.create(db, checkfirst=True)  # older databases lack some


def _in_folder(url: URL, folder: Path) -> URL:
    if not url.database or url.database == ":memory:":
        return url
    path = folder / url.database  # an absolute path stays as it is
    path.parent.mkdir(parents=True, exist_ok=True)
    return url.set(database=str(path))


def _with_time_limits(url: URL) -> URL:
    """A server that is gone is an error in seconds; the URL may say otherwise."""
    if url.get_driver_name() != "psycopg":
        return url
    limits = {"connect_timeout": "10", "tcp_user_timeout": "10000"}  # s, ms
    return url.update_query_dict({k: v for k, v in limits.items() if k not in url.query})


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer; wait for a lock instead of failing; keep foreign keys.

    synchronous=FULL writes each commit through to the disk, as PostgreSQL does: it outlives a loss
    of power, too. NORMAL would outlive only the end of the process, for 0.2 ms less in a turn of
    1.6 ms (benchmarks/kill.py on 2 cores and a fast disk).
    """
    connection.isolation_level = None  # the driver begins no transactions: _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=5000")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Switch a new file to WAL; while others open it, SQLite refuses that without waiting."""
    for attempt in range(_WAL_ATTEMPTS):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if attempt == _WAL_ATTEMPTS - 1:
                raise
            time.sleep(0.05)


def _begin_sqlite(db: Connection) -> None:
    """Begin in SQLAlchemy's stead, so that what is read in a transaction belongs to it, too."""
    writes = db.get_execution_options().get(_WRITES, False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    """No wait for a lock is endless, and a process that hangs in a transaction holds none long."""
    cursor = connection.cursor()
    cursor.execute("SET lock_timeout = '5s'")
    cursor.execute("SET idle_in_transaction_session_timeout = '30s'")
    cursor.close()
    connection.commit()
