"""Values of a message handed out to slots, each value once. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.dialogue.cues import folded, leading, leftover
from bot.dialogue.flows import Step
from bot.dialogue.said import Awaited, Said, collected
from bot.dialogue.script import Script
from bot.dialogue.slots import Slot, SlotMapping, label
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import Reading, read_bool, read_choice, read_number, vocabulary
from nlu.understanding import Entity

_FEW_WORDS = 3
"""A choice or number named beside more words than these is no answer to a question not asked."""


def same(one: Any, other: Any) -> bool:
    """Whether two values of a slot are one, however they were typed."""
    return bool(one == other) or (label(one) != "" and label(one) == label(other))


def fit(slot: Slot, value: Any) -> Any:
    """Return the value as one of the slot's type; None where it is none."""
    try:
        return slot.coerce(value)
    except ValueError:
        if slot.type != "float":
            return None
    reading = read_number(folded(str(value)))
    try:
        return slot.coerce(reading.value) if reading is not None else None
    except ValueError:
        return None


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
        self._asked = asked.slot if asked is not None else None
        self._steps = collected(flows, script)
        self._left = list(said.entities)
        self._words = said.beside_values
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
        reading = self._mapped(slot) or self._typed(slot)
        yes = slot.type == "bool" and reading is not None and reading.value is True
        if reading is None or (yes and leading(self._said.words) is False):
            return None
        if reading.words:
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
            name = _entity_of(mapping, slot)
            found = [e for e in self._left if e.name == name and self._is_for(mapping, e)]
            if found:
                return found
        own = self._said.pressed and _open(slot)
        return [e for e in self._left if e.name == slot.name] if own else []

    def _is_for(self, mapping: SlotMapping, entity: Entity) -> bool:
        """Whether role and group leave the entity to this mapping."""
        if _tells_apart(mapping):
            return _names_part(mapping, entity)
        return not any(
            other.entity == entity.name and _tells_apart(other) and _names_part(other, entity)
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
            elif _entity_of(mapping, slot) is not None:
                value = self._take(slot)
                if value is not None:
                    return Reading(value)
        value = self._take(slot)
        return None if value is None else Reading(value)

    def _typed(self, slot: Slot) -> Reading | None:
        """Read the answer by the slot's type."""
        if self._said.pressed or not _open(slot):
            return None
        match slot.type:
            case "bool":
                reading = read_bool(self._said.words)
            case "categorical":
                reading = read_choice(self._said.words, vocabulary(slot, self._state))
            case "float":
                reading = read_number(self._said.words)
            case _:
                return None
        return reading if reading is not None and fit(slot, reading.value) is not None else None

    def _named(self, slot: Slot) -> Any:
        """The choice or number that the words left name for a question that is not asked now."""
        if self._said.pressed or not _open(slot):
            return None
        if slot.type == "categorical":
            reading = read_choice(self._words, vocabulary(slot, self._state), exact=True)
        elif slot.type == "float" and self._is_only_number(slot):
            reading = read_number(self._words)
        else:
            return None
        value = fit(slot, reading.value) if reading is not None else None
        if reading is None or value is None:
            return None
        rest = self._words.replace(reading.words, " ")
        if not self._said.correcting and leftover(rest) > _FEW_WORDS:
            return None
        self._words = rest
        return value

    def _is_only_number(self, slot: Slot) -> bool:
        """Whether a number can be for this slot alone, and is likely to be."""
        numbers = [other for other, _ in self._others() if other.type == "float"]
        at_yes_or_no = self._asked is not None and self._asked.type == "bool"
        return numbers == [slot] and (self._said.correcting or at_yes_or_no)

    def _is_denied(self, slot: Slot) -> bool:
        before = self._state.slots.get(slot.name)
        return before is not None and any(same(e.value, before) for e in self._said.denied)

    def _triggered(self, slot: Slot) -> Any:
        """What the intent that starts the flow gives the slot."""
        values = (m.value for m in self.mappings(slot) if m.type == "from_trigger_intent")
        return fit(slot, next(values, None))


def _entity_of(mapping: SlotMapping, slot: Slot) -> str | None:
    """The entity that a mapping takes; a slot that the dialogue fills takes its own name's."""
    if mapping.type == "from_llm":
        return slot.name
    return mapping.entity if mapping.type == "from_entity" else None


def _tells_apart(mapping: SlotMapping) -> bool:
    return mapping.role is not None or mapping.group is not None


def _names_part(mapping: SlotMapping, entity: Entity) -> bool:
    return mapping.role in (None, entity.role) and mapping.group in (None, entity.group)


def _open(slot: Slot) -> bool:
    """Whether shoppers may fill the slot at all, rather than actions alone."""
    return any(m.type not in ("controlled", "custom") for m in slot.mappings)
