"""`shopclerk run` and `shopclerk actions`."""

import socket
from typing import Annotated

import typer

from bot.cli.main import DEMO, Shop, app, err, mendable, out
from bot.progress import progress_bars


@app.command()
def run(
    shop: Shop = DEMO,
    host: Annotated[str, typer.Option(help="Address to serve on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 7860,
) -> None:
    """Prepare the shop (train, embed, seed: only what changed) and serve the chat."""
    _refuse_taken_port(host, port)
    with mendable():
        from bot.app import build

        with progress_bars(err) as progress:
            clerk = build(shop, progress)
        import uvicorn
        from ui.app import create_app

        web = create_app(clerk)
    where = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    out.print(f"\n[bold]{clerk.settings.shop.name}[/] is open at [bold]{where}[/]")
    for suggestion in clerk.settings.shop.suggestions:
        out.print(f"  try: {suggestion}", style="dim", markup=False)
    out.print(
        f"  in another page: {where}/example · for machines: {where}/api/docs · Ctrl-C stops",
        style="dim",
    )
    if clerk.voice is None:
        out.print(f"  no voice input: {clerk.voice_problem}", style="yellow", markup=False)
    uvicorn.run(web, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5)


@app.command()
def actions(
    shop: Shop = DEMO,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 5055,
) -> None:
    """Serve our actions as a rasa-sdk action server (POST /webhook), for a Rasa assistant.

    Callers send the header `Authorization: Bearer …` with the secret in SHOPCLERK_ACTIONS_SECRET;
    without that variable only this machine itself may call.
    """
    _refuse_taken_port(host, port)
    with mendable():
        from bot.actions.action_server import create_action_server
        from bot.app import build

        with progress_bars(err) as progress:
            clerk = build(shop, progress)
        server = create_action_server(clerk.runner.executor, host=host)
    import uvicorn

    out.print(f"action server at http://{host}:{port}/webhook, Ctrl-C stops")
    uvicorn.run(server, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5)


def _refuse_taken_port(host: str, port: int) -> None:
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
