"""One SQLAlchemy engine, opened the same way everywhere."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from bot.errors import ConfigError


def open_database(url: str, state_dir: Path) -> Engine:
    """Open the database; a relative SQLite file lies in `state_dir`.

    Raises:
        ConfigError: the URL cannot be read or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if sqlite and parsed.database and parsed.database != ":memory:":
            path = state_dir / parsed.database  # an absolute path stays as it is
            path.parent.mkdir(parents=True, exist_ok=True)
            parsed = parsed.set(database=str(path))
        engine = create_engine(parsed, pool_pre_ping=not sqlite)
    except Exception as error:  # SQLAlchemy's own, and ModuleNotFoundError for the driver
        raise ConfigError(
            f"shop.toml: storage.url {url!r} cannot be opened ({error}); "
            "use sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        ) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Readers beside one writer; wait for a lock instead of failing; keep foreign keys."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
