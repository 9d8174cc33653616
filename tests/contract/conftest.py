from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from conversation_turns import MakeQueue
from sqlalchemy import Engine

from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database
from bot.storage.turns import TurnQueue
from tests.integration.postgres_server import PostgresServer, server_or_skip


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    yield from server_or_skip()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind that conversations are kept on."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def conversations(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(database_url, tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def store(conversations: Engine) -> ConversationStore:
    return ConversationStore(conversations)


@pytest.fixture
async def make(database_url: str, tmp_path: Path) -> AsyncIterator[MakeQueue]:
    """Queues with engines of their own, as other processes have them."""
    engines: list[Engine] = []

    def queue(**options: Any) -> TurnQueue:
        engines.append(open_database(database_url, tmp_path))
        settings = {"lease_s": 30.0, "poll_s": 0.005, "wait_s": 30.0, **options}
        return TurnQueue(ConversationStore(engines[-1]), **settings)

    yield queue
    for engine in engines:
        engine.dispose()
