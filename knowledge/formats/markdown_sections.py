"""A Markdown file as front matter and headed sections, with lines; both Markdown readers use it."""

import re
from bisect import bisect_right
from collections.abc import Mapping as Values
from dataclasses import dataclass, field
from datetime import date

from markdown_it import MarkdownIt

from knowledge.formats import reading
from knowledge.formats.answer_text import AnswerText
from knowledge.formats.reading import Problems, Text, unknown_key
from knowledge.formats.yaml_nodes import Mapping, mapping, parse

ATTRIBUTES = frozenset({"intent", "tags", "valid-from", "valid-until"})
# Headings are all that is asked of a whole file; what stands in its lines is no matter here.
_MARKDOWN = MarkdownIt("commonmark").disable(["inline", "text_join"])
_HEADING = re.compile(r"(#{1,6})(?:[ \t]|$)")
# In code and HTML a line with # is no heading, and an indented one is only at times: only then is
# the file read as Markdown, which takes three times as long as all else.
_HIDES_HEADINGS = re.compile(r"```|~~~|<|^[ \t]+#", re.MULTILINE)
_BRACES = re.compile(r"\{([^{}]*)\}\s*$")
_ATTRIBUTE = re.compile(r'#(?P<id>[^\s"]+)|(?P<key>[^\s="]+)=(?:"(?P<q>[^"]*)"|(?P<v>[^\s"]*))|\S+')


@dataclass(frozen=True)
class Attributes:
    """What `{#id intent=NAME tags=a,b valid-from=…}` behind a heading says.

    `places` holds each as typed, by its name (`id`, `valid-from`), with its line and column.
    """

    id: str | None = None
    intent: str | None = None
    tags: frozenset[str] = frozenset()
    valid_from: date | None = None
    valid_until: date | None = None
    places: Values[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    """A heading and the lines below it up to the next one; `title_column` is 1-based."""

    level: int
    title: str
    attributes: Attributes
    line: int
    title_column: int
    lines: tuple[str, ...]

    @property
    def id_place(self) -> tuple[int, int]:
        """Line and column of the id, or of the title where none is written."""
        stated = self.attributes.places.get("id")
        return (self.line, self.title_column) if stated is None else (stated.line, stated.column)

    def text_from(self, index: int) -> Text:
        """Return the text from `lines[index]` on, without blank lines around it."""
        while index < len(self.lines) and not self.lines[index].strip():
            index += 1
        return Text("\n".join(self.lines[index:]).rstrip(), self.line + 1 + index, 1)


def answer_text(text: Text) -> AnswerText:
    """Return a section's text with the place of every character: it stands in the file as it is."""
    starts = [0, *(found.end() for found in re.finditer("\n", text.value))]

    def place(offset: int) -> tuple[int, int]:
        number = bisect_right(starts, offset) - 1
        return text.line + number, offset - starts[number] + 1

    return AnswerText(text.value, place)


def asked(line: str) -> str | None:
    """Return the question of a line `> ? question`, None of any other line."""
    quoted = line.strip().lstrip("> \t")
    if line.lstrip().startswith(">") and quoted.startswith(("?", "？")):
        return quoted[1:].strip()
    return None


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
    try:
        headings = find_headings("\n".join(lines))
    except (RecursionError, ValueError, IndexError) as error:
        problems.add(1, 1, f"not readable as Markdown ({error}); simplify its nesting")
        return ()
    starts = [start for start, _ in headings]
    before = "\n".join(lines[: starts[0]] if starts else lines)
    if before.strip():
        line = next(i for i, text in enumerate(lines, 1) if text.strip())
        problems.add(line, 1, "text before the first heading; put a heading above it")
    found = []
    stops = [*starts, len(lines)][1:]
    for (start, level), stop in zip(headings, stops, strict=True):
        raw, body = lines[start], tuple(lines[start + 1 : stop])
        title, attributes = _heading(raw, start + 1, problems)
        column = len(raw) - len(raw.lstrip().lstrip("#").lstrip()) + 1
        found.append(Section(level, title, attributes, start + 1, column, body))
    return tuple(found)


def find_headings(text: str) -> list[tuple[int, int]]:
    """Return the line, from 0, and level of each heading that begins with # outside of all else."""
    if not _HIDES_HEADINGS.search(text):
        lines = enumerate(text.split("\n"))
        return [
            (number, len(found[1])) for number, line in lines if (found := _HEADING.match(line))
        ]
    return [
        (token.map[0], int(token.tag[1]))
        for token in _MARKDOWN.parse(text)
        if token.type == "heading_open" and token.level == 0 and token.markup.startswith("#")
        if token.map
    ]


def _heading(raw: str, line: int, problems: Problems) -> tuple[str, Attributes]:
    braces = _BRACES.search(raw)
    title = (raw[: braces.start()] if braces else raw).strip().lstrip("#").strip()
    if braces is None:
        return title.rstrip("#").strip(), Attributes()
    values: dict[str, str | frozenset[str] | date | None] = {}
    places: dict[str, Text] = {}
    for match in _ATTRIBUTE.finditer(braces[1]):
        column = braces.start(1) + match.start() + 1
        key = "id" if match["id"] else match["key"]
        value = Text(match["id"] or match["q"] or match["v"] or "", line, column)
        if key is None or (key != "id" and key not in ATTRIBUTES):
            whole = Text(key or match[0], line, column)
            unknown_key(whole, {"#id"} | {f"{name}=" for name in ATTRIBUTES}, problems)
            continue
        if key in values:
            problems.add(line, column, f"{key} stands here twice; remove one")
            continue
        places[key] = value
        if not value.value:
            problems.add(line, column, f"{key} has no value; write it behind the = or remove {key}")
        elif key == "tags":
            values[key] = frozenset(filter(None, (tag.strip() for tag in value.value.split(","))))
        elif key in ("valid-from", "valid-until"):
            values[key] = reading.day(value, problems)
        else:
            values[key] = reading.identifier(value, problems)
    named = {key.replace("-", "_"): value for key, value in values.items()}
    return title, Attributes(**named, places=places)  # type: ignore[arg-type]
