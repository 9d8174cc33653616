"""Policies in Markdown: every heading with text below it becomes a passage."""

import re
from dataclasses import dataclass
from datetime import date

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.answer_text import check_answer
from knowledge.formats.markdown_sections import Section, answer_text, asked, split
from knowledge.formats.placed import PlacedEntry
from knowledge.formats.reading import Problems, Text
from knowledge.formats.yaml_nodes import Mapping

_FRONT = frozenset({"id", "language", "intent", "tags", "valid-from", "valid-until"})


@dataclass(frozen=True)
class _Policy:
    """What the front matter says: the passages' values where their headings say nothing else."""

    id: str
    language: str
    intent: str | None
    tags: frozenset[str]
    valid_from: date | None
    valid_until: date | None


def parse_markdown_policy(text: str, problems: Problems) -> tuple[PlacedEntry, ...]:
    """Return one entry a passage; whatever is wrong with the file is noted in `problems`.

    A passage's id is the policy's id and its headings below the title
    (`returns-policy/time-limit`), or the policy's id and its own `{#id}` where it has one.
    """
    document = split(text, _FRONT, problems)
    policy = None if document is None else _policy(document.front, problems)
    if document is None or policy is None:
        return ()
    entries = []
    path: list[Section] = []
    for section in document.sections:
        path = [*(above for above in path if above.level < section.level), section]
        tests, passage = _divide(section)
        if not section.title:
            problems.add(section.line, 1, "an empty heading; write its title")
        elif passage.value:
            entries.append(_passage(policy, path, tests, passage, problems))
        elif tests:
            problems.add(section.line, 1, "no passage for the test questions; write it below them")
    if not entries and not problems.found:
        problems.add(1, 1, "no passage; write a heading with text below it")
    return tuple(entries)


def _policy(front: Mapping, problems: Problems) -> _Policy | None:
    stated = {key: front.text(key) for key in ("id", "language")}
    for key, value in stated.items():
        if value is None:
            problems.add(1, 1, f"no {key}; add the line '{key}: …' between the --- lines")
    if stated["id"] is None or stated["language"] is None:
        return None
    policy = reading.identifier(stated["id"], problems)
    language = reading.language(stated["language"], problems)
    intent, start, end = (front.text(key) for key in ("intent", "valid-from", "valid-until"))
    default_intent = reading.identifier(intent, problems) if intent else None
    valid_from = reading.day(start, problems) if start else None
    valid_until = reading.day(end, problems) if end else None
    if end:
        reading.check_period(valid_from, valid_until, end, problems)
    if policy is None or language is None:
        return None
    tags = frozenset(tag.value for tag in front.texts("tags"))
    return _Policy(policy, language, default_intent, tags, valid_from, valid_until)


def _passage(
    policy: _Policy, path: list[Section], tests: tuple[str, ...], passage: Text, problems: Problems
) -> PlacedEntry:
    section = path[-1]
    attributes = section.attributes
    entry = Entry(
        id=_passage_id(policy.id, path),
        language=policy.language,
        question=section.title,
        answer=passage.value,
        source=Source(problems.file, section.line),
        kind="policy",
        intent=attributes.intent or policy.intent,
        tests=tests,
        tags=policy.tags | attributes.tags,
        heading_path=tuple(above.title for above in path),
        valid_from=attributes.valid_from or policy.valid_from,
        valid_until=attributes.valid_until or policy.valid_until,
    )
    stated = attributes.places
    day = stated.get("valid-until") or stated.get("valid-from")
    if day is not None:  # else it was checked in the front matter
        reading.check_period(entry.valid_from, entry.valid_until, day, problems)
    references = check_answer(entry.id, answer_text(passage), "policy", problems)
    return PlacedEntry(entry, *section.id_place, section.title_column, references)


def _divide(section: Section) -> tuple[tuple[str, ...], Text]:
    """Return the test questions directly below the heading, and the passage below them.

    Any other quote belongs to the passage.
    """
    tests: list[str] = []
    for number, line in enumerate(section.lines):
        question = asked(line)
        if question is not None:
            tests.append(question)
        elif line.strip() or tests:
            return tuple(filter(None, tests)), section.text_from(number)
    return tuple(filter(None, tests)), section.text_from(len(section.lines))


def _passage_id(policy: str, path: list[Section]) -> str:
    own = path[-1].attributes.id
    if own is not None:
        return f"{policy}/{own}"
    return "/".join([policy, *(_slug(section.title) for section in path if section.level > 1)])


def _slug(title: str) -> str:
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-") or "passage"
