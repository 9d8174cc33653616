"""Published versions of the knowledge folder, kept in git without a git program."""

import io
import os
import weakref
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from dulwich.object_store import DiskObjectStore
from dulwich.objects import Blob, ObjectID, ShaFile

from knowledge.entries import Files
from knowledge.versions.errors import ChangedOnDisk, HeadMoved, VersionError
from knowledge.versions.git_index import sync_index
from knowledge.versions.journal import Interrupted, Journal
from knowledge.versions.locking import PublishLock, unwritable
from knowledge.versions.objects import Objects, build_trees
from knowledge.versions.repository import Repository, find_repository, make_repository
from knowledge.versions.version import Version, new_commit, version_of
from knowledge.versions.working import WorkingFolder, blob_id, check_paths

__all__ = ["ChangedOnDisk", "HeadMoved", "Version", "VersionError", "VersionStore", "export_zip"]


class VersionStore:
    """Reads and makes versions; safe for many threads and processes.

    A commit writes, in this order: git objects, a journal, the ref, the files, no journal. Killed
    before the ref moves it has changed nothing; killed after, `open` and `lock` write the files
    that are missing. So there is the old version or the new one, whole.
    """

    def __init__(self, folder: Path, state_dir: Path, repository: Repository) -> None:
        """Take the parts; `open` is what finds them."""
        store = repository.repo.object_store
        if not isinstance(store, DiskObjectStore):
            raise VersionError(f"{folder}: its git repository keeps no objects on disk")
        self._repository = repository
        self._objects = Objects(store)
        self._folder = WorkingFolder(Path(os.path.realpath(folder)))
        self._journal = Journal(state_dir)
        self._lock = PublishLock(state_dir)
        self._state_dir = state_dir
        weakref.finalize(self, repository.repo.close)

    @classmethod
    def open(cls, folder: Path, state_dir: Path) -> "VersionStore":
        """Open the history of a knowledge folder; finishes or drops an interrupted commit.

        Where no git repository encloses the folder, one is made in it.

        Raises:
            VersionError: There is a repository that can't be used, or none can be made.
        """
        try:
            state_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(state_dir, error) from error
        repository = find_repository(folder)
        if repository is None:
            with PublishLock(state_dir).held():
                repository = find_repository(folder) or make_repository(folder)
        store = cls(folder, state_dir, repository)
        if store._journal.read():
            with store.lock():
                pass  # entering it has settled what was interrupted
        return store

    def head(self) -> Version | None:
        """Return the newest version; None before the first."""
        head = self._repository.head()
        return self._objects.version(head) if head else None

    def files(self, version: str) -> Files:
        """Return all files of a version; raises VersionError for an id that is none of ours."""
        known = self._known(version)
        ids = self._objects.files(known.id)
        return {path: self._objects.data(id_) for path, id_ in ids.items()}

    def find(self, prefix: str) -> Version:
        """Return the version whose id begins so; at least 4 digits."""
        wanted = prefix.strip().lower()
        if len(wanted) < 4 or set(wanted) - set("0123456789abcdef"):
            raise VersionError(
                f"{prefix!r} is no version; write at least the first 4 characters of its id"
            )
        found = [
            version
            for version in self._walk(self._repository.head())
            if version.id.startswith(wanted)
        ]
        if not found:
            raise VersionError(f"there is no version {prefix!r}; the history lists them all")
        if len(found) > 1:
            ids = ", ".join(version.id[: len(wanted) + 4] for version in found[:5])
            raise VersionError(f"{prefix!r} fits several versions ({ids}); write more of the id")
        return found[0]

    def log(
        self, *, limit: int = 50, before: str | None = None, path: str | None = None
    ) -> tuple[Version, ...]:
        """Return versions, newest first.

        Args:
            limit: At most so many.
            before: Only those older than this id (the last one of the page before).
            path: Only those in which this file was added, changed or removed.
        """
        start = self._known(before).parent if before else self._repository.head()
        versions = self._walk(start) if path is None else self._touching(path, start)
        return tuple(islice(versions, limit))

    def commit(self, files: Files, *, author: str, message: str, parent: str | None) -> Version:
        """Make a version that holds exactly these files, and write them to the folder.

        Files that no version knows, and hand edits in files that this commit doesn't change,
        stay as they are.

        Raises:
            HeadMoved: The newest version is not `parent` any more.
            ChangedOnDisk: A file that it must write was changed by hand meanwhile.
            VersionError: A path is not allowed, or something can't be written.
        """
        check_paths(files)
        with self.lock():
            if self._repository.head() != parent:
                raise HeadMoved(self._repository.head())
            old = self._objects.files(parent) if parent else {}
            new = {path: blob_id(data) for path, data in files.items()}
            self._check_folder(old, new)
            trees = build_trees(new)
            commit = new_commit(trees[-1].id, parent, author=author, message=message)
            known = set(old.values())
            blobs = (
                Blob.from_string(data) for path, data in files.items() if new[path] not in known
            )
            made: list[ShaFile] = [*trees, commit]
            try:
                self._objects.write(blobs)
                self._objects.write(made)
                self._journal.write(Interrupted(commit.id.decode(), parent))
                self._move_head(commit.id, parent)
                self._write_folder(old, new)
                self._journal.clear()
            except OSError as error:
                raise self._half_way(commit.id, error) from error
            return version_of(commit)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Keep every other thread and process from publishing; may be entered again inside.

        Raises:
            VersionError: Another publish has been at work for a minute.
        """
        with self._lock.held():
            self._settle_interrupted()
            yield

    def _walk(self, id_: str | None) -> Iterator[Version]:
        while id_:
            version = self._objects.version(id_)
            yield version
            id_ = version.parent

    def _known(self, id_: str) -> Version:
        """Find an id among ours: the repository around the folder holds others' commits, too."""
        for version in self._walk(self._repository.head()):
            if version.id == id_:
                return version
        raise VersionError(f"there is no version {id_!r}; the history lists them all")

    def _touching(self, path: str, start: str | None) -> Iterator[Version]:
        later: tuple[Version, ObjectID | None] | None = None
        for version in self._walk(start):
            entry = self._objects.entry_at(version.id, path)
            if later and later[1] != entry:
                yield later[0]
            later = version, entry
        if later and later[1] is not None:
            yield later[0]

    def _check_folder(self, old: Mapping[str, ObjectID], new: Mapping[str, ObjectID]) -> None:
        """Refuse before anything is written; nobody's hand edit may be lost."""
        edited: set[str] = set()
        for path in sorted(_differing(old, new)):
            found = self._folder.content_id(path)
            if found == new.get(path):
                continue
            blocked = set(self._folder.in_the_way(path, old)) if path in new else set()
            # A folder that holds only files which this commit removes makes room by itself.
            if blocked or (found != old.get(path) and not self._makes_room(path, old)):
                edited |= blocked or {path}
            else:
                self._folder.check_writable(path)
        if edited:
            raise ChangedOnDisk(sorted(edited))

    def _makes_room(self, path: str, old: Mapping[str, ObjectID]) -> bool:
        return any(known.startswith(f"{path}/") for known in old) and path not in old

    def _move_head(self, commit: ObjectID, parent: str | None) -> None:
        try:
            moved = self._repository.move_head(commit, parent)
        except VersionError:
            self._journal.clear()
            raise
        if not moved:
            self._journal.clear()
            raise HeadMoved(self._repository.head())

    def _write_folder(self, old: Mapping[str, ObjectID], new: Mapping[str, ObjectID]) -> None:
        """Bring the folder from one version to the next; hand edits made since stay."""
        # Removed first: a file may take the place of a folder.
        for path in sorted(_differing(old, new), key=lambda path: (path in new, path)):
            if self._folder.content_id(path) != old.get(path) or self._folder.link_in(path):
                self._folder.tidy(path)
            elif path in new:
                self._folder.write(path, self._objects.data(new[path]))
            else:
                self._folder.remove(path)
        self._folder.flush()
        if index := self._repository.index_file:
            sync_index(index, old=old, new=new, folder=self._folder)

    def _settle_interrupted(self) -> None:
        """Finish a commit that was killed after its ref moved; forget one killed before."""
        interrupted = self._journal.read()
        if interrupted is None:
            return
        try:
            self._repository.remove_left_locks()
            if interrupted.commit == self._repository.head():
                parent = interrupted.parent
                old = self._objects.files(parent) if parent else {}
                self._write_folder(old, self._objects.files(interrupted.commit))
            self._journal.clear()
        except OSError as error:
            raise self._half_way(ObjectID(interrupted.commit.encode()), error) from error

    def _half_way(self, commit: ObjectID, error: OSError) -> VersionError:
        place = error.filename or self._state_dir
        if self._repository.head() == commit.decode():
            return VersionError(
                f"version {commit.decode()[:8]} is published, but {place} can't be written "
                f"({error.strerror or error}); mend that, and the next publish or start writes it"
            )
        return unwritable(place, error)


def _differing(old: Mapping[str, ObjectID], new: Mapping[str, ObjectID]) -> set[str]:
    return {path for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def export_zip(files: Files) -> bytes:
    """Return the files as a ZIP archive; the same files give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[path])
    return packed.getvalue()
