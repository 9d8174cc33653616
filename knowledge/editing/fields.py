"""One entry as a form has it: all of it text as typed."""

import hashlib
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from knowledge.entries import Entry

_LONGEST_ID = 48


@dataclass(frozen=True)
class EntryFields:
    """What a form shows and sends back.

    A policy's passage has its heading as `question` and `policy-id/passage` as `id`; it has no
    phrasings. `file` is where the entry stands, or where a new one shall stand: a path relative
    to the knowledge folder.
    """

    id: str
    language: str
    question: str
    answer: str
    kind: Literal["faq", "policy"] = "faq"
    intent: str = ""
    phrasings: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    valid_from: str = ""
    valid_until: str = ""
    file: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """The id and the language."""
        return self.id, self.language


def fields_of(entry: Entry) -> EntryFields:
    """Return the entry as a form shows it; its tags in alphabetical order."""
    return EntryFields(
        id=entry.id,
        language=entry.language,
        question=entry.question,
        answer=entry.answer,
        kind=entry.kind,
        intent=entry.intent or "",
        phrasings=entry.phrasings,
        tests=entry.tests,
        tags=tuple(sorted(entry.tags)),
        valid_from=entry.valid_from.isoformat() if entry.valid_from else "",
        valid_until=entry.valid_until.isoformat() if entry.valid_until else "",
        file=entry.source.file,
    )


def suggest_id(question: str, taken: Container[str]) -> str:
    """Return an id made of the question's words that is not in `taken`.

    A question without Latin letters gets `entry-` and eight digits of its digest.
    """
    name = slug(question) or f"entry-{short_digest(question)}"
    number = 1
    suggested = name
    while suggested in taken:
        number += 1
        suggested = f"{name}-{number}"
    return suggested


def default_file(language: str) -> str:
    """Return the file that takes entries made in the studio."""
    return f"faq/studio.{language}.md"


def slug(text: str) -> str:
    """Return the text's Latin words in lower case with hyphens, cut at a word; may be empty."""
    # A text in another script would give an id of its few stray Latin words.
    foreign = sum(1 for character in text if character.isalpha() and character > "\u024f")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower().replace("'", ""))
    if foreign > len(words) or not words:
        return ""
    name: str = words[0][:_LONGEST_ID]
    for word in words[1:]:
        if len(name) + 1 + len(word) > _LONGEST_ID:
            break
        name += f"-{word}"
    return name


def short_digest(text: str) -> str:
    """Return eight hexadecimal digits that stand for the text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
