"""One entry put into the files or taken out of them; every result is read back before it counts."""

from dataclasses import asdict, replace

from knowledge.editing import locating, markdown_entries, yaml_entries
from knowledge.editing.checking import check_new_file, cleaned
from knowledge.editing.errors import EditError
from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.text_file import TextFile
from knowledge.entries import Entry, Files, Source
from knowledge.formats.folder import check_file
from knowledge.formats.parsed import ParsedFiles

__all__ = ["EditError", "put_entry", "remove_entry"]

_WHAT = {
    "valid_from": "first day",
    "valid_until": "last day",
    "intent": "topic",
    "tests": "test questions",
}


def put_entry(
    files: Files,
    fields: EntryFields,
    *,
    replacing: tuple[str, str] | None = None,
    parsed: ParsedFiles | None = None,
) -> Files:
    """Return the files with one entry changed or added; one of them differs.

    An existing entry is edited where it stands, whatever `fields.file` says: it may have moved
    since the form was opened. In a YAML entry the id, topic, tags and dates are shared by its
    languages and change in all of them. Blanks around a text and empty list items don't count.

    Args:
        files: All files of the knowledge folder.
        fields: The entry as it shall be.
        replacing: The key of the existing entry; None adds a new one to `fields.file`, which is
            made if it is missing.
        parsed: Remembers files that were read before; then only the changed file is read.

    Raises:
        EditError: A sentence for the lead; nothing was changed.
    """
    parsed = ParsedFiles() if parsed is None else parsed
    fields = cleaned(fields)
    current = locating.existing(files, replacing, parsed) if replacing else None
    if current is not None:
        if fields.language != current.language:
            raise EditError("an entry's language stays as it is; add a new entry instead")
        fields = replace(fields, file=current.source.file, kind=current.kind)
        fields = cleaned(fields)
    if locating.is_yaml(fields.file):  # its readers take an answer without blanks around it
        fields = replace(fields, answer=fields.answer.strip())
    if current is None or fields.key != current.key:
        taken = locating.find(files, fields.key, parsed)
        if taken is not None:
            where = f"{fields.language!r} at {taken.source}"
            raise EditError(f"the id {fields.id!r} is already used in {where}; choose another")
    data = _put(files, fields, current, parsed)
    if data == files.get(fields.file):
        return files
    _check(files.get(fields.file, b""), data, fields, current=current, parsed=parsed)
    return {**files, fields.file: data}


def remove_entry(files: Files, key: tuple[str, str], *, parsed: ParsedFiles | None = None) -> Files:
    """Return the files without one entry; its file goes with the last one that it held.

    Args:
        files: All files of the knowledge folder.
        key: The entry's key.
        parsed: As for `put_entry`.

    Raises:
        EditError: A sentence for the lead; nothing was changed.
    """
    parsed = ParsedFiles() if parsed is None else parsed
    current = locating.existing(files, key, parsed)
    path = current.source.file
    file = TextFile.read(path, files[path])
    write = yaml_entries if locating.is_yaml(path) else markdown_entries
    text = write.removed(file, current)
    if text is None:
        return {name: data for name, data in files.items() if name != path}
    before = check_file(path, files[path], parsed).content.entries
    others = [entry for entry in before if entry.key != key]
    data = file.encoded(_pinned(replace(file, text=text), [entry.id for entry in others], parsed))
    after = check_file(path, data, parsed).content.entries
    if [_lasting(entry) for entry in others] != [_lasting(entry) for entry in after]:
        raise EditError(f"removing it would change other entries of {path}; remove it in the file")
    return {**files, path: data}


def _put(files: Files, fields: EntryFields, current: Entry | None, parsed: ParsedFiles) -> bytes:
    path = fields.file
    yaml = locating.is_yaml(path)
    if path not in files:
        check_new_file(fields, files)
        text = yaml_entries.created(fields) if yaml else markdown_entries.created(fields)
        return text.encode("utf-8")
    place = "policies/" if fields.kind == "policy" else "faq/"
    if not path.startswith(place) or not locating.holds_entries(path):
        raise EditError(f"{path} can't hold this entry; choose a file in {place}")
    file = TextFile.read(path, files[path])
    if yaml:
        return file.encoded(yaml_entries.put(file, fields, current))
    text = markdown_entries.put(file, fields, current)
    ids = [entry.id for entry in check_file(path, files[path], parsed).content.entries]
    if current is not None:
        ids = [fields.id if name == current.id else name for name in ids]
    return file.encoded(_pinned(replace(file, text=text), ids, parsed))


def _pinned(file: TextFile, ids: list[str], parsed: ParsedFiles) -> str:
    """Return a policy's text with `{#…}` where a changed heading would change a passage's id."""
    if not file.path.startswith("policies/"):
        return file.text
    entries = check_file(file.path, file.encoded(file.text), parsed).content.entries
    for entry, name in zip(entries, ids, strict=False):
        passage = name.partition("/")[2]
        if entry.id != name and passage:
            text = markdown_entries.pinned(file, entry.source.line, passage)
            file = replace(file, text=text)
    return file.text


def _check(
    before: bytes,
    after: bytes,
    fields: EntryFields,
    *,
    current: Entry | None,
    parsed: ParsedFiles,
) -> None:
    """Read the new file back: the entry must say what the form says, the others what they said."""
    old, new = (check_file(fields.file, data, parsed) for data in (before, after))
    mine = [entry for entry in new.content.entries if entry.key == fields.key]
    if len(mine) != 1:
        told = {problem.what for problem in old.errors}
        reasons = [f" ({problem.what})" for problem in new.errors if problem.what not in told]
        reason = "".join(reasons[:1])
        raise EditError(f"the entry can't be read back from {fields.file}{reason}; reword it")
    read = asdict(fields_of(mine[0]))
    for name, value in asdict(fields).items():
        if read[name] != value:
            shown = str(read[name])[:80]
            raise EditError(f"the {_WHAT.get(name, name)} would read back as {shown!r}; reword it")
    others = [e for e in old.content.entries if e != current]
    left = [e for e in new.content.entries if e.key != fields.key]
    if [_expected(e, current, mine[0]) for e in others] != [_lasting(e) for e in left]:
        raise EditError(
            f"the entry would change others in {fields.file}; "
            "end its answer with a plain line, or edit it in the file"
        )


def _expected(other: Entry, current: Entry | None, mine: Entry) -> Entry:
    """Return another entry as it shall be; in YAML the languages of one entry share values."""
    shared = current.id if current else mine.id
    if locating.is_yaml(mine.source.file) and other.id == shared:
        other = replace(
            other,
            id=mine.id,
            intent=mine.intent,
            tags=mine.tags,
            valid_from=mine.valid_from,
            valid_until=mine.valid_until,
        )
    return _lasting(other)


def _lasting(entry: Entry) -> Entry:
    """Return the entry without what an edit above it may change: its line, its title's path."""
    return replace(entry, source=Source("", 0), heading_path=())
