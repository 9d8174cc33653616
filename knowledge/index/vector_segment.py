"""One file of vectors by their texts' digests; written once, whole, and read where it lies."""

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

SUFFIX = ".vectors"


@dataclass(frozen=True)
class Segment:
    """Sorted digests (S16) and the row of each; the rows stay on disk until they are needed."""

    path: Path
    digests: NDArray[np.bytes_]
    vectors: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.digests)

    def find(self, digests: NDArray[np.bytes_]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which of the digests are here, and the rows of those that are."""
        places = np.minimum(np.searchsorted(self.digests, digests), len(self) - 1)
        found: NDArray[np.bool_] = self.digests[places] == digests
        return found, places[found]

    @classmethod
    def read(cls, path: Path, dimension: int) -> Self | None:
        """Open a segment, or return None where it is gone, damaged or of another dimension."""
        with suppress(OSError, ValueError, EOFError):
            with path.open("rb") as file:
                digests = npy.read_array(file, allow_pickle=False)
                npy.read_magic(file)
                shape, _, kind = npy.read_array_header_1_0(file)
                start = file.tell()
            whole = shape == (len(digests), dimension) and len(digests) > 0
            if whole and digests.dtype == np.dtype("S16") and kind == np.dtype("<f4"):
                return cls(path, digests, np.asarray(np.memmap(path, kind, "r", start, shape)))
        return None

    @staticmethod
    def write(folder: Path, digests: NDArray[np.bytes_], vectors: NDArray[np.float32]) -> None:
        """Add a file with these to the folder; nobody sees it before it is complete."""
        folder.mkdir(parents=True, exist_ok=True)
        order = np.argsort(digests)
        handle, scratch = tempfile.mkstemp(dir=folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                npy.write_array(file, digests[order], allow_pickle=False)
                npy.write_array(file, np.asarray(vectors, dtype="<f4")[order], allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            os.replace(scratch, folder / f"{uuid4().hex}{SUFFIX}")
        except BaseException:
            os.unlink(scratch)
            raise


def join(segments: Sequence[Segment], folder: Path) -> None:
    """Put the segments' rows into one new segment, and delete them."""
    digests, first = np.unique(np.concatenate([s.digests for s in segments]), return_index=True)
    Segment.write(folder, digests, np.concatenate([s.vectors for s in segments])[first])
    for segment in segments:
        with suppress(OSError):  # another process joined it too
            segment.path.unlink()
