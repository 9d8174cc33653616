"""FAQ entries in YAML: `language:`, `entries:`, each with its translations beside it."""

from ruamel.yaml.nodes import MappingNode, Node

from knowledge.entries import Entry, Source
from knowledge.formats import reading
from knowledge.formats.reading import Problems
from knowledge.formats.yaml_nodes import Mapping, mapping, parse, scalar, sequence

_FILE = frozenset({"language", "entries"})
_WORDING = frozenset({"question", "phrasings", "answer"})
_ENTRY = _WORDING | {"id", "intent", "tags", "valid-from", "valid-until", "translations"}


def parse_yaml_faq(text: str, problems: Problems) -> tuple[Entry, ...]:
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
    found: list[Entry] = []
    for node in sequence(file.values.get("entries"), problems, "entries"):
        fields = mapping(node, _ENTRY, problems)
        if fields is not None:
            found += _entry(fields, language or "", problems)
    return tuple(found)


def _entry(fields: Mapping, language: str, problems: Problems) -> list[Entry]:
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
    tags = frozenset(tag.value for tag in fields.texts("tags"))
    wordings = [(language, fields), *_translations(fields.values.get("translations"), problems)]
    found = []
    for code, wording in wordings:
        question, answer = wording.text("question"), wording.text("answer")
        for key, value in (("question", question), ("answer", answer)):
            if value is None:
                problems.add(
                    wording.line, wording.column, f"no {key} ({code}); add the line '{key}: …'"
                )
        if name and code and question and answer:
            found.append(
                Entry(
                    id=name,
                    language=code,
                    question=question.value,
                    answer=answer.value,
                    source=Source(problems.file, question.line),
                    intent=intent_name,
                    phrasings=tuple(phrasing.value for phrasing in wording.texts("phrasings")),
                    tags=tags,
                    valid_from=valid_from,
                    valid_until=valid_until,
                )
            )
    return found


def _translations(node: Node | None, problems: Problems) -> list[tuple[str, Mapping]]:
    if node is None:
        return []
    if not isinstance(node, MappingNode):
        mapping(node, frozenset({"zh"}), problems)  # notes what is wrong
        return []
    found: list[tuple[str, Mapping]] = []
    for key_node, value in node.value:
        key = scalar(key_node, 1, problems, "a language")
        code = reading.language(key, problems) if key else None
        wording = mapping(value, _WORDING, problems)
        if code and wording:
            found.append((code, wording))
    return found
