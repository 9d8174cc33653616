from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import entity

from bot.recommend.request import ProductRequest, continue_request, read_request
from knowledge.index.products import ProductFilter
from nlu.understanding import Entity

ANYTHING = ProductRequest()


D = Decimal


def as_rasa(*entities: Entity) -> list[dict[str, Any]]:
    return [{"entity": e.name, "value": e.value, "role": e.role} for e in entities]


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("anything nice", [], ANYTHING),
        (
            "a red or blue tent",
            [
                entity("product_type", "tent"),
                entity("colour", "red"),
                entity("colour", "blue"),
                entity("colour", "red"),
            ],
            ProductRequest(product_types=("tent",), colors=("red", "blue")),
        ),
        (
            "wool, size M, hiking",
            [entity("material", "wool"), entity("size", "M"), entity("use", "hiking")],
            ProductRequest(materials=("wool",), sizes=("M",), uses=("hiking",)),
        ),
        ("under $150", [entity("money", "150", "max")], ProductRequest(price_max=D(150))),
        ("$150", [entity("money", "150")], ProductRequest(price_max=D(150))),
        (
            "from $50 to $99.90",
            [entity("money", "50", "min"), entity("money", "99.90", "max")],
            ProductRequest(price_min=D(50), price_max=D("99.90")),
        ),
        (
            "around $100",
            [entity("money", "100", "about")],
            ProductRequest(price_min=D(75), price_max=D(125)),
        ),
        ("is it in stock", [], ProductRequest(in_stock_only=True)),
        (
            "150美元以内有货的帐篷",
            [entity("product_type", "tent"), entity("money", "150", "max")],
            ProductRequest(product_types=("tent",), price_max=D(150), in_stock_only=True),
        ),
        ("有现货吗", [], ProductRequest(in_stock_only=True)),
        (
            "order 4001 by mail",
            [entity("order_number", "4001"), entity("email", "a@b.c")],
            ANYTHING,
        ),
        *(
            (f"for {amount}", [entity("money", amount)], ANYTHING)
            for amount in ("lots", "", "NaN", "sNaN", "Infinity", "-5", "1e999999999", "None")
        ),
    ],
)
def test_what_one_message_asks_for(
    text: str, entities: list[Entity], expected: ProductRequest
) -> None:
    assert read_request(text, as_rasa(*entities)) == expected


TENT = ProductRequest(product_types=("tent",), colors=("red",), price_max=D(200))


SHOWN = [D("180.00"), D("149.90")]


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("a blue one", ProductRequest(colors=("blue",)), replace(TENT, colors=("blue",))),
        ("under 150", ProductRequest(price_max=D(150)), replace(TENT, price_max=D(150))),
        ("in stock", ProductRequest(in_stock_only=True), replace(TENT, in_stock_only=True)),
        ("more", ANYTHING, TENT),
        # another kind of product starts afresh
        (
            "a jacket",
            ProductRequest(product_types=("jacket",)),
            ProductRequest(product_types=("jacket",)),
        ),
        ("anything cheaper", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("less expensive please", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("有便宜一点的吗", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("便宜些", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("更便宜的", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("cheaper, under 100", ProductRequest(price_max=D(100)), replace(TENT, price_max=D(100))),
        (
            "a cheaper jacket",
            ProductRequest(product_types=("jacket",)),
            ProductRequest(product_types=("jacket",), price_max=D("149.89")),
        ),
    ],
)
def test_a_follow_up(text: str, now: ProductRequest, expected: ProductRequest) -> None:
    assert continue_request(TENT, now, text=text, shown=SHOWN) == expected


def test_cheaper_than_nothing() -> None:
    assert continue_request(TENT, ANYTHING, text="cheaper", shown=[]) == TENT


def test_cheaper_drops_the_lower_limit() -> None:
    before = ProductRequest(price_min=D(160), price_max=D(200))
    assert continue_request(before, ANYTHING, text="cheaper", shown=SHOWN) == ProductRequest(
        price_max=D("149.89")
    )


AMOUNTS = st.none() | st.decimals(0, 10**6, places=2)


WORDS = st.lists(st.text(), max_size=3).map(tuple)


REQUESTS = st.builds(
    ProductRequest, WORDS, WORDS, WORDS, WORDS, WORDS, AMOUNTS, AMOUNTS, st.booleans()
)


@given(REQUESTS)
def test_a_request_comes_back_from_its_slot(request: ProductRequest) -> None:
    assert ProductRequest.from_slot(request.to_slot()) == request
    assert request.empty == (request == ANYTHING)


@pytest.mark.parametrize("value", [None, {}, {"unknown": 1}, {"price_max": "lots"}])
def test_an_odd_slot_is_an_empty_request(value: Any) -> None:
    assert ProductRequest.from_slot(value) == ANYTHING


def test_a_request_as_a_filter() -> None:
    request = replace(TENT, sizes=("2P",), price_min=D(50), in_stock_only=True)
    assert request.filter() == ProductFilter(
        product_types=frozenset({"tent"}),
        colors=frozenset({"red"}),
        sizes=frozenset({"2P"}),
        price_min=D(50),
        price_max=D(200),
        in_stock_only=True,
    )
