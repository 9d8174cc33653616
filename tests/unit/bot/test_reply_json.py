"""What actions say, as replies."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.errors import ActionError
from bot.actions.reply_json import not_shown, reply_of
from bot.messages import BotMessage, Button, Card, Citation

YES = Button("Yes", "/affirm")
NO = Button("No", "/deny")
SOURCE = Citation("returns", "Returns?", "faq/x.md", 7, 0.9)
PICTURE = "https://shop.example/tent.PNG?size=2"


def say(name: str, values: Mapping[str, Any]) -> BotMessage:
    text = f"{name} {dict(values)}" if values else name
    return BotMessage(text, (YES,), image="/logo.png", response=name)


def reply(**said: Any) -> BotMessage | None:
    dispatcher = CollectingDispatcher()
    dispatcher.utter_message(**said)
    found = reply_of("action_x", dispatcher.messages[0], say)
    return replace(found, id="") if found else None


def message(text: str = "", **parts: Any) -> BotMessage:
    return BotMessage(text, **parts, id="")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"text": "Hi"}, message("Hi")),
        ({"text": "Sure?", "buttons": [asdict(YES)]}, message("Sure?", buttons=(YES,))),
        ({"text": "Sure?", "buttons": [{"title": "Yes"}]},
         message("Sure?", buttons=(Button("Yes", "Yes"),))),
        ({"text": "See", "buttons": [{"type": "web_url", "title": "Tents", "url": "/tents"}]},
         message("See\n\n[Tents](</tents>)")),
        ({"image": PICTURE}, message(image=PICTURE)),
        ({"attachment": PICTURE}, message(image=PICTURE)),
        ({"attachment": PICTURE, "image": "/a.png"},
         message(f"[tent.PNG](<{PICTURE}>)", image="/a.png")),
        ({"text": "Here:", "attachment": "https://shop.example/my%20bill.pdf"},
         message("Here:\n\n[my bill.pdf](<https://shop.example/my%20bill.pdf>)")),
        ({"attachment": {"type": "image", "payload": {"src": "/picture/3"}}},
         message(image="/picture/3")),
        ({"attachment": {"type": "video", "payload": {"src": "/film/3"}}},
         message("[3](</film/3>)")),
        # a response: its values, its buttons and others, a text that replaces its own
        ({"response": "utter_a"},
         message("utter_a", buttons=(YES,), image="/logo.png", response="utter_a")),
        ({"response": "utter_a", "day": "Monday"},
         message("utter_a {'day': 'Monday'}", buttons=(YES,), image="/logo.png",
                 response="utter_a")),
        ({"response": "utter_a", "buttons": [asdict(NO)]},
         message("utter_a", buttons=(YES, NO), image="/logo.png", response="utter_a")),
        ({"response": "utter_a", "text": "B", "image": "/b.png"},
         message("B", buttons=(YES,), image="/b.png", response="utter_a")),
        # cards, of our own actions and as other Rasa projects write them
        ({"elements": [asdict(Card("Tent", price="$9", lines=("1 × peg",)))]},
         message(cards=(Card("Tent", price="$9", lines=("1 × peg",)),))),
        ({"elements": [{"title": "Tent", "subtitle": "Light", "image_url": "/t.png",
                        "default_action": {"type": "web_url", "url": "/tent"},
                        "buttons": [asdict(YES)]}]},
         message(buttons=(YES,), cards=(Card("Tent", "Light", "/t.png", "/tent"),))),
        ({"text": "So", "json_message": {"citations": [asdict(SOURCE)]}},
         message("So", citations=(SOURCE,))),
        # nothing to see
        ({}, None),
        ({"text": ""}, None),
        ({"json_message": {"colour": "green"}}, None),
    ],
)  # fmt: skip
def test_what_is_said_is_shown(said: dict[str, Any], expected: BotMessage | None) -> None:
    assert reply(**said) == expected


@pytest.mark.parametrize(
    ("custom", "lost"),
    [({}, False), (None, False), ({"citations": []}, False), ({"colour": "green"}, True),
     ({"citations": [], "colour": "green"}, True), ([1], True)],
)  # fmt: skip
def test_what_custom_json_no_page_shows(custom: Any, lost: bool) -> None:
    assert not_shown(custom) is lost


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"buttons": [{"payload": "/x"}]}, "a button without a title"),
        ({"buttons": ["Yes"]}, "a button without a title"),
        ({"elements": [{"subtitle": "x"}]}, "an element without a title"),
        ({"json_message": {"citations": [{"id": "x"}]}}, "a citation of a wrong shape"),
        ({"json_message": {"citations": ["x"]}}, "a citation of a wrong shape"),
    ],
)
def test_what_cannot_be_read_is_an_error(said: dict[str, Any], what: str) -> None:
    with pytest.raises(ActionError, match=f"action 'action_x' sent {what}"):
        reply(**said)
