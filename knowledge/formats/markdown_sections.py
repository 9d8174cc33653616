"""A Markdown file as front matter and headed sections, with lines; both Markdown readers use it."""

import re
from dataclasses import dataclass
from datetime import date

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.formats import reading
from knowledge.formats.reading import Problems, Text, unknown_key
from knowledge.formats.yaml_nodes import Mapping, mapping, parse

ATTRIBUTES = frozenset({"intent", "tags", "valid-from", "valid-until"})
_MARKDOWN = MarkdownIt("commonmark")
_BRACES = re.compile(r"\{([^{}]*)\}\s*$")
_ATTRIBUTE = re.compile(r'#(?P<id>[^\s"]+)|(?P<key>[^\s="]+)=(?:"(?P<q>[^"]*)"|(?P<v>[^\s"]*))|\S+')


@dataclass(frozen=True)
class Attributes:
    """What `{#id intent=NAME tags=a,b valid-from=…}` behind a heading says."""

    id: str | None = None
    intent: str | None = None
    tags: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it up to the next one; `first_line` is that of `lines[0]`."""

    level: int
    title: str
    attributes: Attributes
    line: int
    lines: tuple[str, ...]

    @property
    def body(self) -> str:
        """The text below the heading, without blank lines around it."""
        return "\n".join(self.lines).strip()


@dataclass(frozen=True)
class Document:
    """A Markdown file's front matter and its sections in order."""

    front: Mapping
    sections: tuple[Section, ...]


def split(text: str, front_keys: frozenset[str], problems: Problems) -> Document | None:
    """Return the document, or None (noted) where it has no usable front matter."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        problems.add(1, 1, "no front matter; start the file with ---, language: en, ---")
        return None
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        problems.add(1, 1, "front matter has no end; put --- on a line of its own below it")
        return None
    root = parse("\n".join(lines[1:end]), problems, first_line=2)
    if root is None and problems.found:
        return None
    front = mapping(root, front_keys, problems, first_line=2)
    if front is None:
        return None
    # Blank lines in place of the front matter keep the line numbers true.
    body = [""] * (end + 1) + lines[end + 1 :]
    return Document(front, _sections(body, problems))


def _sections(lines: list[str], problems: Problems) -> tuple[Section, ...]:
    # markdown-it rather than a search for '#': a '#' in a code block is no heading.
    try:
        tokens = _MARKDOWN.parse("\n".join(lines))
    except (RecursionError, ValueError, IndexError) as error:
        problems.add(1, 1, f"not readable as Markdown ({error}); simplify its nesting")
        return ()
    headings = [
        token
        for token in tokens
        if token.type == "heading_open" and token.level == 0 and token.markup.startswith("#")
    ]
    starts = [_line(token) for token in headings]
    before = "\n".join(lines[: starts[0]] if starts else lines)
    if before.strip():
        line = next(i for i, text in enumerate(lines, 1) if text.strip())
        problems.add(line, 1, "text before the first heading; put a heading above it")
    found = []
    stops = [*starts, len(lines)][1:]
    for token, start, stop in zip(headings, starts, stops, strict=True):
        title, attributes = _heading(lines[start], start + 1, problems)
        body = tuple(lines[start + 1 : stop])
        found.append(Section(int(token.tag[1]), title, attributes, start + 1, body))
    return tuple(found)


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _heading(raw: str, line: int, problems: Problems) -> tuple[str, Attributes]:
    braces = _BRACES.search(raw)
    title = (raw[: braces.start()] if braces else raw).strip().lstrip("#").strip()
    if braces is None:
        return title.rstrip("#").strip(), Attributes()
    values: dict[str, str | frozenset[str] | date | None] = {}
    for match in _ATTRIBUTE.finditer(braces[1]):
        column = braces.start(1) + match.start() + 1
        key = "id" if match["id"] else match["key"]
        value = Text(match["id"] or match["q"] or match["v"] or "", line, column)
        if key is None or (key != "id" and key not in ATTRIBUTES):
            whole = Text(key or match[0], line, column)
            unknown_key(whole, {"#id"} | {f"{name}=" for name in ATTRIBUTES}, problems)
        elif key in values:
            problems.add(line, column, f"{key} stands here twice; remove one")
        elif key == "tags":
            values[key] = frozenset(filter(None, (tag.strip() for tag in value.value.split(","))))
        elif key in ("valid-from", "valid-until"):
            values[key] = reading.day(value, problems)
        else:
            values[key] = reading.identifier(value, problems)
    named = {key.replace("-", "_"): value for key, value in values.items()}
    return title, Attributes(**named)  # type: ignore[arg-type]
