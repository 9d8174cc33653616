"""The knowledge commands with the demo's real models, in a copy of the shop."""

import json
from pathlib import Path

import pytest
from served import copy_shop
from typer.testing import CliRunner

from bot.app import Shopclerk
from bot.cli import knowledge  # noqa: F401  it adds its commands
from bot.cli.base import app

RUN = CliRunner()


@pytest.fixture(scope="module")
def shop(demo: Shopclerk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = copy_shop(demo.shop_dir, tmp_path_factory.mktemp("shop") / "demo")
    assert run(copy, "publish", "-m", "first")[0] == 0
    return copy


def run(shop: Path, *arguments: str) -> tuple[int, str]:
    result = RUN.invoke(app, ["knowledge", *arguments, "-s", str(shop)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def edit(shop: Path, old: str, new: str) -> None:
    path = shop / "knowledge" / "faq" / "delivery.en.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def asked(shop: Path, question: str) -> str:
    code, output = run(shop, "ask", question, "--json")
    assert code == 0
    return str(json.loads(output)["answer"])


def test_publish_ask_and_roll_back(shop: Path) -> None:
    question = "how long does delivery take"
    before = asked(shop, question)
    assert "3–5 business days" in before
    edit(shop, "3–5 business days", "7–9 business days")
    code, output = run(shop, "check")
    assert code == 0
    assert "delivery-period" in output
    assert "test questions:" in output
    assert asked(shop, question) == before  # nothing is published by asking
    code, output = run(shop, "publish", "-m", "slower", "--author", "Ann")
    assert code == 0, output
    assert "7–9 business days" in asked(shop, question)
    first = run(shop, "history")[1].splitlines()[-1].split()[0]
    assert run(shop, "rollback", first)[0] == 0
    assert asked(shop, question) == before
    assert run(shop, "gaps") == (0, "nothing: every question of these days was answered\n")


def test_losses_need_a_yes(shop: Path) -> None:
    (shop / "knowledge" / "faq" / "gift-cards.yml").unlink()
    code, output = run(shop, "publish")
    assert code == 1
    assert "lost" in output
    assert run(shop, "publish", "--accept-losses")[0] == 0
