"""Finds the knowledge entry that answers a message; nothing is encoded or searched twice."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Hit
from knowledge.index.search import Findings

Vector = NDArray[np.float32]
K = TypeVar("K")
V = TypeVar("V")


class Knowledge(Protocol):
    """One immutable snapshot of knowledge."""

    def consult(
        self,
        query: str,
        *,
        language: str,
        prior: Mapping[str, float],
        vector: Vector | None = ...,
    ) -> Findings:
        """Return the best entries with their calibrated probabilities, and a second opinion."""
        ...


@dataclass(frozen=True)
class Query:
    """What is asked: the words, the language, and intents with probabilities, likeliest first."""

    text: str
    language: str
    prior: tuple[tuple[str, float], ...] = ()


class Answers:
    """Knowledge search for the turn and for actions."""

    def __init__(self, knowledge: Knowledge, encode: Callable[[str], Awaitable[Vector]]) -> None:
        """`encode` turns a text into the vector that the search needs."""
        self._knowledge = knowledge
        self._encode = encode
        self._vectors: _Recent[str, Vector] = _Recent(1024)
        self._found: _Recent[Query, Findings] = _Recent(256)

    async def prepare(self, text: str) -> None:
        """Encode the text ahead, together with other conversations' texts."""
        if self._vectors.get(text) is None:
            self._vectors.put(text, await self._encode(text))

    def find(self, query: Query) -> Findings:
        """Return what knowledge has on the query."""
        findings = self._found.get(query)
        if findings is None:
            findings = self._knowledge.consult(
                query.text,
                language=query.language,
                prior=dict(query.prior),
                vector=self._vectors.get(query.text),
            )
            self._found.put(query, findings)
        return findings

    def about(self, intent: str, query: Query) -> Hit | None:
        """Return the best hit among the entries on one intent, or None where it has none."""
        return self.find(Query(query.text, query.language, ((intent, 1.0),))).on_topic


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
