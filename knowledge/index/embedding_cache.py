"""Vectors on disk by what was embedded, so that an edit embeds only what it changed."""

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.index.dense import Encoder
from knowledge.index.vector_segment import SUFFIX, Segment, join

# Embedded between two calls of progress.
_CHUNK = 256
# Embedded between two segments: what is lost at most when the process is stopped.
_ROWS_A_SEGMENT = 4096
_MOST_SEGMENTS = 16
_FORGOTTEN_AFTER_S = 60 * 24 * 3600


class EmbeddingCache:
    """The vectors of every text that any index asked for, one folder for each encoder.

    A call adds its new vectors as one more file, a segment; files are never changed. When there
    are more than 16, all but the largest are joined into one. A segment of which nothing was
    asked for 60 days is deleted. Threads and processes may use the folder at once: two that
    embed the same text both keep it, which costs only space.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[Path, Segment] = {}

    def vectors(
        self,
        texts: Sequence[str],
        encoder: Encoder,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> NDArray[np.float32]:
        """Return (len(texts), dim) unit rows in input order; only unseen texts are embedded."""
        rows = np.empty((len(texts), encoder.encode([]).shape[1]), dtype=np.float32)
        digests = np.array([text_digest(text) for text in texts], dtype="S16")
        folder = self._folder / f"vectors-{encoder.identity}"
        missing = np.arange(len(texts))
        for segment in self._segments(folder, rows.shape[1]):
            if len(missing) == 0:
                break
            found, places = segment.find(digests[missing])
            rows[missing[found]] = segment.vectors[places]
            missing = missing[~found]
            if len(places):
                with suppress(OSError):  # joined with others meanwhile
                    os.utime(segment.path)
        if len(missing):
            unseen = [(number, texts[number]) for number in missing.tolist()]
            self._embed(unseen, digests, rows, (encoder, progress))
            self._tidy(folder, rows.shape[1])
        return rows

    def _embed(
        self,
        missing: Sequence[tuple[int, str]],
        digests: NDArray[np.bytes_],
        rows: NDArray[np.float32],
        by: tuple[Encoder, Callable[[str, int, int], None] | None],
    ) -> None:
        """Embed the missing texts, each different one once, into their rows and new segments."""
        encoder, progress = by
        numbers: dict[str, list[int]] = {}
        for number, text in missing:
            numbers.setdefault(text, []).append(number)
        texts = list(numbers)
        firsts = np.array([found[0] for found in numbers.values()])
        folder = self._folder / f"vectors-{encoder.identity}"
        written = 0
        for start in range(0, len(texts), _CHUNK):
            end = min(start + _CHUNK, len(texts))
            for text, row in zip(texts[start:end], encoder.encode(texts[start:end]), strict=True):
                rows[numbers[text]] = row
            if end - written >= _ROWS_A_SEGMENT or end == len(texts):
                new = firsts[written:end]
                Segment.write(folder, digests[new], rows[new])
                written = end
            if progress is not None:
                progress("embed", end, len(texts))

    def _segments(self, folder: Path, dimension: int) -> list[Segment]:
        """Return the readable segments; one that is damaged is as if it were not there."""
        for _ in range(2):  # again if another process joined some while they were opened
            paths = sorted(folder.glob(f"*{SUFFIX}"))
            found = [self._open.get(path) or Segment.read(path, dimension) for path in paths]
            if all(path.exists() for path in paths):
                break
        segments = [segment for segment in found if segment is not None]
        kept = {path: s for path, s in self._open.items() if path.parent != folder}
        self._open = kept | {segment.path: segment for segment in segments}
        return sorted(segments, key=len, reverse=True)

    def _tidy(self, folder: Path, dimension: int) -> None:
        segments = self._segments(folder, dimension)
        if len(segments) > _MOST_SEGMENTS:
            join(segments[1:], folder)
        limit = time.time() - _FORGOTTEN_AFTER_S
        for path in self._folder.glob("vectors-*/*"):
            with suppress(OSError):  # another process was quicker
                if path.stat().st_mtime < limit:
                    path.unlink()


def text_digest(text: str) -> bytes:
    """The key of one text: 128 bits of its SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
