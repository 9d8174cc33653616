from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.entities import EntityExtractor, LearntSpan
from nlu.understanding import Entity

TODAY = date(2025, 5, 14)  # a Wednesday
EXTRACTOR = EntityExtractor(
    {
        "product_type": ("jacket", "jackets", "rain jacket", "socks", "tent", "帐篷", "袜子"),
        "colour": ("red", "navy", "navy blue", "grey", "黑色"),
        "size": ("M", "large", "42"),
    },
    {"jackets": "jacket", "帐篷": "tent",
     "navy blue": "navy", "gray": "grey", "large": "L", "黑色": "black"},
    {"voucher": (r"\bV-\d{6}\b",)},
)  # fmt: skip


def found(text: str) -> list[tuple[str, str, str | None]]:
    return [(e.name, e.value, e.role) for e in EXTRACTOR.extract(text, TODAY)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("4417", ["4417"]),
        ("order #4417 please", ["4417"]),
        ("orders 4417 and 4418", ["4417", "4418"]),
        ("where's order number 4417?", ["4417"]),
        ("order 4,417", ["4417"]),
        ("４４１７", ["4417"]),
        ("订单4417到哪了", ["4417"]),
        ("订单号是4417", ["4417"]),
        ("查不到，4502", ["4502"]),
        ("four four one seven", ["4417"]),
        ("double four one seven", ["4417"]),
        ("order forty four seventeen", ["4417"]),
        ("订单四四一七", ["4417"]),
        ("訂單號碼是４４１７", ["4417"]),
        ("refund from 4417", ["4417"]),
        ("it cost $2000", []),
        ("under 1500", []),
        ("in 2024", []),
        ("since May 2023", []),
        ("2024年买的", []),
        ("card ending 4242", []),
        ("1500 lumens", []),
        ("12345 or 123", []),
        ("tent 4417-B", []),
        ("one two three", []),
    ],
)
def test_order_numbers(text: str, numbers: list[str]) -> None:
    assert [value for name, value, _ in found(text) if name == "order_number"] == numbers


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("it costs $2000", [("2000", None)]),
        ("$1,299.50 is a lot", [("1299.5", None)]),
        ("under $100", [("100", "max")]),
        ("less than 80 bucks", [("80", "max")]),
        ("no more than fifty dollars", [("50", "max")]),
        ("at least 30 euros", [("30", "min")]),
        ("100 dollars or more", [("100", "min")]),
        ("about $60", [("60", "about")]),
        ("a hundred and twenty bucks", [("120", None)]),
        ("between 50 and 100 dollars", [("50", "min"), ("100", "max")]),
        ("$50-$80", [("50", "min"), ("80", "max")]),
        ("under 1500", [("1500", "max")]),
        ("budget is 1.5k", [("1500", "max")]),
        ("100块以下", [("100", "max")]),
        ("，120美元以下，", [("120", "max")]),
        ("不超过80美元", [("80", "max")]),
        ("50到100块的帐篷", [("50", "min"), ("100", "max")]),
        ("一百五十块左右", [("150", "about")]),
        ("两百元以上", [("200", "min")]),
        ("兩百塊以內", [("200", "max")]),
        ("a cheap tent", []),
        ("under 3 days", []),
        ("switch from 42 to 43", []),
        ("坐在一块聊天", []),
    ],
)
def test_money(text: str, sums: list[tuple[str, str | None]]) -> None:
    assert [(value, role) for name, value, role in found(text) if name == "money"] == sums


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2025-05-14"),
        ("yesterday", "2025-05-13"),
        ("the day before yesterday", "2025-05-12"),
        ("last friday", "2025-05-09"),
        ("ordered on monday", "2025-05-12"),
        ("I need it by friday", "2025-05-16"),
        ("next tuesday", "2025-05-20"),
        ("3 days ago", "2025-05-11"),
        ("two weeks ago", "2025-04-30"),
        ("an hour ago", "2025-05-14"),
        ("in March", "2025-03-01"),
        ("on May 3rd", "2025-05-03"),
        ("30 December", "2024-12-30"),
        ("2025-04-30", "2025-04-30"),
        ("25/12/2024", "2024-12-25"),
        ("the 22nd", "2025-05-22"),
        ("last year", "2024-01-01"),
        ("昨天", "2025-05-13"),
        ("下周三", "2025-05-21"),
        ("上周五", "2025-05-09"),
        ("周五买的", "2025-05-09"),
        ("三天前", "2025-05-11"),
        ("上週五", "2025-05-09"),
        ("5月3号", "2025-05-03"),
        ("十二月三十日", "2024-12-30"),
        ("去年", "2024-01-01"),
        ("black friday", None),
        ("May I ask", None),
        ("31/31/2024", None),
        ("99999999 days ago", None),
    ],
)
def test_dates(text: str, day: str | None) -> None:
    days = [value for name, value, _ in found(text) if name == "date"]
    assert days == ([] if day is None else [day])


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        (
            "two navy blue jackets",
            [("quantity", "2"), ("colour", "navy"), ("product_type", "jacket")],
        ),
        ("3x socks", [("quantity", "3"), ("product_type", "socks")]),
        ("a pair of socks", [("product_type", "socks")]),
        ("买三双袜子", [("quantity", "3"), ("product_type", "袜子")]),
        ("a rain jacket", [("product_type", "rain jacket")]),
        ("Rain-Jacket", [("product_type", "rain jacket")]),
        ("gray one", [("colour", "grey")]),
        ("jacketless, bored", []),
        ("黑色帐篷", [("colour", "black"), ("product_type", "tent")]),
        ("size 42", [("size", "42")]),
        ("size 11 socks", [("size", "11"), ("product_type", "socks")]),
        ("有42码吗", [("size", "42")]),
        ("do you have it in 42?", [("size", "42")]),
        ("in 42 days", [("date", "2025-06-25")]),
        ("XS or xxl", [("size", "XS"), ("size", "XXL")]),
        ("extra large", [("size", "XL")]),
        ("large", [("size", "L")]),
        ("in M please", [("size", "M")]),
        ("I'm s", []),
        ("20 L bag", []),
        ("mail Kim@Example.com谢谢", [("email", "kim@example.com")]),
        ("call +1 415-555-0132", [("phone", "+14155550132")]),
        ("我的手机13800138000", [("phone", "13800138000")]),
        ("tracking 123456789012", []),
        ("use V-123456", [("voucher", "V-123456")]),
    ],
)
def test_other_entities(text: str, entities: list[tuple[str, str]]) -> None:
    assert [(name, value) for name, value, _ in found(text)] == entities


def test_a_regex_of_the_shop_replaces_the_built_in_rule() -> None:
    extractor = EntityExtractor(regexes={"order_number": (r"\b(AB\d{3})\b",)})
    entities = extractor.extract("4417 or ab123", TODAY)
    assert [(e.name, e.text) for e in entities] == [("order_number", "ab123")]


def test_the_longest_lookup_wins() -> None:
    extractor = EntityExtractor({"colour": ["navy blue"], "product_type": ["blue rain jacket"]})
    (entity,) = extractor.extract("a navy blue rain jacket", TODAY)
    assert (entity.name, entity.text) == ("product_type", "blue rain jacket")


def learnt(text: str, typed: str, entity: str, **more: Any) -> LearntSpan:
    start = text.index(typed)
    return LearntSpan(entity, start, start + len(typed), more.pop("probability", 0.9), **more)


@pytest.mark.parametrize(
    ("typed", "entity", "expected"),
    [
        ("kayak", "product_type", Entity("product_type", "kayak", "kayak", 6, 11)),
        ("jakcet", "product_type", Entity("product_type", "jacket", "jakcet", 6, 12)),
        ("socs", "product_type", Entity("product_type", "socs", "socs", 6, 10)),
        ("someday", "date", None),
    ],
)
def test_a_learnt_span_where_nothing_else_stands(
    typed: str, entity: str, expected: Entity | None
) -> None:
    text = f"see a {typed}"
    found = EXTRACTOR.extract(text, TODAY, [learnt(text, typed, entity)])
    assert found == (() if expected is None else (expected,))


def test_a_learnt_span_gives_the_entity_that_it_meets_its_role_and_group() -> None:
    text = "swap the tent from friday night"
    found = EXTRACTOR.extract(
        text,
        TODAY,
        [
            learnt(text, "tent", "product_type", role="old", group="1"),
            learnt(text, "friday night", "date", role="since"),
        ],
    )
    assert [(e.name, e.value, e.text, e.role, e.group) for e in found] == [
        ("product_type", "tent", "tent", "old", "1"),
        ("date", "2025-05-09", "friday", "since", None),
    ]


@pytest.mark.parametrize(
    ("typed", "entity"),
    [("tent", "colour"), ("tent and socks", "product_type"), ("4417", "city")],
)
def test_a_learnt_span_that_meets_another_entity_is_dropped(typed: str, entity: str) -> None:
    text = "a tent and socks, 4417"
    spans = [learnt(text, typed, entity, role="new")]
    assert EXTRACTOR.extract(text, TODAY, spans) == EXTRACTOR.extract(text, TODAY)


def test_the_more_probable_of_two_learnt_spans_stays() -> None:
    text = "to Rome"
    spans = [learnt(text, "to Rome", "city", probability=0.8), learnt(text, "Rome", "city")]
    assert [e.text for e in EXTRACTOR.extract(text, TODAY, spans)] == ["Rome"]


def test_a_learnt_span_past_the_cap_is_not_read() -> None:
    text = "x " * 600 + "Rome"
    assert EXTRACTOR.extract(text, TODAY, [learnt(text, "Rome", "city")]) == ()


PIECES = st.sampled_from(
    ["4417", "$", "under ", "between ", " and ", "100", "块", "周", "三", "前", "size ", "M", "İ",
     "ß", "№", "one ", "two ", "a@b.co", "+1 ", "-", "/", ".", "，", "號", " ago", "day", "\ud800",
     "帐篷", "jackets"]
)  # fmt: skip


@given(st.one_of(st.text(st.characters()), st.lists(PIECES).map("".join)))
def test_any_text_gives_ordered_exact_spans(text: str) -> None:
    entities = EXTRACTOR.extract(text, TODAY)
    at = 0
    for entity in entities:
        assert at <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        at = entity.end
