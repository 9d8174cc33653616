"""What the bot decides to do with a message, and why."""

from dataclasses import dataclass
from typing import Any

from knowledge.entries import Hit


@dataclass(frozen=True)
class StartFlow:
    """Begin a flow, on top of what is under way."""

    flow: str


@dataclass(frozen=True)
class SetSlot:
    """Fill a slot."""

    name: str
    value: Any


@dataclass(frozen=True)
class CancelFlow:
    """Give up the flow on top."""


@dataclass(frozen=True)
class Answer:
    """Reply with a knowledge entry."""

    hit: Hit


@dataclass(frozen=True)
class Clarify:
    """Ask which of two or three readings is meant; each is an intent or an entry."""

    intents: tuple[str, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class CannotHandle:
    """Say so, and offer what comes closest and a person."""

    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True)
class Restart:
    """Forget the conversation's state."""


@dataclass(frozen=True)
class Repeat:
    """Say the last replies again."""


Command = StartFlow | SetSlot | CancelFlow | Answer | Clarify | CannotHandle | Restart | Repeat


@dataclass(frozen=True)
class Decision:
    """Commands, and the reason in words: `confident intent`, `answer below threshold 0.41`."""

    commands: tuple[Command, ...]
    reason: str
