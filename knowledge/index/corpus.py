"""What entries' texts are searched by, numbered as documents that never change and only add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.index.dense import DenseIndex
from knowledge.index.lexical import LexicalIndex
from knowledge.index.segment import tokens


def rows_of(entry: Entry) -> tuple[str, ...]:
    """Return the texts that stand for an entry; the last one is its answer, a weaker sign."""
    if entry.kind == "policy":
        return f"{': '.join(entry.heading_path)}. {entry.answer}", entry.answer
    return *dict.fromkeys((entry.question, *entry.phrasings)), entry.answer


@dataclass(frozen=True)
class Corpus:
    """Texts of entries; document d owns rows starts[d] to starts[d + 1] of the vectors.

    Vectors are compared row by row. Words are counted over a document's rows together: that found
    the right topic for 68 instead of 60 % (English) and 75 instead of 60 % (Chinese) of the demo
    shop's questions. `first` documents were there when it was built; those added since are
    weighed by their words.
    """

    starts: NDArray[np.int64]
    dense: DenseIndex
    asked: LexicalIndex
    whole: LexicalIndex
    first: int

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def build(cls, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Self:
        """Index entries whose rows, one entry after the other, have these vectors."""
        lengths = [len(rows_of(entry)) for entry in entries]
        words = [_words(entry) for entry in entries]
        return cls(
            starts=np.cumsum([0, *lengths], dtype=np.int64),
            dense=DenseIndex(vectors),
            asked=LexicalIndex([asked for asked, _ in words]),
            whole=LexicalIndex([asked + answer for asked, answer in words]),
            first=len(entries),
        )

    def extended(self, entries: Sequence[Entry], vectors: NDArray[np.float32]) -> Self:
        """Return the same documents and these entries after them."""
        lengths = [len(rows_of(entry)) for entry in entries]
        words = [_words(entry) for entry in entries]
        return type(self)(
            starts=np.concatenate([self.starts, self.starts[-1] + np.cumsum(lengths)]),
            dense=self.dense.extended(vectors),
            asked=self.asked.extended([asked for asked, _ in words]),
            whole=self.whole.extended([asked + answer for asked, answer in words]),
            first=self.first,
        )

    def takes(self, count: int) -> bool:
        """Whether so many more documents may be added before all should be indexed anew.

        At most 2 % of the first: they are compared one by one, and count no words.
        """
        if self.asked.empty or self.whole.empty:
            return False
        return (len(self) - self.first + count) * 50 <= self.first

    def save(self, folder: Path) -> None:
        """Write the first documents' part into an existing folder."""
        np.save(folder / "starts.npy", self.starts[: self.first + 1])
        self.dense.save(folder / "dense")
        self.asked.save(folder / "asked")
        self.whole.save(folder / "whole")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote.

        Raises:
            OSError, ValueError, RuntimeError: It is missing or damaged.
        """
        starts = np.load(folder / "starts.npy")
        dense = DenseIndex.load(folder / "dense")
        asked, whole = (LexicalIndex.load(folder / name) for name in ("asked", "whole"))
        count = len(starts) - 1
        if not (len(dense) == starts[-1] and len(asked) == len(whole) == count):
            raise ValueError(f"{folder}: its parts don't fit together")
        return cls(starts, dense, asked, whole, count)


def _words(entry: Entry) -> tuple[list[str], list[str]]:
    """Return the tokens of the ways to ask, and of the answer."""
    *asked, answer = rows_of(entry)
    return tokens("\n".join(asked)), tokens(answer)
