from pathlib import Path

import pytest

from bot.app import Shopclerk, build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shopclerk:
    """The demo shop, trained once and kept beside it; the first time takes minutes."""
    return build(ROOT / "bot" / "demo")
