"""What was said and what was asked: the two things that slots are filled from. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.cues import correcting, denies, folded
from bot.dialogue.flows import Flow, Step
from bot.dialogue.script import Script
from bot.dialogue.slots import Slot
from bot.dialogue.tracker import State
from nlu.understanding import Entity, Understanding

YES = frozenset({"affirm", "confirm", "yes"})
NO = frozenset({"deny", "no"})
"""Intents of a plain yes and of a plain no."""


@dataclass(frozen=True)
class Awaited:
    """The question that is open: its flow, step and slot."""

    flow: Flow
    step: Step
    slot: Slot


@dataclass(frozen=True)
class Said:
    """A message as slots are filled from it.

    `text` is as typed, `words` folded. `intents` are those that it surely has. `entities` leaves
    out the `denied` ones, as 4471 in "not 4471 but 4417". `correcting`: it takes something back.
    `pressed`: it is a button's payload.
    """

    text: str
    words: str
    intents: frozenset[str]
    entities: tuple[Entity, ...]
    denied: tuple[Entity, ...] = ()
    correcting: bool = False
    pressed: bool = False

    @classmethod
    def of(cls, understanding: Understanding, intents: frozenset[str], *, pressed: bool) -> "Said":
        """Read what was understood; `intents` are those that the message surely has."""
        words, found = folded(understanding.text), understanding.entities
        if pressed:
            return cls(understanding.text, words, intents, found, pressed=True)
        denied = tuple(e for e in found if denies(words, folded(e.text)))
        kept = tuple(e for e in found if e not in denied)
        taken_back = bool(denied) or correcting(words)
        return cls(understanding.text, words, intents, kept, denied, taken_back)

    @property
    def beside_values(self) -> str:
        """The folded words that are no entity's."""
        words = self.words
        for entity in (*self.entities, *self.denied):
            spelled = folded(entity.text)
            words = words.replace(spelled, " ") if spelled else words
        return words


def awaited(state: State, script: Script) -> Awaited | None:
    """Return the question that the flow on top stands at, if it does."""
    frame = state.frame
    flow = script.flows.by_id.get(frame.flow) if frame is not None else None
    if frame is None or flow is None:
        return None
    step = flow.steps.get(frame.step)
    if step is None or step.kind != "collect" or frame.done:
        return None
    slot = script.domain.slots.get(step.name)
    unasked = step.ask_before_filling and not frame.asked
    return None if slot is None or unasked else Awaited(flow, step, slot)


def collected(flows: Iterable[str], script: Script) -> dict[str, Step]:
    """Return the collect steps of flows and of what they call, by slot, in their order."""
    found: dict[str, Step] = {}
    waiting, seen = list(flows), set[str]()
    while waiting:
        flow = script.flows.by_id.get(waiting.pop(0))
        if flow is None or flow.id in seen:
            continue
        seen.add(flow.id)
        waiting += flow.called
        form = script.domain.forms.get(flow.id) if flow.form else None
        for step in flow.steps.values():
            if step.kind == "collect" and (form is None or step.name in form.required_slots):
                found.setdefault(step.name, step)
    return found
