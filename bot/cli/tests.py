"""`shopclerk test`: the shop's test questions and its conversation tests."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.evaluation import Graded, Outcome, evaluate, tally
from bot.progress import ProgressCallback, progress_bars

if TYPE_CHECKING:
    from bot.app import Shopclerk
    from bot.conversation_tests.coverage import Coverage
    from bot.conversation_tests.format import Case
    from bot.conversation_tests.runner import CaseResult
    from knowledge.formats.questions import Question

_CONVERSATIONS = "Conversation tests"


@dataclass(frozen=True)
class _Plan:
    """What to ask and what to play."""

    questions: "tuple[Question, ...]"
    cases: "tuple[Case, ...]"
    jobs: int
    fail_fast: bool


@dataclass(frozen=True)
class _Outcome:
    """What came of it."""

    graded: tuple[Graded, ...]
    played: "tuple[CaseResult, ...]"
    coverage: "Coverage | None"


@app.command()
def test(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files or folders of conversation tests; FILE::NAME for one test. "
            "Without any: the shop's tests/conversations/ and its questions."
        ),
    ] = None,
    shop: Shop = DEMO,
    questions: Annotated[
        Path | None,
        typer.Option(help="Another questions file than the shop's tests/questions.yml."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
    failures: Annotated[bool, typer.Option(help="Show what went wrong.")] = True,
    only: Annotated[
        Literal["questions", "conversations"] | None, typer.Option(help="Run one part alone.")
    ] = None,
    like: Annotated[
        str,
        typer.Option(
            "-k",
            help="Run only tests with this in their name or file.",
            rich_help_panel=_CONVERSATIONS,
        ),
    ] = "",
    jobs: Annotated[
        int, typer.Option(help="Tests at once.", min=1, rich_help_panel=_CONVERSATIONS)
    ] = 8,
    fail_fast: Annotated[
        bool,
        typer.Option(
            "--fail-fast", help="Stop at the first failure.", rich_help_panel=_CONVERSATIONS
        ),
    ] = False,
    junit: Annotated[
        Path | None,
        typer.Option(help="Write JUnit XML to this file.", rich_help_panel=_CONVERSATIONS),
    ] = None,
    coverage_report: Annotated[
        bool,
        typer.Option(
            "--coverage-report",
            help="Show which steps of the flows were tested.",
            rich_help_panel=_CONVERSATIONS,
        ),
    ] = False,
    min_coverage: Annotated[
        float | None,
        typer.Option(
            help="Fail when a smaller share of the steps was tested, such as 0.95.",
            min=0,
            max=1,
            rich_help_panel=_CONVERSATIONS,
        ),
    ] = None,
) -> None:
    """Ask the bot the shop's test questions and play its conversation tests.

    Exit code 1 when too many questions are answered wrongly, a conversation test fails, or too
    few steps of the flows were tested.
    """
    chosen = bool(paths or like)
    if only == "questions" and chosen:
        raise typer.BadParameter("paths and -k choose conversation tests; leave --only out")
    with mendable():
        from bot.conversation_tests.selection import choose

        cases = () if only == "questions" else choose(shop, paths or (), like)
        asks = only != "conversations" and (questions is not None or not chosen)
        asked = _questions(shop, questions, needed=not cases) if asks else ()
        if not cases and not asked:
            raise typer.BadParameter("no test fits what was asked for")
        outcome, limit = _run(shop, _Plan(asked, cases, jobs, fail_fast))
        if junit is not None:
            from bot.conversation_tests.junit import write_junit

            write_junit(junit, outcome.played, cases)
    if as_json:
        out.print_json(json.dumps(_figures(outcome)))
    else:
        covered = coverage_report or min_coverage is not None
        _print(outcome, len(cases), failures=failures, covered=covered)
    problems = _problems(outcome, limit, min_coverage)
    for problem in problems:
        err.print(problem, markup=False)
    if problems:
        raise typer.Exit(1)


def _questions(shop: Path, chosen: Path | None, *, needed: bool) -> "tuple[Question, ...]":
    """The questions to ask; none where the shop has no file of them and need not have."""
    from knowledge.formats.questions import load_questions

    file = chosen or shop / "tests" / "questions.yml"
    if chosen is None and not needed and not file.exists():
        return ()
    return load_questions(file)


def _run(shop: Path, plan: _Plan) -> tuple[_Outcome, float]:
    """Build the bot, run both parts; the second value is the share that may be wrong."""
    from bot.app import build
    from bot.conversation_tests.checking import check_names
    from bot.conversation_tests.coverage import entered, measure

    with progress_bars(err) as progress:
        clerk = build(shop, progress, from_disk=True)
        script = clerk.script
        check_names(plan.cases, script)
        graded, played = asyncio.run(_ask_and_play(clerk, shop, plan, progress))
    coverage = measure(script.flows, entered(played)) if plan.cases else None
    return _Outcome(graded, played, coverage), clerk.settings.knowledge.max_wrong


async def _ask_and_play(
    clerk: "Shopclerk", shop: Path, plan: _Plan, progress: ProgressCallback
) -> "tuple[tuple[Graded, ...], tuple[CaseResult, ...]]":
    from bot.conversation_tests.fresh import bench
    from bot.conversation_tests.runner import run_cases
    from knowledge.formats.folder import load_folder

    graded: tuple[Graded, ...] = ()
    played: tuple[CaseResult, ...] = ()
    if plan.questions:
        entries = load_folder(shop / "knowledge").entries
        graded = await evaluate(
            clerk.assistant,
            plan.questions,
            flows=clerk.script.flows,
            progress=progress,
            entry_intents={e.id: e.intent for e in entries if e.intent},
        )
    if plan.cases:
        with bench(clerk.store.engine, clerk.assemble) as copies:
            played = await run_cases(
                plan.cases,
                copies.open,
                jobs=plan.jobs,
                fail_fast=plan.fail_fast,
                progress=progress,
            )
    return graded, played


def _problems(outcome: _Outcome, limit: float, min_coverage: float | None) -> list[str]:
    """Why the command fails; nothing when it doesn't."""
    found = []
    if tally(outcome.graded).share(Outcome.WRONG) > limit:
        found.append(f"more than {limit:.0%} were answered wrongly (knowledge.max_wrong)")
    failed = sum(not result.passed for result in outcome.played)
    if failed:
        found.append(f"conversation tests failed: {failed}")
    share = outcome.coverage.share if outcome.coverage else 1.0
    if min_coverage is not None and share < min_coverage:
        found.append(f"{share:.1%} of the flows' steps were tested, less than {min_coverage:.1%}")
    return found


def _figures(outcome: _Outcome) -> dict[str, Any]:
    figures: dict[str, Any] = dict(_shares(outcome.graded)) if outcome.graded else {}
    if outcome.coverage is not None:
        figures["conversations"] = {
            "passed": sum(result.passed for result in outcome.played),
            "failed": sum(not result.passed for result in outcome.played),
            "coverage": round(outcome.coverage.share, 4),
        }
    return figures


def _print(outcome: _Outcome, planned: int, *, failures: bool, covered: bool) -> None:
    if outcome.graded:
        if failures:
            _list_wrong(outcome.graded)
        _print_table(_shares(outcome.graded))
    if outcome.coverage is None:
        return
    from bot.conversation_tests.report import coverage_table, failure
    from bot.conversation_tests.report import tally as count

    for result in outcome.played:
        if failures and not result.passed:
            out.print(failure(result), soft_wrap=True)
    if covered:
        out.print(coverage_table(outcome.coverage))
    out.print(count(outcome.played, planned))


def _shares(graded: tuple[Graded, ...]) -> dict[str, dict[str, float]]:
    return {
        name: {"questions": t.total, **{o.value: round(t.share(o), 4) for o in Outcome}}
        for name, t in ((name, tally(part)) for name, part in _parts(graded))
    }


def _parts(graded: tuple[Graded, ...]) -> list[tuple[str, list[Graded]]]:
    """All, by language, and those that must not be answered."""
    in_scope = [g for g in graded if g.question.acceptable]
    return [
        ("in scope", in_scope),
        ("in scope, en", [g for g in in_scope if g.question.language == "en"]),
        ("in scope, zh", [g for g in in_scope if g.question.language == "zh"]),
        ("out of scope", [g for g in graded if not g.question.acceptable]),
        ("all", list(graded)),
    ]


def _list_wrong(graded: tuple[Graded, ...]) -> None:
    for item in graded:
        if item.outcome is Outcome.RIGHT:
            continue
        wanted = ", ".join(sorted(item.question.acceptable)) or "no answer"
        got = ", ".join(sorted(item.topics)) or item.decision
        out.print(
            f"{item.outcome:>5}  {item.question.source}  {item.question.question}\n"
            f"       wanted {wanted}; got {got}",
            markup=False,
        )


def _print_table(figures: Mapping[str, Mapping[str, float]]) -> None:
    table = Table("", "questions", "right", "wrong", "asks back")
    for name, row in figures.items():
        table.add_row(
            name,
            str(row["questions"]),
            f"{row['right']:.1%}",
            f"{row['wrong']:.1%}",
            f"{row['asked']:.1%}",
        )
    out.print(table)
