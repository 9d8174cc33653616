"""A draft laid over what is live: the files that would be published, and the conflicts."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.publishing.drafts import Draft, EntryEdit, FileEdit
from bot.publishing.values import Conflict, Key
from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.entries import Entry, Files, Problem


@dataclass(frozen=True)
class Applied:
    """The files with the draft in them; changes in conflict or in error are left out."""

    files: Files
    conflicts: tuple[Conflict, ...]
    problems: tuple[Problem, ...]


def file_digest(data: bytes | None) -> str | None:
    """Return a digest to tell whether a file was changed meanwhile."""
    return None if data is None else hashlib.sha256(data).hexdigest()


def apply_draft(draft: Draft, files: Files, entries: Mapping[Key, Entry]) -> Applied:
    """Lay a draft over the files that are live, which hold these entries."""
    conflicts = conflicts_of(draft, files, entries)
    held = {conflict.key for conflict in conflicts}
    problems: list[Problem] = []
    for change in draft.files:
        if (change.path, "") not in held:
            files = {**files, change.path: change.text.encode()}
    for edit in draft.entries:
        if edit.key in held:
            continue
        entry = entries.get(edit.key)
        try:
            files = _put(edit, None if entry is None else fields_of(entry), files)
        except EditError as error:
            place = edit.mine or edit.base
            file = (place.file if place else "") or edit.key[0]
            line = entry.source.line if entry is not None else 1
            problems.append(Problem(file, line, 1, str(error)))
    return Applied(files, conflicts, tuple(problems))


def conflicts_of(
    draft: Draft, files: Files, entries: Mapping[Key, Entry]
) -> tuple[Conflict, ...]:
    """Return the draft's conflicts with what is live, files first."""
    found = [Conflict((f.path, ""), None, None, None) for f in draft.files if not _free(f, files)]
    for edit in draft.entries:
        entry = entries.get(edit.key)
        conflict = conflict_of(edit, None if entry is None else fields_of(entry))
        found += [conflict] if conflict else []
    return tuple(found)


def conflict_of(edit: EntryEdit, theirs: EntryFields | None) -> Conflict | None:
    """Return the conflict where an entry is neither as it was nor as the edit wants it."""
    if _same(theirs, edit.base) or _same(theirs, edit.mine):
        return None
    return Conflict(edit.key, edit.base, edit.mine, theirs)


def _same(one: EntryFields | None, other: EntryFields | None) -> bool:
    """Whether two texts are equal, wherever they stand."""
    if one is None or other is None:
        return one is other
    return replace(one, file="", tags=tuple(sorted(one.tags))) == replace(
        other, file="", tags=tuple(sorted(other.tags))
    )


def _put(edit: EntryEdit, live: EntryFields | None, files: Files) -> Files:
    if _same(live, edit.mine):
        return files
    if edit.mine is None:
        return remove_entry(files, edit.key)
    return put_entry(files, edit.mine, replacing=None if live is None else edit.key)


def _free(change: FileEdit, files: Files) -> bool:
    now = files.get(change.path)
    return file_digest(now) == change.base or now == change.text.encode()
