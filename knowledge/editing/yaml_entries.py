"""Entries in YAML files: only the values that changed are rewritten.

The id, topic, tags and dates of an entry are shared by its languages: a change of one of these
in one language changes it in all of them.
"""

import re

from ruamel.yaml.nodes import MappingNode, SequenceNode

from knowledge.editing.errors import EditError
from knowledge.editing.fields import EntryFields
from knowledge.editing.text_file import TextFile
from knowledge.editing.yaml_spans import Spans, pair_lines, pairs, told, told_all
from knowledge.entries import Entry
from knowledge.formats.reading import Problems
from knowledge.formats.yaml_nodes import parse

_SHARED = {"id": "id", "intent": "intent", "valid-from": "valid_from", "valid-until": "valid_until"}


def put(file: TextFile, fields: EntryFields, current: Entry | None) -> str:
    """Return the file's text with the entry changed, or added where it is new.

    A new entry goes to the end; where its id is there in the file's language, it becomes a
    translation of that entry.

    Raises:
        EditError: The file can't be read, or the entry can't stand in it.
    """
    root = _root(file)
    spans = Spans(file.text, file.newline)
    item = _item(root, current.id if current else fields.id)
    if item is not None:
        _change(spans, item, fields, told(pairs(root)["language"][1]))
    else:
        _append(file, spans, root, fields)
    return spans.result()


def created(fields: EntryFields) -> str:
    """Return a new file with this entry alone."""
    lines = [f"language: {fields.language}", "entries:", *_entry_lines(fields, 2)]
    return "".join(f"{line}\n" for line in lines)


def removed(file: TextFile, current: Entry) -> str | None:
    """Return the text without the entry in its language; None where nothing is left to keep.

    Raises:
        EditError: The entry still has translations, or the file can't be read.
    """
    root = _root(file)
    spans = Spans(file.text, file.newline)
    item = _item(root, current.id)
    if item is None:
        raise EditError(f"{current.id!r} is not written plainly in {file.path}; remove it there")
    translations = _translations(item)
    if current.language in translations:
        if len(translations) == 1:
            spans.remove(item, "translations")
        else:
            node = pairs(item)["translations"][1]
            spans.remove(_mapping(node), current.language)
        return spans.result()
    if translations:
        told_of = ", ".join(translations)
        raise EditError(
            f"{current.id!r} is translated ({told_of}) from {current.language}; "
            "remove the translations first"
        )
    return _without(spans, root, item)


def _root(file: TextFile) -> MappingNode:
    problems = Problems(file.path)
    root = parse(file.text, problems)
    if problems.found:
        raise EditError(f"this file must be mended first: {problems.found[0]}")
    if not isinstance(root, MappingNode) or "language" not in pairs(root):
        raise EditError(f"{file.path} must be mended first: start it with 'language: en'")
    return root


def _mapping(node: object) -> MappingNode:
    if not isinstance(node, MappingNode):
        raise EditError("the entry is not written with one key a line; change it in the file")
    return node


def _items(root: MappingNode) -> list[MappingNode]:
    entries = pairs(root).get("entries", (None, None))[1]
    items = entries.value if isinstance(entries, SequenceNode) else []
    return [item for item in items if isinstance(item, MappingNode)]


def _item(root: MappingNode, name: str) -> MappingNode | None:
    named = (item for item in _items(root) if told(pairs(item).get("id", (None, None))[1]) == name)
    return next(named, None)


def _translations(item: MappingNode) -> list[str]:
    pair = pairs(item).get("translations")
    return list(pairs(pair[1])) if pair else []


def _change(spans: Spans, item: MappingNode, fields: EntryFields, language: str) -> None:
    for key, name in _SHARED.items():
        spans.set_text(item, key, getattr(fields, name))
    if set(fields.tags) != set(_tags(item)):
        kept = [tag for tag in _tags(item) if tag in fields.tags]
        spans.set_list(item, "tags", (*kept, *(tag for tag in fields.tags if tag not in kept)))
    wording: MappingNode | None = item
    if fields.language != language:
        pair = pairs(item).get("translations")
        found = pairs(pair[1]).get(fields.language) if pair else None
        wording = _mapping(found[1]) if found else None
    if wording is None:
        _translate(spans, item, fields)
        return
    spans.set_text(wording, "question", fields.question)
    spans.set_list(wording, "phrasings", fields.phrasings)
    spans.set_list(wording, "tests", fields.tests)
    spans.set_text(wording, "answer", fields.answer)


def _tags(item: MappingNode) -> tuple[str, ...]:
    pair = pairs(item).get("tags")
    return told_all(pair[1]) if pair else ()


def _translate(spans: Spans, item: MappingNode, fields: EntryFields) -> None:
    if item.flow_style:
        raise EditError(f"{fields.id!r} is written within {{ }}; add the translation in the file")
    pair = pairs(item).get("translations")
    column = item.start_mark.column
    if pair is None or not pairs(pair[1]):
        if pair is not None:
            raise EditError(f"'translations' of {fields.id!r} is empty; remove the line first")
        last = list(pairs(item).values())[-1]
        lines = [" " * column + "translations:"]
        inner = column + 2
    else:
        translations = _mapping(pair[1])
        if translations.flow_style:
            raise EditError(f"'translations' is written within {{ }}; add {fields.language} there")
        last = list(pairs(translations).values())[-1]
        lines = []
        inner = translations.start_mark.column
    lines += [" " * inner + f"{fields.language}:", *_wording_lines(fields, inner + 2)]
    spans.insert_lines(spans.value_place(*last)[1], lines)


def _wording_lines(fields: EntryFields, column: int) -> list[str]:
    lines = pair_lines("question", fields.question, column)
    if fields.phrasings:
        lines += pair_lines("phrasings", fields.phrasings, column)
    if fields.tests:
        lines += pair_lines("tests", fields.tests, column)
    return lines + pair_lines("answer", fields.answer, column)


def _entry_lines(fields: EntryFields, column: int) -> list[str]:
    """Return a list item whose dash stands at the column."""
    inner = column + 2
    lines = pair_lines("id", fields.id, inner)
    if fields.intent:
        lines += pair_lines("intent", fields.intent, inner)
    if fields.tags:
        lines += pair_lines("tags", fields.tags, inner)
    for key, value in (("valid-from", fields.valid_from), ("valid-until", fields.valid_until)):
        if value:
            lines += pair_lines(key, value, inner)
    lines += _wording_lines(fields, inner)
    return [" " * column + "- " + lines[0].strip(), *lines[1:]]


def _append(file: TextFile, spans: Spans, root: MappingNode, fields: EntryFields) -> None:
    language = told(pairs(root)["language"][1])
    if language != fields.language:
        raise EditError(
            f"{file.path} is in {language!r} and has no {fields.id!r} to translate; "
            f"choose a file in {fields.language!r}"
        )
    pair = pairs(root).get("entries")
    if root.flow_style:
        raise EditError(f"{file.path} is written within {{ }}; choose another file")
    if pair is None:
        last = list(pairs(root).values())[-1]
        spans.insert_lines(spans.value_place(*last)[1], ["entries:", *_entry_lines(fields, 2)])
        return
    start, end = spans.value_place(*pair)
    node = pair[1]
    if isinstance(node, SequenceNode) and not node.flow_style:
        blank = re.search(
            r"(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)[ \t]*-[ \t]*$", _before_last(spans, node)
        )
        lines = _entry_lines(fields, node.start_mark.column)
        spans.insert_lines(end, ["", *lines] if blank else lines)
    elif isinstance(node, SequenceNode) and node.value:
        raise EditError(f"{file.path} writes its entries within [ ]; choose another file")
    else:
        spans.replace(len(spans.text[:start].rstrip()), end, "")
        spans.insert_lines(end, _entry_lines(fields, 2))


def _before_last(spans: Spans, node: SequenceNode) -> str:
    return spans.text[: node.value[-1].start_mark.index] if len(node.value) > 1 else ""


def _without(spans: Spans, root: MappingNode, item: MappingNode) -> str | None:
    key, entries = pairs(root)["entries"]
    if not isinstance(entries, SequenceNode) or entries.flow_style:
        raise EditError("the entries stand within [ ]; remove it in the file")
    dash = spans.text.rindex("-", 0, item.start_mark.index)
    start, end = spans.line_start(dash), spans.end(item)
    below = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|$)").match(spans.text, end)
    stop = below.end() if below else end
    spans.replace(start, stop, "")
    if len(entries.value) == 1:
        rest = spans.text[:start] + spans.text[stop:]
        if not any(line.lstrip().startswith("#") for line in rest.splitlines()):
            return None
        colon = spans.text.index(":", key.end_mark.index) + 1
        spans.replace(colon, colon, " []")
    return spans.result()
