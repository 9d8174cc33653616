"""What a test expects, read: Rasa's assertions, and the steps `bot`, `utter`, `slot_was_set` …."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

from ruamel.yaml.comments import CommentedMap

from bot.conversation_tests.format import (
    ActionExecuted,
    BotDidNotUtter,
    BotUttered,
    Check,
    ClarificationContains,
    Expectation,
    FlowEnded,
    FlowStarted,
    Operator,
    SlotsNotSet,
    SlotsSet,
    SlotValue,
    WantedButton,
    WantedReply,
)
from bot.conversation_tests.yaml_values import a_name, a_text, plain, spot
from bot.errors import ConfigError
from bot.yaml_lines import mappings, only_keys, place

_CheckReader = Callable[[Path, CommentedMap, str], Check]


def read_assertion(path: Path, node: CommentedMap) -> Expectation:
    """Read one entry of `assertions:`.

    Raises:
        ConfigError: with place and remedy.
    """
    if len(node) != 1:
        keys = ", ".join(map(str, node)) or "nothing"
        raise ConfigError(
            f"{place(path, node)}: an assertion has one key, not {keys}; "
            "begin each with a dash of its own"
        )
    key = str(next(iter(node)))
    if key.startswith("generative_"):
        raise ConfigError(
            f"{place(path, node, key)}: {key!r} asks a language model to judge the reply, and "
            "Shopclerk uses none; check the reply with 'bot_uttered'"
        )
    reader = _ASSERTIONS.get(key)
    if reader is None:
        raise ConfigError(
            f"{place(path, node, key)}: no assertion is called {key!r}; "
            f"known are {', '.join(_ASSERTIONS)}"
        )
    return Expectation(key, reader(path, node, key), spot(path, node, key))


def read_expecting_step(path: Path, node: CommentedMap, key: str) -> Expectation:
    """Read a step `bot`, `utter`, `slot_was_set` or `slot_was_not_set`.

    Raises:
        ConfigError: with place and remedy.
    """
    only_keys(path, node, (key,), f"a step {key!r}")
    check: Check
    match key:
        case "bot":
            check = BotUttered(WantedReply(text=a_text(path, node, key)))
        case "utter":
            check = BotUttered(WantedReply(response=a_name(path, node, key)))
        case "slot_was_set":
            check = SlotsSet(_slots_of_step(path, node, key))
        case _:
            check = SlotsNotSet(_slots_of_step(path, node, key))
    return Expectation(key, check, spot(path, node, key), step=True)


def _slots_of_step(path: Path, node: CommentedMap, key: str) -> tuple[SlotValue, ...]:
    """`name`, `{name: value}`, or a list of both."""
    value = node[key]
    if isinstance(value, str):
        return (SlotValue(a_name(path, node, key)),)
    if isinstance(value, CommentedMap):
        return tuple(SlotValue(str(n), plain(path, value, n), given=True) for n in value)
    if not isinstance(value, list) or not value:
        raise ConfigError(f"{place(path, node, key)}: {key!r} needs slots: 'name' or 'name: value'")
    found: list[SlotValue] = []
    for i, entry in enumerate(value):
        if isinstance(entry, CommentedMap):
            found += [SlotValue(str(n), plain(path, entry, n), given=True) for n in entry]
        else:
            found.append(SlotValue(a_name(path, value, i)))
    return tuple(found)


def _slots(path: Path, node: CommentedMap, key: str) -> tuple[SlotValue, ...]:
    """`[{name: …, value: …}]`."""
    found = []
    for entry in mappings(path, node, key):
        only_keys(path, entry, ("name", "value"), f"a slot of {key!r}")
        if "name" not in entry:
            raise ConfigError(f"{place(path, entry)}: which slot? add 'name:'")
        given = "value" in entry
        value = plain(path, entry, "value") if given else None
        found.append(SlotValue(a_name(path, entry, "name"), value, given))
    if not found:
        raise ConfigError(f"{place(path, node, key)}: {key!r} needs slots: '- name: …'")
    return tuple(found)


def _slots_set(path: Path, node: CommentedMap, key: str) -> Check:
    return SlotsSet(_slots(path, node, key))


def _slots_not_set(path: Path, node: CommentedMap, key: str) -> Check:
    return SlotsNotSet(_slots(path, node, key))


def _flow_started(path: Path, node: CommentedMap, key: str) -> Check:
    if isinstance(node[key], str):
        return FlowStarted((a_name(path, node, key),))
    return FlowStarted(*_flows(path, node, key))


def _clarification(path: Path, node: CommentedMap, key: str) -> Check:
    if isinstance(node[key], list):
        return ClarificationContains(_names(path, node, key))
    return ClarificationContains(*_flows(path, node, key))


def _flows(path: Path, node: CommentedMap, key: str) -> tuple[tuple[str, ...], Operator]:
    """`{operator: all|any, flow_ids: […]}`."""
    value = node[key]
    if not isinstance(value, CommentedMap) or "flow_ids" not in value:
        raise ConfigError(f"{place(path, node, key)}: {key!r} needs 'flow_ids:' and 'operator:'")
    only_keys(path, value, ("operator", "flow_ids"), repr(key))
    operator = str(value.get("operator", "all")).lower()
    if operator not in ("all", "any"):
        raise ConfigError(
            f"{place(path, value, 'operator')}: 'operator' is all or any, not {operator!r}"
        )
    return _names(path, value, "flow_ids"), cast(Operator, operator)


def _names(path: Path, node: CommentedMap, key: str) -> tuple[str, ...]:
    value = node[key]
    if not isinstance(value, list) or not value:
        raise ConfigError(f"{place(path, node, key)}: {key!r} must be a list of names")
    return tuple(a_name(path, value, i) for i in range(len(value)))


def _ended(event: Literal["flow_completed", "flow_cancelled"]) -> _CheckReader:
    def read(path: Path, node: CommentedMap, key: str) -> Check:
        value = node[key]
        if not isinstance(value, CommentedMap) or "flow_id" not in value:
            raise ConfigError(f"{place(path, node, key)}: {key!r} needs 'flow_id:' below it")
        only_keys(path, value, ("flow_id", "flow_step_id"), repr(key))
        step = a_name(path, value, "flow_step_id") if "flow_step_id" in value else None
        return FlowEnded(event, a_name(path, value, "flow_id"), step)

    return read


def _action(path: Path, node: CommentedMap, key: str) -> Check:
    return ActionExecuted(a_name(path, node, key))


def _uttered(path: Path, node: CommentedMap, key: str) -> Check:
    return BotUttered(_reply(path, node, key))


def _not_uttered(path: Path, node: CommentedMap, key: str) -> Check:
    return BotDidNotUtter(_reply(path, node, key))


def _reply(path: Path, node: CommentedMap, key: str) -> WantedReply:
    known = ("utter_name", "text_matches", "buttons")
    value = node[key]
    if not isinstance(value, CommentedMap) or not value:
        raise ConfigError(f"{place(path, node, key)}: {key!r} needs one of {', '.join(known)}")
    only_keys(path, value, known, repr(key))
    return WantedReply(
        response=a_name(path, value, "utter_name") if "utter_name" in value else None,
        pattern=_pattern(path, value, "text_matches") if "text_matches" in value else None,
        buttons=tuple(_button(path, b) for b in mappings(path, value, "buttons"))
        if "buttons" in value
        else None,
    )


def _pattern(path: Path, node: CommentedMap, key: str) -> re.Pattern[str]:
    try:
        return re.compile(a_text(path, node, key))
    except re.error as error:
        raise ConfigError(
            f"{place(path, node, key)}: not a regular expression ({error}); "
            r"write \ before a bracket, a star or a question mark that is meant as it stands"
        ) from error


def _button(path: Path, node: CommentedMap) -> WantedButton:
    only_keys(path, node, ("title", "payload"), "a button")
    if "title" not in node:
        raise ConfigError(f"{place(path, node)}: a button needs 'title:'")
    payload: Any = a_text(path, node, "payload") if "payload" in node else None
    return WantedButton(a_text(path, node, "title"), payload)


_ASSERTIONS: dict[str, _CheckReader] = {
    "flow_started": _flow_started,
    "flow_completed": _ended("flow_completed"),
    "flow_cancelled": _ended("flow_cancelled"),
    "pattern_clarification_contains": _clarification,
    "action_executed": _action,
    "slot_was_set": _slots_set,
    "slot_was_not_set": _slots_not_set,
    "bot_uttered": _uttered,
    "bot_did_not_utter": _not_uttered,
}
ASSERTIONS = tuple(_ASSERTIONS)
