"""FAQ entries in Markdown: `## question {#id intent=NAME}`, `> phrasings`, then the answer."""

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.markdown_sections import Section, split
from knowledge.formats.reading import Problems

_FRONT = frozenset({"language", "tags"})


def parse_markdown_faq(text: str, problems: Problems) -> tuple[Entry, ...]:
    """Return the entries of one file; whatever is wrong with it is noted in `problems`."""
    document = split(text, _FRONT, problems)
    if document is None:
        return ()
    stated = document.front.text("language")
    if stated is None:
        problems.add(1, 1, "no language; add the line 'language: en' between the --- lines")
        return ()
    language = reading.language(stated, problems)
    tags = frozenset(tag.value for tag in document.front.texts("tags"))
    entries = []
    for section in document.sections:
        if section.level == 1:
            if section.body:
                what = "text below a '# ' title belongs to no entry; put '## ' above it"
                problems.add(section.line, 1, what)
        elif section.level == 2:
            entry = _entry(section, language or "", tags, problems)
            entries += [entry] if entry is not None else []
        else:
            what = f"a level-{section.level} heading in an answer; use **bold** instead"
            problems.add(section.line, 1, what)
    return tuple(entries)


def _entry(
    section: Section, language: str, tags: frozenset[str], problems: Problems
) -> Entry | None:
    phrasings, answer = _divide(section.lines)
    attributes = section.attributes
    if not section.title:
        problems.add(section.line, 1, "no question; write it behind '## '")
    if attributes.id is None:
        problems.add(section.line, 1, "no id; end the heading with {#a-short-id intent=NAME}")
    if not answer:
        problems.add(section.line, 1, "no answer; write it below the question")
    if attributes.id is None or not (section.title and answer and language):
        return None
    return Entry(
        id=attributes.id,
        language=language,
        question=section.title,
        answer=answer,
        source=Source(problems.file, section.line),
        intent=attributes.intent,
        phrasings=phrasings,
        tags=tags | attributes.tags,
        valid_from=attributes.valid_from,
        valid_until=attributes.valid_until,
    )


def _divide(lines: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Split into the leading blockquote's lines and the answer below it."""
    phrasings = []
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped.startswith(">"):
            phrasings.append(stripped.lstrip("> \t"))
        elif stripped or phrasings:
            return tuple(filter(None, phrasings)), "\n".join(lines[number:]).strip()
    return tuple(filter(None, phrasings)), ""
