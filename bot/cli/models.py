"""`shopclerk models …`: get them, see which intent model is live, go back to another one."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from bot.cli.base import DEMO, Shop, err, mendable, models, out
from bot.progress import progress_bars

if TYPE_CHECKING:
    from bot.intent_models.choice import Choice
    from bot.intent_models.comparison import Verdict
    from bot.intent_models.standing import Standing
    from bot.intent_models.store import ModelStore

_SHOWN = 20
"""Newly wrong questions that are listed; the rest is counted."""


@models.command()
def pull(shop: Shop = DEMO) -> None:
    """Download the models that shop.toml names, where they are not on this machine yet."""
    with mendable():
        from bot.models import pull_encoder
        from bot.shop import read_shop
        from speech.pull import pull_model

        files = read_shop(shop)
        settings = files.settings
        with progress_bars(err) as progress:
            encoder = pull_encoder(settings.models.encoder, files.folder)
            if settings.models.reranker:
                setting = "models.reranker"
                name = settings.models.reranker
                out.print(f"reranker: {pull_encoder(name, files.folder, setting=setting)}")
            out.print(f"sentence encoder: {encoder}", markup=False)
            if settings.speech.model:
                found = pull_model(settings.speech.model, settings.speech.engine, progress)
                out.print(f"speech: {found}", markup=False)


@models.command("list")
def list_models(
    shop: Shop = DEMO,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the intent models: the live one, those kept to go back to, and those not taken.

    `right` counts the test questions that a model understood when it was examined.
    """
    with mendable():
        standing = _store(shop).standing()
    rows = [(_state(r.name, standing), r) for r in standing.records]
    if as_json:
        out.print_json(json.dumps([{"state": s, **asdict(r)} for s, r in rows]))
        return
    if not rows:
        out.print("no intent model yet; `shopclerk train` makes one")
        return
    table = Table("model", "state", "since (UTC)", "examples", "intents", "right")
    for state, record in rows:
        since = datetime.fromisoformat(record.at).astimezone(UTC)
        right = f"{record.right}/{record.asked}" if record.asked else "-"
        facts = (f"{since:%Y-%m-%d %H:%M}", str(record.examples), str(record.intents), right)
        table.add_row(record.short, state, *facts)
    out.print(table)


@models.command()
def rollback(
    model: Annotated[
        str, typer.Argument(help="A model's first digits (`models list`), or `previous`.")
    ] = "previous",
    shop: Shop = DEMO,
) -> None:
    """Go back to an earlier intent model; a running `shopclerk run` takes it in seconds.

    What was live doesn't return by itself: it takes `models use`, or a change in the files in nlu/.
    """
    _switch(shop, model)


@models.command()
def use(
    model: Annotated[str, typer.Argument(help="A model's first digits (`models list`).")],
    shop: Shop = DEMO,
) -> None:
    """Take a kept intent model into use, a refused one, too; nothing is asked of it before."""
    _switch(shop, model)


@models.command()
def report(
    model: Annotated[
        str, typer.Argument(help="A model's first digits (`models list`), or `live`.")
    ] = "live",
    shop: Shop = DEMO,
) -> None:
    """Say where a model's training report is: what to mend in the examples next, as a page."""
    with mendable():
        from bot.errors import ModelError
        from nlu.model_files import REPORT_PAGE

        store = _store(shop)
        record = store.standing().live if model == "live" else store.find(model)
        if record is None:
            raise ModelError("no intent model yet; `shopclerk train` makes one")
        page = store.path(record.name) / REPORT_PAGE
        if not page.is_file():
            raise ModelError(f"model {record.short} has no report; `shopclerk train --force`")
    out.print(str(page), markup=False, soft_wrap=True)


def _store(shop: Path) -> "ModelStore":
    from bot.preparation import intent_store
    from bot.shop import read_shop

    return intent_store(read_shop(shop))


def _switch(shop: Shop, wanted: str) -> None:
    with mendable():
        from bot.errors import ModelError
        from bot.intent_models.model import ModelOpener
        from bot.preparation import intent_store
        from bot.shop import read_shop
        from nlu.rasa_format import TrainingData

        files = read_shop(shop)
        store = intent_store(files)
        standing = store.standing()
        if wanted == "previous":
            if not standing.earlier:
                raise ModelError("no earlier intent model is kept; there is nothing to go back to")
            wanted = standing.earlier[0].name
        chosen = store.find(wanted)
        if chosen.name == standing.live_name:
            out.print(f"model {chosen.short} is live already")
            return
        opener = ModelOpener(files.folder / "nlu", TrainingData(()), threads=1)
        opener.open(store.path(chosen.name))  # a server must not be the first to find it broken
        now = datetime.now(UTC).isoformat(timespec="seconds")
        store.change(lambda s: s.switched(chosen.name, now))
    out.print(f"live: model {chosen.short}")
    if standing.live:
        out.print(f"before: model {standing.live.short}")
    out.print("a running `shopclerk run` takes it in seconds, without dropping a turn", style="dim")


def print_choice(choice: "Choice") -> None:
    """Say which intent model is in use and how the model of the files compares."""
    if choice.verdict is not None:
        print_verdict(choice.verdict)
    if choice.unknown:
        names = ", ".join(choice.unknown)
        out.print(
            f"  intents of the files that are not understood yet: {names}",
            markup=False,
            soft_wrap=True,
        )
    out.print(f"intent model in use: {choice.record.short}")
    if choice.problem:
        err.print("[bold red]error:[/] ", end="")
        err.print(choice.problem, markup=False, soft_wrap=True)


def print_verdict(verdict: "Verdict") -> None:
    """Say how a model did on the test questions, and what it lost."""
    out.print(f"{verdict}", markup=False, soft_wrap=True)
    for loss in verdict.losses[:_SHOWN]:
        wanted = ", ".join(sorted(loss.test.acceptable)) or "out of scope"
        out.print(
            f"  newly wrong: {loss.test.place}  {loss.test.text}", markup=False, soft_wrap=True
        )
        out.print(f"       wanted {wanted}; got {loss.said}", markup=False, soft_wrap=True)
    if len(verdict.losses) > _SHOWN:
        out.print(f"  and {len(verdict.losses) - _SHOWN} more")
    if verdict.one_sided:
        names = ", ".join(verdict.one_sided)
        out.print(
            f"  not compared, since one of both does not know them: {names}",
            markup=False,
            soft_wrap=True,
        )
    if verdict.trained_on:
        told = f"{verdict.trained_on} test questions are training examples"
        out.print(f"  not compared: {told}")


def _state(name: str, standing: "Standing") -> str:
    if name == standing.live_name:
        return "live"
    declined = standing.declined_as(name)
    return declined.why if declined else "earlier"
