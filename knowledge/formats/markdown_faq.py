"""FAQ entries in Markdown: `## question {#id}`, `> phrasings`, `> ? tests`, then the answer."""

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.answer_text import check_answer
from knowledge.formats.markdown_sections import Section, answer_text, asked, split
from knowledge.formats.placed import PlacedEntry
from knowledge.formats.reading import Problems, Text

_FRONT = frozenset({"language", "tags"})


def parse_markdown_faq(text: str, problems: Problems) -> tuple[PlacedEntry, ...]:
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
            if section.text_from(0).value:
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
) -> PlacedEntry | None:
    phrasings, tests, answer = _divide(section)
    attributes = section.attributes
    if not section.title:
        problems.add(section.line, 1, "no question; write it behind '## '")
    if attributes.id is None:
        problems.add(section.line, 1, "no id; end the heading with {#a-short-id intent=NAME}")
    if not answer.value:
        problems.add(section.line, 1, "no answer; write it below the question")
    last = attributes.places.get("valid-until")
    if last is not None:
        reading.check_period(attributes.valid_from, attributes.valid_until, last, problems)
    references = check_answer(attributes.id or section.title, answer_text(answer), "faq", problems)
    if attributes.id is None or not (section.title and answer.value and language):
        return None
    entry = Entry(
        id=attributes.id,
        language=language,
        question=section.title,
        answer=answer.value,
        source=Source(problems.file, section.line),
        intent=attributes.intent,
        phrasings=phrasings,
        tests=tests,
        tags=tags | attributes.tags,
        valid_from=attributes.valid_from,
        valid_until=attributes.valid_until,
    )
    return PlacedEntry(entry, *section.id_place, section.title_column, references)


def _divide(section: Section) -> tuple[tuple[str, ...], tuple[str, ...], Text]:
    """Return the leading blockquote's phrasings and test questions, and the answer below it."""
    phrasings, tests, begun = [], [], False
    stop = len(section.lines)
    for number, line in enumerate(section.lines):
        stripped = line.strip()
        if stripped.startswith(">"):
            question, begun = asked(line), True
            if question is None:
                phrasings.append(stripped.lstrip("> \t"))
            else:
                tests.append(question)
        elif stripped or begun:
            stop = number
            break
    return tuple(filter(None, phrasings)), tuple(filter(None, tests)), section.text_from(stop)
