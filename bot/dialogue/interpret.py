"""An understood message and the state of the conversation into commands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.commands import (
    Answer,
    CancelFlow,
    CannotHandle,
    Clarify,
    Command,
    Decision,
    Repeat,
    Restart,
    SetSlot,
    StartFlow,
)
from bot.dialogue.domain import Domain, Slot, SlotMapping
from bot.dialogue.flows import Flows
from bot.dialogue.tracker import State
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

NO_EVIDENCE = Findings()


@dataclass(frozen=True)
class Thresholds:
    """Probabilities from which the bot acts; fitted on the shop's test questions.

    `intent`: act on the intent alone. `supported`: act on it when the words alone find an entry on
    the same intent. `answers`: reply with the best entry, by language. `clarify`: two
    readings above it are offered as a choice.
    """

    intent: float
    supported: float
    answers: Mapping[str, float]
    clarify: float = 0.2

    def sure(self, intent: IntentRank, evidence: Findings) -> bool:
        """Whether the intent may be acted upon."""
        enough = self.supported if evidence.words_say == intent.name else self.intent
        return intent.probability >= enough

    def beyond_intents(self, top: IntentRank, evidence: Findings, language: str) -> bool:
        """Whether the best entry has no intent, which none can speak for, and is surer than all."""
        best = evidence.hits[0] if evidence.hits else None
        if best is None or best.entry.intent is not None:
            return False
        return best.probability >= max(self.answer(language), top.probability)

    def answer(self, language: str) -> float:
        """The least probability of an answer in that language (English's for one never fitted)."""
        return self.answers.get(language, self.answers.get("en", 1.0))


def needs_search(understanding: Understanding, flows: Flows, thresholds: Thresholds) -> bool:
    """Whether knowledge has a say: not when the intent alone settles it."""
    top = understanding.top
    settled = (top.name in flows.by_intent or top.name in _CONTROL) and thresholds.sure(
        top, NO_EVIDENCE
    )
    return understanding.out_of_scope or not settled


def interpret(
    understanding: Understanding,
    evidence: Findings,
    state: State,
    *,
    flows: Flows,
    domain: Domain,
    thresholds: Thresholds,
) -> Decision:
    """Decide what the message asks for; every decision carries its reason."""
    awaited = awaited_slot(state, flows, domain)
    top = understanding.top
    confident = thresholds.sure(top, evidence) and not understanding.out_of_scope
    slots = _mentioned(understanding, domain, awaited, sure=confident)
    if awaited is not None:
        value = slot_value(awaited, understanding, sure=confident)
        if value is not None:
            return Decision((*slots, SetSlot(awaited.name, value)), f"fills {awaited.name}")
    if confident and top.name in _CONTROL:
        return Decision((_CONTROL[top.name],), f"asks to {top.name}")
    if confident and top.name in flows.by_intent:
        return Decision((*slots, StartFlow(flows.by_intent[top.name].id)), "confident intent")
    beyond = thresholds.beyond_intents(top, evidence, understanding.language)
    if confident and evidence.on_topic is not None and not beyond:
        return Decision((*slots, Answer(evidence.on_topic)), "confident intent")
    hits = evidence.hits
    best = hits[0] if hits else None
    enough = thresholds.answer(understanding.language)
    if best is not None and best.probability >= enough:
        flow = flows.by_intent.get(best.entry.intent or "")
        if flow is not None:
            return Decision((*slots, StartFlow(flow.id)), "knowledge points to the flow")
        return Decision((*slots, Answer(best)), f"answer {best.probability:.2f}")
    if understanding.out_of_scope:
        return Decision((*slots, CannotHandle()), "out of scope")
    readings = [r for r in understanding.intents[:3] if r.probability >= thresholds.clarify]
    likely = tuple(h for h in hits[:2] if h.probability >= thresholds.clarify)
    in_flows = tuple(
        r.name
        for r in readings
        if r.name in flows.by_intent and not flows.by_intent[r.name].small_talk
    )
    if state.repairs == 0 and in_flows + likely:
        return Decision((*slots, Clarify(in_flows, likely)), "several readings")
    found = f"{best.probability:.2f}" if best else "none"
    return Decision(
        (*slots, CannotHandle(tuple(hits[:2]))), f"answer {found} below threshold {enough:.2f}"
    )


_CONTROL: dict[str, Command] = {"stop": CancelFlow(), "restart": Restart(), "repeat": Repeat()}


def awaited_slot(state: State, flows: Flows, domain: Domain) -> Slot | None:
    """The slot that the flow on top has asked for."""
    if state.frame is None:
        return None
    flow = flows.by_id.get(state.frame.flow)
    step = flow.steps.get(state.frame.step) if flow else None
    return domain.slots.get(step.name) if step is not None and step.kind == "collect" else None


def slot_value(slot: Slot, understanding: Understanding, *, sure: bool) -> Any:
    """What the message gives the slot by its mappings; None when nothing fits.

    `sure`: the top intent may be acted upon. A guessed yes must never confirm anything.
    """
    for mapping in slot.mappings:
        intent_fits = _intent_fits(mapping, understanding, sure=sure)
        if mapping.type == "from_intent" and mapping.intents and intent_fits:
            return mapping.value
        if mapping.type == "from_entity" and mapping.entity and intent_fits:
            values = understanding.values(mapping.entity)
            if values:
                return values[-1]
        if mapping.type == "from_text" and intent_fits and understanding.text.strip():
            return understanding.text.strip()
    return None


def _intent_fits(mapping: SlotMapping, understanding: Understanding, *, sure: bool) -> bool:
    return not mapping.intents or (sure and understanding.top.name in mapping.intents)


def _mentioned(
    understanding: Understanding, domain: Domain, awaited: Slot | None, *, sure: bool
) -> list[SetSlot]:
    """Slots filled by entities in passing, as Rasa fills them, save the one asked for."""
    return [
        SetSlot(slot.name, understanding.values(mapping.entity)[-1])
        for slot in domain.slots.values()
        for mapping in slot.mappings
        if slot is not awaited
        and mapping.type == "from_entity"
        and mapping.entity
        and _intent_fits(mapping, understanding, sure=sure)
        and understanding.values(mapping.entity)
    ]
