"""Slots: the named values of a conversation, and how messages fill them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

SLOT_TYPES = ("text", "bool", "categorical", "float", "list", "any")


@dataclass(frozen=True)
class MappingCondition:
    """Where a mapping holds: in that form or flow, and only for a question, if one is named.

    `active_loop` None: only while no form is under way.
    """

    active_loop: str | None
    requested_slot: str | None = None


@dataclass(frozen=True)
class SlotMapping:
    """One way to fill a slot; `type` is Rasa's. Without conditions it holds everywhere.

    `from_llm`, which a slot without `mappings:` has as in CALM, means filled by the dialogue. There
    is no language model here: the slot takes an entity of its own name, and otherwise the answer
    to its own question, read by its type. `action` is the action that fills the slot on every turn.
    """

    type: str
    entity: str | None = None
    intents: tuple[str, ...] = ()
    value: Any = None
    role: str | None = None
    group: str | None = None
    not_intents: tuple[str, ...] = ()
    conditions: tuple[MappingCondition, ...] = ()
    action: str = ""


@dataclass(frozen=True)
class Slot:
    """A named value of the conversation. `values` are those of a categorical one.

    `minimum` and `maximum` are what an answer for a float slot must keep to.
    """

    name: str
    type: str
    mappings: tuple[SlotMapping, ...]
    initial: Any = None
    values: tuple[Any, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def coerce(self, value: Any) -> Any:
        """Return the value as one of the slot's type; None stays None.

        Raises:
            ValueError: it is none; the message says in plain words what was expected.
        """
        if value is None or self.type == "any":
            return value
        match self.type:
            case "text":
                return _text(value)
            case "bool":
                return _bool(value)
            case "categorical":
                return self._category(value)
            case "float":
                return self._within(_number(value))
        return list(value) if isinstance(value, list | tuple) else [value]

    def _category(self, value: Any) -> Any:
        for known in self.values:
            if label(known) == label(value):
                return known
        expected = ", ".join(str(known) for known in self.values)
        raise ValueError(f"{value!r} is not one of {expected}")

    def _within(self, number: float) -> float:
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"{number:g} is less than {self.minimum:g}, the least allowed")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"{number:g} is more than {self.maximum:g}, the most allowed")
        return number


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    raise ValueError(f"a text is expected, not {value!r}")


def _bool(value: Any) -> bool:
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    word = label(value)
    if word not in ("true", "false"):
        raise ValueError(f"true or false is expected, not {value!r}")
    return word == "true"


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")


def _number(value: Any) -> float:
    if isinstance(value, str):
        # NFKC makes full-width digits, commas and stops plain ones
        plain = unicodedata.normalize("NFKC", value).strip().replace("−", "-")
        if _GROUPED.fullmatch(plain):
            plain = plain.replace(",", "")
        if len(plain) <= 40 and _PLAIN.fullmatch(plain):
            return float(plain)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
        return float(value)
    raise ValueError(f"a number is expected, not {value!r}")


def label(value: Any) -> str:
    """Return what values are compared by: case, width and outer spaces make no difference."""
    if not isinstance(value, str | int | float):
        return ""
    return unicodedata.normalize("NFKC", _text(value)).strip().casefold()
