"""`responses:` of the domain, read. What is supported stands in docs/flows.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError

from bot.dialogue.conditions import Condition, parse_condition
from bot.dialogue.plain import plain
from bot.dialogue.responses import SlotIs, Variation, template
from bot.errors import ConfigError
from bot.messages import Button
from bot.yaml_lines import mapping, mappings, only_keys, place, text

_CONTENT = ("text", "image", "buttons", "attachment", "custom")
_KEYS = (*_CONTENT, "condition", "channel", "metadata", "id", "allow_interruptions")
_REFUSED = {
    "quick_replies": "write them as buttons:",
    "elements": "an action can show cards; see docs/actions.md",
    "button_type": "remove it; all buttons look alike",
    "translation": "write a variation for each language, with a condition on the slot 'language'",
}
_METADATA = ("template", "rephrase", "rephrase_prompt")


def read_response(path: Path, responses: Any, name: str) -> tuple[Variation, ...]:
    """Read the variations of one response.

    Raises:
        ConfigError: with `path:line:column`.
    """
    nodes = mappings(path, responses, name)
    if not nodes:
        raise ConfigError(
            f"{place(path, responses, name)}: response {name!r} has no variation; "
            "write one, such as - text: ..."
        )
    return tuple(_variation(path, name, node) for node in nodes)


def _variation(path: Path, name: str, node: Any) -> Variation:
    what = f"response {name!r}"
    for key, remedy in _REFUSED.items():
        if key in node:
            raise ConfigError(f"{place(path, node, key)}: {key}: is not supported; {remedy}")
    only_keys(path, node, _KEYS, what)
    if not any(node.get(key) for key in _CONTENT):
        raise ConfigError(
            f"{place(path, node)}: each variation of {name!r} needs a text: "
            f"(or one of {', '.join(f'{k}:' for k in _CONTENT[1:])})"
        )
    if not isinstance(node.get("allow_interruptions", True), bool):
        where = place(path, node, "allow_interruptions")
        raise ConfigError(f"{where}: allow_interruptions: is true or false")
    if "id" in node:
        text(path, node, "id")
    language, conditions = _conditions(path, node)
    variation = Variation(
        text(path, node, "text").strip() if "text" in node else "",
        language,
        tuple(_button(path, each) for each in mappings(path, node, "buttons")),
        text(path, node, "image") if "image" in node else "",
        _attachment(path, node),
        plain(mapping(path, node, "custom")),
        text(path, node, "channel") if "channel" in node else "",
        conditions,
        _is_jinja(path, node),
    )
    _check_template(path, node, variation)
    return variation


def _conditions(path: Path, node: Any) -> tuple[str | None, tuple[SlotIs | Condition, ...]]:
    """The language that the variation is for, and its other conditions."""
    condition = node.get("condition")
    if isinstance(condition, str | bool):
        try:
            return None, (parse_condition(str(condition)),)
        except ValueError as error:
            raise ConfigError(f"{place(path, node, 'condition')}: {error}") from error
    language: str | None = None
    others: list[SlotIs] = []
    for each in mappings(path, node, "condition"):
        only_keys(path, each, ("type", "name", "value"), "a condition")
        if each.get("type") != "slot":
            raise ConfigError(f"{place(path, each)}: a condition needs type: slot")
        name = text(path, each, "name") if "name" in each else ""
        if not name or "value" not in each:
            raise ConfigError(f"{place(path, each)}: a condition needs a name: and a value:")
        if name == "language":
            language = str(each["value"])
        else:
            others.append(SlotIs(name, plain(each["value"])))
    return language, tuple(others)


def _button(path: Path, node: Any) -> Button:
    only_keys(path, node, ("title", "payload"), "a button")
    if not all(isinstance(node.get(key), str) for key in ("title", "payload")):
        raise ConfigError(f"{place(path, node)}: a button needs a title: and a payload: (texts)")
    return Button(str(node["title"]), str(node["payload"]))


def _attachment(path: Path, node: Any) -> str:
    """The address of what is attached: written as such, or as Rasa's `payload: {src: …}`."""
    value = node.get("attachment")
    if value is None or isinstance(value, str):
        return str(value or "")
    payload = value.get("payload") if isinstance(value, dict) else None
    source = payload.get("src") if isinstance(payload, dict) else None
    if not isinstance(source, str):
        raise ConfigError(
            f"{place(path, node, 'attachment')}: attachment: is an address, or payload: with src:"
        )
    return str(source)


def _is_jinja(path: Path, node: Any) -> bool:
    metadata = mapping(path, node, "metadata")
    only_keys(path, metadata, _METADATA, "the metadata of a response")
    kind = metadata.get("template")
    if kind not in (None, "jinja"):
        raise ConfigError(
            f"{place(path, metadata, 'template')}: template: {kind!r} is not supported; "
            "write jinja, or leave it out"
        )
    return kind is not None


def _check_template(path: Path, node: Any, variation: Variation) -> None:
    for key, source in _texts(variation) if variation.jinja else ():
        try:
            template(source)
        except TemplateSyntaxError as error:
            raise ConfigError(
                f"{place(path, node, key)}: {key}: is no Jinja template: {error.message} "
                f"(line {error.lineno} of the text); mend it"
            ) from error


def _texts(variation: Variation) -> Iterator[tuple[str, str]]:
    yield from (("text", variation.text), ("image", variation.image))
    yield "attachment", variation.attachment
    for button in variation.buttons:
        yield from (("buttons", button.title), ("buttons", button.payload))
