"""Built indexes on disk, so that a start reads instead of embedding and sorting again."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.index.corpus import Corpus, rows_of
from knowledge.index.language_rows import Embed, LanguageRows

# Raise it when the files, or the tokens and rows that they are made of, would be others.
_FORMAT = 1
# The live one, and the one before it to go back to.
_KEPT = 2
_ABOUT, _DIGESTS = "about.json", "digests.npy"
_UNREADABLE = (OSError, ValueError, TypeError, LookupError, RuntimeError, EOFError)


class IndexStore:
    """The encoder's last two indexes of each language, each in a folder named by its content.

    One that lacks a few of the entries is used, too, and completed. A folder appears under its
    name only when it is complete; one that can't be read is passed over and replaced.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        """`identity` is the encoder's."""
        self._folder = folder
        self._identity = identity

    def load(self, language: str, entries: Sequence[Entry], embed: Embed) -> LanguageRows | None:
        """Return these entries over a kept index, or None where none is near enough."""
        digests = _digests(entries)
        for folder in self._folders(language, first=self._name(language, digests)):
            documents = None
            with suppress(*_UNREADABLE):
                stored, corpus = np.load(folder / _DIGESTS), Corpus.load(folder)
                documents = _places(stored, digests)
            if documents is None or len(stored) != len(corpus):
                continue
            rows = LanguageRows.completed(corpus, entries, documents, embed)
            if rows is not None:
                with suppress(OSError):  # another process has removed it
                    os.utime(folder)  # the least recently used goes first
                return rows
        return None

    def save(self, language: str, rows: LanguageRows) -> LanguageRows:
        """Keep an index that was just built; return it over the files, out of memory."""
        if rows.corpus.asked.empty or rows.corpus.whole.empty:
            return rows  # no words in it: nothing worth keeping
        digests = _digests(rows.entries)
        target = self._folder / self._name(language, digests)
        self._folder.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=self._folder, prefix="."))
        try:
            np.save(scratch / _DIGESTS, digests)
            rows.corpus.save(scratch)
            about = {**self._about(language), "sizes": _sizes(scratch)}
            (scratch / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
            for path in scratch.rglob("*.*"):
                with path.open("rb") as file:
                    os.fsync(file.fileno())
            shutil.rmtree(target, ignore_errors=True)  # there only if it couldn't be read
            with suppress(OSError):  # another process that indexes the same was quicker
                os.rename(scratch, target)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        self._forget(language)
        with suppress(*_UNREADABLE):  # another process may be about to replace it
            return LanguageRows.over(Corpus.load(target), rows.entries, rows.documents)
        return rows

    def _about(self, language: str) -> dict[str, object]:
        return {"format": _FORMAT, "encoder": self._identity, "language": language}

    def _name(self, language: str, digests: NDArray[np.bytes_]) -> str:
        made_from = json.dumps(self._about(language)).encode() + digests.tobytes()
        return hashlib.sha256(made_from).hexdigest()[:32]

    def _folders(self, language: str, *, first: str = "") -> Iterator[Path]:
        """Yield the whole folders of this encoder and language: `first`, then the latest."""
        found: list[tuple[bool, float, Path]] = []
        for folder in self._folder.glob("[0-9a-f]*"):
            with suppress(*_UNREADABLE):  # no index, damaged, or just removed by another process
                about = {**self._about(language), "sizes": _sizes(folder)}
                if json.loads((folder / _ABOUT).read_text(encoding="utf-8")) == about:
                    found.append((folder.name == first, folder.stat().st_mtime, folder))
        yield from (folder for _, _, folder in sorted(found, reverse=True))

    def _forget(self, language: str) -> None:
        kept = set(list(self._folders(language))[:_KEPT])
        a_day_ago = time.time() - 24 * 3600  # a younger scratch folder may be in use
        for path in self._folder.iterdir():
            with suppress(*_UNREADABLE):
                if path.name.startswith("."):
                    gone = path.stat().st_mtime < a_day_ago
                else:
                    about = json.loads((path / _ABOUT).read_text(encoding="utf-8"))
                    gone = about["language"] == language and path not in kept
                if gone:
                    shutil.rmtree(path, ignore_errors=True)


def _sizes(folder: Path) -> dict[str, int]:
    files = (path for path in folder.rglob("*.*") if path.name != _ABOUT)
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def _digests(entries: Sequence[Entry]) -> NDArray[np.bytes_]:
    """Return 16 bytes for each entry that change with its id and with what is searched of it."""
    found = []
    for entry in entries:
        texts = (entry.id, *rows_of(entry))
        # With lengths, so that no text can pass for two.
        told = "\0".join((*(str(len(text)) for text in texts), *texts))
        found.append(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:16])
    return np.array(found, dtype="S16")


def _places(stored: NDArray[np.bytes_], digests: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """Return where each digest is in the stored ones, -1 if nowhere."""
    order = np.argsort(stored)
    places = order[np.minimum(np.searchsorted(stored[order], digests), len(stored) - 1)]
    return np.where(stored[places] == digests, places, -1)
