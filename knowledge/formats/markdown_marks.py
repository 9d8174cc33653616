"""What an answer's Markdown holds besides text: links, images and HTML, each with its place."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, html_inline, image, link
from markdown_it.token import Token

_Rule = Callable[[StateInline, bool], bool]

# Without one of these there is no HTML, image, link, autolink or link definition.
_SIGNS = ("<", "](", "]:")
# What people mean as a link although Markdown takes it for text: a target with spaces.
_LINKLIKE = re.compile(r"\[([^\[\]\n]*)\]\(([^()\n]*)\)")


@dataclass(frozen=True)
class Mark:
    """A link, image or piece of HTML, by offsets into the answer.

    `target` is where a link leads, as a browser would take it; `target_start` and `target_end`
    enclose it in the text; where it is not written there literally, they are the link's start
    and 0. `words_end` is where an inline link's words end. A definition is
    `[name]: target`; a broken link is one that shoppers would see as brackets.
    """

    kind: Literal["link", "autolink", "definition", "broken", "image", "html"]
    start: int
    end: int
    target: str = ""
    target_start: int = 0
    target_end: int = 0
    words_end: int = 0


def find_marks(answer: str) -> tuple[Mark, ...]:
    """Return the marks of an answer in the order of its text.

    Raises:
        RecursionError, ValueError, IndexError: The Markdown is nested beyond reason.
    """
    if not any(sign in answer for sign in _SIGNS):
        return ()
    env: dict[str, object] = {}
    tokens = _MARKDOWN.parse(answer, env)
    lines = answer.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    definitions = list(_definitions(env, lines, starts))
    found = list(definitions)
    defined = {mark.target for mark in definitions}
    for token in tokens:
        first = token.map[0] if token.map else 0
        if token.type == "html_block":
            start = starts[first] + max(lines[first].find("<"), 0)
            found.append(Mark("html", start, start + len(token.content)))
        elif token.type == "inline":
            marks = _inline_marks(token.content, env.get("references"))
            if marks:
                offsets = _line_offsets(token.content, lines[first:], starts[first:])
                moved = (_moved(mark, token.content, offsets) for mark in marks)
                # What a definition says is told once, at the definition.
                found += (m for m in moved if m.target_end or m.target not in defined)
    return tuple(sorted(found, key=lambda mark: (mark.start, mark.end)))


def _definitions(env: dict[str, object], lines: list[str], starts: list[int]) -> Iterator[Mark]:
    references, repeated = env.get("references"), env.get("duplicate_refs")
    stated = [*references.values()] if isinstance(references, dict) else []
    stated += repeated if isinstance(repeated, list) else []
    for one in stated:
        first, stop = one["map"]
        text, target = "\n".join(lines[first:stop]), one["href"]
        at = text.find(target, text.find("]:") + 2)
        start = starts[first] + max(lines[first].find("["), 0)
        at = starts[first] + at if at >= 0 else start
        yield Mark("definition", start, starts[stop] - 1, target, at, at + len(target))


def _inline_marks(content: str, references: object) -> list[Mark]:
    """Return marks by offsets into `content`; a target that is not literally there ends at 0."""
    if not any(sign in content for sign in ("<", "[")):
        return []
    marks: list[Mark] = []
    _MARKDOWN.inline.parse(content, _MARKDOWN, {"references": references or {}, "marks": marks}, [])
    return marks


def _line_offsets(content: str, lines: list[str], starts: list[int]) -> list[tuple[int, int]]:
    """Return where each line of a block's content begins: in the content and in the answer.

    A line of content is the end of the answer's line: without the list's or quote's indentation.
    """
    offsets, begin = [], 0
    for part, line, start in zip(content.split("\n"), lines, starts, strict=False):
        at = line.rfind(part.strip()) - (len(part) - len(part.lstrip()))
        offsets.append((begin, start + at))
        begin += len(part) + 1
    return offsets


def _moved(mark: Mark, content: str, offsets: list[tuple[int, int]]) -> Mark:
    def place(position: int) -> int:
        begin, start = offsets[bisect_right(offsets, position, key=itemgetter(0)) - 1]
        return start + position - begin

    start, end = place(mark.start), place(mark.end)
    words_end = place(mark.words_end) if mark.words_end else 0
    target = (place(mark.target_start), place(mark.target_end)) if mark.target_end else (start, 0)
    return replace(
        mark,
        start=start,
        end=end,
        target_start=target[0],
        target_end=target[1],
        words_end=words_end,
    )


def _recorded_link(state: StateInline, silent: bool) -> bool:
    start, before, src = state.pos, len(state.tokens), state.src
    if silent or src[start] != "[":
        return link(state, silent)
    words_end = state.md.helpers.parseLinkLabel(state, start, True)
    marks: list[Mark] = state.env["marks"]
    if not link(state, silent):
        if like := _LINKLIKE.match(src, start):
            marks.append(Mark("broken", *like.span(), like[2], *like.span(2), like.end(1)))
        return False
    target = str(_opened(state.tokens[before:]).attrs["href"])
    at = src.rfind(target, words_end, state.pos)
    if not target and src.startswith("(", words_end + 1):
        at = words_end + 2
    place = (at, at + len(target)) if at >= 0 else (start, 0)
    marks.append(Mark("link", start, state.pos, target, *place, words_end))
    return True


def _recorded_autolink(state: StateInline, silent: bool) -> bool:
    start, before = state.pos, len(state.tokens)
    found = autolink(state, silent)
    if found and not silent:
        target = str(_opened(state.tokens[before:]).attrs["href"])
        place = (start + 1, state.pos - 1, start + 1)
        state.env["marks"].append(Mark("autolink", start, state.pos, target, *place))
    return found


def _recorded_image(state: StateInline, silent: bool) -> bool:
    start, marks = state.pos, state.env["marks"]
    before = len(marks)
    found = image(state, silent)
    if found and not silent:
        del marks[before:]  # of the picture's caption, with offsets of its own
        marks.append(Mark("image", start, state.pos))
    return found


def _recorded_html(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = html_inline(state, silent)
    if found and not silent:
        state.env["marks"].append(Mark("html", start, state.pos))
    return found


def _opened(tokens: list[Token]) -> Token:
    return next(token for token in tokens if token.type == "link_open")


class _EveryLink(MarkdownIt):
    """Markdown that takes any target for a link, as written: bad ones are to be named."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url


def _markdown() -> MarkdownIt:
    markdown = _EveryLink("commonmark").disable(["inline", "text_join"])
    rules: dict[str, _Rule] = {
        "link": _recorded_link,
        "image": _recorded_image,
        "autolink": _recorded_autolink,
        "html_inline": _recorded_html,
    }
    for name, rule in rules.items():
        markdown.inline.ruler.at(name, rule)
    return markdown


_MARKDOWN = _markdown()
