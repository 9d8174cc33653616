"""YAML nodes into places and plain values; errors gathered, so that a file tells all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml.comments import CommentedMap

from bot.conversation_tests.format import Spot
from bot.errors import ConfigError
from bot.yaml_lines import place


@dataclass(frozen=True)
class Problems:
    """What is wrong with a file so far."""

    found: list[str] = field(default_factory=list)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep an error for later, and go on behind the block."""
        try:
            yield
        except ConfigError as error:
            self.found.append(str(error))

    def refuse(self) -> None:
        """Raise all that was found as one ConfigError, if anything was."""
        if self.found:
            raise ConfigError("\n".join(self.found))


def spot(path: Path, node: Any, key: Any = None) -> Spot:
    """Return the place of a node, or of one of its keys."""
    file, line, column = place(path, node, key).rsplit(":", 2)
    return Spot(Path(file), int(line), int(column))


def a_name(path: Path, parent: Any, key: Any) -> str:
    """Return the text under a key (or at a place of a list) that names something.

    Raises:
        ConfigError: nothing, or something else than a text stands there.
    """
    value = parent[key]
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{place(path, parent, key)}: {_shown(key)} needs a name, not {value!r}")
    return str(value)


def a_text(path: Path, parent: CommentedMap, key: str) -> str:
    """Return the text under a key, which may be empty.

    Raises:
        ConfigError: something else than a text stands there.
    """
    value = parent[key]
    if not isinstance(value, str):
        hint = " (put it in quotes)" if isinstance(value, bool | int | float) else ""
        raise ConfigError(f"{place(path, parent, key)}: {key!r} must be a text{hint}")
    return str(value)


def plain(path: Path, parent: Any, key: Any) -> Any:
    """Return the value at a key as JSON has it, without YAML's notes.

    Raises:
        ConfigError: a date stands there, which YAML makes of unquoted digits.
    """
    value = parent[key]
    if isinstance(value, dict):
        return {str(k): plain(path, value, k) for k in value}
    if isinstance(value, list):
        return [plain(path, value, i) for i in range(len(value))]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    raise ConfigError(
        f"{place(path, parent, key)}: {value} is read as a {type(value).__name__}; "
        "put it in quotes to make it a text"
    )


def single(path: Path, parent: Any, key: Any, what: str) -> tuple[str, CommentedMap]:
    """Return the one key of a mapping with one key, and the mapping.

    Raises:
        ConfigError: it is no mapping, or has another number of keys.
    """
    node = parent[key]
    if not isinstance(node, CommentedMap) or len(node) != 1:
        raise ConfigError(f"{place(path, parent, key)}: {what} is one name with a colon after it")
    name = next(iter(node))
    if not isinstance(name, str):
        raise ConfigError(f"{place(path, node, name)}: {what} needs a text as its name")
    return str(name), node


def _shown(key: Any) -> str:
    return repr(key) if isinstance(key, str) else "this entry"
