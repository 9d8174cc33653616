"""Policies in Markdown: every heading with text below it becomes a passage."""

import re

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.markdown_sections import Section, split
from knowledge.formats.reading import Problems

_FRONT = frozenset({"id", "language", "intent", "tags", "valid-from", "valid-until"})


def parse_markdown_policy(text: str, problems: Problems) -> tuple[Entry, ...]:
    """Return one entry a passage; whatever is wrong with the file is noted in `problems`.

    A passage's id is the policy's id and its headings below the title
    (`returns-policy/time-limit`), or the policy's id and its own `{#id}` where it has one.
    """
    document = split(text, _FRONT, problems)
    if document is None:
        return ()
    front = document.front
    stated = {key: front.text(key) for key in ("id", "language")}
    for key, value in stated.items():
        if value is None:
            problems.add(1, 1, f"no {key}; add the line '{key}: …' between the --- lines")
    if stated["id"] is None or stated["language"] is None:
        return ()
    policy = reading.identifier(stated["id"], problems)
    language = reading.language(stated["language"], problems)
    intent, start, end = (front.text(key) for key in ("intent", "valid-from", "valid-until"))
    default_intent = reading.identifier(intent, problems) if intent else None
    default_start = reading.day(start, problems) if start else None
    default_end = reading.day(end, problems) if end else None
    if policy is None or language is None:
        return ()
    tags = frozenset(tag.value for tag in front.texts("tags"))
    entries = []
    path: list[Section] = []
    for section in document.sections:
        path = [*(above for above in path if above.level < section.level), section]
        if not section.title:
            problems.add(section.line, 1, "an empty heading; write its title")
        elif section.body:
            attributes = section.attributes
            titles = tuple(above.title for above in path)
            entries.append(
                Entry(
                    id=_passage_id(policy, path),
                    language=language,
                    question=titles[-1],
                    answer=section.body,
                    source=Source(problems.file, section.line),
                    kind="policy",
                    intent=attributes.intent or default_intent,
                    tags=tags | attributes.tags,
                    heading_path=titles,
                    valid_from=attributes.valid_from or default_start,
                    valid_until=attributes.valid_until or default_end,
                )
            )
    if not entries and not problems.found:
        problems.add(1, 1, "no passage; write a heading with text below it")
    return tuple(entries)


def _passage_id(policy: str, path: list[Section]) -> str:
    own = path[-1].attributes.id
    if own is not None:
        return f"{policy}/{own}"
    return "/".join([policy, *(_slug(section.title) for section in path if section.level > 1)])


def _slug(title: str) -> str:
    return re.sub(r"[\W_]+", "-", title.lower()).strip("-") or "passage"
