"""The knowledge folder on disk: files compared, replaced whole, never outside of it."""

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from dulwich.objects import Blob, ObjectID

from knowledge.versions.errors import VersionError

_TEMPORARY = ".shopclerk-temporary"
_RESERVED = frozenset({".git", "git~1", _TEMPORARY})
SOMETHING_ELSE = ObjectID(b"something else")
"""Stands for a folder, a pipe and the like where a file is expected."""


def check_paths(paths: Iterable[str]) -> None:
    """Refuse paths that could lead out of the folder, or that can't stand side by side.

    Raises:
        VersionError: Names the first such path.
    """
    seen = set(paths)
    for path in seen:
        parts = path.split("/")
        if (
            any(part in ("", ".", "..") or part.lower() in _RESERVED for part in parts)
            or re.search(r"[\\\x00-\x1f\x7f\ud800-\udfff]|^[A-Za-z]:", path)
            or any(len(part.encode()) > 255 for part in parts)
        ):
            raise VersionError(f"{path!r} is no file name in the knowledge folder; choose another")
        for parent in _parents(path):
            if parent in seen:
                raise VersionError(f"{parent!r} can't be a file and a folder; rename one")


def blob_id(data: bytes) -> ObjectID:
    """Return the id that git gives to a file's content."""
    return Blob.from_string(data).id


class WorkingFolder:
    """Reads, replaces and removes files below `root`.

    A link is read, so that a feed may be linked in, but never replaced nor written through.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._touched: set[Path] = set()

    def content_id(self, path: str) -> ObjectID | None:
        """Return the id of what the file holds; None where there is none."""
        place = self._root / path
        try:
            if place.is_file():
                return blob_id(place.read_bytes())
            if place.is_dir() and not any(self._files_below(place)):
                return None
            return SOMETHING_ELSE if place.exists() or place.is_symlink() else None
        except NotADirectoryError:
            return None
        except OSError as error:
            raise VersionError(f"{path}: can't be read ({error.strerror})") from error

    def in_the_way(self, path: str, known: Collection[str]) -> Iterator[str]:
        """Yield what stands where `path` shall be written and isn't one of the `known` files."""
        for parent in _parents(path):
            place = self._root / parent
            if parent not in known and place.exists() and not place.is_dir():
                yield parent
        if (self._root / path).is_dir():
            below = (file.relative_to(self._root) for file in self._files_below(self._root / path))
            yield from (name for name in map(Path.as_posix, below) if name not in known)

    def link_in(self, path: str) -> str | None:
        """Return the first part of the path that is a link."""
        names = (*_parents(path), path)
        return next((name for name in names if (self._root / name).is_symlink()), None)

    def check_writable(self, path: str) -> None:
        """Raise VersionError if the file can't be replaced or removed."""
        if link := self.link_in(path):
            raise VersionError(
                f"{link} is a link, and is not written through; put what it leads to in its place"
            )
        parent = (self._root / path).parent
        while not parent.is_dir() and parent != self._root:
            parent = parent.parent
        if not os.access(parent, os.W_OK | os.X_OK):
            raise VersionError(f"{parent}: may not be written to; give this user the right to")

    def write(self, path: str, data: bytes) -> None:
        """Replace a file in one step; OSError passes."""
        place, temporary = self._root / path, (self._root / path).parent / _TEMPORARY
        self._remove_empty_below(place)
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary.unlink(missing_ok=True)
        # Made anew, so that nobody's link under this name is followed.
        with open(temporary, "xb") as file:
            if place.exists():
                os.chmod(temporary, place.stat().st_mode & 0o777)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, place)
        self._touched.add(place.parent)

    def remove(self, path: str) -> None:
        """Remove a file and the folders that it leaves empty; OSError passes."""
        place = self._root / path
        place.unlink(missing_ok=True)
        parent = place.parent
        while parent != self._root and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
            parent = parent.parent
        self._touched.add(parent)

    def tidy(self, path: str) -> None:
        """Remove what a killed `write` of this file may have left."""
        temporary = (self._root / path).parent / _TEMPORARY
        if temporary.is_file():
            temporary.unlink()

    def flush(self) -> None:
        """Wait until all that was written and removed would survive a power cut."""
        folders = {above for place in self._touched for above in (place, *place.parents)}
        for folder in folders:
            if folder.is_relative_to(self._root):
                flush_folder(folder)
        self._touched.clear()

    def stat(self, path: str) -> os.stat_result:
        """Return the file's stat, not that of a link's target."""
        return (self._root / path).lstat()

    def _remove_empty_below(self, place: Path) -> None:
        if place.is_dir() and not place.is_symlink():
            for folder, _, _ in os.walk(place, topdown=False):
                os.rmdir(folder)

    def _files_below(self, folder: Path) -> Iterator[Path]:
        return (Path(above, name) for above, _, names in os.walk(folder) for name in names)


def flush_folder(folder: Path) -> None:
    """Make new names in a folder survive a power cut."""
    if not folder.is_dir():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]
