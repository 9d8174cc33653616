"""What the commands share: the --shop option, errors in one line, exit codes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.errors import ConfigError, ModelError

app = typer.Typer(
    name="shopclerk",
    help="A customer-service bot for an online shop, on your own machine.\n\n"
    "Start with `shopclerk init my-shop`, then `shopclerk run --shop my-shop`.\n\n"
    "Exit codes: 0 done, 1 the shop or a model needs mending (the message says where), "
    "2 wrong use of the command, 130 stopped by Ctrl-C.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
models = typer.Typer(help="Models: where they are, and how to get them.", no_args_is_help=True)
app.add_typer(models, name="models")

err = Console(stderr=True, highlight=False)
out = Console(highlight=False)

DEMO = Path(__file__).resolve().parent.parent / "demo"

Shop = Annotated[
    Path, typer.Option("--shop", "-s", help="The shop's folder. Without it: the demo shop.")
]


@contextmanager
def mendable() -> Iterator[None]:
    """Turn errors that a person can mend into their message and exit code 1."""
    from bot.publishing.values import CannotPublish
    from knowledge.editing.errors import EditError
    from knowledge.entries import KnowledgeError
    from knowledge.index.encoder import EncoderFilesError
    from knowledge.versions.store import VersionError
    from nlu.dataset_files import DatasetError
    from nlu.rasa_format import TrainingDataError
    from speech.transcript import SpeechModelError

    try:
        yield
    except (
        ConfigError,
        ModelError,
        KnowledgeError,
        EditError,
        VersionError,
        CannotPublish,
        TrainingDataError,
        DatasetError,
        EncoderFilesError,
        SpeechModelError,
    ) as error:
        err.print("[bold red]error:[/] ", end="")
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
