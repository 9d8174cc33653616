"""`shopclerk doctor` and `shopclerk handovers`."""

import importlib.metadata
import platform
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.base import DEMO, Shop, app, mendable, out
from bot.errors import ConfigError, ModelError
from bot.shop import ShopFiles, read_shop

Check = tuple[str, bool, str]
"""What was looked at, whether it is fine, and what was found or what to do."""

_PACKAGES = (
    "torch",
    "transformers",
    "sentence-transformers",
    "onnxruntime",
    "rasa-sdk",
    "gradio",
    "faster-whisper",
    "openai-whisper",
    "espeakng-loader",
)


@app.command()
def doctor(
    shop: Shop = DEMO,
    port: Annotated[int, typer.Option(help="Port that `run` would use.")] = 7860,
) -> None:
    """Look at versions, models, GPU, port and database; each fault comes with its remedy."""
    checks = [_python(), *_versions(), _faiss(), _gpu(), _port(port)]
    try:
        files = read_shop(shop)
    except ConfigError as error:
        checks.append(("shop", False, str(error)))
    else:
        checks += [
            ("shop", True, str(files.folder)),
            _encoder(files),
            _voice(files),
            _database(files),
            _writable(files.state_dir),
        ]
    table = Table("", "", "", show_header=False, box=None)
    for name, fine, found in checks:
        table.add_row("[green]ok[/]" if fine else "[bold red]!![/]", name, found)
    out.print(table)
    if not all(fine for _, fine, _ in checks):
        raise typer.Exit(1)


@app.command()
def handovers(shop: Shop = DEMO) -> None:
    """List the conversations that wait for a person, longest first.

    Below them, messages that no turn could answer: they stay here until somebody has looked.
    """
    with mendable():
        from bot.storage.conversations import ConversationStore
        from bot.storage.database import open_database
        from bot.storage.inbox import Inbox

        files = read_shop(shop)
        engine = open_database(files.settings.storage.url, files.state_dir)
        store = ConversationStore(engine)
        waiting, failed = store.handovers(), Inbox(store).set_aside()
    if not waiting:
        out.print("nobody is waiting")
    for item in waiting:
        out.print(
            f"{item.at:%Y-%m-%d %H:%M}  {item.conversation_id}  "
            f"{item.contact or 'no contact'}  {item.reason}",
            markup=False,
        )
        for fact in filter(None, item.facts.splitlines()):
            out.print(f"    {fact}", style="dim", markup=False)
    for conversation_id, message in failed:
        out.print(f"not answered  {conversation_id}  {message.text}", markup=False)


def _python() -> Check:
    version = platform.python_version_tuple()
    fine = (3, 11) <= (int(version[0]), int(version[1])) < (3, 14)
    return "python", fine, platform.python_version() + ("" if fine else "; use 3.11, 3.12 or 3.13")


def _versions() -> list[Check]:
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, True, importlib.metadata.version(name)))
        except importlib.metadata.PackageNotFoundError:
            extra = "voice" if name in _PACKAGES[-3:] else "cpu"
            found.append((name, False, f"not installed; pip install 'shopclerk[{extra}]'"))
    return found


def _faiss() -> Check:
    names = {d.metadata["Name"] for d in importlib.metadata.distributions()}
    both = {"faiss-cpu", "faiss-gpu"} & names
    if len(both) == 2:
        return "faiss", False, "faiss-cpu and faiss-gpu are both installed; uninstall one"
    if not both:
        return "faiss", False, "not installed; pip install 'shopclerk[cpu]' (or [gpu])"
    import faiss

    return "faiss", True, f"{both.pop()} {faiss.__version__}, {faiss.get_num_gpus()} GPU(s)"


def _gpu() -> Check:
    if shutil.which("nvidia-smi") is None:
        return "GPU", True, "none; everything runs on the CPU"
    asked = subprocess.run(
        ["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    fine = asked.returncode == 0
    return "GPU", fine, asked.stdout.strip() if fine else "the NVIDIA driver does not answer"


def _port(port: int) -> Check:
    with socket.socket() as probe:
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    return f"port {port}", not taken, "taken; use --port" if taken else "free"


def _encoder(files: ShopFiles) -> Check:
    from bot.models import find_encoder

    return _try(
        "sentence encoder", lambda: str(find_encoder(files.settings.models.encoder, files.folder))
    )


def _voice(files: ShopFiles) -> Check:
    from bot.voice import open_voice

    voice = open_voice(files)
    return "voice input", voice.input is not None, voice.detail or files.settings.speech.model


def _database(files: ShopFiles) -> Check:
    from sqlalchemy import text

    from bot.storage.database import open_database

    def connect() -> str:
        engine = open_database(files.settings.storage.url, files.state_dir)
        try:
            with engine.connect() as db:
                db.execute(text("select 1"))
        except Exception as error:  # every driver has its own; all mean the same here
            raise ConfigError(f"{error}; check storage.url in shop.toml") from error
        return engine.url.render_as_string(hide_password=True)

    return _try("database", connect)


def _writable(folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".probe").touch()
        (folder / ".probe").unlink()
    except OSError as error:
        return "state folder", False, f"{folder} cannot be written ({error.strerror})"
    return "state folder", True, str(folder)


def _try(name: str, look: Callable[[], str]) -> Check:
    try:
        return name, True, look()
    except (ConfigError, ModelError) as error:
        return name, False, str(error)
