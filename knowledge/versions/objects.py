"""Blobs, trees and commits in a repository's object store."""

import os
import stat
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import RLock
from typing import TypeVar

from dulwich.errors import FileFormatException
from dulwich.file import adjust_shared_perm
from dulwich.object_store import DiskObjectStore, iter_tree_contents
from dulwich.objects import Blob, Commit, ObjectID, ShaFile, Tree

from knowledge.versions.errors import VersionError
from knowledge.versions.version import Version, version_of
from knowledge.versions.working import flush_folder

_FILE_MODE = 0o100644
_Object = TypeVar("_Object", Blob, Tree, Commit)
_Entry = tuple[int, ObjectID]


class Objects:
    """Reads objects, a thread at a time; writes them so that a kill leaves no lock behind."""

    def __init__(self, store: DiskObjectStore) -> None:
        self._store = store
        self._one_at_a_time = RLock()
        self._versions: dict[str, Version] = {}

    def version(self, id_: str) -> Version:
        """Return a commit; raises VersionError."""
        known = self._versions.get(id_)
        if known is None:
            known = self._versions[id_] = version_of(self._read(ObjectID(id_.encode()), Commit))
        return known

    def files(self, commit: str) -> dict[str, ObjectID]:
        """Return the ids of all regular files of a version, by path."""
        tree = self._read(ObjectID(commit.encode()), Commit).tree
        try:
            with self._one_at_a_time:
                found = list(iter_tree_contents(self._store, tree))
        except (KeyError, FileFormatException, zlib.error) as error:
            raise VersionError(f"version {commit[:8]} is damaged in git ({error})") from error
        return {
            entry.path.decode("utf-8", "surrogateescape"): entry.sha
            for entry in found
            if stat.S_ISREG(entry.mode)
        }

    def data(self, blob: ObjectID) -> bytes:
        """Return what a file holds; raises VersionError."""
        return self._read(blob, Blob).data

    def entry_at(self, commit: str, path: str) -> ObjectID | None:
        """Return the id of one file of a version, without reading the others."""
        id_ = self._read(ObjectID(commit.encode()), Commit).tree
        *folders, name = path.encode("utf-8", "surrogateescape").split(b"/")
        for folder in folders:
            mode, id_ = self._entry(id_, folder)
            if not stat.S_ISDIR(mode):
                return None
        mode, id_ = self._entry(id_, name)
        return id_ if stat.S_ISREG(mode) else None

    def write(self, objects: Iterable[ShaFile]) -> None:
        """Write what isn't there yet, down to the disk; OSError passes.

        dulwich's own writing takes a lock file per object. Killed with it, nobody could ever
        write that object again.
        """
        folders = {self._write_one(item) for item in objects}
        for folder in filter(None, folders):
            flush_folder(folder)
        if any(folders):
            flush_folder(Path(self._store.path))

    def _write_one(self, item: ShaFile) -> Path | None:
        name = item.id.decode()
        folder = Path(self._store.path) / name[:2]
        try:
            os.utime(folder / name[2:])  # `git gc` removes only what is old and unused
            return None
        except FileNotFoundError:
            with self._one_at_a_time:
                if item.id in self._store:
                    return None
        except PermissionError:
            return None
        if not folder.is_dir():
            folder.mkdir(exist_ok=True)
            adjust_shared_perm(folder, self._store.shared_perm)
        # git's name for such files: `git prune` clears away what a kill left.
        descriptor, temporary = tempfile.mkstemp(prefix="tmp_obj_", dir=folder)
        with os.fdopen(descriptor, "wb") as file:
            file.write(item.as_legacy_object(self._store.loose_compression_level))
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o444)
        adjust_shared_perm(temporary, self._store.shared_perm)
        os.replace(temporary, folder / name[2:])
        return folder

    def _entry(self, tree: ObjectID, name: bytes) -> _Entry:
        try:
            return self._read(tree, Tree)[name]
        except KeyError:
            return 0, tree

    def _read(self, id_: ObjectID, kind: type[_Object]) -> _Object:
        try:
            with self._one_at_a_time:
                found = self._store[id_]
        except (KeyError, FileFormatException, zlib.error, OSError) as error:
            raise VersionError(
                f"{id_.decode()[:8]} can't be read from git; `git fsck` says more"
            ) from error
        if not isinstance(found, kind):
            raise VersionError(f"{id_.decode()[:8]} is no {kind.__name__.lower()} in git")
        return found


def build_trees(ids: Mapping[str, ObjectID]) -> list[Tree]:
    """Return the tree objects of a folder; the last is the root."""
    folders: dict[str, dict[bytes, _Entry]] = {"": {}}
    for path, id_ in ids.items():
        folder, _, name = path.rpartition("/")
        folders.setdefault(folder, {})[name.encode()] = (_FILE_MODE, id_)
        while folder:
            folder = folder.rpartition("/")[0]
            folders.setdefault(folder, {})
    trees: list[Tree] = []
    for folder in sorted(folders, key=lambda name: (-name.count("/"), not name, name)):
        tree = Tree()
        for entry, (mode, id_) in folders[folder].items():
            tree.add(entry, mode, id_)
        trees.append(tree)
        if folder:
            parent, _, last = folder.rpartition("/")
            folders[parent][last.encode()] = (stat.S_IFDIR, tree.id)
    return trees
