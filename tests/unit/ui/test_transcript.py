from dataclasses import asdict
from typing import Any

import pytest

from bot.messages import BotMessage, Button, Card, Citation
from ui.transcript import MAX_SHOWN, Asked, Page, Place, read_events, render_transcript
from ui.words import EN, ZH

PAGE = Page("Hello", "I can help.", ("Where is it?",))


def user(text: str, channel: str = "page") -> dict[str, Any]:
    return {"event": "user", "text": text, "input_channel": channel}


def bot(message: BotMessage) -> dict[str, Any]:
    return {"event": "bot", "text": message.text, "data": asdict(message)}


def test_a_stored_reply_comes_back_as_it_was() -> None:
    message = BotMessage("Here", (Button("a", "/a"),), (Card("Tent", lines=("1 × Tent",)),),
                         (Citation("i", "q", "f.md", 3, 0.5),), "/p.svg")
    assert read_events([bot(message)], EN) == [message]


def test_a_reply_with_nothing_but_its_text_comes_back() -> None:
    [said] = read_events([{"event": "bot", "text": "Hi", "data": None}], EN)
    assert isinstance(said, BotMessage)
    assert said.text == "Hi"


@pytest.mark.parametrize(("text", "shown"), [
    ("/contact_human_agent", "Talk to a person"),
    ("/affirm", "Yes, cancel it"),
    ('/track_order{"order_number": "4017"}', "track order"),
    ("/", "/"),
    ("1/2 price?", "1/2 price?"),
])
def test_a_pressed_button_is_shown_in_words(text: str, shown: str) -> None:
    asked = read_events([bot(BotMessage("?", (Button("Yes, cancel it", "/affirm"),))),
                         user(text)], EN)[1]
    assert asked == Asked(text, shown)


def test_words_follow_the_page_language() -> None:
    assert read_events([user("/contact_human_agent")], ZH) == [
        Asked("/contact_human_agent", "转人工客服")]


def test_the_shoppers_words_are_text() -> None:
    markup = render_transcript([Asked("<b>x</b>", "<b>x</b>")], PAGE, EN)
    assert "<b>" not in markup
    assert markup.count("&lt;b&gt;x&lt;/b&gt;") == 1


def test_spoken_words_are_marked() -> None:
    said = read_events([user("hello", "voice")], EN)
    assert "<svg" in render_transcript(said, PAGE, EN)
    assert "<svg" not in render_transcript(read_events([user("hello")], EN), PAGE, EN)


def test_the_script_finds_where_the_conversation_stands_and_what_arrived() -> None:
    said = read_events([{**user("hello"), "message_id": 'a"b'}], EN)
    assert said == [Asked("hello", "hello", id='a"b')]
    page = Page("Hello", "Help", place=Place("c1", 7, "m1"))
    markup = render_transcript(said, page, EN)
    for told in ('data-id="a&quot;b"', 'data-conversation="c1"', 'data-position="7"',
                 'data-settled="m1"', 'aria-live="polite"'):
        assert told in markup


def test_suggestions_are_offered_before_the_first_question_only() -> None:
    assert "Where is it?" in render_transcript([], PAGE, EN)
    assert "Where is it?" not in render_transcript([Asked("hi", "hi")], PAGE, EN)


def test_two_renderings_differ_so_that_the_script_hears_of_each() -> None:
    assert render_transcript([], PAGE, EN) != render_transcript([], PAGE, EN)


def test_only_the_latest_messages_are_drawn() -> None:
    said = [Asked(f"number {i}!", f"number {i}!") for i in range(MAX_SHOWN + 5)]
    markup = render_transcript(said, PAGE, EN)
    assert "number 4!" not in markup
    assert f"number {MAX_SHOWN + 4}!" in markup


def test_a_notice_is_text_and_its_choice_replaces_the_replys_buttons() -> None:
    page = Page("Hello", "Help", notice="<i>signed in</i>", choices=(Button("again", "again"),))
    markup = render_transcript([BotMessage("?", (Button("No", "/deny"),))], page, EN)
    assert "<i>" not in markup.replace("<i></i>", "")
    assert "/deny" not in markup
    assert 'data-say="again"' in markup
