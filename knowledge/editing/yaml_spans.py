"""Changes to single values of a YAML text, by the places that ruamel.yaml gives its nodes.

Dumping the whole document again would keep comments and order, but not every byte: indentation,
blank lines and line breaks within values would become the dumper's.
"""

import difflib
import re
from dataclasses import dataclass, field

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from knowledge.editing import yaml_scalars
from knowledge.editing.errors import EditError

_ORDER = (
    "id intent tags valid-from valid-until question phrasings tests answer translations".split()
)
_LINE_END = re.compile(r"\r\n|\n|\r|$")


def pairs(node: Node) -> dict[str, tuple[Node, Node]]:
    """Return a mapping's key and value nodes by key, in order."""
    if not isinstance(node, MappingNode):
        return {}
    return {str(key.value): (key, value) for key, value in node.value}


def told(node: Node | None) -> str:
    """Return a scalar's text as the readers take it, empty for anything else."""
    return str(node.value).strip() if isinstance(node, ScalarNode) else ""


def told_all(node: Node | None) -> tuple[str, ...]:
    """Return the texts of a list, or of one scalar."""
    items = node.value if isinstance(node, SequenceNode) else [node]
    return tuple(filter(None, (told(item) for item in items)))


@dataclass
class Spans:
    """A text and the changes to make in it, by offsets of the text as it stands."""

    text: str
    newline: str
    _changes: list[tuple[int, int, str]] = field(default_factory=list)

    def result(self) -> str:
        """Return the changed text."""
        pieces, position = [], 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self.text[position:start], new]
            position = end
        return "".join([*pieces, self.text[position:]])

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in the place of a part; parts must not overlap."""
        self._changes.append((start, end, new))

    def insert_lines(self, after: int, lines: list[str]) -> None:
        """Put whole lines below the line that holds the offset."""
        end = self._below(after)
        if end == len(self.text) and not self.text.endswith(("\n", "\r")):
            self.replace(end, end, self.newline + self.newline.join(lines))
        else:
            self.replace(end, end, "".join(line + self.newline for line in lines))

    def line_start(self, offset: int) -> int:
        """Return where the line with the offset starts."""
        before = self.text[:offset]
        return max(before.rfind("\n"), before.rfind("\r")) + 1

    def end(self, node: Node) -> int:
        """Return where a node's own text ends: before blank lines and comments."""
        start: int = node.start_mark.index
        end: int = node.end_mark.index
        if isinstance(node, ScalarNode):
            if start == end:  # an empty item: its marks are those of what follows
                return len(self.text[:start].rstrip())
            return start + len(self.text[start:end].rstrip()) if _blocked(node) else end
        if not isinstance(node, MappingNode | SequenceNode) or node.flow_style:
            return end
        last = node.value[-1]
        return self.value_place(*last)[1] if isinstance(node, MappingNode) else self.end(last)

    def value_place(self, key: Node, value: Node) -> tuple[int, int]:
        """Return where a pair's value starts and ends; directly behind the colon if empty."""
        if isinstance(value, ScalarNode) and value.start_mark.index == value.end_mark.index:
            colon = self.text.index(":", key.end_mark.index) + 1
            return colon, colon
        return value.start_mark.index, self.end(value)

    def set_text(self, mapping: MappingNode, key: str, value: str) -> None:
        """Change, add or (empty) remove a pair with one text; a text of several lines as `|`."""
        pair = pairs(mapping).get(key)
        if pair is None:
            if value:
                self.add(mapping, key, value)
        elif not value:
            self.remove(mapping, key)
        elif told(pair[1]) != value or not isinstance(pair[1], ScalarNode):
            self._rewrite(mapping, pair, value)

    def set_list(self, mapping: MappingNode, key: str, values: tuple[str, ...]) -> None:
        """Change, add or (empty) remove a pair with a list; comments between its items stay."""
        pair = pairs(mapping).get(key)
        if pair is None:
            if values:
                self.add(mapping, key, values)
        elif not values:
            self.remove(mapping, key)
        elif told_all(pair[1]) != values:
            node = pair[1]
            start, end = self.value_place(*pair)
            if isinstance(node, SequenceNode) and not node.flow_style:
                self._rewrite_list(node, values)
            elif re.search(r"[\r\n][^\r\n]*#|#[^\r\n]*[\r\n]", self.text[start:end]):
                line = node.start_mark.line + 1
                raise EditError(
                    f"the list {key} at line {line} holds comments; change it in the file"
                )
            else:
                gap = " " if self.text[start - 1] == ":" else ""
                self.replace(start, end, gap + yaml_scalars.flow_list(values))

    def add(self, mapping: MappingNode, key: str, value: str | tuple[str, ...]) -> None:
        """Add a pair where it belongs among the others."""
        before = [pair for name, pair in pairs(mapping).items() if _rank(name) < _rank(key)]
        before = before or [next(iter(pairs(mapping).values()))]
        end = self.value_place(*before[-1])[1]
        if mapping.flow_style:
            if isinstance(value, str):
                self.replace(end, end, f", {key}: {yaml_scalars.inline(value, flow=True)}")
            else:
                self.replace(end, end, f", {key}: {yaml_scalars.flow_list(value)}")
        else:
            column = mapping.start_mark.column
            self.insert_lines(end, pair_lines(key, value, column))

    def remove(self, mapping: MappingNode, key: str) -> None:
        """Remove a pair; comment lines in a list that goes with it stay."""
        found = pairs(mapping)
        names = list(found)
        place = names.index(key)
        start, end = found[key][0].start_mark.index, self.value_place(*found[key])[1]
        first = place == 0 and len(names) > 1
        if first and (mapping.flow_style or self.text[self.line_start(start) : start].strip()):
            self.replace(start, found[names[1]][0].start_mark.index, "")
        elif mapping.flow_style:
            self.replace(self.value_place(*found[names[place - 1]])[1], end, "")
        else:
            kept = ""
            if isinstance(found[key][1], SequenceNode):
                lines = re.findall(r"[^\r\n]*(?:\r\n|\n|\r)", self.text[start:end])
                kept = "".join(line for line in lines if line.lstrip().startswith("#"))
            self.replace(self.line_start(start), self._below(end), kept)

    def _below(self, offset: int) -> int:
        match = _LINE_END.search(self.text, offset)
        return match.end() if match else len(self.text)

    def _rewrite(self, mapping: MappingNode, pair: tuple[Node, Node], value: str) -> None:
        node = pair[1]
        start, end = self.value_place(*pair)
        gap = " " if self.text[start - 1] == ":" else ""
        if _blocked(node):
            lines = self.text[start:end].splitlines()
            header = re.sub(r"^[|>][0-9]*([-+]?)[0-9]*", r"|\1", lines[0])
            filled = [line for line in lines[1:] if line.strip()]
            margin = mapping.start_mark.column + 2
            indent = len(filled[0]) - len(filled[0].lstrip(" ")) if filled else margin
            self.replace(
                start, end, self.newline.join([header, *yaml_scalars.block(value, indent)])
            )
        elif "\n" in value and not mapping.flow_style:
            self.replace(start, end, f"{gap}|")
            self.insert_lines(end, yaml_scalars.block(value, mapping.start_mark.column + 2))
        else:
            style = node.style if isinstance(node, ScalarNode) else None
            flow = bool(mapping.flow_style)
            self.replace(start, end, gap + yaml_scalars.inline(value, flow=flow, style=style))

    def _rewrite_list(self, node: SequenceNode, values: tuple[str, ...]) -> None:
        """Keep the lines of items that stay and all comments; write the others anew."""
        items = [item for item in node.value if told(item)]
        begin = self.line_start(node.start_mark.index)
        raw, comments, position = [], [], begin
        for item in items:
            start, end = self.line_start(item.start_mark.index), self._below(self.end(item))
            between = self.text[position:start].splitlines(keepends=True)
            comments.append("".join(x for x in between if not x.strip() or x.strip()[0] == "#"))
            raw.append(self.text[start:end])
            position = end
        if raw and not raw[-1].endswith(("\n", "\r")):
            raw[-1] += self.newline
        dash = " " * node.start_mark.column + "- "
        written: list[str] = []
        matcher = difflib.SequenceMatcher(None, [told(item) for item in items], values, False)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            for index in range(i1, i2):
                written += [comments[index], raw[index] if kind == "equal" else ""]
            if kind in ("insert", "replace"):
                new = (yaml_scalars.inline(value, flow=False) for value in values[j1:j2])
                written += [dash + value + self.newline for value in new]
        text = "".join(written)
        self.replace(begin, position, text if self.text[position - 1] in "\r\n" else text.rstrip())


def pair_lines(key: str, value: str | tuple[str, ...], column: int) -> list[str]:
    """Return the lines of one pair of a block mapping at a column; answers as `|` blocks."""
    margin = " " * column
    if isinstance(value, tuple):
        if key == "tags":
            return [f"{margin}{key}: {yaml_scalars.flow_list(value)}"]
        items = [f"{margin}  - {yaml_scalars.inline(item, flow=False)}" for item in value]
        return [f"{margin}{key}:", *items]
    if key == "answer" or "\n" in value:
        return [f"{margin}{key}: |", *yaml_scalars.block(value, column + 2)]
    return [f"{margin}{key}: {yaml_scalars.inline(value, flow=False)}"]


def _rank(key: str) -> int:
    return _ORDER.index(key) if key in _ORDER else len(_ORDER)


def _blocked(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.style in ("|", ">")
