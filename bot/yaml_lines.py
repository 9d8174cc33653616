"""YAML files read with the place of every key, for errors that name it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.errors import ConfigError


def read_yaml(path: Path) -> CommentedMap:
    """Return the file's top mapping.

    Raises:
        ConfigError: not readable, not YAML, or not a mapping.
    """
    try:
        loaded = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error}); save it as UTF-8 text") from error
    except MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise ConfigError(f"{place}: not valid YAML: {error.problem}; check the indent") from error
    except YAMLError as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from error
    if loaded is None:
        return CommentedMap()
    if not isinstance(loaded, CommentedMap):
        raise ConfigError(f"{path}:1:1: a mapping is expected at the top of the file")
    return loaded


def place(path: Path, node: Any, key: Any = None) -> str:
    """Return `path:line:column` of a node, or of one of its keys."""
    marks = getattr(node, "lc", None)
    if marks is None or marks.line is None:
        return f"{path}:1:1"
    data = marks.data or {}
    if key is not None and key in data:
        line, column = data[key][0], data[key][1]
    else:
        line, column = marks.line, marks.col
    return f"{path}:{line + 1}:{column + 1}"


def only_keys(path: Path, node: CommentedMap, allowed: Iterable[str], what: str) -> None:
    """Refuse keys that nothing would read.

    Raises:
        ConfigError: with the place of the first unknown key.
    """
    known = sorted(allowed)
    for key in node:
        if key not in known:
            raise ConfigError(
                f"{place(path, node, key)}: {what} has no key {key!r}; known are {', '.join(known)}"
            )


def mapping(path: Path, parent: CommentedMap, key: str) -> CommentedMap:
    """Return the mapping under a key, empty where the key is absent.

    Raises:
        ConfigError: something else than a mapping stands there.
    """
    value = parent.get(key)
    if value is None:
        return CommentedMap()
    if not isinstance(value, CommentedMap):
        raise ConfigError(f"{place(path, parent, key)}: {key!r} must be a mapping")
    return value


def items(path: Path, parent: CommentedMap, key: str) -> list[Any]:
    """Return the list under a key, empty where the key is absent.

    Raises:
        ConfigError: something else than a list stands there.
    """
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise ConfigError(f"{place(path, parent, key)}: {key!r} must be a list")
    return list(value)


def mappings(path: Path, parent: CommentedMap, key: str) -> list[CommentedMap]:
    """Return the list of mappings under a key, empty where the key is absent.

    Raises:
        ConfigError: something else stands there, or in the list.
    """
    found = items(path, parent, key)
    for i, item in enumerate(found):
        if not isinstance(item, CommentedMap):
            raise ConfigError(
                f"{place(path, parent[key], i)}: {key!r} must be a list of mappings, not {item!r}"
            )
    return found


def text(path: Path, parent: CommentedMap, key: str) -> str:
    """Return the text under a key.

    Raises:
        ConfigError: nothing, or something else than a text stands there.
    """
    value = parent.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{place(path, parent, key)}: {key!r} must be a text")
    return str(value)
