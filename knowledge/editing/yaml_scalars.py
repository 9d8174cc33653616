"""Text as YAML writes it: plain where that is safe, else in quotes, or as a `|` block."""

import json
import re

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode

_TEXT = "tag:yaml.org,2002:str"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = re.compile(r"[^\W\d_][\w-]*( [\w-]+)*")
# What YAML readers other than ours take for true, false or nothing.
_TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def inline(value: str, *, flow: bool, style: str | None = None) -> str:
    """Return the value for one line.

    Args:
        value: The text; line ends in it become escapes.
        flow: Whether it stands within `[ ]` or `{ }`.
        style: The quotes to keep where they can hold the value: `'`, `"` or None for plain.
    """
    if style == "'" and "\n" not in value:
        return "'" + value.replace("'", "''") + "'"
    if style != '"' and _plain(value, flow):
        return value
    return json.dumps(value, ensure_ascii=False)


def flow_list(values: tuple[str, ...]) -> str:
    """Return the values as `[a, b]`."""
    return f"[{', '.join(inline(value, flow=True) for value in values)}]"


def block(value: str, indent: int) -> list[str]:
    """Return the lines of a `|` block below its key; blank lines stay bare."""
    return [" " * indent + line if line else "" for line in value.split("\n")]


def _plain(value: str, flow: bool) -> bool:
    """Whether the value needs no quotes; asked of the reader itself in the doubtful cases."""
    if value.lower() in _TAKEN or not value or "\n" in value:
        return False
    if _WORDS.fullmatch(value) or _DATE.fullmatch(value):
        return True
    text = f"k: [{value}]" if flow else f"k: {value}"
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError, LookupError, AttributeError):
        return False
    if not isinstance(root, MappingNode) or len(root.value) != 1:
        return False
    node = root.value[0][1]
    if flow:
        if isinstance(node, ScalarNode) or len(node.value) != 1:
            return False
        node = node.value[0]
    unstyled = isinstance(node, ScalarNode) and node.style is None and node.anchor is None
    return unstyled and node.tag == _TEXT and node.value == value
