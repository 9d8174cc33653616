"""What actions say (`dispatcher.utter_message`) as replies."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.actions.errors import ActionError
from bot.messages import BotMessage, Button, Card, Citation

STANDARD = frozenset(
    {"text", "buttons", "elements", "custom", "template", "response", "image", "attachment"}
)
"""What `utter_message` always writes; anything else fills placeholders of the response."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg")
Say = Callable[[str, Mapping[str, Any]], BotMessage]


def reply_of(action: str, said: Mapping[str, Any], say: Say) -> BotMessage | None:
    """Return the reply; None where nothing of it can be shown.

    As in Rasa, a response named in `said` comes first: its buttons are kept and others added, and
    a text or image of the action's own replaces the response's.

    Args:
        action: the action's name, for errors.
        said: one message as `utter_message` writes it.
        say: fills a response of the domain with values of the action's.

    Raises:
        ActionError: buttons, elements or citations of a shape that cannot be read.
    """
    named = said.get("response")
    extra = {name: value for name, value in said.items() if name not in STANDARD}
    base = say(named, extra) if named else BotMessage()
    if said.get("text"):
        base = replace(base, text=str(said["text"]))
    if not any(said.get(name) for name in ("buttons", "elements", "custom", "image", "attachment")):
        return base if base.text or base.buttons or base.image else None
    pressed = _pressable(action, said.get("buttons") or ())
    cards, more = _cards(action, said.get("elements") or ())
    image, attached = _attached(said.get("attachment"), str(said.get("image") or base.image))
    reply = replace(
        base,
        text="\n\n".join(filter(None, (base.text, *pressed.links, *more.links, *attached))),
        buttons=(*base.buttons, *pressed.buttons, *more.buttons),
        cards=(*base.cards, *cards),
        citations=(*base.citations, *_citations(action, said.get("custom"))),
        image=image,
    )
    return reply if reply.text or reply.buttons or reply.cards or reply.image else None


def not_shown(custom: Any) -> bool:
    """Whether a reply's custom JSON is none of ours: no page of the bot's can show it."""
    return bool(custom) and not (isinstance(custom, Mapping) and set(custom) <= {"citations"})


@dataclass(frozen=True)
class _Pressable:
    buttons: tuple[Button, ...] = ()
    links: tuple[str, ...] = ()


def _pressable(action: str, raw: Iterable[Any]) -> _Pressable:
    """Buttons that say something, and links; without a payload a button says its title."""
    buttons, links = [], []
    for button in raw:
        if not isinstance(button, Mapping) or not button.get("title"):
            raise ActionError(f"action {action!r} sent a button without a title: {button!r}")
        title, payload = str(button["title"]), button.get("payload")
        if button.get("url") and not payload:
            links.append(_link(title, str(button["url"])))
        else:
            buttons.append(Button(title, str(payload or title)))
    return _Pressable(tuple(buttons), tuple(links))


def _cards(action: str, elements: Iterable[Any]) -> tuple[list[Card], _Pressable]:
    """Cards from our own elements or Rasa's (`image_url`, `default_action`, `buttons`)."""
    cards: list[Card] = []
    buttons: list[Any] = []
    for element in elements:
        if not isinstance(element, Mapping) or not element.get("title"):
            raise ActionError(f"action {action!r} sent an element without a title: {element!r}")
        buttons += element.get("buttons") or ()
        tapped = element.get("default_action") or {}
        parts = {
            "image": element.get("image") or element.get("image_url"),
            "link": element.get("link") or element.get("item_url") or tapped.get("url"),
        }
        same = ("title", "subtitle", "price", "old_price", "availability", "reason")
        parts |= {name: element.get(name) for name in same}
        texts = {name: str(value) for name, value in parts.items() if value is not None}
        cards.append(Card(**texts, lines=tuple(map(str, element.get("lines") or ()))))
    return cards, _pressable(action, buttons)


def _attached(attachment: Any, image: str) -> tuple[str, tuple[str, ...]]:
    """The reply's picture, and a link to what is attached where that is no picture."""
    kind, address = "", attachment
    if isinstance(attachment, Mapping):  # {"type": "image", "payload": {"src": "https://…"}}
        payload = attachment.get("payload") or {}
        kind = str(attachment.get("type") or "")
        address = payload.get("src") or payload.get("url")
    if not isinstance(address, str) or not address:
        return image, ()
    path = PurePosixPath(unquote(urlsplit(address).path))
    if not image and (kind == "image" or path.suffix.lower() in _PICTURES):
        return address, ()
    return image, (_link(path.name or address, address),)


def _link(title: str, address: str) -> str:
    for mark in "\\[]":
        title = title.replace(mark, f"\\{mark}")
    return f"[{title}](<{address}>)"


def _citations(action: str, custom: Any) -> tuple[Citation, ...]:
    given = custom.get("citations", ()) if isinstance(custom, Mapping) else ()
    try:
        return tuple(Citation(**cited) for cited in given)
    except TypeError as error:
        raise ActionError(f"action {action!r} sent a citation of a wrong shape: {error}") from error
