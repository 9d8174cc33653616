"""FAQ entries in YAML: `language:`, `entries:`, each with its translations beside it."""

from dataclasses import dataclass
from datetime import date

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.answer_text import AnswerText, check_answer
from knowledge.formats.placed import PlacedEntry, Reference
from knowledge.formats.reading import Problems, Text
from knowledge.formats.yaml_nodes import Mapping, mapping, parse, places_in, scalar, sequence

_FILE = frozenset({"language", "entries"})
_WORDING = frozenset({"question", "phrasings", "tests", "answer"})
_ENTRY = _WORDING | {"id", "intent", "tags", "valid-from", "valid-until", "translations"}


def parse_yaml_faq(text: str, problems: Problems) -> tuple[PlacedEntry, ...]:
    """Return the entries of one file; whatever is wrong with it is noted in `problems`."""
    root = parse(text, problems)
    if problems.found:
        return ()
    file = mapping(root, _FILE, problems)
    if file is None:
        return ()
    stated = file.text("language")
    if stated is None:
        problems.add(1, 1, "no language; add the line 'language: en' at the top")
        return ()
    language = reading.language(stated, problems)
    found: list[PlacedEntry] = []
    for node in sequence(file.values.get("entries"), problems, "entries"):
        fields = mapping(node, _ENTRY, problems)
        if fields is not None:
            found += _entry(fields, language or "", problems)
    return tuple(found)


@dataclass(frozen=True)
class _Shared:
    """What an entry says in all its languages."""

    id: str
    id_place: Text
    intent: str | None
    tags: frozenset[str]
    valid_from: date | None
    valid_until: date | None


def _entry(fields: Mapping, language: str, problems: Problems) -> list[PlacedEntry]:
    """Return the entry in the file's language and in each language it is translated to."""
    stated = fields.text("id")
    if stated is None:
        problems.add(fields.line, fields.column, "no id; add the line 'id: a-short-id'")
        return []
    name = reading.identifier(stated, problems)
    intent, start, end = (fields.text(key) for key in ("intent", "valid-from", "valid-until"))
    intent_name = reading.identifier(intent, problems) if intent else None
    valid_from = reading.day(start, problems) if start else None
    valid_until = reading.day(end, problems) if end else None
    if end:
        reading.check_period(valid_from, valid_until, end, problems)
    tags = frozenset(tag.value for tag in fields.texts("tags"))
    shared = _Shared(name or "", stated, intent_name, tags, valid_from, valid_until)
    translated = _translations(fields.values.get("translations"), language, problems)
    found = (
        _wording(shared, code, wording, problems)
        for code, wording in ((language, fields), *translated)
    )
    return [placed for placed in found if placed is not None]


def _wording(
    shared: _Shared, language: str, wording: Mapping, problems: Problems
) -> PlacedEntry | None:
    question, answer = wording.text("question"), wording.text("answer")
    for key, value in (("question", question), ("answer", answer)):
        if value is None:
            what = f"no {key} ({language}); add the line '{key}: …'"
            problems.add(wording.line, wording.column, what)
    references: tuple[Reference, ...] = ()
    node = wording.values.get("answer")
    if answer and isinstance(node, ScalarNode):
        text = AnswerText(answer.value, places_in(node, answer.value))
        references = check_answer(shared.id_place.value, text, "faq", problems)
    phrasings, tests = wording.texts("phrasings"), wording.texts("tests")
    if not (shared.id and language and question and answer):
        return None
    entry = Entry(
        id=shared.id,
        language=language,
        question=question.value,
        answer=answer.value,
        source=Source(problems.file, question.line),
        intent=shared.intent,
        phrasings=tuple(phrasing.value for phrasing in phrasings),
        tests=tuple(test.value for test in tests),
        tags=shared.tags,
        valid_from=shared.valid_from,
        valid_until=shared.valid_until,
    )
    at = shared.id_place
    return PlacedEntry(entry, at.line, at.column, question.column, references)


def _translations(
    node: Node | None, language: str, problems: Problems
) -> list[tuple[str, Mapping]]:
    if node is None:
        return []
    if not isinstance(node, MappingNode):
        mapping(node, frozenset({"zh"}), problems)  # notes what is wrong
        return []
    found: dict[str, Mapping] = {}
    for key_node, value in node.value:
        key = scalar(key_node, 1, problems, "a language")
        code = reading.language(key, problems) if key else None
        wording = mapping(value, _WORDING, problems)
        if key and code and (code == language or code in found):
            where = "is the file's own language" if code == language else "stands here twice"
            problems.add(key.line, key.column, f"{code!r} {where}; remove one of the two wordings")
        elif code and wording:
            found[code] = wording
    return list(found.items())
