"""domain.yml in Rasa 3 format: slots, responses, actions."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue.tracker import State
from bot.errors import ConfigError
from bot.messages import BotMessage, Button
from bot.yaml_lines import items, mapping, mappings, only_keys, place, read_yaml

UNKNOWN = "–"
SLOT_TYPES = ("text", "bool", "float", "categorical", "list", "any")
MAPPING_TYPES = ("from_entity", "from_intent", "from_text", "controlled")


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class SlotMapping:
    """One way to fill a slot (Rasa's `from_entity`, `from_intent`, `from_text`, `controlled`)."""

    type: str
    entity: str | None = None
    intents: tuple[str, ...] = ()
    value: Any = None


@dataclass(frozen=True)
class Slot:
    """A named value of the conversation."""

    name: str
    type: str
    mappings: tuple[SlotMapping, ...]
    initial: Any = None


@dataclass(frozen=True)
class Variation:
    """One wording of a response; `language` None fits every language."""

    text: str
    language: str | None
    buttons: tuple[Button, ...] = ()
    image: str = ""


@dataclass(frozen=True)
class Domain:
    """A shop's slots, responses and own actions."""

    slots: Mapping[str, Slot]
    responses: Mapping[str, tuple[Variation, ...]]
    actions: tuple[str, ...]

    def start(self) -> State:
        """The state of a conversation that has only begun."""
        initial = {s.name: s.initial for s in self.slots.values() if s.initial is not None}
        return State(slots=initial)

    def say(self, name: str, language: str, values: Mapping[str, Any]) -> BotMessage:
        """Fill one variation of a response in the language, or in any language if it has none.

        Raises:
            ConfigError: no such response.
        """
        variations = self.responses.get(name)
        if not variations:
            raise ConfigError(f"domain.yml: no response {name!r}; add it under responses:")
        fitting = [v for v in variations if v.language == language]
        fitting = fitting or [v for v in variations if v.language in (None, "en")]
        chosen = random.choice(fitting or list(variations))
        return BotMessage(_fill(chosen.text, values), chosen.buttons, image=chosen.image)


def read_domain(path: Path) -> Domain:
    """Read domain.yml.

    A response's language is its condition on the slot `language`, as Rasa writes it.

    Raises:
        ConfigError: with `path:line:column`.
    """
    top = read_yaml(path)
    only_keys(
        path,
        top,
        ("version", "slots", "responses", "actions", "intents", "entities", "session_config"),
        "a domain",
    )
    slots = {
        name: _slot(path, mapping(path, top, "slots"), name) for name in mapping(path, top, "slots")
    }
    responses = mapping(path, top, "responses")
    return Domain(
        slots=slots,
        responses={
            name: tuple(
                _variation(path, responses, name, v) for v in mappings(path, responses, name)
            )
            for name in responses
        },
        actions=tuple(str(a) for a in items(path, top, "actions")),
    )


def _slot(path: Path, slots: Any, name: str) -> Slot:
    node = mapping(path, slots, name)
    only_keys(
        path,
        node,
        ("type", "mappings", "initial_value", "influence_conversation", "values"),
        f"slot {name!r}",
    )
    kind = node.get("type", "any")
    if kind not in SLOT_TYPES:
        raise ConfigError(
            f"{place(path, node, 'type')}: slot type {kind!r} is not supported; "
            f"use one of {', '.join(SLOT_TYPES)}"
        )
    return Slot(
        name,
        kind,
        tuple(_mapping(path, m) for m in mappings(path, node, "mappings")),
        node.get("initial_value"),
    )


def _mapping(path: Path, node: Any) -> SlotMapping:
    only_keys(path, node, ("type", "entity", "intent", "value"), "a slot mapping")
    kind = node.get("type")
    if kind not in MAPPING_TYPES:
        raise ConfigError(
            f"{place(path, node, 'type')}: mapping type {kind!r} is not supported; "
            f"use one of {', '.join(MAPPING_TYPES)}"
        )
    intent = node.get("intent")
    names = (intent,) if isinstance(intent, str) else map(str, items(path, node, "intent"))
    return SlotMapping(kind, node.get("entity"), tuple(names), node.get("value"))


def _variation(path: Path, responses: Any, name: str, node: Any) -> Variation:
    if not isinstance(node.get("text"), str):
        raise ConfigError(
            f"{place(path, responses, name)}: each variation of {name!r} needs a text:"
        )
    only_keys(path, node, ("text", "buttons", "image", "condition"), f"response {name!r}")
    language = None
    for condition in mappings(path, node, "condition"):
        only_keys(path, condition, ("type", "name", "value"), "a condition")
        if condition.get("type") != "slot" or condition.get("name") != "language":
            raise ConfigError(
                f"{place(path, condition)}: only conditions on the slot 'language' are supported"
            )
        language = str(condition.get("value"))
    buttons = tuple(_button(path, b) for b in mappings(path, node, "buttons"))
    return Variation(node["text"].strip(), language, buttons, str(node.get("image", "")))


def _button(path: Path, node: Any) -> Button:
    only_keys(path, node, ("title", "payload"), "a button")
    if len(node) < 2:
        raise ConfigError(f"{place(path, node)}: a button needs a title: and a payload:")
    return Button(str(node["title"]), str(node["payload"]))


def _fill(text: str, values: Mapping[str, Any]) -> str:
    """Put values in, once: what looks like a placeholder inside a value stays as it is.

    A value that is not known shows as a dash, never as its placeholder.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        return UNKNOWN if values.get(name) is None else str(values[name])

    return _PLACEHOLDER.sub(value, text)
