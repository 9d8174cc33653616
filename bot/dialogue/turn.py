"""A message in its conversation, and what can be said of it before anything is decided. Pure."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.dialogue import cues, patterns
from bot.dialogue.flows import Flow
from bot.dialogue.said import Awaited, Said, awaited
from bot.dialogue.script import Script
from bot.dialogue.slot_filling import Filled, fill, free_text
from bot.dialogue.thresholds import Thresholds
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import chosen_payload
from bot.payload import parse_payload
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

_YES = frozenset({"affirm", "confirm", "yes"})
_NO = frozenset({"deny", "no"})


@dataclass(frozen=True)
class Turn:
    """One message: what was understood and found, and in which conversation."""

    understanding: Understanding
    evidence: Findings
    state: State
    script: Script
    thresholds: Thresholds

    @property
    def top(self) -> IntentRank:
        """The likeliest intent."""
        return self.understanding.top

    @cached_property
    def confident(self) -> bool:
        """Whether the likeliest intent may be acted upon."""
        sure = self.thresholds.sure(self.top, self.evidence)
        return sure and not self.understanding.out_of_scope

    @cached_property
    def words(self) -> str:
        """The message, folded."""
        return cues.folded(self.understanding.text)

    @cached_property
    def asked(self) -> Awaited | None:
        """The question that is open."""
        return awaited(self.state, self.script)

    @property
    def under_way(self) -> bool:
        """Whether there is a task or a question that the message may be about."""
        return self.asked is not None or bool(self.state.task)

    @cached_property
    def control(self) -> str | None:
        """The pattern that a set phrase asks for; a skip needs a question."""
        pattern = cues.control(self.words) if self.under_way else None
        known = pattern in self.script.flows.by_id
        return pattern if known and (pattern != patterns.SKIP or self.asked) else None

    @cached_property
    def said(self) -> Said:
        """The message as slots are filled from it; set phrases stand for their intents."""
        pressed = parse_payload(self.understanding.text, self.understanding.language) is not None
        intents = frozenset({self.top.name} if self.confident else ())
        plain = cues.polarity(self.words) if self.asked is not None and not pressed else None
        if plain is not None:
            intents = _YES if plain else _NO
        elif self.control is not None:
            intents |= frozenset(self.script.flows.by_id[self.control].intents)
        return Said.of(self.understanding, intents, pressed=pressed)

    @cached_property
    def filled(self) -> Filled:
        """What it gives to slots."""
        return fill(self.said, self.state, self.script, self.asked)

    @cached_property
    def text(self) -> Any:
        """The whole message, where the open question takes any text."""
        return free_text(self.said, self.state, self.script, self.asked)

    @cached_property
    def flow(self) -> Flow | None:
        """The flow that the intent surely starts."""
        flow = self.startable(self.top.name)
        enough = flow is not None and self.top.probability >= needed(flow, self.top.name)
        return flow if self.confident and enough else None

    @property
    def other_task(self) -> bool:
        """Whether the intent surely starts a task other than the one under way."""
        flow = self.flow
        return flow is not None and not (
            flow.is_pattern or flow.small_talk or self.is_under_way(flow)
        )

    @property
    def asks_knowledge(self) -> bool:
        """Whether the message is surely a question on something that knowledge has."""
        known = self.confident and self.flow is None and self.evidence.on_topic is not None
        return known and cues.question_like(self.words)

    @property
    def found(self) -> Hit | None:
        """The best entry, if it is probable enough to be the answer."""
        best = self.evidence.hits[0] if self.evidence.hits else None
        enough = self.thresholds.answer(self.understanding.language)
        return best if best is not None and best.probability >= enough else None

    def startable(self, intent: str) -> Flow | None:
        """The flow of an intent, unless its guard forbids it now."""
        flow = self.script.flows.by_intent.get(intent)
        open_now = flow is not None and (flow.guard is None or flow.guard(self.state.slots, {}))
        return flow if open_now else None

    def is_under_way(self, flow: Flow) -> bool:
        """Whether the flow is part of the task under way, or asks the open question."""
        frames = (*self.state.task, *([self.state.frame] if self.state.frame else []))
        return any(frame.flow == flow.id for frame in frames)


def pressed(understanding: Understanding, state: State, script: Script) -> Understanding:
    """The button that the words name in place of the words."""
    asked = awaited(state, script)
    figures = asked is None or asked.slot.type in ("bool", "categorical")
    payload = chosen_payload(understanding.text, state, figures=figures)
    pressed = parse_payload(payload, understanding.language) if payload else None
    return pressed or understanding


def needed(flow: Flow, intent: str) -> float:
    """The probability from which an intent starts the flow, where the flow asks for more."""
    return max((t.confidence for t in flow.triggers if t.intent == intent), default=0.0)
