"""What a file of conversation tests says: cases, their turns, and what is expected of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

Operator = Literal["all", "any"]
SILENCE = "/silence_timeout"
"""A user step that says this says nothing: the time to answer has passed, as in CALM."""


@dataclass(frozen=True)
class Spot:
    """A place in a file; line and column are 1-based."""

    path: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True)
class SlotValue:
    """A slot, with its value or (`given` is false) with any."""

    name: str
    value: Any = None
    given: bool = False


@dataclass(frozen=True)
class WantedButton:
    """A button of a reply; without a payload any will do."""

    title: str
    payload: str | None = None


@dataclass(frozen=True)
class WantedReply:
    """What a reply must be like; what is None does not matter.

    `response` is the domain's response that it was made from, `text` the whole text, `pattern`
    found anywhere in it, `buttons` all of them in order.
    """

    response: str | None = None
    text: str | None = None
    pattern: re.Pattern[str] | None = None
    buttons: tuple[WantedButton, ...] | None = None


@dataclass(frozen=True)
class FlowStarted:
    """One or all of the flows began."""

    flows: tuple[str, ...]
    operator: Operator = "all"


@dataclass(frozen=True)
class FlowEnded:
    """A flow was completed or cancelled, at a step where one is named."""

    event: Literal["flow_completed", "flow_cancelled"]
    flow: str
    step: str | None = None


@dataclass(frozen=True)
class ClarificationContains:
    """The bot asked which of these flows (ids, or their names) is meant, and of no others."""

    flows: tuple[str, ...]
    operator: Operator = "all"


@dataclass(frozen=True)
class ActionExecuted:
    """An action ran."""

    name: str


@dataclass(frozen=True)
class SlotsSet:
    """Each slot got a value."""

    slots: tuple[SlotValue, ...]


@dataclass(frozen=True)
class SlotsNotSet:
    """No slot got a value, or not this one."""

    slots: tuple[SlotValue, ...]


@dataclass(frozen=True)
class BotUttered:
    """The bot said something like this."""

    reply: WantedReply


@dataclass(frozen=True)
class BotDidNotUtter:
    """The bot said nothing that is like this in any respect."""

    reply: WantedReply


Check = (
    FlowStarted
    | FlowEnded
    | ClarificationContains
    | ActionExecuted
    | SlotsSet
    | SlotsNotSet
    | BotUttered
    | BotDidNotUtter
)


@dataclass(frozen=True)
class Expectation:
    """Something that a turn must bring. `key` is how it was written: `utter`, `flow_started` ….

    `step`: it stands as a step of its own (Rasa's older way), not among assertions.
    """

    key: str
    check: Check
    spot: Spot
    step: bool = False


@dataclass(frozen=True)
class UserStep:
    """What the shopper says, and what is expected before the next time."""

    text: str
    spot: Spot
    metadata: Mapping[str, Any] = field(default_factory=dict)
    expectations: tuple[Expectation, ...] = ()
    ordered: bool = False
    burst: bool = False


@dataclass(frozen=True)
class Stub:
    """What an action does in a test instead of running."""

    events: tuple[Mapping[str, Any], ...] = ()
    responses: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Case:
    """One conversation. `slots` are filled before it begins; `stubs` are by the action's name."""

    name: str
    spot: Spot
    steps: tuple[UserStep, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Stub] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """What `shopclerk test` is given to run this case alone."""
        return f"{self.spot.path}::{self.name}"


@dataclass(frozen=True)
class Shared:
    """What a conftest.yml lends to the files beside and below it, by name."""

    fixtures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    metadata: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
