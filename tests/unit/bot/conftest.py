from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from stand_ins import DEMO, Desk, desk_of

from bot.shop import ShopFiles, read_shop
from bot.storage.database import open_database


@pytest.fixture(scope="session")
def demo() -> ShopFiles:
    return read_shop(DEMO)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database("sqlite:///shop.db", tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def desk(demo: ShopFiles, engine: Engine) -> Desk:
    return desk_of(demo, engine)
