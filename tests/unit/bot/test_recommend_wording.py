from decimal import Decimal
from typing import Any

import pytest
from shop_data import product

from bot.recommend.request import ProductRequest
from bot.recommend.wording import availability, constraints_text, product_card

ANYTHING = ProductRequest()


D = Decimal


TENT = ProductRequest(product_types=("tent",), colors=("red",), price_max=D(200))


@pytest.mark.parametrize(
    ("request_", "english", "chinese"),
    [
        (ANYTHING, "", ""),
        (TENT, " (red, tent, up to $200)", "（red，tent，最高 $200）"),
        (
            ProductRequest(
                price_min=D("49.5"), uses=("hiking",), materials=("wool",), sizes=("M",)
            ),
            " (wool, hiking, M, from $49.50)",
            "（wool，hiking，M，最低 $49.50）",
        ),
    ],
)
def test_constraints_in_words(request_: ProductRequest, english: str, chinese: str) -> None:
    assert constraints_text(request_, "en", "USD") == english
    assert constraints_text(request_, "zh", "USD") == chinese


@pytest.mark.parametrize(
    ("changes", "english", "chinese"),
    [
        ({}, "in stock", "有货"),
        ({"stock": None}, "in stock", "有货"),
        ({"stock": 6}, "in stock", "有货"),
        ({"stock": 5}, "only 5 left", "仅剩 5 件"),
        ({"stock": 0}, "out of stock", "暂时缺货"),
        ({"availability": "out_of_stock"}, "out of stock", "暂时缺货"),
        ({"availability": "preorder"}, "pre-order", "可预订"),
        ({"availability": "backorder", "stock": 2}, "back-order", "可预订"),
    ],
)
def test_availability(changes: dict[str, Any], english: str, chinese: str) -> None:
    assert availability(product(**changes), "en") == english
    assert availability(product(**changes), "zh") == chinese


def test_a_card_says_why_the_product_is_shown() -> None:
    asked = ProductRequest(colors=("red",), uses=("hiking", "running"), price_max=D(150))
    card = product_card(product(), "en", asked)
    assert (card.title, card.subtitle, card.price, card.old_price) == (
        "Tent T1",
        "Larkfell",
        "$129.00",
        "",
    )
    assert card.reason == "red, hiking, within $150 · ★ 4.6 (31)"
    assert card.lines == ("Stands.", "colour: Red, blue", "sizes: 2P")
    assert (card.image, card.link) == ("/i/T1.jpg", "/p/T1")


def test_a_card_in_chinese() -> None:
    asked = ProductRequest(colors=("red",), price_max=D(150))
    card = product_card(product(sale_price=D("99.00")), "zh", asked)
    assert (card.title, card.price, card.old_price) == ("帐篷 T1", "$99.00", "$129.00")
    assert card.reason == "red、$150 以内 · ★ 4.6（31 条评价）"
    assert card.lines == ("结实。", "颜色: Red, blue", "尺码: 2P")


@pytest.mark.parametrize(
    ("changes", "asked", "reason"),
    [
        ({"rating": None}, ANYTHING, ""),
        ({"rating": None}, ProductRequest(colors=("green",)), ""),
        ({"rating": None}, ProductRequest(price_max=D(100)), ""),  # dearer: no reason
        ({"rating": None, "sale_price": D(90)}, ProductRequest(price_max=D(100)), "within $100"),
        ({}, ANYTHING, "★ 4.6 (31)"),
    ],
)
def test_reasons(changes: dict[str, Any], asked: ProductRequest, reason: str) -> None:
    assert product_card(product(**changes), "en", asked).reason == reason
