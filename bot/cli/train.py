"""`shopclerk train`, `shopclerk test`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.cli.models import print_choice
from bot.evaluation import Graded, Outcome, evaluate, tally
from bot.progress import progress_bars


@app.command()
def train(
    shop: Shop = DEMO,
    force: Annotated[
        bool, typer.Option("--force", help="Train again though nothing changed.")
    ] = False,
    accept_worse: Annotated[
        bool,
        typer.Option("--accept-worse", help="Take the intent model though it is worse."),
    ] = False,
) -> None:
    """Train the intent and risk models and embed the knowledge, without serving.

    A new intent model is asked the shop's test questions beside the live one. When it loses more
    than chance explains it is refused (exit code 1) and the live one stays; otherwise a running
    `shopclerk run` takes it in seconds. `shopclerk models rollback` goes back.
    """
    with mendable():
        from bot.app import build
        from bot.intent_models.choice import TrainingWish

        wish = TrainingWish(asked=True, again=force, accept_worse=accept_worse)
        with progress_bars(err) as progress:
            clerk = build(shop, progress, from_disk=True, wish=wish)
    print_choice(clerk.intents)
    out.print("what to mend in the examples next: `shopclerk models report`", style="dim")
    facts = clerk.workbench.editing.counts()
    out.print(
        f"ready: {facts.intents} intents, {facts.entries} knowledge entries, "
        f"{facts.products} products"
    )
    if clerk.intents.declined is not None:
        raise typer.Exit(1)


@app.command()
def test(
    shop: Shop = DEMO,
    questions: Annotated[
        Path | None,
        typer.Option(help="Another questions file than the shop's tests/questions.yml."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print figures as JSON.")] = False,
    failures: Annotated[bool, typer.Option(help="List what was not answered rightly.")] = True,
) -> None:
    """Ask the bot the shop's test questions; exit code 1 when too many are answered wrongly."""
    with mendable():
        from bot.app import build
        from bot.shop import read_shop
        from knowledge.formats.folder import load_folder
        from knowledge.formats.questions import load_questions

        asked = load_questions(questions or shop / "tests" / "questions.yml")
        files = read_shop(shop)
        entries = load_folder(shop / "knowledge").entries
        with progress_bars(err) as progress:
            clerk = build(shop, progress, from_disk=True)
            graded = asyncio.run(
                evaluate(
                    clerk.assistant,
                    asked,
                    flows=files.flows,
                    progress=progress,
                    entry_intents={e.id: e.intent for e in entries if e.intent},
                )
            )
    limit = files.settings.knowledge.max_wrong
    figures = {
        name: {"questions": t.total, **{o.value: round(t.share(o), 4) for o in Outcome}}
        for name, t in ((name, tally(part)) for name, part in _parts(graded))
    }
    if as_json:
        out.print_json(json.dumps(figures))
    else:
        if failures:
            _list_failures(graded)
        _print_table(figures)
    if tally(graded).share(Outcome.WRONG) > limit:
        err.print(f"more than {limit:.0%} were answered wrongly (knowledge.max_wrong)")
        raise typer.Exit(1)


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


def _list_failures(graded: tuple[Graded, ...]) -> None:
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


def _print_table(figures: dict[str, dict[str, float]]) -> None:
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
