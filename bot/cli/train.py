"""`shopclerk train`."""

from typing import Annotated

import typer

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.cli.models import print_choice
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
