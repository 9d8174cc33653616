"""Do the parts of a domain fit each other? Every name in it must stand for something."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.dialogue.conditions import Condition
from bot.dialogue.domain import Domain
from bot.dialogue.responses import Variation
from bot.dialogue.slots import Slot, SlotMapping

Places = Mapping[tuple[str, str], str]
"""Where each name stands, by section and name, as `path:line:column`."""

_RASA_INTENTS = ("restart", "back", "out_of_scope", "session_start", "nlu_fallback")
"""Intents that every Rasa domain has without naming them."""


@dataclass(frozen=True)
class EntityParts:
    """The roles and groups that a domain lists for an entity."""

    roles: frozenset[str]
    groups: frozenset[str]


def unknown_names(
    domain: Domain, entities: Mapping[str, EntityParts], places: Places
) -> Iterator[str]:
    """Name what points nowhere, each with its place and the remedy.

    Intents, entities and actions are checked only where the domain lists any: a shop may leave
    the lists out.
    """
    for form in domain.forms.values():
        here, what = places["forms", form.name], f"form {form.name!r}"
        for name in form.required_slots:
            yield from _unknown("slots", name, f"{here}: {what}", places)
        for name in form.ignored_intents if domain.intents else ():
            yield from _unknown("intents", name, f"{here}: {what}", places)
    for slot in domain.slots.values():
        for mapping in slot.mappings:
            yield from _of_mapping(mapping, slot, domain, entities, places)
    if domain.slots:  # a file of responses alone is for the slots of any shop
        for response, variations in domain.responses.items():
            subject = f"{places['responses', response]}: a condition of response {response!r}"
            for name in sorted(_asked(variations)):
                yield from _unknown("slots", name, subject, places)


def _of_mapping(
    mapping: SlotMapping,
    slot: Slot,
    domain: Domain,
    entities: Mapping[str, EntityParts],
    places: Places,
) -> Iterator[str]:
    subject = f"{places['slots', slot.name]}: slot {slot.name!r}"
    if mapping.entity is not None and entities:
        yield from _unknown("entities", mapping.entity, subject, places)
        parts = entities.get(mapping.entity)
        wanted = [("role", mapping.role, parts.roles)] if parts else []
        wanted += [("group", mapping.group, parts.groups)] if parts else []
        for key, name, known in wanted:
            if name is not None and name not in known:
                yield (
                    f"{subject} is filled from {key} {name!r} of entity {mapping.entity!r}, which "
                    f"has none of that name; add it under entities: as one of its {key}s:"
                )
    for intent in (*mapping.intents, *mapping.not_intents) if domain.intents else ():
        yield from _unknown("intents", intent, subject, places)
    if mapping.action and domain.actions:
        yield from _unknown("actions", mapping.action, subject, places)
    for condition in mapping.conditions:
        if condition.requested_slot is not None:
            yield from _unknown("slots", condition.requested_slot, subject, places)


def _unknown(section: str, name: str, subject: str, places: Places) -> Iterator[str]:
    if (section, name) not in places and not (section == "intents" and name in _RASA_INTENTS):
        yield (
            f"{subject} names {name!r}, which is not under {section}: of the domain; "
            "add it there or mend the name"
        )


def _asked(variations: tuple[Variation, ...]) -> set[str]:
    """The slots that the conditions of a response ask for."""
    asked: set[str] = set()
    for variation in variations:
        for condition in variation.conditions:
            asked |= condition.slots if isinstance(condition, Condition) else {condition.name}
    return asked
