"""`shopclerk init`: a small complete shop to start from."""

import shutil
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.base import app, err, out

STARTER = Path(__file__).resolve().parent.parent / "starter"


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
) -> None:
    """Write a small complete shop to start from; nothing that exists is overwritten."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        err.print(
            f"[bold red]error:[/] {folder} exists and is not an empty folder; name another one"
        )
        raise typer.Exit(1)
    shutil.copytree(
        STARTER,
        folder,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns(".shopclerk", "__pycache__"),
    )
    out.print(f"a shop to start from is in {folder}:", markup=False)
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        out.print(f"  {path.relative_to(folder)}", style="dim", markup=False)
    out.print(f"next: shopclerk run --shop {folder}", markup=False)
