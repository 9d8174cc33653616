from html.parser import HTMLParser

import pytest

from bot.messages import BotMessage, Button, Card, Citation
from ui.cards import render_buttons, render_cards, render_message
from ui.words import EN

EVIL = """<script>alert(1)</script>"' onerror='alert(1)' x="<img src=x onerror=alert(1)>"""


class Tags(HTMLParser):
    """Collects elements and attributes as a browser would see them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]


def card_with(field: str) -> Card:
    return Card(**{"title": "Jacket", field: (EVIL,) if field == "lines" else EVIL})


@pytest.mark.parametrize("field", ["title", "subtitle", "image", "link", "price", "availability",
                                   "reason", "lines"])
def test_no_field_of_a_card_becomes_markup(field: str) -> None:
    seen = Tags(render_cards((card_with(field),), EN))
    assert not {"script", "img"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]
    assert field in ("image", "link") or EVIL in seen.text


@pytest.mark.parametrize(("image", "folded"), [("/pictures/tent.svg", True), ("", False)],
                         ids=["product", "order"])
def test_a_products_description_is_folded_and_an_orders_items_are_not(
    image: str, folded: bool
) -> None:
    seen = Tags(render_cards((Card("Tent", image=image, lines=("for two",)),), EN))
    assert ("details" in seen.tags) is folded
    assert "for two" in seen.text


def test_an_old_price_is_escaped_and_struck() -> None:
    seen = Tags(render_cards((Card("Jacket", price="$9", old_price=EVIL),), EN))
    assert "s" in seen.tags
    assert "script" not in seen.tags


@pytest.mark.parametrize("message", [
    BotMessage(text=EVIL),
    BotMessage(text="ok", buttons=(Button(EVIL, EVIL),)),
    BotMessage(text="ok", citations=(Citation(EVIL, EVIL, EVIL, 3, 0.9),)),
    BotMessage(text="ok", image=EVIL),
    BotMessage(text="ok", id=EVIL),
], ids=["text", "button", "citation", "image", "id"])
def test_no_field_of_a_message_becomes_markup(message: BotMessage) -> None:
    seen = Tags(render_message(message, EN, last=True))
    assert not {"script", "img"} & set(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on")]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example/x", "data:text/html,x",
                                 "java\nscript:alert(1)", "/\\evil.example", "http://", "x.svg"])
def test_a_card_links_and_loads_only_harmless_addresses(url: str) -> None:
    seen = Tags(render_cards((Card("Jacket", image=url, link=url),), EN))
    assert not {"a", "img"} & set(seen.tags)


@pytest.mark.parametrize("url", ["/pictures/jacket.svg", "https://shop.example/p?id=1&x=2"])
def test_a_card_shows_its_picture_and_links_its_title(url: str) -> None:
    seen = Tags(render_cards((Card("Jacket", image=url, link=url),), EN))
    assert seen.values("src") == [url]
    assert seen.values("href") == [url]
    assert seen.values("rel") == ["noopener noreferrer"]


def test_markdown_is_rendered_with_links_that_open_beside_the_chat() -> None:
    seen = Tags(render_message(BotMessage("**3–5 days**\n\n- [more](https://a.example)"), EN,
                               last=True))
    assert {"strong", "ul", "a"} <= set(seen.tags)
    assert seen.values("target") == ["_blank"]


@pytest.mark.parametrize("text", ["[x](javascript:alert(1))", "![x](https://tracker.example/a.png)",
                                  "<b>raw</b>", "<https://a.example>\n\n<iframe src=x>"])
def test_markdown_loads_and_runs_nothing(text: str) -> None:
    seen = Tags(render_message(BotMessage(text), EN, last=True))
    assert not {"img", "iframe", "b"} & set(seen.tags)
    assert not [h for h in seen.values("href") if not h.startswith("https://")]


def test_a_source_names_question_file_and_line() -> None:
    citation = Citation("delivery", "How long does delivery take?", "faq/delivery.en.md", 14, 0.9)
    seen = Tags(render_message(BotMessage("3 days", citations=(citation,)), EN, last=False))
    assert "Source: How long does delivery take?, faq/delivery.en.md:14" in seen.text
    assert "details" in seen.tags
    assert "open" not in dict(seen.attributes)


@pytest.mark.parametrize(("last", "shown"), [(True, True), (False, False)])
def test_buttons_are_offered_under_the_last_reply_only(last: bool, shown: bool) -> None:
    message = BotMessage("Sure?", buttons=(Button("Yes", "/affirm"),))
    assert ("/affirm" in render_message(message, EN, last=last)) is shown


def test_a_button_sends_its_payload_and_shows_its_title() -> None:
    seen = Tags(render_buttons((Button("Red one", '/pick{"colour": "red"}'),), EN))
    assert seen.values("data-say") == ['/pick{"colour": "red"}']
    assert seen.values("data-show") == ["Red one"]


def test_thumbs_carry_the_message_and_can_be_left_out() -> None:
    message = BotMessage("Hello", id="m1")
    seen = Tags(render_message(message, EN, last=True))
    assert seen.values("data-for") == ["m1"]
    assert seen.values("data-rate") == ["up", "down"]
    assert "data-rate" not in render_message(message, EN, last=True, rated=False)
