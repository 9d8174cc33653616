"""Finds the knowledge entry that answers a message; nothing is encoded or searched twice."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, Protocol, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.thresholds import Thresholds
from knowledge.entries import Entry, Hit
from knowledge.formats.links import resolve_links
from knowledge.index.search import Findings

Vector = NDArray[np.float32]
K = TypeVar("K")
V = TypeVar("V")


class Index(Protocol):
    """The search of one immutable snapshot."""

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


class Knowledge(Protocol):
    """One immutable snapshot of knowledge."""

    @property
    def index(self) -> Index:
        """What searches."""
        ...

    @property
    def thresholds(self) -> Thresholds:
        """How sure an answer of it has to be."""
        ...

    @property
    def links(self) -> Mapping[str, str]:
        """Where each product's page is, by the product's id."""
        ...


class KnowledgeSource(Protocol):
    """Where the version that is live is had from (bot.live.Live)."""

    @property
    def current(self) -> Knowledge:
        """The version that is live."""
        ...

    def pinned(self) -> AbstractContextManager[Knowledge]:
        """Keep to one version."""
        ...


@dataclass(frozen=True)
class Query:
    """What is asked: the words, the language, and intents with probabilities, likeliest first."""

    text: str
    language: str
    prior: tuple[tuple[str, float], ...] = ()


class Answers:
    """Knowledge search for the turn and for actions."""

    def __init__(
        self, live: KnowledgeSource, encode: Callable[[str], Awaitable[Vector]]
    ) -> None:
        """`encode` turns a text into the vector that the search needs."""
        self._live = live
        self._encode = encode
        self._vectors: _Recent[str, Vector] = _Recent(1024)
        # One memory for each version, which goes when the version goes.
        self._found: WeakKeyDictionary[Knowledge, _Found] = WeakKeyDictionary()

    @property
    def thresholds(self) -> Thresholds:
        """How sure the bot has to be, for the knowledge that is live."""
        return self._live.current.thresholds

    def one_version(self) -> AbstractContextManager[Knowledge]:
        """Within it, all is found in the same version, whatever goes live meanwhile."""
        return self._live.pinned()

    async def prepare(self, text: str) -> None:
        """Encode the text ahead, together with other conversations' texts."""
        if self._vectors.get(text) is None:
            self._vectors.put(text, await self._encode(text))

    def find(self, query: Query) -> Findings:
        """Return what knowledge has on the query."""
        knowledge = self._live.current
        found = self._found.setdefault(knowledge, _Found(256))
        key = (date.today(), query)  # entries begin and end with a day
        findings = found.get(key)
        if findings is None:
            findings = knowledge.index.consult(
                query.text,
                language=query.language,
                prior=dict(query.prior),
                vector=self._vectors.get(query.text),
            )
            found.put(key, findings)
        return findings

    def text_of(self, entry: Entry) -> str:
        """Return the entry's answer with its references to products as links."""
        return resolve_links(entry.answer, self._live.current.links)

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


_Found = _Recent[tuple[date, Query], Findings]
