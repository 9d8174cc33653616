"""YAML as text with places: no types are guessed, so an id of `007` or `yes` stays what it says."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from knowledge.formats.reading import Problems, Text, showable, unknown_key

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


# YAML counts these as line ends, editors and this package don't; as spaces they do no harm.
_OTHER_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor or tag in front of a value
# What each character of a value is written as, by the value's quotes; blanks are no matter.
_WRITTEN = {
    "'": re.compile(r"''|\S"),
    '"': re.compile(r"\\x..|\\u.{4}|\\U.{8}|\\.|\S", re.DOTALL),
}
_PLAIN = re.compile(r"\S")
# The parser's words for the mistakes that people make most, and what they mean.
_PLAIN_WORDS = {
    "expected <block end>": "the indentation differs from the lines above; begin in their column",
    "mapping values are not allowed": "a ': ' within a text; put the text in quotes",
    "found character '\\t'": "a tab; indent with spaces",
    "found undefined alias": "a text that begins with *; put it in quotes",
    "found unexpected end of stream": "a quote that is never closed; close it",
    "could not find expected ':'": "a line without ': '; write 'key: value', or indent it",
}
# Of these the parser names the place where it gave up; the mistake is where it began to read.
_EARLIER = ("found unexpected end of stream", "could not find expected ':'")


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
        plain = _OTHER_LINE_ENDS.sub(" ", text)
        node: Node | None = YAML(typ="safe", pure=True).compose(plain)
    except ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n"), len(before) - before.rfind("\n")
        what = f"a control character (number {error.character}) that can't be shown; delete it"
        problems.add(first_line + line, column, what)
        return None
    except _YAML_FAILURES as error:
        line, column, what = _mistake(error)
        problems.add(first_line + line, column, f"not valid YAML{what}")
        return None
    return node


def _mistake(error: Exception) -> tuple[int, int, str]:
    """Return the line from 0 and column from 1 of a mistake, and what it is with its remedy."""
    told = (getattr(error, "problem", None) or "") if isinstance(error, YAMLError) else ""
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    if isinstance(error, MarkedYAMLError) and any(part in told for part in _EARLIER):
        mark = error.context_mark or mark
    line, column = (mark.line, mark.column + 1) if mark else (0, 1)
    for part, words in _PLAIN_WORDS.items():
        if part in told:
            return line, column, f": {words}"
    return line, column, f"{f' ({told})' if told else ''}; mend the indentation or quote it"


def mapping(
    node: Node | None, known: frozenset[str], problems: Problems, first_line: int = 1
) -> Mapping | None:
    """Return a mapping's values, noting unknown and repeated keys; None if it is no mapping."""
    if not isinstance(node, MappingNode):
        line, column = _place(node, first_line)
        problems.add(
            line, column, f"no 'key: value' lines; the keys are {', '.join(sorted(known))}"
        )
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
    return showable(Text(value, line, column), problems) if value else None


def places_in(node: ScalarNode, value: str) -> Callable[[int], tuple[int, int]]:
    """Return what tells the line and column of the file where `value[offset]` is written.

    The text of the value differs from the file's in blanks (indentation, folded lines) and in
    what quotes need; so the characters that are no blanks are counted off.
    """

    @cache  # most answers are never asked, those with many links again and again
    def counted() -> tuple[list[int], list[int], list[int]]:
        """Offsets of what is no blank: in the value, in the file; and where its lines start."""
        text, end = node.start_mark.buffer, node.end_mark.pointer
        start = _value_start(node)
        ours = [offset for offset, character in enumerate(value) if not character.isspace()]
        found = _WRITTEN.get(node.style, _PLAIN).finditer(text, start, end)
        escapes = node.style == '"'
        theirs = [m.start() for m in found if not (escapes and _blank_escape(m[0]))]
        line_starts = [text.rfind("\n", 0, start) + 1]
        line_starts += [m.end() for m in re.compile("\n").finditer(text, start, end)]
        return ours, theirs or [start], line_starts

    def place(offset: int) -> tuple[int, int]:
        ours, theirs, line_starts = counted()
        at = theirs[min(bisect_left(ours, offset), len(theirs) - 1)]
        number = bisect_right(line_starts, at) - 1
        first = node.start_mark.line + (node.style in ("|", ">"))
        return first + number + 1, at - line_starts[number] + 1

    return place


def _value_start(node: ScalarNode) -> int:
    """Return where a scalar's characters start: behind its tag, its quote, or its `|`."""
    text, start, end = node.start_mark.buffer, node.start_mark.pointer, node.end_mark.pointer
    properties = _PROPERTIES.match(text, start, end)
    at: int = properties.end() if properties else start
    if node.style in ("|", ">"):
        at = text.find("\n", at)
        return at + 1
    return at + 1 if node.style in _WRITTEN else at


def _blank_escape(written: str) -> bool:
    if written[0] != "\\":
        return False
    if written[1] in "xuU":
        return chr(int(written[2:], 16)).isspace()
    return written[1] in " \t\ntnvfrNLP_"


def _place(node: Node | None, first_line: int) -> tuple[int, int]:
    if node is None:
        return first_line, 1
    return first_line + node.start_mark.line, node.start_mark.column + 1
