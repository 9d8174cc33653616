"""Values of a message handed out to slots, each value once. Pure."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from bot.dialogue.cues import amends, denies, folded, leftover, names_slot, renamed
from bot.dialogue.fitting import entity_of, fit, is_open, names_part, same, tells_apart
from bot.dialogue.flows import Step
from bot.dialogue.naming import deeds_of_question
from bot.dialogue.said import NO, YES, Awaited, Said, collected
from bot.dialogue.script import Script
from bot.dialogue.slots import Slot, SlotMapping
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import (
    Reading,
    read_choice,
    read_number,
    titled,
    vocabulary,
)
from bot.dialogue.yes_no import Deeds, after_yes, polarity, unclear, yes_or_no
from nlu.understanding import Entity

_BESIDE = 2
"""Words beside a yes and a value of the task: "yes, it's about payment"."""

_FEW_WORDS = 3
"""A choice or number named beside more words than these is no answer to a question not asked."""


class Sharing:
    """Hands out a message's values in the order of its methods' calls, each once.

    `flows` are those of the task; `doubtful` is as in `Filled`.
    """

    def __init__(
        self,
        said: Said,
        state: State,
        script: Script,
        flows: Sequence[str],
        asked: Awaited | None = None,
    ) -> None:
        self._said = said
        self._state = state
        self._script = script
        self._flows = flows
        self._awaited = asked
        self._asked = asked.slot if asked is not None else None
        self._steps = collected(flows, script)
        self._left = list(said.entities)
        self._words = said.beside_values
        self._taken = False
        self.doubtful = False
        forms = (script.domain.forms.get(flow) for flow in flows)
        self.ignored = any(f and not said.intents.isdisjoint(f.ignored_intents) for f in forms)
        """Whether the form under way fills nothing from what the message means."""

    def mappings(self, slot: Slot) -> Iterator[SlotMapping]:
        """The slot's mappings that hold now for this message."""
        for mapping in slot.mappings:
            meant = not mapping.intents or not self._said.intents.isdisjoint(mapping.intents)
            barred = not self._said.intents.isdisjoint(mapping.not_intents)
            if meant and not barred and self._holds(mapping):
                yield mapping

    def answer(self) -> Reading | None:
        """Take the answer to the question asked."""
        slot = self._asked
        if slot is None or self.ignored:
            return None
        if slot.type == "bool" and not self._said.pressed:
            return self._yes_or_no(slot)
        reading = self._mapped(slot) or self._typed(slot)
        if reading is not None and reading.words:
            self._left = [e for e in self._left if folded(e.text) not in reading.words]
            self._words = self._words.replace(reading.words, " ")
        return reading

    def passing(self, *, starting: bool = False) -> dict[str, Any]:
        """Fill questions of the task not asked yet; at its start also those with a value."""
        found: dict[str, Any] = {}
        for slot, step in self._others():
            before = self._state.slots.get(slot.name)
            known = before is not None and not starting
            if step.ask_before_filling or known or self.ignored:
                continue
            value = self._triggered(slot) if starting else None
            value = self._take(slot) if value is None else value
            value = self._named(slot) if value is None else value
            if value is not None and not same(value, before):
                found[slot.name] = value
        self._taken = bool(found)
        return found

    def corrections(self) -> dict[str, Any]:
        """Take other values for what the task knows, for what was asked last first."""
        if self.ignored:
            return {}
        known = self._state.slots
        filled = [s for s, _ in reversed(self._others()) if known.get(s.name) is not None]
        filled.sort(key=lambda slot: not self._is_denied(slot))
        for slot in filled:  # what names a known value again corrects no other slot
            again = [e for e in self._fitting(slot) if same(fit(slot, e.value), known[slot.name])]
            self._left = [e for e in self._left if e not in again]
        found: dict[str, Any] = {}
        for slot in filled:
            named = bool(self._fitting(slot))
            value = self._take(slot)
            value = self._named(slot) if value is None else value
            value = self._renamed(slot) if value is None else value
            if value is not None and not same(value, known[slot.name]):
                found[slot.name] = value
            elif (named and value is None) or self._is_denied(slot):
                self.doubtful = True
        return found

    def mentions(self) -> dict[str, Any]:
        """Fill slots of no flow under way, where only one slot of the domain takes the entity."""
        found: dict[str, Any] = {}
        slots = self._script.domain.slots
        wanting = {name: self._fitting(slot) for name, slot in slots.items()}
        for name, entities in wanting.items():
            under_way = name in self._steps or (self._asked and self._asked.name == name)
            rivals = (others for n, others in wanting.items() if n != name)
            shared = any(e in entities for others in rivals for e in others)
            if under_way or shared or not entities:
                continue
            value = self._take(slots[name])
            if value is not None and not same(value, self._state.slots.get(name)):
                found[name] = value
        return found

    def leftover(self, answer: Reading | None) -> int:
        """How many words say something that is no slot's value."""
        return 0 if answer is not None and answer.whole else leftover(self._words)

    def _holds(self, mapping: SlotMapping) -> bool:
        in_form = any(flow in self._script.domain.forms for flow in self._flows)
        asked = self._asked.name if self._asked is not None else None
        return not mapping.conditions or any(
            (not in_form if c.active_loop is None else c.active_loop in self._flows)
            and c.requested_slot in (None, asked)
            for c in mapping.conditions
        )

    def _others(self) -> list[tuple[Slot, Step]]:
        """The task's slots but for the one asked for."""
        slots = self._script.domain.slots
        asked = self._asked.name if self._asked is not None else ""
        return [(slots[n], s) for n, s in self._steps.items() if n in slots and n != asked]

    def _fitting(self, slot: Slot) -> list[Entity]:
        """The entities left for the slot, by the first of its mappings that takes any."""
        for mapping in self.mappings(slot):
            name = entity_of(mapping, slot)
            found = [e for e in self._left if e.name == name and self._is_for(mapping, e)]
            if found:
                return found
        own = self._said.pressed and is_open(slot)
        return [e for e in self._left if e.name == slot.name] if own else []

    def _is_for(self, mapping: SlotMapping, entity: Entity) -> bool:
        """Whether role and group leave the entity to this mapping."""
        if tells_apart(mapping):
            return names_part(mapping, entity)
        return not any(
            other.entity == entity.name and tells_apart(other) and names_part(other, entity)
            for slot in self._script.domain.slots.values()
            for other in slot.mappings
        )

    def _take(self, slot: Slot) -> Any:
        """Take the slot's value from the entities left; None where none fits.

        The last of several counts, save where another question waits for it: "from Paris to Rome".
        """
        found = self._fitting(slot)
        if slot.type == "list" and found:
            self._left = [e for e in self._left if e not in found]
            return fit(slot, [e.value for e in found])
        fitting = [e for e in found if fit(slot, e.value) is not None]
        if not fitting:
            return None
        shared = not self._said.correcting and self._is_awaited_elsewhere(slot, fitting)
        chosen = fitting[0] if shared else fitting[-1]
        spent = [e for e in found if not shared or same(e.value, chosen.value)]
        self._left = [e for e in self._left if e not in spent]
        return fit(slot, chosen.value)

    def _is_awaited_elsewhere(self, slot: Slot, entities: Sequence[Entity]) -> bool:
        return any(
            not step.ask_before_filling
            and self._state.slots.get(other.name) is None
            and any(e in entities for e in self._fitting(other))
            for other, step in self._others()
            if other is not slot
        )

    def _mapped(self, slot: Slot) -> Reading | None:
        for mapping in self.mappings(slot):
            if mapping.type == "from_intent" and mapping.intents:
                value = fit(slot, mapping.value)
                if value is not None:
                    return Reading(value)
            elif entity_of(mapping, slot) is not None:
                value = self._take(slot)
                if value is not None:
                    return Reading(value)
        value = self._take(slot)
        return None if value is None else Reading(value)

    def _yes_or_no(self, slot: Slot) -> Reading | None:
        """Read a yes from the words alone, a no also from what is meant by them."""
        deeds = self._deeds
        said = yes_or_no(self._said.words, deeds) if deeds else None
        if said is None and deeds and all(map(self._is_known, self._left)):
            rest = after_yes(self._words) if self._taken and not amends(self._words) else None
            told = rest is not None and leftover(rest) <= _BESIDE
            said = True if told else yes_or_no(self._words, deeds)
        if said is None:
            return None if unclear(self._said.words) else self._mapped(slot)
        means = YES if said else NO
        stands = (m.value for m in slot.mappings if not means.isdisjoint(m.intents))
        value = next(stands, said if is_open(slot) else None)
        whole = said or polarity(self._said.words) is not None
        value = fit(slot, value)
        return None if value is None else Reading(value, whole=whole)

    def _is_known(self, entity: Entity) -> bool:
        """Whether the entity names what the conversation has already: a yes is to that."""
        return any(same(entity.value, value) for value in self._state.slots.values())

    @property
    def _deeds(self) -> Deeds | None:
        """What a yes and a no to the question asked are called."""
        asked = self._awaited
        if asked is None:
            return None
        shown = titled(asked.slot, asked.step, self._state, self._script)
        return deeds_of_question(asked.slot, asked.flow, shown)

    def _names(self, slot: Slot) -> dict[str, Any]:
        shown = titled(slot, self._steps.get(slot.name), self._state, self._script)
        return vocabulary(slot, shown)

    def _typed(self, slot: Slot) -> Reading | None:
        """Read the answer by the slot's type."""
        if self._said.pressed or not is_open(slot):
            return None
        match slot.type:
            case "categorical":
                reading = read_choice(self._said.words, self._names(slot))
            case "float":
                reading = read_number(self._said.words)
            case _:
                return None
        return reading if reading is not None and fit(slot, reading.value) is not None else None

    def _named(self, slot: Slot) -> Any:
        """The choice or number that the words left name for a question that is not asked now."""
        if self._said.pressed or not is_open(slot):
            return None
        if slot.type == "categorical":
            reading = read_choice(self._words, self._names(slot), exact=True)
        elif slot.type == "float" and self._is_only_number(slot):
            reading = read_number(self._words)
        else:
            return None
        value = fit(slot, reading.value) if reading is not None else None
        if reading is None or value is None:
            return None
        rest = self._words.replace(reading.words, " ")
        if leftover(rest) > self._most_words:
            return None
        self._words = rest
        return value

    @property
    def _most_words(self) -> float:
        """How many other words a value named in passing may stand beside."""
        if not self._said.correcting:
            return _FEW_WORDS
        asked = self._asked
        told = asked is not None and asked.type in ("text", "any")  # a story names much
        return _FEW_WORDS + 1 if told else math.inf

    def _renamed(self, slot: Slot) -> Any:
        """The text that "change my wish to …" gives."""
        told = any(m.type in ("from_text", "from_llm") for m in slot.mappings)
        own = slot.type == "text" and told
        at = renamed(self._said.words, slot.name) if own and not self._said.pressed else None
        return fit(slot, self._said.text[slice(*at)]) if at is not None else None

    def _is_only_number(self, slot: Slot) -> bool:
        """Whether a number can be for this slot alone, and is likely to be."""
        numbers = [other for other, _ in self._others() if other.type == "float"]
        at_yes_or_no = self._asked is not None and self._asked.type == "bool"
        return numbers == [slot] and (self._said.correcting or at_yes_or_no)

    def _is_denied(self, slot: Slot) -> bool:
        before = self._state.slots.get(slot.name)
        return before is not None and any(same(e.value, before) for e in self._said.denied)

    @property
    def takes_back(self) -> bool:
        """Whether the message sets a known choice aside, or names the slot of one."""
        known = self._state.slots
        chosen = [s for s, _ in self._others() if s.type == "categorical" and known.get(s.name)]
        return any(
            any(denies(self._words, n) for n, v in self._names(s).items() if v == known[s.name])
            or names_slot(self._words, s.name)
            for s in chosen
        )

    def _triggered(self, slot: Slot) -> Any:
        """What the intent that starts the flow gives the slot."""
        values = (m.value for m in self.mappings(slot) if m.type == "from_trigger_intent")
        return fit(slot, next(values, None))
