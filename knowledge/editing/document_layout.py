"""A document's text cut at its headings, as a policy or an FAQ file."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt

from knowledge.editing.document_text import showable
from knowledge.editing.errors import EditError
from knowledge.editing.fields import suggest_id

_MARKDOWN = MarkdownIt("commonmark")
_QUESTION = re.compile(r"[?？]\W*$")
_BOLD = re.compile(r"(\*\*|__)(?P<words>[^*_].{0,118}?)\1:?")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
MOST_PASSAGES = 2_000
_ROUNDS = 5
_LONGEST_TITLE = 200
_LONGEST_QUESTION = 120


@dataclass(frozen=True)
class LaidOut:
    """A knowledge file's text and the folder that it belongs into."""

    folder: Literal["faq", "policies"]
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Part:
    level: int
    title: str
    body: str


def lay_out(text: str, document: str, title: str, language: str) -> LaidOut:
    """Return the file for a document's text.

    Args:
        text: Markdown without HTML, images and bad links.
        document: The id of the policy.
        title: Stands above text that has no heading.
        language: The language code.

    Raises:
        EditError: It has more headings than a person would review.
    """
    notes = []
    parts = _cut(text, title)
    if len(parts) > MOST_PASSAGES:
        raise EditError(f"{title!r} has more than {MOST_PASSAGES:,} headings; divide the document")
    if len(parts) == 1 and parts[0].title == title and parts[0].level == 1:
        notes.append("no headings were found; cut the text into passages, each with its heading")
    if not any(part.body for part in parts):
        parts = [_Part(1, title, _body("\n\n".join(part.title for part in parts)))]
    with_text = [part for part in parts if part.body]
    questions = sum(1 for part in with_text if _QUESTION.search(part.title))
    if questions * 2 >= len(with_text) and questions:
        notes += _unanswered(parts)
        sections = _faq(parts)
        front = f"---\nlanguage: {language}\n---\n"
        return LaidOut("faq", front + sections, tuple(notes))
    front = f"---\nid: {document}\nlanguage: {language}\n---\n"
    return LaidOut("policies", front + _policy(parts, title), tuple(notes))


def _cut(text: str, title: str) -> list[_Part]:
    lines = text.split("\n")
    places = _headings(text) or _likely_headings(lines)
    starts = [start for start, *_ in places]
    before = "\n".join(lines[: starts[0]] if starts else lines)
    parts = [_Part(1, title, before)] if before.strip() else []
    stops = [*starts, len(lines)][1:]
    for (_, below, level, words), stop in zip(places, stops, strict=True):
        parts.append(_Part(level, _plain(words), "\n".join(lines[below:stop])))
    joined: list[_Part] = []
    for part in parts:
        if not part.title and joined:  # an empty heading: its text belongs to the one above
            joined[-1] = replace(joined[-1], body=f"{joined[-1].body}\n{part.body}")
        else:
            joined.append(replace(part, title=part.title or title))
    return [replace(part, body=_body(part.body)) for part in joined]


def _headings(text: str) -> list[tuple[int, int, int, str]]:
    """Return each heading's first line, the line below it, its level and its words."""
    tokens = _MARKDOWN.parse(text)
    return [
        (token.map[0], token.map[1], min(int(token.tag[1]), 3), tokens[number + 1].content)
        for number, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _likely_headings(lines: list[str]) -> list[tuple[int, int, int, str]]:
    """Return bold lines and questions that begin a paragraph: headings to those who wrote them."""
    found = []
    for number, line in enumerate(lines):
        words = line.strip()
        bold = _BOLD.fullmatch(words)
        asks = len(words) <= _LONGEST_QUESTION and _QUESTION.search(words)
        if (bold or asks) and not (number and lines[number - 1].strip()) and words[0] not in ">|-":
            found.append((number, number + 1, 2, bold["words"] if bold else words))
    return found


def _plain(words: str) -> str:
    """Return a heading's words without Markdown's marks and braces."""
    words = _LINK.sub(r"\1", " ".join(words.split()))
    words = re.sub(r"\*\*|__|`|\\(?=[^\w\s])", "", words).replace("{", "(").replace("}", ")")
    return words.strip("#* ")[:_LONGEST_TITLE].strip()


def _body(text: str) -> str:
    """Return a passage that holds no heading and doesn't begin with a quote or indentation."""
    lines = text.strip("\n").rstrip().split("\n")
    for number, line in enumerate(lines):
        if line.strip() and not line.lstrip().startswith(">"):
            break
        lines[number] = line.lstrip("> \t")
    body, before = "\n".join(lines).strip(), None
    # What was code in the document may be read anew without its indentation, and so on.
    for _ in range(_ROUNDS):
        if body == before:
            break
        before = body
        body = _without_headings(showable(body)[0].strip())
    return body


def _without_headings(body: str) -> str:
    lines = body.split("\n")
    for token in _MARKDOWN.parse(body):
        # An underlined heading starts no passage, and a backslash would not undo it.
        marked = token.type == "heading_open" and token.markup.startswith("#")
        if marked and token.level == 0 and token.map:
            lines[token.map[0]] = "\\" + lines[token.map[0]].lstrip()
    return "\n".join(lines)


def _unanswered(parts: list[_Part]) -> list[str]:
    titles = [part.title for part in parts if not part.body and _QUESTION.search(part.title)]
    return [f"{title!r} has no answer in the document; it is only a title now" for title in titles]


def _faq(parts: list[_Part]) -> str:
    taken: set[str] = set()
    pieces = []
    for part in parts:
        if part.body:
            name = suggest_id(part.title, taken)
            taken.add(name)
            pieces.append(f"\n## {part.title} {{#{name}}}\n\n{part.body}\n")
        else:
            pieces.append(f"\n# {part.title}\n")
    return "".join(pieces)


def _policy(parts: list[_Part], title: str) -> str:
    taken: set[str] = set()
    pieces = [] if parts[0].level == 1 else [f"# {title}\n\n"]
    for part in parts:
        mark = "#" * part.level
        if part.body:
            name = suggest_id(part.title, taken)
            taken.add(name)
            pieces.append(f"{mark} {part.title} {{#{name}}}\n{part.body}\n\n")
        else:
            pieces.append(f"{mark} {part.title}\n\n")
    return "".join(pieces).rstrip("\n") + "\n"
