"""Remembers what each file's text became, so that an edit reads one file and a start none."""

import contextlib
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

from knowledge.entries import Files
from knowledge.formats.placed import ParsedFile
from knowledge.formats.stored import from_json, to_json

READERS = 1
"""Raise it with every change to what a reader makes of a file or to how that is stored."""

# Beyond what was last read: some versions of every file of a usual shop, for drafts and undo.
_MEMORY_BYTES = 32 * 2**20
_STORED_FILES = 200
_A_DAY_S = 24 * 3600


class ParsedFiles:
    """What files became, by their path and bytes; in memory and, given a folder, on disk.

    Safe from several threads and processes: a value for a digest is always the same.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._known: dict[str, tuple[int, ParsedFile]] = {}  # the least recently used comes first

    def read(
        self, files: Files, parse: Callable[[str, bytes], ParsedFile]
    ) -> tuple[ParsedFile, ...]:
        """Return what each file says, in order; `parse` reads those that were never seen."""
        digests = {path: _digest(path, data) for path, data in files.items()}
        found = []
        new = False
        for path, data in files.items():
            digest = digests[path]
            with self._lock:
                known = self._known.get(digest)
            value = known[1] if known else self._stored(path, digest)
            if value is None:
                value, new = parse(path, data), True
                self._store(digest, value)
            found.append(value)
            with self._lock:
                self._known.pop(digest, None)
                self._known[digest] = len(data), value
        used = frozenset(digests.values())
        self._trim_memory(used)
        if new:
            self._trim_folder(used)
        return tuple(found)

    def _trim_memory(self, used: Collection[str]) -> None:
        with self._lock:
            others = [digest for digest in self._known if digest not in used]
            size = sum(self._known[digest][0] for digest in others)
            for digest in others:
                if size <= _MEMORY_BYTES:
                    break
                size -= self._known.pop(digest)[0]

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
