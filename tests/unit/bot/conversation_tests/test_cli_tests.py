"""`shopclerk test`: what runs, what it prints, and when its exit code is 1."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from rasa_sdk import Action
from scripted_bot import bot, started
from sqlalchemy import Engine
from storing_bot import StoringBot, shop_database
from typer.testing import CliRunner

from bot.cli import tests  # noqa: F401  it adds its command
from bot.cli.base import app
from bot.dialogue.domain import Domain
from bot.dialogue.flows import Flow, Flows, Place, Step
from bot.dialogue.script import Script
from bot.messages import Trace, Turn, UserMessage

GREETING = [started("greet", "say"), bot("Hi.", "utter_greet")]
GOOD = "{user: hello}, {utter: utter_greet}"
BAD = "{user: hello}, {bot: Bye.}"


class AnswersNothing:
    async def handle(self, message: UserMessage) -> Turn:
        trace = Trace("en", "", 0.0, False, (), None, (), (), "lost", 0.0, "")
        return Turn(message.conversation_id, (), trace)


def _script() -> Script:
    steps = {
        n: Step(n, "noop", (), place=Place("flows/talk.yml", i))
        for i, n in ((3, "say"), (4, "ask"))
    }
    flow = Flow("greet", "", "", (), {}, "say", steps, frozenset())
    domain = Domain(slots={}, responses={"utter_greet": ()}, actions=())
    return Script(domain, Flows({"greet": flow}), frozenset())


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A shop whose bot answers `hello` and whose questions it never answers."""
    engine = shop_database(tmp_path)

    def assemble(database: Engine, stubs: Sequence[Action]) -> Any:
        it = StoringBot(database, {"hello": GREETING}, stubs)
        return it, it.store

    def build(folder: Path, progress: object, *, from_disk: bool) -> Any:
        return SimpleNamespace(
            assistant=AnswersNothing(),
            assemble=assemble,
            store=SimpleNamespace(engine=engine),
            script=_script(),
            settings=SimpleNamespace(knowledge=SimpleNamespace(max_wrong=0.03)),
        )

    module = ModuleType("bot.app")
    module.build = build  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.app", module)
    monkeypatch.setattr("bot.app", module, raising=False)
    faq = tmp_path / "knowledge" / "faq"
    faq.mkdir(parents=True)
    text = "---\nlanguage: en\n---\n# Love\n\n## What is love? {#love}\nNobody knows.\n"
    (faq / "love.en.md").write_text(text, encoding="utf-8")
    yield tmp_path
    engine.dispose()


def _write(shop: Path, *cases: str) -> Path:
    file = shop / "tests" / "conversations" / "talk.yml"
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"  - {{test_case: c{i}, steps: [{steps}]}}\n" for i, steps in enumerate(cases)]
    file.write_text("test_cases:\n" + "".join(lines), encoding="utf-8")
    return file


def _write_questions(shop: Path, acceptable: str = "[]") -> None:
    (shop / "tests").mkdir(exist_ok=True)
    (shop / "tests" / "questions.yml").write_text(
        f"questions: [{{question: what is love, language: en, intents: {acceptable}}}]\n",
        encoding="utf-8",
    )


def _run(shop: Path, *args: str) -> Any:
    return CliRunner().invoke(app, ["test", "--shop", str(shop), *args])


def test_both_parts_run_and_pass(shop: Path) -> None:
    _write(shop, GOOD)
    _write_questions(shop)
    result = _run(shop)
    assert result.exit_code == 0, result.output
    assert "conversations: 1 passed" in result.stdout
    assert "out of scope" in result.stdout


def test_a_failing_conversation_is_shown_and_exits_with_1(shop: Path) -> None:
    file = _write(shop, GOOD, BAD)
    result = _run(shop, "--only", "conversations")
    assert result.exit_code == 1
    assert "bot: Bye." in result.stdout
    assert "conversations: 1 passed, 1 failed" in result.stdout
    assert "conversation tests failed: 1" in result.stderr
    alone = _run(shop, f"{file}::c0")
    assert alone.exit_code == 0, alone.output


def test_only_chooses_a_part(shop: Path) -> None:
    _write(shop, BAD)
    _write_questions(shop)
    result = _run(shop, "--only", "questions")
    assert result.exit_code == 0, result.output
    assert "conversations" not in result.stdout


@pytest.mark.parametrize(
    "args", [("--only", "questions", "-k", "c0"), ("-k", "nothing has this"), ("--jobs", "0")]
)
def test_choices_that_fit_nothing_are_wrong_use(shop: Path, args: tuple[str, ...]) -> None:
    _write(shop, GOOD)
    assert _run(shop, *args).exit_code == 2


def test_k_leaves_the_questions_out(shop: Path) -> None:
    _write(shop, GOOD, BAD)
    result = _run(shop, "-k", "c0")
    assert result.exit_code == 0, result.output
    assert "conversations: 1 passed" in result.stdout


@pytest.mark.parametrize(("least", "code"), [("0.5", 0), ("0.6", 1)])
def test_coverage_is_shown_and_may_be_demanded(shop: Path, least: str, code: int) -> None:
    _write(shop, GOOD)
    result = _run(shop, "--min-coverage", least)
    assert result.exit_code == code
    assert "flows/talk.yml" in result.stdout
    assert "50%" in result.stdout
    assert ("50.0% of the flows' steps were tested, less than 60.0%" in result.stderr) == bool(code)


def test_json_has_the_figures_and_nothing_else(shop: Path) -> None:
    _write(shop, GOOD, BAD)
    _write_questions(shop)
    result = _run(shop, "--json")
    assert result.exit_code == 1
    figures = json.loads(result.stdout)
    assert figures["conversations"] == {"passed": 1, "failed": 1, "coverage": 0.5}
    assert figures["all"]["questions"] == 1


def test_junit_is_written_with_failures_too(shop: Path) -> None:
    _write(shop, BAD)
    assert _run(shop, "--junit", str(shop / "junit.xml")).exit_code == 1
    assert 'failures="1"' in (shop / "junit.xml").read_text(encoding="utf-8")


def test_fail_fast_tells_what_was_not_begun(shop: Path) -> None:
    _write(shop, BAD, GOOD, GOOD)
    result = _run(shop, "--fail-fast", "--jobs", "1")
    assert "0 passed, 1 failed, 2 not begun" in result.stdout


def test_names_that_the_shop_lacks_are_refused_before_anything_runs(shop: Path) -> None:
    _write(shop, "{user: hello}, {utter: utter_greeting}")
    result = _run(shop)
    assert result.exit_code == 1
    assert "did you mean 'utter_greet'?" in result.stderr
    assert "conversations:" not in result.stdout


def test_a_wrong_file_is_refused_before_the_bot_is_built(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("bot.app.build")
    _write(shop, "{says: hello}")
    result = _run(shop)
    assert result.exit_code == 1
    assert "talk.yml:2:" in result.stderr
