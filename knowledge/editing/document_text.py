"""Markdown of a converted document without what answers can't show: HTML, images, bad links."""

import re
import unicodedata

from knowledge.formats.links import PRODUCT, link_fault
from knowledge.formats.markdown_marks import Mark, find_marks

_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_CAPTION = re.compile(r"!\[([^\[\]]*)\]")
# Each round takes away one level of nesting; deeper ones are escaped.
_ROUNDS = 6


def showable(markdown: str) -> tuple[str, tuple[str, ...]]:
    """Return the text as an answer may hold it, and notes on what was taken out.

    Raises:
        RecursionError, ValueError, IndexError: The Markdown is nested beyond reason.
    """
    text = _tidy(markdown)
    counts = {"image": 0, "html": 0, "link": 0}
    for _ in range(_ROUNDS):
        faulty = [mark for mark in find_marks(text) if _at_fault(mark)]
        if not faulty:
            break
        limit = len(text)
        for mark in reversed(faulty):
            if mark.end > limit:
                continue  # it holds one that was just replaced: the next round's
            counts[mark.kind if mark.kind in counts else "link"] += 1
            text = text[: mark.start] + _instead(mark, text) + text[mark.end :]
            limit = mark.start
    else:
        text = re.sub(r"(?<!\\)[<\[]", r"\\\g<0>", text)
    told = {
        "image": "images left out: {}; check that the text is clear without them",
        "html": "pieces of HTML left out: {}",
        "link": "links turned into text, as they lead nowhere from a chat: {}",
    }
    notes = [told[kind].format(count) for kind, count in counts.items() if count]
    if re.search(r"^\|(?: *:?-+:? *\|)+ *$", text, re.MULTILINE):
        notes.append("tables are shown as lines with | in chats; better write them as sentences")
    return text, tuple(notes)


def _tidy(markdown: str) -> str:
    """Return LF line ends and none of the characters that files must not hold."""
    text = re.sub("\r\n|[\r\x85\u2028\u2029\f\v]", "\n", markdown)
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    text = "".join(kept).replace("\ufeff", "").replace("\u00a0", " ")
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _at_fault(mark: Mark) -> bool:
    if mark.kind in ("image", "html", "broken"):
        return True
    return mark.target.startswith(PRODUCT) or link_fault(mark.target) is not None


def _instead(mark: Mark, text: str) -> str:
    piece = text[mark.start : mark.end]
    if mark.kind == "image":
        caption = _CAPTION.match(piece)
        return caption[1] if caption else ""
    if mark.kind == "html":
        bare = _TAG.sub("", piece)
        return bare if bare != piece else piece.replace("<", "\\<")
    if mark.kind == "definition":
        return ""
    if mark.kind == "autolink":
        return piece.strip("<>")
    if mark.words_end:
        return text[mark.start + 1 : mark.words_end]
    return piece.replace("[", "\\[", 1)
