"""Flows, compiled from flows/*.yml to plain steps (flow_files.py reads them)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.dialogue.conditions import Condition
from bot.dialogue.patterns import PREFIX

END = "END"
StepKind = Literal["collect", "action", "set_slots", "noop", "link", "call"]


@dataclass(frozen=True)
class Branch:
    """Where to go when the condition holds; no condition always holds."""

    condition: Condition | None
    target: str


@dataclass(frozen=True)
class Rejection:
    """A value that a collect step refuses, and the response that says why."""

    condition: Condition
    utter: str


@dataclass(frozen=True)
class Place:
    """Where in the shop's folder something stands; `line` and `column` are 1-based."""

    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Step:
    """One step. `name` is the slot to collect, the action to run, or the flow to link or call.

    `utter` is the response or action that asks; where empty it is found by its name
    (`action_ask_SLOT`, `utter_ask_SLOT`). `optional`: the question may be skipped. `once`: what
    the action did is not to be done again, so no correction goes back beyond it.
    """

    id: str
    kind: StepKind
    branches: tuple[Branch, ...]
    name: str = ""
    utter: str = ""
    values: tuple[tuple[str, Any], ...] = ()
    rejections: tuple[Rejection, ...] = ()
    ask_before_filling: bool = False
    reset_after_flow_ends: bool = True
    silence_timeout_s: float | None = None
    optional: bool = False
    once: bool = False
    place: Place = Place()

    def next(self, slots: Mapping[str, Any], context: Mapping[str, Any]) -> str:
        """The id of the step to go to, or END."""
        for branch in self.branches:
            if branch.condition is None or branch.condition(slots, context):
                return branch.target
        return END


@dataclass(frozen=True)
class Trigger:
    """An intent that starts a flow, from a probability on (0: from the shop's threshold on)."""

    intent: str
    confidence: float = 0.0


@dataclass(frozen=True)
class Flow:
    """A task that the bot can do, or a pattern. `triggers` start it where its `guard` holds.

    `form`: a Rasa form, whose next question its action decides.
    """

    id: str
    name: str
    description: str
    triggers: tuple[Trigger, ...]
    titles: Mapping[str, str]
    first: str
    steps: Mapping[str, Step]
    persisted_slots: frozenset[str]
    guard: Condition | None = None
    form: bool = False
    place: Place = Place()

    @property
    def intents(self) -> tuple[str, ...]:
        """The intents that start it."""
        return tuple(trigger.intent for trigger in self.triggers)

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for a way of leaving a flow."""
        return self.id.startswith(PREFIX)

    def title(self, language: str) -> str:
        """What to call the flow on a button in that language."""
        return self.titles.get(language, self.name)

    @property
    def small_talk(self) -> bool:
        """Whether it only says something: no choice worth offering."""
        return all(s.kind == "action" and s.name.startswith("utter_") for s in self.steps.values())

    @property
    def silent(self) -> bool:
        """Whether it neither says, does nor asks anything."""
        return all(s.kind == "noop" for s in self.steps.values())

    @property
    def harmless(self) -> bool:
        """Whether it tells nothing of the shop: small talk, or a way to a person."""
        return all(
            s.kind != "action" or s.name.startswith("utter_") or s.name == "action_handover"
            for s in self.steps.values()
        )

    @property
    def called(self) -> tuple[str, ...]:
        """The flows that it calls."""
        return tuple(s.name for s in self.steps.values() if s.kind == "call")

    @property
    def own_slots(self) -> tuple[str, ...]:
        """Slots that are forgotten when the flow ends, as in CALM; those of called flows aside."""
        names = [
            s.name for s in self.steps.values() if s.kind == "collect" and s.reset_after_flow_ends
        ]
        names += [n for s in self.steps.values() for n, _ in s.values]
        return tuple(dict.fromkeys(n for n in names if n not in self.persisted_slots))


@dataclass(frozen=True)
class Flows:
    """All flows of a shop with the bot's own patterns, by id and by the intent that starts them."""

    by_id: Mapping[str, Flow] = field(default_factory=dict)
    by_intent: Mapping[str, Flow] = field(default_factory=dict)
