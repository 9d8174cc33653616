"""Finds the knowledge entry that answers a message; nothing is encoded or searched twice."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.interpret import Evidence
from knowledge.entries import Hit

Vector = NDArray[np.float32]
K = TypeVar("K")
V = TypeVar("V")


class Searcher(Protocol):
    """A search over one immutable snapshot of knowledge."""

    def search(
        self,
        query: str,
        *,
        language: str,
        prior: Mapping[str, float] = ...,
        limit: int = ...,
        vector: Any = ...,
    ) -> Sequence[Hit]:
        """Return the best entries, ranked by the calibrated probability that they answer."""
        ...


@dataclass(frozen=True)
class Query:
    """What is asked: the words, the language, and what the intents say (intent → probability)."""

    text: str
    language: str
    prior: tuple[tuple[str, float], ...] = ()


class Answers:
    """Knowledge search for the turn and for actions."""

    def __init__(self, searcher: Searcher, encode: Callable[[str], Awaitable[Vector]]) -> None:
        """`encode` turns a text into the vector that the search needs."""
        self._searcher = searcher
        self._encode = encode
        self._vectors: _Recent[str, Vector] = _Recent(1024)
        self._found: _Recent[Query, tuple[Hit, ...]] = _Recent(256)

    async def prepare(self, text: str) -> None:
        """Encode the text ahead, together with other conversations' texts."""
        if self._vectors.get(text) is None:
            self._vectors.put(text, await self._encode(text))

    def find(self, query: Query) -> tuple[Hit, ...]:
        """Return up to five hits, best first."""
        hits = self._found.get(query)
        if hits is None:
            hits = tuple(
                self._searcher.search(
                    query.text,
                    language=query.language,
                    prior=dict(query.prior),
                    limit=5,
                    vector=self._vectors.get(query.text),
                )
            )
            self._found.put(query, hits)
        return hits

    def evidence(self, query: Query) -> Evidence:
        """Return what knowledge has on the query."""
        hits = self.find(query)
        alone = next(iter(self.find(Query(query.text, query.language))), None)
        likeliest = query.prior[0][0] if query.prior else ""
        on_topic = next((h for h in hits if h.entry.intent == likeliest), None)
        return Evidence(
            hits,
            on_topic or (self.about(likeliest, query) if likeliest else None),
            alone.entry.intent if alone else None,
        )

    def about(self, intent: str, query: Query) -> Hit | None:
        """Return the best hit among the entries on one intent, or None where it has none."""
        sure = Query(query.text, query.language, ((intent, 1.0),))
        return next((h for h in self.find(sure) if h.entry.intent == intent), None)


class _Recent(Generic[K, V]):
    """The last values by key; safe from several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
            return self._items.get(key)

    def put(self, key: K, value: V) -> None:
        with self._lock:
            self._items[key] = value
            while len(self._items) > self._size:
                self._items.popitem(last=False)
