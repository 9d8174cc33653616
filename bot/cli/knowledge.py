"""`shopclerk knowledge …`: what the studio does, for the terminal and CI."""

import getpass
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.base import DEMO, Shop, app, err, mendable, out
from bot.cli.knowledge_output import (
    print_asked,
    print_changes,
    print_count,
    print_gaps,
    print_problems,
    print_rehearsal,
    print_versions,
)
from bot.progress import progress_bars
from bot.shop import read_shop

if TYPE_CHECKING:
    from bot.app import Shopclerk
    from bot.publishing.values import CannotPublish, Key, User
    from knowledge.versions.store import VersionStore

knowledge = typer.Typer(
    help="Knowledge: check, ask, publish, go back.\n\n"
    "What shoppers get is the version published last. `publish` makes the files on disk the next "
    "one; a running `shopclerk run` does so by itself when they are fine.",
    no_args_is_help=True,
)
app.add_typer(knowledge, name="knowledge")

Author = Annotated[str, typer.Option("--author", help="Who publishes. Without it: your login.")]
Yes = Annotated[
    bool, typer.Option("--accept-losses", help="Publish although test questions are lost.")
]
Language = Annotated[str, typer.Option("--language", "-l", help="The language's code.")]
Entry = Annotated[
    str | None,
    typer.Option("--entry", "-e", help="One entry: ID:LANGUAGE, or ID in the shop's language."),
]


@knowledge.command()
def check(
    shop: Shop = DEMO,
    files_only: Annotated[
        bool, typer.Option("--files-only", help="Read the files; build and ask nothing.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="Fail for warnings and losses, too.")] = False,
) -> None:
    """Say what is wrong with the files on disk, and what publishing them would change."""
    with mendable():
        from bot.publishing.values import Rehearsal
        from knowledge.formats.folder import check_files, read_folder
        from knowledge.versions.changes import Changes

        read_shop(shop)
        problems = check_files(read_folder(shop / "knowledge")).problems
        rehearsal = Rehearsal(Changes((), ()), problems, (), None)
        if files_only or rehearsal.errors:
            print_problems(problems)
        else:
            clerk = _open(shop)
            with progress_bars(err) as progress:
                rehearsal = clerk.workbench.releases.rehearse_disk(progress)
            print_rehearsal(rehearsal)
        print_count(rehearsal)
        if rehearsal.errors or (strict and (rehearsal.problems or rehearsal.losses)):
            raise typer.Exit(1)


@knowledge.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question as a shopper types it.")],
    shop: Shop = DEMO,
    language: Language = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what the bot finds for a question, how sure it is, and what it would say."""
    with mendable():
        asked = _open(shop).workbench.releases.ask(_user(""), question, language)
    if as_json:
        out.print_json(json.dumps(asdict(asked), ensure_ascii=False))
    else:
        print_asked(asked)


@knowledge.command()
def publish(
    shop: Shop = DEMO,
    message: Annotated[str, typer.Option("--message", "-m", help="What was changed.")] = "",
    author: Author = "",
    accept_losses: Yes = False,
) -> None:
    """Make the files on disk the version that shoppers get."""
    with mendable():
        from bot.publishing.values import CannotPublish, NothingChanged

        releases = _open(shop).workbench.releases
        try:
            if accept_losses:
                print_rehearsal(releases.rehearse_disk())
            version = releases.publish_disk(_user(author), message, accept_losses=accept_losses)
        except NothingChanged:
            out.print("nothing to publish: these files are live already")
            return
        except CannotPublish as error:
            raise _refused("published", error) from error
    out.print(f"published {version.id[:8]}: {version.message}", markup=False)


@knowledge.command()
def history(
    shop: Shop = DEMO,
    entry: Entry = None,
    limit: Annotated[int, typer.Option(help="How many, newest first.", min=1)] = 20,
) -> None:
    """List what was published: when, by whom, and why."""
    with mendable():
        from bot.publishing.versions import entry_history
        from knowledge.versions.store import VersionError

        store = _versions(shop)
        if entry is None:
            print_versions(store.log(limit=limit))
            return
        key = _key(entry, shop)
        found = entry_history(store, key, limit=limit)
        if not found:
            raise VersionError(f"no version holds entry {key[0]!r} ({key[1]})")
        print_versions(found)


@knowledge.command()
def diff(
    shop: Shop = DEMO,
    version: Annotated[
        str, typer.Argument(help="A version (its first digits). Without it: the files on disk.")
    ] = "",
) -> None:
    """Say in words what a version changed, or what the files on disk would change."""
    with mendable():
        from bot.publishing.versions import content_of
        from knowledge.formats.folder import check_files, read_folder
        from knowledge.versions.changes import compare

        store = _versions(shop)
        if version:
            found = store.find(version)
            print_changes(compare(content_of(store, found.parent), content_of(store, found.id)))
        else:
            head = store.head()
            checked = check_files(read_folder(shop / "knowledge"))
            print_changes(compare(content_of(store, head.id if head else None), checked.content))
            print_problems(checked.problems)


@knowledge.command()
def rollback(
    version: Annotated[str, typer.Argument(help="The version to go back to (its first digits).")],
    shop: Shop = DEMO,
    entry: Entry = None,
    author: Author = "",
    accept_losses: Yes = False,
) -> None:
    """Publish an earlier version again: all of it, or one entry."""
    with mendable():
        from bot.publishing.values import CannotPublish, NothingChanged

        releases, user = _open(shop).workbench.releases, _user(author)
        key = _key(entry, shop) if entry else None
        try:
            if accept_losses:
                print_rehearsal(releases.rehearse_roll_back(user, version, key))
            new = releases.roll_back(user, version, key, accept_losses=accept_losses)
        except NothingChanged:
            out.print("nothing to roll back: that is what is live")
            return
        except CannotPublish as error:
            raise _refused("rolled back", error) from error
    out.print(f"published {new.id[:8]}: {new.message}", markup=False)


@knowledge.command("import")
def import_document(
    file: Annotated[Path, typer.Argument(help="A PDF, DOCX, HTML or XLSX file.", dir_okay=False)],
    shop: Shop = DEMO,
    language: Language = "en",
    replace: Annotated[bool, typer.Option(help="Write over a file of that name.")] = False,
) -> None:
    """Turn a document into Markdown in the knowledge folder, to be reviewed there."""
    with mendable():
        from knowledge.editing.documents import document_to_markdown
        from knowledge.editing.errors import EditError

        read_shop(shop)
        try:
            document = document_to_markdown(file.name, file.read_bytes(), language=language)
        except FileNotFoundError as error:
            raise EditError(f"{file}: no such file") from error
        target = shop / "knowledge" / document.file
        if target.exists() and not replace:
            raise EditError(f"{target} is there already; --replace writes over it")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(document.text, encoding="utf-8")
    for note in document.notes:
        out.print(f"note: {note}", markup=False)
    out.print(f"wrote {target}; read it over, then `shopclerk knowledge publish`", markup=False)


@knowledge.command()
def export(
    target: Annotated[Path, typer.Argument(help="The zip file to write.", dir_okay=False)],
    shop: Shop = DEMO,
    version: Annotated[str, typer.Option(help="Without it: the version published last.")] = "",
) -> None:
    """Write the files of a version as a zip."""
    with mendable():
        from knowledge.versions.store import VersionError, export_zip

        store = _versions(shop)
        found = store.find(version) if version else store.head()
        if found is None:
            raise VersionError("nothing was published yet; `shopclerk knowledge publish` does")
        target.write_bytes(export_zip(store.files(found.id)))
    out.print(f"wrote {target}: version {found.id[:8]}", markup=False)


@knowledge.command()
def gaps(
    shop: Shop = DEMO,
    days: Annotated[int, typer.Option(help="How far back to look.", min=1)] = 60,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List what shoppers asked and the bot could not answer, grouped, personal data masked."""
    with mendable():
        views = _open(shop).workbench.gaps.views(days=days)
    if as_json:
        out.print_json(json.dumps([asdict(v) for v in views], default=str, ensure_ascii=False))
    else:
        print_gaps(views)


def _open(shop: Path) -> "Shopclerk":
    from bot.app import build

    with progress_bars(err) as progress:
        return build(shop, progress, take_disk=False)


def _refused(what: str, error: "CannotPublish") -> typer.Exit:
    print_rehearsal(error.rehearsal)
    err.print(f"not {what}: {error}", markup=False)
    if error.rehearsal.losses:
        err.print("`--accept-losses` does it all the same", markup=False)
    return typer.Exit(1)


def _versions(shop: Path) -> "VersionStore":
    from knowledge.versions.store import VersionStore

    files = read_shop(shop)
    return VersionStore.open(files.folder / "knowledge", files.state_dir)


def _user(author: str) -> "User":
    from bot.publishing.values import User

    return User(author or getpass.getuser(), "lead")


def _key(entry: str, shop: Path) -> "Key":
    """ID or ID:LANGUAGE; without a language, the shop's own."""
    name, _, language = entry.rpartition(":")
    return (name, language) if name else (entry, read_shop(shop).settings.shop.language)
