"""Which values fit a slot, and which entities its mappings take. Pure."""

from typing import Any

from bot.dialogue.cues import folded
from bot.dialogue.slots import Slot, SlotMapping, label
from bot.dialogue.typed_answers import read_number
from nlu.understanding import Entity


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


def entity_of(mapping: SlotMapping, slot: Slot) -> str | None:
    """The entity that a mapping takes; a slot that the dialogue fills takes its own name's."""
    if mapping.type == "from_llm":
        return slot.name
    return mapping.entity if mapping.type == "from_entity" else None


def tells_apart(mapping: SlotMapping) -> bool:
    """Whether the mapping asks for a role or a group."""
    return mapping.role is not None or mapping.group is not None


def names_part(mapping: SlotMapping, entity: Entity) -> bool:
    """Whether the entity has the mapping's role and group."""
    return mapping.role in (None, entity.role) and mapping.group in (None, entity.group)


def is_open(slot: Slot) -> bool:
    """Whether shoppers may fill the slot at all, rather than actions alone."""
    return any(m.type not in ("controlled", "custom") for m in slot.mappings)
