"""Vectors on disk by what was embedded, so that an edit embeds only what it changed."""

import contextlib
import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index.dense import Encoder

# Embedded between two calls of progress; also what is lost at most when the process is stopped.
_CHUNK = 256


class EmbeddingCache:
    """The vectors of every text that any index asked for, one file for each encoder.

    Two processes may write at once: each replaces the whole file, the later one wins, and what it
    lacks is embedded again when it is next asked for.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def vectors(
        self,
        texts: Sequence[str],
        encoder: Encoder,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Return (len(texts), dim) unit rows in input order; only unseen texts are embedded."""
        path = self._folder / f"vectors-{encoder.identity}.npz"
        known = _read(path)
        digests = [text_digest(text) for text in texts]
        new = {d: text for d, text in zip(digests, texts, strict=True) if d not in known}
        items = list(new.items())
        for start in range(0, len(items), _CHUNK):
            chunk = items[start : start + _CHUNK]
            rows = encoder.encode([text for _, text in chunk])
            known.update(zip((d for d, _ in chunk), rows, strict=True))
            if progress is not None:
                progress("embed", min(start + _CHUNK, len(items)), len(items))
        if items:
            _write(path, known)
        if not texts:
            return encoder.encode([])
        return np.stack([known[d] for d in digests]).astype(np.float32, copy=False)


def text_digest(text: str) -> str:
    """The key of one text: 128 bits of its SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _read(path: Path) -> dict[str, NDArray[np.float32]]:
    # A cache that can't be read is no loss but time: everything is embedded again.
    with contextlib.suppress(OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        # Opened here: np.load leaves a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            digests, vectors = stored["digests"], stored["vectors"]
        if vectors.ndim == 2 and len(digests) == len(vectors):
            return dict(zip(map(str, digests), vectors, strict=True))
    return {}


def _write(path: Path, known: dict[str, NDArray[np.float32]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, scratch = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, digests=np.array(list(known)), vectors=np.stack(list(known.values())))
        os.replace(scratch, path)
    except BaseException:
        os.unlink(scratch)
        raise
