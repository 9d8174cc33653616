import json
from pathlib import Path

import pytest
from scripted_intents import QUESTIONS, right_on
from typer.testing import CliRunner

from bot.cli import models  # noqa: F401  it adds its commands
from bot.cli.base import app
from bot.cli.models import print_choice
from bot.errors import ModelError
from bot.intent_models.choice import Choice
from bot.intent_models.comparison import compare
from bot.intent_models.model import IntentModel, ModelOpener
from bot.intent_models.standing import Declined, ModelRecord
from bot.intent_models.store import ModelStore

RUN = CliRunner()


def record(name: str, right: int = 0, asked: int = 0) -> ModelRecord:
    return ModelRecord(name, "2026-11-22T10:00:00+00:00", 100, 7, right, asked)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.toml").write_text('[shop]\nname = "Test"\n')
    (tmp_path / "domain.yml").write_text('version: "3.1"\n')
    (tmp_path / "flows").mkdir()
    return tmp_path


@pytest.fixture
def store(shop: Path, monkeypatch: pytest.MonkeyPatch) -> ModelStore:
    store = ModelStore(shop / ".shopclerk" / "intents")
    for name, right in (("aa" * 8, 30), ("bb" * 8, 31), ("cc" * 8, 32)):
        store.path(name).mkdir(parents=True)
        made = record(name, right, 40)
        store.change(lambda s, made=made: s.with_live(made))  # type: ignore[misc]
    monkeypatch.setattr(ModelOpener, "open", opened)
    return store


def opened(_: ModelOpener, folder: Path) -> IntentModel:
    if (folder / "broken").exists():
        raise ModelError(f"{folder}: broken")
    return right_on(folder.name, 40)


def run(*arguments: object) -> tuple[int, str]:
    result = RUN.invoke(app, ["models", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_list_shows_what_is_live_and_what_is_kept(shop: Path, store: ModelStore) -> None:
    store.path("dd").mkdir()
    store.change(lambda s: s.with_declined(record("dd", 10, 40), "refused"))
    code, output = run("list", "-s", shop, "--json")
    assert code == 0
    told = [(r["name"][:2], r["state"], r["right"]) for r in json.loads(output)]
    assert told == [
        ("cc", "live", 32),
        ("bb", "earlier", 31),
        ("aa", "earlier", 30),
        ("dd", "refused", 10),
    ]
    assert "32/40" in run("list", "-s", shop)[1]


def test_list_without_models_says_what_makes_one(shop: Path) -> None:
    assert run("list", "-s", shop) == (0, "no intent model yet; `shopclerk train` makes one\n")


@pytest.mark.parametrize(
    ("arguments", "live"),
    [(["rollback"], "bb"), (["rollback", "previous"], "bb"), (["rollback", "aaa"], "aa"),
     (["use", "bb"], "bb")],
)  # fmt: skip
def test_going_back(shop: Path, store: ModelStore, arguments: list[str], live: str) -> None:
    code, output = run(*arguments, "-s", shop)
    assert code == 0
    assert f"live: model {live * 6}\nbefore: model {'cc' * 6}\n" in output
    assert store.standing().live_name == live * 8
    assert store.standing().declined_as("cc" * 8) is not None


def test_a_rollback_can_be_taken_back(shop: Path, store: ModelStore) -> None:
    run("rollback", "-s", shop)
    run("use", "cc", "-s", shop)
    assert store.standing().live_name == "cc" * 8
    assert store.standing().declined_as("cc" * 8) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["use", "ee"], "there is no model 'ee'"), (["use", "bb"], "bbbb: broken")],
)
def test_what_can_not_be_used_stays_out(
    shop: Path, store: ModelStore, arguments: list[str], said: str
) -> None:
    (store.path("bb" * 8) / "broken").touch()
    code, output = run(*arguments, "-s", shop)
    assert code == 1
    assert said in output.replace("\n", "")
    assert store.standing().live_name == "cc" * 8


def test_the_live_model_is_not_changed_for_itself(shop: Path, store: ModelStore) -> None:
    stamp = store.stamp()
    assert run("use", "cc", "-s", shop) == (0, f"model {'cc' * 6} is live already\n")
    assert store.stamp() == stamp


def test_without_an_earlier_model_there_is_nothing_to_go_back_to(shop: Path) -> None:
    code, output = run("rollback", "-s", shop)
    assert code == 1
    assert "no earlier intent model is kept" in output


def test_a_refusal_shows_both_figures_the_lost_questions_and_the_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    verdict = compare(right_on("live", 40), right_on("new", 10), QUESTIONS)
    refused = Declined(record("new"), "refused")
    print_choice(Choice(right_on("live", 40), record("live"), verdict, refused, ("gift",)))
    told = capsys.readouterr()
    shown = " ".join(told.out.split())
    assert "10 of 40 test questions are understood rightly, by the live model 40" in shown
    assert "newly wrong: tests/q.yml:10 q10 wanted a; got b" in shown
    assert "and 10 more" in shown
    assert "not understood yet: gift" in shown
    assert "`shopclerk train --accept-worse`" in told.err
