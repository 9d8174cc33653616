"""A reply is read out as a person would read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.speakable import shorten, speakable

ENGLISH = [
    # Markdown
    ("**Hi!** I _can_ help.", "Hi! I can help."),
    ("See [tracking](https://x.y/z_(1)?a=1 'now').", "See tracking."),
    ("![A red tent](tent.png)", "A red tent."),
    ("# Returns\nWithin 30 days", "Returns. Within 30 days."),
    ("- one\n- two\n\n1. first\n2. second", "one. two. 1. first. 2. second."),
    ("> quoted\n\n---\n\n~~old~~ new", "quoted. old new."),
    ("| size | price |\n|--|--|\n| S | $5 |", "size, price. S, 5 dollars."),
    ("Use `SAVE` at checkout\n```\ncode block\n```", "Use SAVE at checkout. code block."),
    ("a <b>bold</b> word &amp; more<br>here", "a bold word & more here."),
    ("<div>inside</div>", "inside."),
    ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name."),
    ("Returns are free [1], mostly[2].", "Returns are free, mostly."),
    # Links, emoji, symbols
    ("See https://shop.example/a/b?c=1.", "See link."),
    ("at www.shop.example, or ask", "at link, or ask."),
    (
        "Great \U0001f389\U0001f468‍\U0001f469‍\U0001f467 \U0001f1e8\U0001f1e6 choice ❤️!",
        "Great choice !",
    ),
    ("1️⃣ first ★★★★☆", "1 first."),
    ("Cart → pay -> done", "Cart, pay, done."),
    ("Wash at 30°", "Wash at 30°."),
    ("bell\x07 and half a pair \ud83c", "bell and half a pair."),
    # Amounts
    ("It is $129.00.", "It is 129 dollars."),
    ("$1,299.50 or €5 or £1.01", "1299 dollars and 50 cents or 5 euros or 1 pound and 1 penny."),
    ("$1 $0.50 $0.5 US$3", "1 dollar 50 cents 50 cents 3 dollars."),
    ("129.00 USD, EUR 20, 5€", "129 dollars, 20 euros, 5 euros."),
    ("20% off, size 10, 14:30", "20% off, size 10, 14:30."),
    # References are copied, not counted
    ("Your order 4417 shipped.", "Your order four four one seven shipped."),
    ("Order number: 4417", "Order number: four four one seven."),
    ("Order #4417, ticket 907", "Order four four one seven, ticket nine zero seven."),
    ("#12 is here", "one two is here."),
    ("ORD-10023", "O R D one zero zero two three."),
    ("1Z999AA10", "one Z nine nine nine A A one zero."),
    ("Call 5550199.", "Call five five five zero one nine nine."),
    ("7" * 5000, " ".join(["seven"] * 5000) + "."),
    ("I have order 12 and 3 tents", "I have order 12 and 3 tents."),
    ("10000 points, 20000mAh, 1500 m, USB3", "10000 points, 20000mAh, 1500 m, USB3."),
    ("It arrives on 2026-05-01.", "It arrives on May 1, 2026."),
    # Nothing to say
    ("", ""),
    ("\U0001f389 --- !", ""),
]
CHINESE = [
    ("您的订单4417已发货", "您的订单四四一七已发货。"),
    ("订单号：4417，￥129.50。", "订单号：四四一七，129.5元。"),
    ("**¥129.00**，打20%折扣", "129元，打百分之20折扣。"),
    ("$5.05 或 €3", "5.05美元 或 3欧元。"),
    ("请看https://shop.example/订单。谢谢！", "请看链接订单。谢谢！"),
    ("2026-05-01 送达\U0001f389", "2026年5月1日 送达。"),
]


@pytest.mark.parametrize(("text", "spoken"), ENGLISH)
def test_english(text: str, spoken: str) -> None:
    assert speakable(text, language="en") == spoken


@pytest.mark.parametrize("language", ["zh", "zh-CN", "cmn"])
@pytest.mark.parametrize(("text", "spoken"), CHINESE)
def test_chinese(text: str, spoken: str, language: str) -> None:
    assert speakable(text, language=language) == spoken


@given(st.text(max_size=300), st.sampled_from(["en", "zh"]))
def test_any_text_can_be_encoded_and_never_fails(text: str, language: str) -> None:
    assert "\0" not in speakable(text, language=language).encode().decode()


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("One. Two. Three.", 100, "One. Two. Three."),
        ("One. Two. Three.", 10, "One. Two."),
        ("one two three", 9, "one two"),
        ("abcdefgh", 3, "abc"),
        ("一二。三四。五六。", 7, "一二。三四。"),
        ("", 5, ""),
    ],
)
def test_what_is_too_long_is_cut_at_a_sentence(text: str, limit: int, kept: str) -> None:
    assert shorten(text, limit) == kept


@given(st.text(), st.integers(1, 50))
def test_shortening_keeps_to_the_limit(text: str, limit: int) -> None:
    shortened = shorten(text, limit)
    assert len(shortened) <= limit
    assert text.startswith(shortened)
