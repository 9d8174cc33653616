"""`shopclerk users`: who may sign in to the studio."""

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.base import DEMO, Shop, app, mendable, out
from bot.errors import ConfigError
from bot.passwords import MIN_PASSWORD_CHARS, hash_password
from bot.settings import StudioUser, read_settings
from bot.studio_users import user_block, with_user, without_user
from bot.user_names import name_key, name_problem

users = typer.Typer(help="People who may sign in to the studio.", no_args_is_help=True)
app.add_typer(users, name="users")

Name = Annotated[str, typer.Argument(metavar="NAME", help="What they sign in as.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from one line of input.")
]
_AGAIN = "restart `shopclerk run` for it to count"


@users.command()
def add(
    name: Name,
    role: Annotated[
        Literal["lead", "viewer"], typer.Option(help="A lead edits, a viewer only looks.")
    ],
    shop: Shop = DEMO,
    password_stdin: FromStdin = False,
) -> None:
    """Let somebody sign in to the studio: a block is added at the end of shop.toml."""
    path = shop / "shop.toml"
    with mendable():
        if name_key(name) in [name_key(user.name) for user in read_settings(path).studio.users]:
            raise ConfigError(
                f"{path}: there is a user {name!r} already; for a new password, "
                "take the user out first with `shopclerk users remove`"
            )
        if problem := name_problem(name):
            raise ConfigError(problem)
        user = StudioUser(name=name, role=role, password_hash=hash_password(_asked(password_stdin)))
        _write(
            path,
            with_user(_text(path), user),
            by_hand=f"its users aren't written as [[studio.users]] blocks; add this by hand:\n"
            f"{user_block(user)}",
        )
    out.print(f"{name} may sign in to the studio as {role}; {_AGAIN}", markup=False)


@users.command("list")
def list_users(shop: Shop = DEMO) -> None:
    """Show who may sign in to the studio."""
    with mendable():
        known = read_settings(shop / "shop.toml").studio.users
    for user in known:
        out.print(f"{user.role:<6}  {user.name}", markup=False)
    if not known:
        out.print("nobody yet; `shopclerk users add NAME --role lead` adds the first")


@users.command()
def remove(name: Name, shop: Shop = DEMO) -> None:
    """Take somebody's block out of shop.toml."""
    path = shop / "shop.toml"
    with mendable():
        known = [user.name for user in read_settings(path).studio.users]
        if name_key(name) not in map(name_key, known):
            listed = ", ".join(known) or "nobody"
            raise ConfigError(f"{path}: there is no user {name!r}; the users are: {listed}")
        by_hand = f"{name!r} isn't written as a [[studio.users]] block; delete it by hand"
        shorter = without_user(_text(path), name)
        if shorter is None:
            raise ConfigError(f"{path}: {by_hand}")
        _write(path, shorter, by_hand=by_hand)
    out.print(f"{name} may no longer sign in to the studio; {_AGAIN}", markup=False)


@users.command("hash")
def print_hash(password_stdin: FromStdin = False) -> None:
    """Print the hash of a password, for `password_hash` in shop.toml."""
    with mendable():
        typer.echo(hash_password(_asked(password_stdin)))


def _asked(from_stdin: bool) -> str:
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = str(
            typer.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
        )
    if len(password) < MIN_PASSWORD_CHARS:
        raise ConfigError(
            f"the password has {len(password)} characters; take {MIN_PASSWORD_CHARS} or more"
        )
    return password


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")  # line ends as they are


def _write(path: Path, text: str, *, by_hand: str) -> None:
    """Replace shop.toml in one step, and only by what can be read."""
    path = path.resolve()
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(text.encode("utf-8"))
        shutil.copymode(path, draft)
        read_settings(draft)
        os.replace(draft, path)
    except ConfigError as error:
        raise ConfigError(f"{path}: {by_hand}") from error
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be written ({error.strerror}); check the folder's permissions"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
