"""The command `shopclerk`: the bot's commands, and `run`, which serves the pages."""

import gc
import logging
import os
import sys
import warnings
from typing import Annotated

import typer

from bot.cli import chat, evaluate, init, inspect, knowledge, serve, tests, train, users  # noqa: F401  they add their commands
from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.cli.serve import refuse_taken_port
from bot.progress import progress_bars


@app.command()
def run(
    shop: Shop = DEMO,
    host: Annotated[str, typer.Option(help="Address to serve on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to serve on.", min=1, max=65535)] = 7860,
) -> None:
    """Prepare the shop (train, embed, seed: only what changed) and serve the chat."""
    refuse_taken_port(host, port)
    with mendable():
        from bot.app import build

        with progress_bars(err) as progress:
            clerk = build(shop, progress)
        import uvicorn

        from bot.publishing.watching import KnowledgeWatcher
        from ui.app import create_app

        web = create_app(clerk)
    where = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    out.print(f"\n[bold]{clerk.settings.shop.name}[/] is open at [bold]{where}[/]")
    for suggestion in clerk.settings.shop.suggestions:
        out.print(f"  try: {suggestion}", style="dim", markup=False)
    out.print(
        f"  in another page: {where}/example · for leads: {where}/studio · "
        f"for machines: {where}/api/docs · Ctrl-C stops",
        style="dim",
    )
    if clerk.voice is None:
        out.print(f"  no voice input: {clerk.voice_problem}", style="yellow", markup=False)
    gc.collect()
    gc.freeze()  # what was loaded stays: no need to look through it at every collection
    with KnowledgeWatcher(clerk.workbench.publisher):
        uvicorn.run(
            web, host=host, port=port, log_level="warning", timeout_graceful_shutdown=5,
            ws_max_size=256_000,
        )  # fmt: skip


def main() -> None:
    """Run the command."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    warnings.filterwarnings("ignore", module=r"(rasa_sdk|gradio|jieba|onnxscript|torch)(\.|$)")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # Filters, since these libraries set their loggers' levels themselves when they are imported.
    logging.getLogger("bm25s").addFilter(lambda record: record.levelno >= logging.WARNING)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)

    try:
        app()
    except KeyboardInterrupt:
        err.print("\nstopped")
        sys.exit(130)
