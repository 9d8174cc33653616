"""Understands turns with the live model, and notices when another one goes live."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.batching import MicroBatcher
from bot.errors import ModelError
from bot.intent_models.model import IntentModel
from bot.intent_models.store import ModelStore, Stamp
from nlu.understanding import Understanding

log = logging.getLogger("shopclerk")


class HasIntentModel(Protocol):
    """A snapshot of what is live."""

    @property
    def intent_model(self) -> IntentModel:
        """What its turns understand with."""
        ...


class LiveSource(Protocol):
    """Where what is live is had from (bot.live.Live)."""

    @property
    def current(self) -> HasIntentModel:
        """What is live, or what this turn began with."""
        ...


class LiveUnderstander:
    """Understands each turn with the model that the turn began with, many turns together."""

    def __init__(self, live: LiveSource) -> None:
        self._live = live
        self._batcher: MicroBatcher[tuple[IntentModel, str], Understanding]
        self._batcher = MicroBatcher(understand_each, name="understand")

    async def understand(self, text: str) -> Understanding:
        """Return what the live model makes of a text."""
        return await self._batcher((self._live.current.intent_model, text))


def understand_each(asked: Sequence[tuple[IntentModel, str]]) -> list[Understanding]:
    """Understand each text with its own model: around a swap, two models' turns wait together."""
    found: dict[int, Understanding] = {}
    for model in dict.fromkeys(model for model, _ in asked):
        rows = [row for row, (own, _) in enumerate(asked) if own is model]
        heard = model.understand([asked[row][1] for row in rows])
        found.update(zip(rows, heard, strict=True))
    return [found[row] for row in range(len(asked))]


class IntentFollower:
    """Tells a running process of the model that another process made live."""

    def __init__(self, store: ModelStore, open_model: Callable[[Path], IntentModel]) -> None:
        """`open_model` loads a model folder; ModelError where it can't be used."""
        self._store = store
        self._open = open_model
        self._settled: Stamp | None = None

    def newer(self, current: str) -> IntentModel | None:
        """Return the live model where it is another one than `current`; cheap where nothing is new.

        A model that can't be used is logged once and left out of use.
        """
        stamp = self._store.stamp()  # before reading: a change in between is seen next time
        if stamp == self._settled:
            return None
        try:
            name = self._store.standing().live_name
            if name not in ("", current):
                return self._open(self._store.path(name))
        except ModelError as error:
            log.error("%s; the model in use stays", error)
        self._settled = stamp
        return None
