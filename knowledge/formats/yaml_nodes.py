"""YAML as text with places: no types are guessed, so an id of `007` or `yes` stays what it says."""

from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from knowledge.formats.reading import Problems, Text, unknown_key

# ruamel reports most mistakes as YAMLError; escapes such as "\UFFFFFFFF", absurd nesting and odd
# directives surface as these.
_YAML_FAILURES = (
    YAMLError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Mapping:
    """A YAML mapping: its place and its values by key."""

    line: int
    column: int
    values: dict[str, Node]
    first_line: int
    problems: Problems

    def text(self, key: str) -> Text | None:
        """Return a scalar value, or None where the key is absent, empty or (noted) no text."""
        node = self.values.get(key)
        if node is None:
            return None
        return scalar(node, self.first_line, self.problems, key)

    def texts(self, key: str) -> tuple[Text, ...]:
        """Return a list of scalars; one scalar alone counts as a list of one."""
        node = self.values.get(key)
        items = node.value if isinstance(node, SequenceNode) else [node] if node else []
        found = (scalar(item, self.first_line, self.problems, key) for item in items)
        return tuple(text for text in found if text is not None)


def parse(text: str, problems: Problems, first_line: int = 1) -> Node | None:
    """Return the document's root node, or note the mistake in it.

    Args:
        text: The YAML text.
        problems: Where a mistake is noted.
        first_line: The line of the file on which `text` starts (front matter starts on 2).
    """
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except _YAML_FAILURES as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        line, column = (mark.line, mark.column + 1) if mark else (0, 1)
        what = getattr(error, "problem", None) or str(error).split("\n")[0] or "bad YAML"
        problems.add(
            first_line + line, column, f"not valid YAML ({what}); mend the indentation or quote it"
        )
        return None
    return node


def mapping(
    node: Node | None, known: frozenset[str], problems: Problems, first_line: int = 1
) -> Mapping | None:
    """Return a mapping's values, noting unknown and repeated keys; None if it is no mapping."""
    if not isinstance(node, MappingNode):
        line, column = _place(node, first_line)
        problems.add(line, column, f"not a mapping; write keys such as {', '.join(sorted(known))}")
        return None
    values: dict[str, Node] = {}
    for key_node, value in node.value:
        key = scalar(key_node, first_line, problems, "a key")
        if key is None:
            continue
        if key.value not in known:
            unknown_key(key, known, problems)
        elif key.value in values:
            problems.add(key.line, key.column, f"{key.value!r} stands here twice; remove one")
        else:
            values[key.value] = value
    return Mapping(*_place(node, first_line), values, first_line, problems)


def sequence(node: Node | None, problems: Problems, what: str) -> tuple[Node, ...]:
    """Return a list's items, or note that `what` is not a list."""
    if isinstance(node, SequenceNode):
        return tuple(node.value)
    line, column = _place(node, 1)
    problems.add(line, column, f"{what} is not a list; start each item with '- '")
    return ()


def scalar(node: Node, first_line: int, problems: Problems, what: str) -> Text | None:
    """Return a scalar's text with its place, None if empty; note it if it is no scalar."""
    line, column = _place(node, first_line)
    if not isinstance(node, ScalarNode):
        problems.add(line, column, f"{what} is not text; write one value, in quotes if need be")
        return None
    value = str(node.value).strip()
    return Text(value, line, column) if value else None


def _place(node: Node | None, first_line: int) -> tuple[int, int]:
    if node is None:
        return first_line, 1
    return first_line + node.start_mark.line, node.start_mark.column + 1
