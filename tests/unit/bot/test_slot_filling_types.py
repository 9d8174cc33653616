"""Answers in plain words, read by the type of the slot."""

from dataclasses import replace
from typing import Any

import pytest
from interpret_shop import DOMAIN, SCRIPT, SLOTS, at

from bot.dialogue.cues import folded
from bot.dialogue.responses import Variation
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import (
    Reading,
    buttons,
    chosen_payload,
    given_by,
    read_choice,
    read_number,
    titled,
    vocabulary,
)
from bot.messages import Button

NAMES = {
    "small": "small", "medium": "medium", "large": "large", "extra large": "extra large",
    "s": "small", "cash": "cash", "card": "card", "红色": "red", "红": "red", "大号": "large",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "whole"),
    [
        ("Large", "large", True),
        ("ＬＡＲＧＥ！", "large", True),
        ("the large one, please", "large", True),
        ("extra large", "extra large", True),
        ("I'd like large in that case", "large", False),
        ("not small but large", "large", False),
        ("s", "small", True),
        ("it's fine", None, False),  # no s of its own
        ("我要大号的", "large", True),
        ("红", "red", True),
        ("红红火火一点", None, False),  # one character in a longer text says little
        ("small or large", None, False),
        ("enlarged", None, False),
        ("是large的问题", "large", False),  # Chinese characters end a word
        ("", None, False),
    ],
)
def test_choices(text: str, value: str | None, whole: bool) -> None:
    reading = read_choice(folded(text), NAMES, exact=True)
    assert (reading.value if reading else None, bool(reading and reading.whole)) == (value, whole)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("lrage", Reading("large", True, "lrage", "lrage")),
        ("the meduim one", Reading("medium", True, "meduim", "meduim")),
        ("hm medum I guess", Reading("medium", True, "medum", "medum")),
        ("extra lrage", Reading("extra large", True, "extra lrage", "extra lrage")),
        ("carh", None),  # cash and card are equally near
        ("cad", None),  # too short
        ("xtra lrg", None),  # too far
        ("large1", None),  # figures are never a slip
        ("lrage?", None),
        ("篮色", None),
    ],
)
def test_slips_of_the_keyboard(text: str, read: Reading | None) -> None:
    assert read_choice(folded(text), NAMES) == read


def test_two_slips_are_read_in_long_words_alone() -> None:
    assert read_choice("watrepoorf", {"waterproof": "w", "wool": "o"}) is None
    reading = read_choice("watrepruf", {"waterproof": "w"})
    assert reading is None
    reading = read_choice("watreprofo", {"waterproof": "w"})
    assert reading is not None
    assert reading.value == "w"
    assert read_choice("lareg", {"large": 1}) is not None
    assert read_choice("lrgae", {"large": 1}) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2), ("２", 2), ("two", 2), ("two of them please", 2), ("I want 3", 3), ("-5", -5),
        ("2.5", 2.5), ("about 2.5 kg", 2.5), ("1,200", 1200), ("twenty five", 25),
        ("a couple", 2), ("half a dozen", 6), ("2 pieces", 2), ("3个", 3), ("两个", 2),
        ("我要两件", 2), ("十二个", 12), ("一百五十", 150), ("no, 3", 3),
        ("one", 1), ("2 or 3", None), ("2-3", None), ("that one", None), ("several", None),
        ("do you have 2 of those?", None),
        ("four four one seven", None), ("几个", None), ("第二个", None), ("4417-B", None),
        ("", None), ("9" * 400, None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    reading = read_number(folded(text))
    assert (reading.value if reading else None) == number


SIZE = next(slot for slot in SLOTS if slot.name == "size")


def test_titles_of_buttons_are_names_of_the_values_that_they_give() -> None:
    shown = [
        ("大的", "large"),
        ("The big one", '/inform{"size": "large"}'),
        ("A person", "/contact_human_agent"),
    ]
    names = vocabulary(SIZE, shown)
    assert names["the big one"] == "large"
    assert "a person" not in names
    assert names["大的"] == "large"  # CALM's buttons may send a plain text
    assert vocabulary(SIZE)["extra large"] == "extra large"


@pytest.mark.parametrize(
    ("slot", "payload", "value"),
    [
        ("size", "large", "large"), ("size", "Extra Large", "extra large"), ("size", "huge", None),
        ("size", '/inform{"size": "large"}', "large"), ("size", "/affirm", None),
        ("confirm_cancel", "/affirm", True), ("confirm_cancel", "/deny", False),
        ("confirm_cancel", "/stop", False), ("confirm_cancel", "yes", None),
    ],
)  # fmt: skip
def test_what_a_button_gives_a_slot(slot: str, payload: str, value: Any) -> None:
    assert given_by(next(s for s in SLOTS if s.name == slot), payload) == value


def test_the_buttons_of_a_slots_own_question_are_remembered() -> None:
    asks = {"utter_ask_size": (Variation("?", buttons=(Button("特大", "extra large"),)),)}
    script = replace(SCRIPT, domain=replace(DOMAIN, responses=asks))
    assert list(titled(SIZE, None, State(), script)) == [("特大", "extra large")]


PAIR = [("Yes, cancel it", "/affirm"), ("No, keep it", "/deny")]


@pytest.mark.parametrize(
    ("text", "figures", "payload"),
    [
        ("no, keep it!", True, "/deny"),
        ("the second", True, "/deny"),
        ("2", True, "/deny"),
        ("2", False, None),
        ("第一个", False, "/affirm"),
        ("后者", False, "/deny"),
        ("前者", False, "/affirm"),
        ("the third", True, None),
        ("9", True, None),
        ("keep", True, None),
        ("", True, None),
    ],
)
def test_buttons_named_in_words(text: str, figures: bool, payload: str | None) -> None:
    state = at("cancel_order", "confirm_cancel", buttons=PAIR)
    assert chosen_payload(text, state, figures=figures) == payload


def test_two_buttons_of_one_title_are_no_choice() -> None:
    state = at("cancel_order", "confirm_cancel", buttons=[("This", "/affirm"), ("This", "/deny")])
    assert chosen_payload("this", state) is None


@pytest.mark.parametrize("data", [None, {}, {"buttons": None}, {"buttons": [{}]}])
def test_replies_without_buttons(data: Any) -> None:
    state = State(last_replies=({"event": "bot", "data": data},))
    assert list(buttons(state)) in ([], [("", "")])
    assert chosen_payload("2", State()) is None


def test_the_buttons_before_a_burst_count_still() -> None:
    state = at("cancel_order", "confirm_cancel", buttons=PAIR)
    later = State(stack=state.stack, earlier_replies=state.last_replies)
    assert chosen_payload("the second one", later) == "/deny"
