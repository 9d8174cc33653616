"""A message in its conversation, and what can be said of it before anything is decided. Pure."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from bot.dialogue import cues, patterns
from bot.dialogue.flows import Flow
from bot.dialogue.naming import deeds_of_task, is_name
from bot.dialogue.said import NO, YES, Awaited, Said, awaited
from bot.dialogue.script import Script
from bot.dialogue.slot_filling import Filled, fill, free_text
from bot.dialogue.slots import Slot
from bot.dialogue.thresholds import Thresholds
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import buttons, chosen_payload, given_by
from bot.dialogue.yes_no import negated, polarity, withholds
from bot.payload import parse_payload
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

_CLARIFYING = "utter_clarify"
_SHORT = 6
"""More words of meaning than these are no plain question."""


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
        """The pattern that a set phrase asks for, where there is something to leave or skip."""
        pattern = cues.control(self.words)
        if pattern is None and self.asked is not None and cues.leaves(self.words):
            pattern = patterns.CANCEL
        if pattern == patterns.SKIP:
            there = self.asked is not None or cues.skips(self.words)
        else:
            there = self.under_way
        return pattern if there and pattern in self.script.flows.by_id else None

    @cached_property
    def said(self) -> Said:
        """The message as slots are filled from it; set phrases stand for their intents."""
        pressed = self.pressed
        intents = frozenset({self.top.name} if self.confident else ())
        asked = self.asked.slot if self.asked is not None and not pressed else None
        plain = polarity(self.words) if asked is not None else None
        if asked is not None and asked.type == "bool":
            intents -= YES  # the words alone can say yes
        elif plain is not None:
            intents = YES if plain else NO
        elif asked is not None and self._withholds(asked):
            intents |= NO
        if plain is None and self.control is not None:
            intents = frozenset(self.script.flows.by_id[self.control].intents)
        return Said.of(self.understanding, intents, pressed=pressed)

    def _withholds(self, slot: Slot) -> bool:
        """Whether the message refuses what was asked for, where the slot takes a no."""
        takes_no = any(not NO.isdisjoint(mapping.intents) for mapping in slot.mappings)
        return takes_no and not self.understanding.entities and withholds(self.words)

    @property
    def pressed(self) -> bool:
        """Whether a button was pressed, or named in words."""
        payload = parse_payload(self.understanding.text, self.understanding.language)
        return payload is not None

    @property
    def clarifying(self) -> bool:
        """Whether the bot has just asked which of several readings is meant."""
        return _asked_back(self.state)

    @cached_property
    def refused(self) -> Flow | None:
        """The flow of the likeliest intent, where the message says not to do that."""
        flow = self.script.flows.by_intent.get(self.top.name)
        return flow if flow and not self.pressed and refuses(flow, self.words) else None

    @cached_property
    def leaves_by_name(self) -> bool:
        """Whether a short message drops the task by its name: 不投诉了, "forget the complaint"."""
        if self.pressed or cues.leftover(self.words) > _SHORT or cues.question_like(self.words):
            return False
        asked = [self.asked.flow] if self.asked is not None else []
        under_way = (self.script.flows.by_id.get(frame.flow) for frame in self.state.task)
        return any(
            refuses(flow, self.words) or cues.drops(self.words, deeds_of_task(flow))
            for flow in (*asked, *under_way)
            if flow is not None
        )

    @cached_property
    def filled(self) -> Filled:
        """What it gives to slots. A message sent twice says no yes that it did not say before."""
        filled = fill(self.said, self.state, self.script, self.asked)
        again = self.words == cues.folded(self.state.earlier_user_text)
        if again and filled.answer and filled.answer.value is True and not self.pressed:
            return filled if polarity(self.words) else replace(filled, answer=None)
        return filled

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
    def own_matter(self) -> bool:
        """Whether a message at an open question is about something else, and plainly so.

        Where the question may be skipped, as one for a wish, what sounds like a task ("a refund")
        or a request ("can I get a refund?") answers it: the shopper sees it before it is used.
        """
        words, flow = self.words, self.flow
        optional = self.asked is not None and self.asked.step.optional
        named = flow is not None and is_name(flow, self.said.beside_values)
        if self.other_task and named and not optional:
            return True
        plain = cues.leftover(words) <= _SHORT and not cues.rhetorical(words)
        if not cues.question_like(words) or not plain:
            return False
        if optional and cues.requests(words):
            return False
        talks = flow is not None and flow.small_talk
        return talks or self.other_task or self.asks_knowledge or self.found is not None

    @property
    def found(self) -> Hit | None:
        """The best entry, if it is probable enough to be the answer."""
        best = self.evidence.hits[0] if self.evidence.hits else None
        enough = self.thresholds.answer(self.understanding.language)
        return best if best is not None and best.probability >= enough else None

    def startable(self, intent: str) -> Flow | None:
        """The flow of an intent, unless its guard forbids it now or the message does."""
        flow = self.script.flows.by_intent.get(intent)
        if flow is None or (not self.pressed and refuses(flow, self.words)):
            return None
        return flow if flow.guard is None or flow.guard(self.state.slots, {}) else None

    def is_under_way(self, flow: Flow) -> bool:
        """Whether the flow is part of the task under way, or asks the open question."""
        frames = (*self.state.task, *([self.state.frame] if self.state.frame else []))
        return any(frame.flow == flow.id for frame in frames)


def pressed(understanding: Understanding, state: State, script: Script) -> Understanding:
    """The button that the words name in place of the words."""
    asked = awaited(state, script)
    figures = asked is None or asked.slot.type in ("bool", "categorical")
    payload = _only_reading(understanding.text, state, script) or chosen_payload(
        understanding.text, state, figures=figures
    )
    chosen = payload and asked is not None and given_by(asked.slot, payload) is not None
    if payload and chosen and not payload.startswith("/"):  # its text is the answer
        return replace(understanding, text=payload)
    pressed = parse_payload(payload, understanding.language) if payload else None
    return pressed or understanding


def _asked_back(state: State) -> bool:
    replies = state.last_replies or state.earlier_replies
    said = [(reply.get("metadata") or {}).get("utter_action") for reply in replies]
    return bool(said) and said[-1] == _CLARIFYING


def _only_reading(text: str, state: State, script: Script) -> str | None:
    """The only reading that the bot has just asked about, where the words are a yes to it."""
    if not _asked_back(state) or polarity(cues.folded(text)) is not True:
        return None
    person = script.flows.by_id.get(patterns.HUMAN_HANDOFF)
    aside = {f"/{intent}" for intent in person.intents} if person is not None else set()
    readings = [payload for _, payload in buttons(state) if payload not in aside]
    return readings[0] if len(readings) == 1 else None


def refuses(flow: Flow, words: str) -> bool:
    """Whether the words say not to do what the flow does."""
    does = not flow.small_talk and (not flow.is_pattern or flow.id == patterns.HUMAN_HANDOFF)
    deeds = deeds_of_task(flow) if does else ()
    clauses = (clause for clause in cues.clauses(words) if negated(clause, deeds))
    return any(not cues.question_like(clause) for clause in clauses)


def needed(flow: Flow, intent: str) -> float:
    """The probability from which an intent starts the flow, where the flow asks for more."""
    return max((t.confidence for t in flow.triggers if t.intent == intent), default=0.0)
