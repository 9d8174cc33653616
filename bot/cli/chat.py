"""`shopclerk chat`: the bot in the terminal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.markdown import Markdown

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.messages import BotMessage, Shopper, UserMessage
from bot.progress import progress_bars

if TYPE_CHECKING:  # loading the models' libraries takes seconds that `--help` needn't
    from bot.app import Shopclerk


@app.command()
def chat(
    shop: Shop = DEMO,
    customer: Annotated[
        int | None, typer.Option(help="Be this demo customer (only where demo sign-in is on).")
    ] = None,
    trace: Annotated[bool, typer.Option(help="Show why the bot answered as it did.")] = False,
) -> None:
    """Chat in the terminal. An empty line or Ctrl-D ends it."""
    with mendable():
        from bot.app import build

        with progress_bars(err) as progress:
            clerk = build(shop, progress)
    if customer is not None and customer not in {i for i, _ in clerk.demo_customers}:
        known = ", ".join(f"{i} ({label})" for i, label in clerk.demo_customers) or "none"
        err.print(f"[bold red]error:[/] no demo customer {customer}; there are: {known}")
        raise typer.Exit(1)
    asyncio.run(_talk(clerk, Shopper("terminal", customer), trace))


async def _talk(clerk: Shopclerk, shopper: Shopper, trace: bool) -> None:
    conversation_id = f"terminal-{uuid4().hex}"
    while True:
        try:
            text = (await asyncio.to_thread(input, "\nyou > ")).strip()
        except EOFError:
            return
        if not text:
            return
        turn = await clerk.assistant.handle(
            UserMessage(conversation_id, text, shopper, channel="terminal")
        )
        for reply in turn.messages:
            _show(reply)
        if trace:
            out.print(turn.trace, style="dim")


def _show(reply: BotMessage) -> None:
    if reply.text:
        out.print(Markdown(reply.text))
    for card in reply.cards:
        parts = (card.title, card.price, card.availability, card.subtitle, card.reason)
        out.print("  • " + " · ".join(p for p in parts if p), markup=False)
    for source in reply.citations:
        out.print(
            f"  source: {source.title} ({source.file}:{source.line})", style="dim", markup=False
        )
    for button in reply.buttons:
        out.print(f"  [{button.title}]  {button.payload}", style="cyan", markup=False)
