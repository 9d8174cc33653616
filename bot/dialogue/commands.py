"""What the bot decides to do with a message, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from knowledge.entries import Hit


@dataclass(frozen=True)
class StartFlow:
    """Begin a flow, on top of what is under way; one that is under way already is taken up."""

    flow: str


@dataclass(frozen=True)
class SetSlot:
    """Fill a slot, asked for or mentioned in passing."""

    name: str
    value: Any


@dataclass(frozen=True)
class CorrectSlots:
    """Give other values to slots that were filled before; the flow goes back to their question."""

    slots: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class StartPattern:
    """Begin a pattern (`pattern_cancel_flow`, …): the flow for one way of leaving a flow.

    `context` (JSON values) is what its conditions and responses read as `context.NAME`, beside
    what the engine itself knows.
    """

    pattern: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Reply with a knowledge entry (`pattern_search`)."""

    hit: Hit


@dataclass(frozen=True)
class Clarify:
    """Ask which of two or three readings is meant (`pattern_clarification`)."""

    intents: tuple[str, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class CannotHandle:
    """Say so, and offer what comes closest and a person (`pattern_cannot_handle`)."""

    hits: tuple[Hit, ...] = ()


Command = StartFlow | SetSlot | CorrectSlots | StartPattern | Answer | Clarify | CannotHandle


@dataclass(frozen=True)
class Decision:
    """Commands, and the reason in words: `confident intent`, `answer below threshold 0.41`."""

    commands: tuple[Command, ...]
    reason: str
