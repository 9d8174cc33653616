from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.errors import ConfigError
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database, writer_of


def test_a_relative_file_lies_in_the_state_folder(tmp_path: Path) -> None:
    engine = open_database("sqlite:///deep/shop.db", tmp_path / "state")
    ConversationStore(engine)
    assert (tmp_path / "state" / "deep" / "shop.db").is_file()
    with engine.connect() as db:
        assert db.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert db.execute(text("PRAGMA foreign_keys")).scalar() == 1
        assert db.execute(text("PRAGMA busy_timeout")).scalar() == 5000
    engine.dispose()


def test_an_absolute_file_and_memory(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path / 'other' / 'a.db'}", "sqlite:///:memory:"):
        engine = open_database(url, tmp_path / "state")
        ConversationStore(engine)
        engine.dispose()
    assert (tmp_path / "other" / "a.db").is_file()
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("url", ["", "shop.db", "nosuch://x", "sqlite+nosuch:///a.db"])
def test_a_database_that_cannot_be_opened(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"shop\.toml: storage\.url .* cannot be opened .*; use "):
        open_database(url, tmp_path)


@pytest.mark.parametrize("url", ["mysql://root@localhost/shop", "oracle://x"])
def test_another_kind_of_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match=r"is not supported.*; use sqlite:///FILE or postgresql"):
        open_database(url, tmp_path)


@pytest.mark.parametrize(
    ("url", "connect_timeout"),
    [
        ("postgresql+psycopg://shop@db.example/shop", "10"),
        ("postgresql+psycopg://shop@db.example/shop?connect_timeout=3", "3"),
    ],
)
def test_a_server_that_is_gone_is_noticed_in_seconds(
    tmp_path: Path, url: str, connect_timeout: str
) -> None:
    pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")
    opened = open_database(url, tmp_path).url
    assert opened.query == {"connect_timeout": connect_timeout, "tcp_user_timeout": "10000"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database("sqlite:///shop.db", tmp_path)
    with engine.begin() as db:
        db.execute(text("CREATE TABLE numbers (n INTEGER)"))
    yield engine
    engine.dispose()


def test_what_is_read_in_a_transaction_belongs_to_it(engine: Engine) -> None:
    count = text("SELECT count(*) FROM numbers")
    with engine.connect() as reader:
        assert reader.execute(count).scalar() == 0
        with engine.begin() as db:  # readers keep no writer waiting
            db.execute(text("INSERT INTO numbers VALUES (1)"))
        assert reader.execute(count).scalar() == 0
    with engine.connect() as reader:
        assert reader.execute(count).scalar() == 1


def test_transactions_that_read_before_they_write_wait_for_one_another(engine: Engine) -> None:
    writer = writer_of(engine)

    def count_on(_: int) -> None:
        with writer.begin() as db:
            last = db.execute(text("SELECT coalesce(max(n), 0) FROM numbers")).scalar_one()
            db.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": last + 1})

    with ThreadPoolExecutor(4) as threads:
        assert len(list(threads.map(count_on, range(60)))) == 60
    with engine.connect() as db:
        numbers = db.execute(text("SELECT n FROM numbers ORDER BY n")).scalars().all()
    assert list(numbers) == list(range(1, 61))


def test_ddl_is_undone_with_its_transaction(engine: Engine) -> None:
    with engine.connect() as db:
        db.execute(text("CREATE TABLE never (n INTEGER)"))
        db.rollback()
    with engine.connect() as db:
        found = db.execute(text("SELECT name FROM sqlite_master WHERE name = 'never'"))
        assert found.all() == []
