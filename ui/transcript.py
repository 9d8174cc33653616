"""A conversation's events as the page's transcript. Pure."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.tracker import Event
from bot.messages import BotMessage, Button, Card, Citation
from ui import icons
from ui.cards import render_buttons, render_message
from ui.markup import escape
from ui.words import Words

MAX_SHOWN = 200
"""Messages on the page; older ones stay in the store."""


@dataclass(frozen=True)
class Asked:
    """What the shopper said: the text as sent, the words to show, and whether it was spoken.

    `id` is the name that the page gave the message when it sent it, if any.
    """

    text: str
    shown: str
    spoken: bool = False
    id: str = ""


@dataclass(frozen=True)
class Place:
    """What the page's script has to know: where the conversation stands in the store.

    `settled` is the id of the message that this drawing answers.
    """

    conversation_id: str = ""
    position: int = 0
    settled: str = ""


@dataclass(frozen=True)
class Page:
    """What stands around the messages: greeting, suggestions or a choice, and a notice."""

    greeting: str
    help: str
    suggestions: tuple[str, ...] = ()
    notice: str = ""
    choices: tuple[Button, ...] = ()
    place: Place = Place()


def read_events(events: Iterable[Event], words: Words) -> list[Asked | BotMessage]:
    """Return what was said, in order. A pressed button is shown by its title."""
    said: list[Asked | BotMessage] = []
    titles = {"/contact_human_agent": words.person}
    for event in events:
        if event["event"] == "user":
            text = str(event.get("text") or "")
            shown = titles.get(text) or (_plain(text) if text.startswith("/") else text)
            spoken = event.get("input_channel") == "voice"
            said.append(Asked(text, shown, spoken, str(event.get("message_id") or "")))
        elif event["event"] == "bot":
            message = read_message(event.get("data") or {}, str(event.get("text") or ""))
            titles.update((b.payload, b.title) for b in message.buttons)
            said.append(message)
    return said


def read_message(data: Mapping[str, Any], text: str) -> BotMessage:
    """A stored reply as a message again."""
    return BotMessage(
        text=text,
        buttons=tuple(Button(**b) for b in data.get("buttons") or ()),
        cards=tuple(Card(**{**c, "lines": tuple(c.get("lines") or ())})
                    for c in data.get("cards") or ()),
        citations=tuple(Citation(**c) for c in data.get("citations") or ()),
        image=str(data.get("image") or ""),
        id=str(data.get("id") or ""),
    )


def render_transcript(said: Sequence[Asked | BotMessage], page: Page, words: Words) -> str:
    """The list of messages. Written without white space between items: the script appends to it.

    `data-revision` makes two renderings differ, so that the page's script hears of each.
    """
    shown = said[-MAX_SHOWN:]
    items = [_greeting(page, words, open_=not said)]
    for position, one in enumerate(shown):
        if isinstance(one, Asked):
            items.append(render_asked(one, words))
        else:
            last = position == len(shown) - 1 and not page.choices
            items.append(render_message(one, words, last=last, rated=bool(one.id)))
    if page.notice or page.choices:
        items.append(f'<li class="notice" role="status"><p>{escape(page.notice)}</p>'
                     f"{render_buttons(page.choices, words)}</li>")
    place = page.place
    return (f'<div class="talk"><ol class="log" role="log" aria-live="polite" '
            f'aria-label="{escape(words.log)}" data-position="{place.position}" '
            f'data-conversation="{escape(place.conversation_id)}" '
            f'data-settled="{escape(place.settled)}" data-revision="{secrets.token_hex(4)}">'
            f'{"".join(items)}</ol></div>')


def render_asked(asked: Asked, words: Words) -> str:
    """The shopper's bubble: always text, never markup."""
    mark = icons.MICROPHONE if asked.spoken else ""
    return (f'<li class="said shopper" data-id="{escape(asked.id)}">'
            f'<span class="unseen">{escape(words.you)}:</span>'
            f'<div class="bubble">{mark}{escape(asked.shown)}</div></li>')


def _greeting(page: Page, words: Words, *, open_: bool) -> str:
    chips = "".join(
        f'<button type="button" class="chip" data-say="{escape(s)}">{escape(s)}</button>'
        for s in page.suggestions
    ) if open_ else ""
    group = (f'<div class="choices" role="group" aria-label="{escape(words.suggestions)}">'
             f"{chips}</div>") if chips else ""
    return (f'<li class="greeting"><h2>{escape(page.greeting)}</h2>'
            f"<p>{escape(page.help)}</p>{group}</li>")


def _plain(payload: str) -> str:
    """A payload nobody has a title for: `/track_order{…}` as `track order`."""
    return payload.partition("{")[0].removeprefix("/").replace("_", " ").strip() or payload
