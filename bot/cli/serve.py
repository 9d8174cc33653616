"""`shopclerk actions`, and what serving commands share."""

import socket
from typing import Annotated

import typer

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.progress import progress_bars


@app.command()
def actions(
    shop: Shop = DEMO,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 5055,
) -> None:
    """Serve our actions and the shop's as a rasa-sdk action server, for a Rasa assistant.

    It answers POST /webhook. Callers send the header `Authorization: Bearer …` with the secret in
    SHOPCLERK_ACTIONS_SECRET; without that variable only this machine itself may call.
    """
    refuse_taken_port(host, port)
    with mendable():
        from bot.actions.action_server import create_action_server
        from bot.app import build
        from bot.publishing.watching import KnowledgeWatcher

        with progress_bars(err) as progress:
            clerk = build(shop, progress)
        server = create_action_server(clerk.runner.executor, host=host)
    import uvicorn

    out.print(f"action server at http://{host}:{port}/webhook, Ctrl-C stops")
    with KnowledgeWatcher(clerk.workbench.publisher):
        uvicorn.run(server, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5)


def refuse_taken_port(host: str, port: int) -> None:
    """Stop before minutes of preparation when the port cannot be served on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            err.print(
                f"[bold red]error:[/] {host}:{port} cannot be used ({error.strerror}); "
                "choose another with --port"
            )
            raise typer.Exit(1) from error
