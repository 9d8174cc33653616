"""What a form sends, made tidy, or refused in a sentence before any file is touched."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from markdown_it import MarkdownIt

from knowledge.editing.errors import EditError
from knowledge.editing.fields import EntryFields
from knowledge.entries import Files
from knowledge.formats import reading
from knowledge.formats.reading import Problems, Text

_MARKDOWN = MarkdownIt("commonmark")
_Value = TypeVar("_Value")
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)+")
_NAME = r"[^\W_][\w-]{0,79}"
_LANGUAGE = r"\.(?P<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)"
_NEW_FILES = {
    "faq": re.compile(rf"faq/{_NAME}(?:{_LANGUAGE}\.md|\.yml)"),
    "policy": re.compile(rf"policies/{_NAME}{_LANGUAGE}\.md"),
}
_NEW_FILE_REMEDY = {
    "faq": "faq/NAME.LANGUAGE.md or faq/NAME.yml",
    "policy": "policies/NAME.LANGUAGE.md",
}


def cleaned(fields: EntryFields) -> EntryFields:
    """Return the fields without blanks around them, empty list items and foreign line ends.

    Raises:
        EditError: A field holds what no file can hold, or one that must be filled is empty.
    """
    tidy = replace(
        fields,
        id=_one_line("the id", fields.id),
        language=fields.language.strip(),
        question=_one_line("question", fields.question),
        answer=_text("answer", fields.answer),
        intent=_one_line("the topic", fields.intent),
        phrasings=_items("a further phrasing", fields.phrasings),
        tests=_items("a test question", fields.tests),
        tags=tuple(sorted(set(_items("a tag", fields.tags)))),
        valid_from=fields.valid_from.strip(),
        valid_until=fields.valid_until.strip(),
    )
    for name in ("question", "answer"):
        if not getattr(tidy, name):
            raise EditError(f"no {name}; fill it in")
    if not tidy.id:
        raise EditError("no id; write a short one such as delivery-period")
    _read("id", tidy.id, reading.identifier)
    _read("language", tidy.language, reading.language)
    if tidy.intent:
        _read("topic", tidy.intent, reading.identifier)
    days = [_read("date", day, reading.day) for day in (tidy.valid_from, tidy.valid_until) if day]
    if len(days) == 2 and days[0] > days[1]:
        raise EditError("the last day is before the first; swap the dates")
    if tidy.kind == "policy" and tidy.phrasings:
        raise EditError("a policy's passage has no further phrasings; remove them")
    return tidy


def refuse_markdown_traps(fields: EntryFields) -> None:
    """Refuse what Markdown files would read as something else than it is meant.

    Raises:
        EditError: Names the trap and the way round it.
    """
    if fields.question.startswith("#"):
        raise EditError("the question starts with '#', which marks a heading; start with a word")
    for phrasing in fields.phrasings:
        if phrasing.startswith((">", "?", "？")):
            raise EditError(f"the phrasing {phrasing!r} starts with a mark; start with a word")
    for test in fields.tests:
        if test.startswith((">", "?", "？")):
            raise EditError(f"the test question {test!r} starts with a mark; start with a word")
    for tag in fields.tags:
        if re.search(r'[",{}]', tag):
            raise EditError(f'the tag {tag!r} holds one of " , {{ }}; use letters and hyphens')
    quoted = r"\s*>" if fields.kind == "faq" else r"\s*>[>\s]*[?？]"
    if re.match(quoted, fields.answer) and not (fields.phrasings or fields.tests):
        raise EditError("the answer starts with '>', which marks a phrasing; start with a word")
    tokens = _MARKDOWN.parse(f"{fields.answer}\n\n## end")
    headings = [token for token in tokens if token.type == "heading_open" and token.level == 0]
    headings = [token for token in headings if token.markup.startswith("#")]
    if not headings:
        raise EditError(
            "the answer opens something and doesn't close it, such as ``` or <!--; "
            "close it, or what stands below would become part of it"
        )
    if len(headings) > 1:
        line = (headings[0].map or [0])[0] + 1
        raise EditError(
            f"line {line} of the answer is a heading ('#'), which would start something new; "
            "use **bold** instead"
        )


def check_new_file(fields: EntryFields, files: Files) -> None:
    """Refuse a new file's path that is not a plain one in faq/ or policies/.

    Raises:
        EditError: Says how to write the path.
    """
    path = fields.file
    match = _NEW_FILES[fields.kind].fullmatch(path) if len(path) <= 120 else None
    if match is None:
        raise EditError(
            f"{path[:120]!r} can't be a file here; write {_NEW_FILE_REMEDY[fields.kind]}"
        )
    if (match.groupdict().get("language") or fields.language) != fields.language:
        raise EditError(
            f"{path} is not a name for {fields.language!r}; end it in .{fields.language}.md"
        )
    for other in files:
        if other.casefold() == path.casefold():
            raise EditError(f"{path} differs from {other} in capital letters only; use that name")


def _items(what: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, (_one_line(what, value) for value in values)))


def _one_line(what: str, value: str) -> str:
    text = _text(what, value).strip()
    if "\n" in text:
        raise EditError(f"{what} has more than one line: {text[:40]!r}…; write it on one line")
    return text


def _text(what: str, value: str) -> str:
    # A byte-order mark within a text is invisible and comes from pasting. Blanks in front of a
    # text's first line may be an indentation that is meant.
    text = _LINE_ENDS.sub("\n", value.replace("\ufeff", "")).rstrip()
    leading = _BLANK_LINES.match(text)
    text = text[leading.end() :] if leading else text
    for character in text:
        if character not in "\n\t" and (
            unicodedata.category(character) in ("Cc", "Cs") or ord(character) & 0xFFFE == 0xFFFE
        ):
            raise EditError(
                f"{what} holds the invisible character U+{ord(character):04X}; remove it"
            )
    return text


def _read(what: str, value: str, read: Callable[[Text, Problems], _Value | None]) -> _Value:
    problems = Problems("")
    result = read(Text(value, 1, 1), problems)
    if result is None:
        raise EditError(f"{what} {problems.found[0].what}")
    return result
