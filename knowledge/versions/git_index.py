"""The index of the repository that Shopclerk made itself, so that `git status` tells the truth."""

from collections.abc import Mapping

from dulwich.errors import ChecksumMismatch
from dulwich.file import FileLocked
from dulwich.index import Index, IndexEntry, UnsupportedIndexFormat, index_entry_from_stat
from dulwich.objects import ObjectID

from knowledge.versions.working import WorkingFolder

_FILE_MODE = 0o100644


def sync_index(
    file: str, *, old: Mapping[str, ObjectID], new: Mapping[str, ObjectID], folder: WorkingFolder
) -> None:
    """Make the index say what `new` says, but for files that only a person has added.

    A git program at work keeps its lock: then the index is left for the next publish, since the
    version itself doesn't depend on it.
    """
    try:
        index = Index(file)
    except (ChecksumMismatch, UnsupportedIndexFormat, ValueError):
        index = Index(file, read=False)
    for path in old.keys() - new.keys():
        if path.encode() in index:
            del index[path.encode()]
    held = dict(index.items())
    for path, id_ in new.items():
        entry = held.get(path.encode())
        if old.get(path) != id_ or not isinstance(entry, IndexEntry) or entry.sha != id_:
            index[path.encode()] = _entry(path, id_, folder)
    try:
        index.write()
    except FileLocked:
        return


def _entry(path: str, id_: ObjectID, folder: WorkingFolder) -> IndexEntry:
    if folder.content_id(path) == id_:
        return index_entry_from_stat(folder.stat(path), id_, mode=_FILE_MODE)
    # Changed by hand since: an entry without times makes git compare the content.
    return IndexEntry(0, 0, 0, 0, _FILE_MODE, 0, 0, 0, id_)
