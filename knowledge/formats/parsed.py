"""Remembers what each file's text became, so that an edit reads one file and a start none."""

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.entries import Files
from knowledge.formats.placed import ParsedFile
from knowledge.formats.stored import from_json, to_json

READERS = 1
"""Raise it with every change to what a reader makes of a file or to how that is stored."""

# Beyond the last whole folder: some versions of every file of a usual shop, for drafts and undo.
_MEMORY_BYTES = 32 * 2**20
_STORED_FILES = 200
_A_DAY_S = 24 * 3600


@dataclass(frozen=True)
class _Known:
    """What a file of `size` bytes became, and whether the disk remembers it, too."""

    size: int
    value: ParsedFile
    stored: bool


class ParsedFiles:
    """What files became, by their path and bytes; in memory and, given a folder, on disk.

    Safe from several threads and processes: a value for a digest is always the same.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known: dict[str, _Known] = {}  # the least recently used comes first
        self._size = 0  # bytes of the files in it
        self._live: Collection[str] = ()  # the files of the last whole folder
        self._room = _MEMORY_BYTES

    def read(
        self, files: Files, parse: Callable[[str, bytes], ParsedFile]
    ) -> tuple[ParsedFile, ...]:
        """Return what each file of a folder says, in order; `parse` reads what was never seen."""
        found: dict[str, ParsedFile] = {}
        new = False
        for path, data in files.items():
            digest = _digest(path, data)
            known = self._find(digest, path, data, parse)
            if not known.stored:
                self._store(digest, known.value)
                new = True
            self._remember(digest, replace(known, stored=True))
            found[digest] = known.value
        with self._lock:
            self._live = found.keys()
            self._room = _MEMORY_BYTES + sum(map(len, files.values()))
        self._trim_memory()
        if new:
            self._trim_folder(found)
        return tuple(found.values())

    def read_one(
        self, path: str, data: bytes, parse: Callable[[str, bytes], ParsedFile]
    ) -> ParsedFile:
        """Return what one file says, such as one half edited: it is kept in memory only."""
        digest = _digest(path, data)
        known = self._find(digest, path, data, parse)
        self._remember(digest, known)
        self._trim_memory()
        return known.value

    def _find(
        self, digest: str, path: str, data: bytes, parse: Callable[[str, bytes], ParsedFile]
    ) -> "_Known":
        with self._lock:
            known = self._known.get(digest)
        if known is not None:
            return known
        stored = self._stored(path, digest)
        value = parse(path, data) if stored is None else stored
        return _Known(len(data), value, stored is not None)

    def _remember(self, digest: str, known: "_Known") -> None:
        """Put it behind all others, as the one used last."""
        with self._lock:
            before = self._known.pop(digest, None)
            self._known[digest] = known
            self._size += known.size - (before.size if before else 0)

    def _trim_memory(self) -> None:
        with self._lock:
            if self._size <= self._room:
                return
            for digest in [digest for digest in self._known if digest not in self._live]:
                self._size -= self._known.pop(digest).size
                if self._size <= self._room:
                    break

    def _stored(self, path: str, digest: str) -> ParsedFile | None:
        """Return what the disk remembers; a damaged or foreign file counts as none."""
        if self._folder is None:
            return None
        file = self._folder / f"{digest}.json"
        with contextlib.suppress(OSError):
            check, _, body = file.read_bytes().partition(b"\n")
            if hashlib.sha256(body).hexdigest().encode() == check:
                os.utime(file)  # the least recently used goes first
                return from_json(body, path)
        return None

    def _store(self, digest: str, value: ParsedFile) -> None:
        if self._folder is None:
            return
        body = to_json(value)
        check = hashlib.sha256(body).hexdigest().encode()
        with contextlib.suppress(OSError):  # a full disk costs time, not the edit
            self._folder.mkdir(parents=True, exist_ok=True)
            handle, scratch = tempfile.mkstemp(dir=self._folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(check + b"\n" + body)
                os.replace(scratch, self._folder / f"{digest}.json")
            except BaseException:
                os.unlink(scratch)
                raise

    def _trim_folder(self, used: Collection[str]) -> None:
        """Remove what was not used for longest, and what a killed process left half written."""
        if self._folder is None:
            return
        with contextlib.suppress(OSError):  # another process may be trimming it, too
            ages = {file: file.stat().st_mtime for file in self._folder.iterdir()}
            left = [f for f in ages if f.suffix == ".part" and ages[f] < time.time() - _A_DAY_S]
            others = [f for f in ages if f.suffix == ".json" and f.stem not in used]
            others.sort(key=ages.__getitem__, reverse=True)
            for file in (*left, *others[_STORED_FILES:]):
                file.unlink(missing_ok=True)


def _digest(path: str, data: bytes) -> str:
    digest = hashlib.sha256(f"{READERS}\0{path}\0".encode("utf-8", "surrogatepass"))
    digest.update(data)
    return digest.hexdigest()
