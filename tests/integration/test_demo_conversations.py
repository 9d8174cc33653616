"""The demo shop's conversation tests, played with the real models; the patterns by language."""

import asyncio
import re
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console
from served import ROOT

from bot.actions.shop_actions import load_shop_actions
from bot.app import Shopclerk, _names
from bot.conversation_tests.checking import check_names
from bot.conversation_tests.coverage import entered, measure
from bot.conversation_tests.fresh import bench
from bot.conversation_tests.report import coverage_table, failure
from bot.conversation_tests.runner import CaseResult, run_cases
from bot.conversation_tests.selection import choose
from bot.shop import read_shop

DEMO = ROOT / "bot" / "demo"
CASES = choose(DEMO, ())
TABLE = ROOT / "docs" / "patterns-tested.md"
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def played(demo: Shopclerk) -> Sequence[CaseResult]:
    with bench(demo.store.engine, demo.assemble) as copies:
        return asyncio.run(run_cases(CASES, copies.open, jobs=4))


def shown(part: object) -> str:
    out = StringIO()
    Console(file=out, width=120).print(part)
    return out.getvalue()


def test_every_name_in_them_stands_for_something(demo: Shopclerk) -> None:
    check_names(CASES, demo.script)


def test_all_pass(played: Sequence[CaseResult]) -> None:
    failed = [shown(failure(result)) for result in played if not result.passed]
    assert not failed, "\n".join(failed)
    assert len(played) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_half_of_them_and_more_are_in_each_language(language: str) -> None:
    own = [case for case in CASES if f".{language}.yml" in case.id]
    assert len(own) >= 30


def test_they_enter_nearly_every_step_of_the_flows(
    demo: Shopclerk, played: Sequence[CaseResult]
) -> None:
    coverage = measure(demo.script.flows, entered(played))
    assert coverage.share >= 0.95, shown(coverage_table(coverage))


def test_the_table_of_patterns_names_a_test_in_every_cell() -> None:
    rows = [line for line in TABLE.read_text().splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 16
    cell = re.compile(r"\(\.\./bot/demo/tests/conversations/([\w.]+)\) `([^`]+)`")
    cells = [cell.findall(row) for row in rows]
    known = {(case.id.split("::")[0].rsplit("/", 1)[-1], case.name) for case in CASES}
    for row, named in zip(rows, cells, strict=True):
        assert [file.split(".")[1] for file, _ in named] == list(LANGUAGES), row
        assert set(named) <= known, row


def test_the_actions_are_known_before_anything_is_trained(demo: Shopclerk) -> None:
    files = read_shop(DEMO)
    assert _names(files, load_shop_actions(DEMO), None) == demo.script.actions
