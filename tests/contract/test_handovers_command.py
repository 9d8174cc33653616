"""`shopclerk handovers`: who waits for a person, and what no turn could answer."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli.init import STARTER
from bot.cli.inspect import app  # with its commands
from bot.messages import Shopper, UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database
from bot.storage.turns import TurnQueue

ME = Shopper("me")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "shop"))


def listed(shop: Path) -> str:
    result = CliRunner().invoke(app, ["handovers", "--shop", str(shop)])
    assert result.exit_code == 0, result.output
    return result.output


async def test_what_waits_and_what_was_set_aside(shop: Path) -> None:
    assert "nobody is waiting" in listed(shop)
    store = ConversationStore(open_database("sqlite:///shopclerk.db", shop / ".shopclerk"))
    store.open("c1", ME)
    store.hand_over("c1", "asked for a person", contact="a@example.org", facts=["order 4001"])
    queue = TurnQueue(store, max_attempts=1)
    for _ in range(2):
        with pytest.raises(Exception, match=r"died|failed|set aside"):
            async with queue.turn(UserMessage("c2", "what about this", ME, id="m")):
                raise RuntimeError("the turn died")
    said = listed(shop)
    assert "c1  a@example.org  asked for a person" in said
    assert "order 4001" in said
    assert "not answered  c2  what about this" in said
