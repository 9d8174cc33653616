"""`slots:` of the domain, read. What is supported stands in docs/flows.md."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.dialogue.plain import plain
from bot.dialogue.slots import SLOT_TYPES, MappingCondition, Slot, SlotMapping, label
from bot.errors import ConfigError
from bot.yaml_lines import mapping, mappings, only_keys, place, text

_SLOT_KEYS = (
    "type",
    "mappings",
    "initial_value",
    "values",
    "min_value",
    "max_value",
    "influence_conversation",
    "shared_for_coexistence",
)
_FLAGS = ("influence_conversation", "shared_for_coexistence")
"""Read and checked, without effect: no policy is trained here, and there is one dialogue system."""

_ONLY_FOR = {"values": "categorical", "min_value": "float", "max_value": "float"}

_MAPPING_KEYS: Mapping[str, tuple[str, ...]] = {
    "from_entity": ("entity", "role", "group", "intent", "not_intent"),
    "from_intent": ("value", "intent", "not_intent"),
    "from_trigger_intent": ("value", "intent", "not_intent"),
    "from_text": ("intent", "not_intent"),
    "from_llm": ("allow_nlu_correction",),
    "controlled": ("run_action_every_turn", "coexistence_system"),
    "custom": ("action",),
}
_NEEDED = {"from_entity": ("entity",), "from_intent": ("value",), "from_trigger_intent": ("value",)}


def read_slot(path: Path, slots: Any, name: str) -> Slot:
    """Read one slot of `slots:`.

    Raises:
        ConfigError: with `path:line:column`.
    """
    node = mapping(path, slots, name)
    what = f"slot {name!r}"
    if "validation" in node:
        raise ConfigError(
            f"{place(path, node, 'validation')}: validation: of a slot is not supported; write "
            "its rejections: under the collect steps that ask for the slot"
        )
    only_keys(path, node, _SLOT_KEYS, what)
    kind = node.get("type", "any")
    if kind not in SLOT_TYPES:
        raise ConfigError(
            f"{place(path, node, 'type')}: slot type {kind!r} is not supported; "
            f"use one of {', '.join(SLOT_TYPES)}"
        )
    for key, owner in _ONLY_FOR.items():
        if key in node and kind != owner:
            raise ConfigError(
                f"{place(path, node, key)}: {key}: is for slots of type {owner}; {what} is of "
                f"type {kind}"
            )
    for key in _FLAGS:
        if not isinstance(node.get(key, False), bool):
            raise ConfigError(f"{place(path, node, key)}: {key}: is true or false")
    slot = Slot(
        name,
        kind,
        (),
        values=_values(path, node, name) if kind == "categorical" else (),
        minimum=_bound(path, node, "min_value"),
        maximum=_bound(path, node, "max_value"),
    )
    return _filled(path, node, slot)


def _filled(path: Path, node: Any, slot: Slot) -> Slot:
    """The slot with its initial value and its mappings, whose values are of its type."""
    if slot.minimum is not None and slot.maximum is not None and slot.minimum > slot.maximum:
        raise ConfigError(
            f"{place(path, node, 'min_value')}: min_value: is more than max_value:; swap them"
        )
    return replace(
        slot,
        mappings=_mappings(path, node, slot),
        initial=_value(path, node, "initial_value", slot),
    )


def _value(path: Path, node: Any, key: str, slot: Slot) -> Any:
    try:
        return slot.coerce(plain(node.get(key)))
    except ValueError as error:
        where = place(path, node, key)
        raise ConfigError(f"{where}: {key}: of slot {slot.name!r}: {error}; mend it") from error


def _values(path: Path, node: Any, name: str) -> tuple[Any, ...]:
    values = node.get("values")
    if not isinstance(values, list) or not values:
        raise ConfigError(
            f"{place(path, node, 'values' if 'values' in node else 'type')}: slot {name!r} is "
            "categorical and needs values:, a list of what it can be"
        )
    seen: dict[str, int] = {}
    for i, value in enumerate(values):
        where = place(path, values, i)
        if not isinstance(value, str | int | float):
            raise ConfigError(f"{where}: a value of slot {name!r} is a text, not {value!r}")
        if label(value) in seen:
            raise ConfigError(
                f"{where}: value {value!r} of slot {name!r} stands twice (case makes no "
                "difference); remove one"
            )
        seen[label(value)] = i
    return tuple(plain(value) for value in values)


def _bound(path: Path, node: Any, key: str) -> float | None:
    value = node.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{place(path, node, key)}: {key}: must be a number, not {value!r}")
    return float(value)


def _mappings(path: Path, node: Any, slot: Slot) -> tuple[SlotMapping, ...]:
    if node.get("mappings") is None:
        return (SlotMapping("from_llm"),)
    return tuple(_mapping(path, each, slot) for each in mappings(path, node, "mappings"))


def _mapping(path: Path, node: Any, slot: Slot) -> SlotMapping:
    kind = node.get("type")
    if not isinstance(kind, str) or kind not in _MAPPING_KEYS:
        raise ConfigError(
            f"{place(path, node, 'type')}: mapping type {kind!r} is not supported; "
            f"use one of {', '.join(_MAPPING_KEYS)}"
        )
    only_keys(path, node, ("type", "conditions", *_MAPPING_KEYS[kind]), f"a mapping {kind}")
    for key in _NEEDED.get(kind, ()):
        if key not in node:
            raise ConfigError(f"{place(path, node)}: a mapping {kind} needs {key}:")
    if not isinstance(node.get("allow_nlu_correction", False), bool):
        where = place(path, node, "allow_nlu_correction")
        raise ConfigError(f"{where}: allow_nlu_correction: is true or false")
    if node.get("coexistence_system", "CALM") not in ("NLU", "CALM", "SHARED"):
        where = place(path, node, "coexistence_system")
        raise ConfigError(f"{where}: coexistence_system: is one of NLU, CALM, SHARED")
    action = "run_action_every_turn" if kind == "controlled" else "action"
    return SlotMapping(
        kind,
        entity=text(path, node, "entity") if "entity" in node else None,
        intents=names(path, node, "intent"),
        value=_value(path, node, "value", slot),
        role=_name(path, node, "role"),
        group=_name(path, node, "group"),
        not_intents=names(path, node, "not_intent"),
        conditions=tuple(_condition(path, each) for each in mappings(path, node, "conditions")),
        action=text(path, node, action) if action in node else "",
    )


def _condition(path: Path, node: Any) -> MappingCondition:
    only_keys(path, node, ("active_loop", "active_flow", "requested_slot"), "a mapping's condition")
    if ("active_loop" in node) == ("active_flow" in node):
        raise ConfigError(
            f"{place(path, node)}: a mapping's condition needs active_loop: with the name of a "
            "form (or active_flow: with a flow's id)"
        )
    key = "active_loop" if "active_loop" in node else "active_flow"
    named = None if key == "active_loop" and node[key] is None else text(path, node, key)
    requested = text(path, node, "requested_slot") if "requested_slot" in node else None
    return MappingCondition(named, requested)


def _name(path: Path, node: Any, key: str) -> str | None:
    """A role or group, which may be written as a number."""
    value = node.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None if value is None else text(path, node, key)


def names(path: Path, node: Any, key: str) -> tuple[str, ...]:
    """Return the names under a key that holds one name or a list of them.

    Raises:
        ConfigError: something else stands there.
    """
    value = node.get(key)
    if value is None:
        return ()
    if isinstance(value, str) and value.strip():
        return (value,)
    if not isinstance(value, list):
        raise ConfigError(f"{place(path, node, key)}: {key!r} must be a list of names, or one name")
    for i, name in enumerate(value):
        if not isinstance(name, str) or not name.strip():
            raise ConfigError(f"{place(path, value, i)}: {key!r} must be a list of names")
    return tuple(map(str, value))
