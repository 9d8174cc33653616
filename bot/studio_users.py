"""The `[[studio.users]]` blocks of shop.toml as text: the rest stays byte for byte."""

import json
import re
import tomllib
from typing import Any

from bot.settings import StudioUser
from bot.user_names import name_key

_HEADER = re.compile(r"\s*\[\[\s*studio\s*\.\s*users\s*\]\]\s*(#.*)?")


def with_user(text: str, user: StudioUser) -> str:
    """Return shop.toml's text with a block for the user at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    gap = newline if text.endswith("\n") else newline * 2
    return text + gap + user_block(user).replace("\n", newline)


def user_block(user: StudioUser) -> str:
    """Return the lines of shop.toml that let this user sign in."""
    name = json.dumps(user.name, ensure_ascii=False)  # TOML escapes quotes the same way
    return (
        f'[[studio.users]]\nname = {name}\nrole = "{user.role}"\n'
        f'password_hash = "{user.password_hash}"\n'
    )


def without_user(text: str, name: str) -> str | None:
    """Return shop.toml's text without the user's block.

    None where the user isn't written as a block, or where more than the user would go.
    """
    lines = text.split("\n")
    for start in (i for i, line in enumerate(lines) if _HEADER.fullmatch(line)):
        stop = next(
            (i for i in range(start + 1, len(lines)) if lines[i].lstrip().startswith("[")),
            len(lines),
        )
        if _named(lines[start:stop], name):
            last = max(i for i in range(start, stop) if _says_something(lines[i]))
            first = start - 1 if start and not lines[start - 1].strip() else start
            shorter = "\n".join([*lines[:first], *lines[last + 1 :]])
            return shorter if _differ_by(text, shorter, name) else None
    return None


def _named(block: list[str], name: str) -> bool:
    try:
        (user,) = tomllib.loads("\n".join(block))["studio"]["users"]
    except tomllib.TOMLDecodeError:
        return False
    return name_key(str(user.get("name", ""))) == name_key(name)


def _says_something(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _differ_by(text: str, shorter: str, name: str) -> bool:
    try:
        return _without(tomllib.loads(text), name) == _without(tomllib.loads(shorter), None)
    except tomllib.TOMLDecodeError:
        return False


def _without(values: dict[str, Any], name: str | None) -> dict[str, Any]:
    """The settings with the user, and what is empty then, left out."""
    studio = dict(values.get("studio", {}))
    studio["users"] = [
        user
        for user in studio.get("users", [])
        if name is None or name_key(str(user.get("name", ""))) != name_key(name)
    ]
    return {**values, "studio": {key: value for key, value in studio.items() if value != []}}
