"""Word matches: BM25 over texts, scaled to the share of the query that matched."""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from knowledge.index.postings import Postings, Tokens
from knowledge.index.segment import tokens


class LexicalIndex:
    """BM25 scores of a query against every text. Immutable.

    Texts added by `extended` count by the weights that the first ones gave their words.
    """

    def __init__(self, documents: Sequence[Tokens]) -> None:
        """Index texts, given in tokens."""
        self._first = Postings.of(documents)
        self._size = len(documents)
        self._more: tuple[Tokens, ...] = ()
        self._added: Postings | None = None

    def extended(self, documents: Sequence[Tokens]) -> Self:
        """Return an index of these texts with further ones, given in tokens, after them."""
        if self._first is None:
            raise ValueError("there is nothing to weigh the words by; index all texts anew")
        index = type(self)(())
        index._first, index._size = self._first, self._size
        index._more = (*self._more, *documents)
        index._added = self._first.of_more(index._more)
        return index

    def __len__(self) -> int:
        return self._size + len(self._more)

    @property
    def empty(self) -> bool:
        """Whether no word is in it, so that it can't be extended."""
        return self._first is None

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one score in [0, 1] for every text.

        1 means that the text holds every token of the query as tellingly as any text does; tokens
        that no text knows count against all of them.
        """
        unique = list(dict.fromkeys(tokens(query)))
        totals = np.zeros(len(self), dtype=np.float32)
        if self._first is None or not unique:
            return totals
        parts = [self._first] if self._added is None else [self._first, self._added]
        most = [max(part.most(token) for part in parts) for token in unique]
        # A token of no text would score about what the rarest known one does.
        rarest = max(float(part.ceiling.max(initial=0)) for part in parts)
        self._first.add_to(totals, unique)
        if self._added is not None:
            self._added.add_to(totals[self._size :], unique)
        totals /= max(sum(score or rarest for score in most), 1e-9)
        return totals

    def save(self, folder: Path) -> None:
        """Write the first texts' part, without those added since, into a new folder."""
        if self._first is None:
            raise ValueError("there is nothing to save")
        self._first.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open what `save` wrote.

        Raises:
            OSError, ValueError: It is missing or damaged.
        """
        index = cls(())
        index._first = Postings.load(folder)
        index._size = index._first.size
        return index
