"""Entries in Markdown files: only the section of the entry is rewritten, and only what changed."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from knowledge.editing.checking import refuse_markdown_traps
from knowledge.editing.errors import EditError
from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.text_file import TextFile
from knowledge.entries import Entry
from knowledge.formats.markdown_sections import Attributes, Document, Section, split
from knowledge.formats.reading import Problems

_FRONT = frozenset({"id", "language", "intent", "tags", "valid-from", "valid-until"})
_BRACES = re.compile(r"\{(?P<inside>[^{}]*)\}\s*$")


@dataclass(frozen=True)
class _Parts:
    """A section's lines below its heading: quoted lines, blanks, the answer, blanks."""

    quotes: list[str]
    gap: list[str]
    answer: list[str]
    rest: list[str]


def put(file: TextFile, fields: EntryFields, current: Entry | None) -> str:
    """Return the file's text with the entry changed, or added at the end where it is new.

    Raises:
        EditError: The file can't be read, or the fields can't stand in it.
    """
    refuse_markdown_traps(fields)
    document = _document(file)
    if current is None:
        return _appended(file, document, fields)
    section = _section(document, current)
    start, stop = section.line, section.line + len(section.lines)
    lines = file.lines
    before = fields_of(current)
    parts = _parts(lines[start:stop], fields.kind)
    heading = lines[start - 1]
    if _headed(fields) != _headed(before):
        title = f"{'#' * section.level} {fields.question}"
        heading = _heading(file, title, _attributes(file, document, section, fields, before))
    quotes, gap = parts.quotes, parts.gap
    if (fields.phrasings, fields.tests) != (before.phrasings, before.tests):
        quotes = file.ended(_quoted(fields))
        gap = gap or file.ended([""])
    answer = parts.answer
    if fields.answer != before.answer:
        answer = file.ended(fields.answer.split("\n"))
    body = [*quotes, *gap, *answer, *parts.rest]
    return _joined(file, [*lines[: start - 1], heading, *body, *lines[stop:]])


def created(fields: EntryFields) -> str:
    """Return a new file with this entry alone.

    Raises:
        EditError: The fields can't stand in a Markdown file.
    """
    refuse_markdown_traps(fields)
    front = ["---", f"language: {fields.language}", "---", ""]
    level = 2
    if fields.kind == "policy":
        policy, _, passage = fields.id.partition("/")
        front.insert(1, f"id: {policy}")
        level = 2 if passage else 1
    file = TextFile(fields.file, "")
    document = _document(replace(file, text="\n".join([*front, ""])))
    return "\n".join(front) + "".join(["\n", *_new_section(file, document, fields, level)])


def pinned(file: TextFile, line: int, passage: str) -> str:
    """Return a policy's text with `{#passage}` added to the heading at that 1-based line."""
    lines = file.lines
    raw = lines[line - 1]
    ending = raw[len(raw.rstrip("\r\n")) :]
    raw = raw.rstrip()
    braces = _BRACES.search(raw)
    if braces is None:
        lines[line - 1] = f"{raw.rstrip('#').rstrip()} {{#{passage}}}{ending}"
    else:
        inside = braces["inside"].strip()
        lines[line - 1] = f"{raw[: braces.start()]}{{#{passage} {inside}}}{ending}"
    return "".join(lines)


def removed(file: TextFile, current: Entry) -> str | None:
    """Return the text without the entry; None where nothing worth keeping is left.

    A policy's heading stays where other passages stand below it: they carry its title.

    Raises:
        EditError: The file can't be read.
    """
    document = _document(file)
    section = _section(document, current)
    start, stop = section.line, section.line + len(section.lines)
    following = takewhile(lambda s: s.level > section.level, _after(document, section))
    keep_heading = current.kind == "policy" and any(True for _ in following)
    lines = file.lines
    left = [s for s in document.sections if s.line != section.line and any(map(str.strip, s.lines))]
    if not left and (current.kind == "policy" or not _worth_keeping(file, document, section)):
        return None
    cut = start if keep_heading else start - 1
    return "".join([*lines[:cut], *lines[stop:]])


def _worth_keeping(file: TextFile, document: Document, section: Section) -> bool:
    titles = any(other.line != section.line for other in document.sections)
    first = document.sections[0].line - 1
    return titles or any(line.lstrip().startswith("#") for line in file.lines[:first])


def _document(file: TextFile) -> Document:
    problems = Problems(file.path)
    document = split(file.plain, _FRONT, problems)
    if document is None:
        raise EditError(f"this file must be mended first: {problems.found[0]}")
    return document


def _section(document: Document, entry: Entry) -> Section:
    return next(s for s in document.sections if s.line == entry.source.line)


def _after(document: Document, section: Section) -> list[Section]:
    return [other for other in document.sections if other.line > section.line]


def _headed(fields: EntryFields) -> tuple[str | tuple[str, ...], ...]:
    dates = (fields.valid_from, fields.valid_until)
    return (fields.id, fields.question, fields.intent, fields.tags, *dates)


def _parts(lines: list[str], kind: str) -> _Parts:
    """Divide as the readers do: quoted lines directly below the heading, then the answer."""
    mark = re.compile(r"\s*>" if kind == "faq" else r"\s*>[>\s]*[?？]")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    first = filled[0] if filled else 0
    end = first
    while end < len(lines) and mark.match(lines[end]):
        end += 1
    start = next((number for number in filled if number >= end), len(lines))
    stop = filled[-1] + 1 if filled else 0
    if end == first:  # nothing quoted: the blank lines above the answer are the gap
        return _Parts([], lines[:start], lines[start:stop], lines[stop:])
    return _Parts(lines[:end], lines[end:start], lines[start:stop], lines[stop:])


def _quoted(fields: EntryFields) -> list[str]:
    return [*(f"> {text}" for text in fields.phrasings), *(f"> ? {text}" for text in fields.tests)]


def _heading(file: TextFile, title: str, attributes: list[str]) -> str:
    return file.ended([f"{title} {{{' '.join(attributes)}}}" if attributes else title])[0]


def _attributes(
    file: TextFile,
    document: Document,
    section: Section | None,
    fields: EntryFields,
    before: EntryFields | None,
) -> list[str]:
    """Return what stands in the braces: what is the entry's own, not what its file gives it."""
    own = section.attributes if section else Attributes()
    found = []
    if fields.kind == "faq":
        found.append(f"#{fields.id}")
    elif before is None or fields.id != before.id or own.id is not None:
        passage = _passage(file, document, fields.id)
        found += [f"#{passage}"] if passage else []
    values = {"intent": fields.intent, "tags": _own_tags(file, document, section, fields)}
    values |= {"valid-from": fields.valid_from, "valid-until": fields.valid_until}
    stated = {"intent": own.intent, "valid-from": own.valid_from, "valid-until": own.valid_until}
    for key, value in values.items():
        default = document.front.text(key) if key in stated else None
        if default is not None and not value:
            raise _set_for_all(f"{key} {default.value!r}", f"{file.path}:{default.line}", section)
        if value and (default is None or default.value != value or stated[key] is not None):
            found.append(f'{key}="{value}"' if re.search(r"\s", value) else f"{key}={value}")
    return found


def _own_tags(
    file: TextFile, document: Document, section: Section | None, fields: EntryFields
) -> str:
    own = section.attributes.tags if section else frozenset()
    shared = {tag.value: tag.line for tag in document.front.texts("tags")}
    for tag, line in shared.items():
        if tag not in fields.tags:
            raise _set_for_all(f"the tag {tag!r}", f"{file.path}:{line}", section)
    return ",".join(tag for tag in fields.tags if tag not in shared or tag in own)


def _set_for_all(what: str, where: str, section: Section | None) -> EditError:
    remedy = "change it there" if section else "give it to this entry, too, or choose another file"
    return EditError(f"{what} is set for the whole file at {where}; {remedy}")


def _passage(file: TextFile, document: Document, name: str) -> str:
    """Return the part of a passage's id that stands in its braces, empty for the policy itself."""
    stated = document.front.text("id")
    policy = stated.value if stated else ""
    if name == policy:
        return ""
    if not name.startswith(f"{policy}/"):
        raise EditError(f"the id {name!r} must start with '{policy}/', the id of {file.path}")
    return name.removeprefix(f"{policy}/")


def _appended(file: TextFile, document: Document, fields: EntryFields) -> str:
    stated = document.front.text("language")
    if stated is None or stated.value != fields.language:
        language = stated.value if stated else "no language"
        raise EditError(
            f"{file.path} is in {language!r}, not {fields.language!r}; use another file"
        )
    lines = file.lines
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += file.newline
    if lines and lines[-1].strip():
        lines += file.ended([""])
    return "".join([*lines, *_new_section(file, document, fields, 2)])


def _new_section(file: TextFile, document: Document, fields: EntryFields, level: int) -> list[str]:
    attributes = _attributes(file, document, None, fields, None)
    title = f"{'#' * level} {fields.question}"
    quotes = _quoted(fields)
    body = [*quotes, *([""] if quotes else []), *fields.answer.split("\n")]
    return [_heading(file, title, attributes), *file.ended(body)]


def _joined(file: TextFile, lines: list[str]) -> str:
    """Join, with an end behind the last line only where the file had one."""
    text = "".join(lines)
    return text if file.text.endswith(("\n", "\r")) else text.removesuffix(file.newline)
