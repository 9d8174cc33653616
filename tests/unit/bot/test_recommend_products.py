from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from shop_data import (
    product,
)
from stand_ins import (
    answers_from,
    entity,
    heard,
    hit,
)

from bot.actions.product_info import ActionCompareProducts, ActionProductInfo
from bot.actions.recommend import ActionRecommendProduct
from bot.actions.runner import ActionCall, ActionRunner
from bot.dialogue.tracker import State
from bot.messages import BotMessage, Shopper
from bot.recommend.recommender import Recommendation, Recommender
from bot.recommend.request import ProductRequest
from bot.shop import ShopFiles
from knowledge.entries import Product, ProductHit
from knowledge.index.products import ProductFilter
from nlu.understanding import Entity

ANYTHING = ProductRequest()


D = Decimal


@dataclass
class Shelf:
    """A product index that finds what `suits`; keeps what it was asked for."""

    products: Sequence[Product]
    suits: Any = lambda filters: True
    asked: list[ProductFilter] = field(default_factory=list)

    def search(
        self, query: str, *, language: str, filters: ProductFilter, limit: int
    ) -> Sequence[ProductHit]:
        self.asked.append(filters)
        return [ProductHit(p, 1.0) for p in self.products if self.suits(filters)][:limit]

    def by_name(self, query: str, *, limit: int = 5) -> Sequence[ProductHit]:
        return [ProductHit(p, 1.0) for p in self.products if p.id in query][:limit]

    def by_id(self, product_id: str) -> Product | None:
        return next((p for p in self.products if p.id == product_id), None)


FULL = ProductRequest(("tent",), ("red",), ("2P",), ("nylon",), ("hiking",), D(50), D(200), True)


def find(shelf: Shelf, request: ProductRequest) -> Recommendation:
    return Recommender(lambda: shelf).recommend("q", request, language="en")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("suits", "dropped"),
    [
        (lambda f: True, ()),
        (lambda f: not f.materials, ("materials",)),
        (lambda f: not f.uses, ("uses",)),
        (lambda f: f.price_max is None, ("price_max",)),
        (lambda f: not f.uses and not f.colors, ("materials", "colors", "uses")),
    ],
)
def test_wishes_give_way_in_order(suits: Any, dropped: tuple[str, ...]) -> None:
    shelf = Shelf([product()], suits)
    found = find(shelf, FULL)
    assert found.dropped == dropped
    assert [p.id for p in found.products] == ["T1"]
    assert found.request == FULL


def test_the_kind_of_product_never_gives_way() -> None:
    shelf = Shelf([])
    assert find(shelf, FULL) == Recommendation((), FULL)
    assert all(f.product_types == frozenset({"tent"}) for f in shelf.asked)
    assert shelf.asked[-1] == ProductFilter(product_types=frozenset({"tent"}))


def test_wishes_that_were_not_made_are_not_dropped() -> None:
    only_without_size = Shelf([product()], lambda f: not f.sizes)
    assert find(only_without_size, ProductRequest(sizes=("M",))).dropped == ("sizes",)
    assert len(only_without_size.asked) == 2
    assert find(Shelf([]), ANYTHING).dropped == ()


def test_what_can_be_bought_comes_first_and_four_are_enough() -> None:
    shelf = Shelf([product(f"T{i}", stock=i % 2) for i in range(12)])
    assert [p.id for p in find(shelf, ANYTHING).products] == ["T1", "T3", "T5", "T7"]


async def act(
    files: ShopFiles,
    name: str,
    text: str,
    *entities: Entity,
    shelf: Shelf,
    slots: dict[str, Any] | None = None,
    language: str = "en",
) -> tuple[dict[str, Any], list[BotMessage]]:
    """Run one product action; return the slots that it set, and its replies."""
    recommender = Recommender(lambda: shelf)  # type: ignore[arg-type]
    answers = answers_from({"how to pitch a tent": [hit("pitching", 0.9)]})
    runner = ActionRunner(
        [
            ActionRecommendProduct(recommender, currency="USD"),
            ActionProductInfo(recommender, answers, currency="USD"),
            ActionCompareProducts(recommender),
        ],
        files.domain,
        files.words,
    )
    call = ActionCall(
        "c",
        Shopper(),
        State(slots={"language": language, **(slots or {})}),
        heard(text, "x", entities=entities),
    )
    outcome = await runner.run(name, call)
    return {e["name"]: e["value"] for e in outcome.events}, list(outcome.replies)


async def recommend(
    files: ShopFiles, text: str, *entities: Entity, **more: Any
) -> tuple[dict[str, Any], list[BotMessage]]:
    return await act(files, "action_recommend_product", text, *entities, **more)


async def test_products_that_fit(demo: ShopFiles) -> None:
    shelf = Shelf([product("T1"), product("T2", sale_price=D(99))])
    slots, [reply] = await recommend(
        demo,
        "a tent under 150",
        entity("product_type", "tent"),
        entity("money", "150"),
        shelf=shelf,
    )
    assert reply.text == "Here is what fits (tent, up to $150):"
    assert [(c.title, c.price) for c in reply.cards] == [
        ("Tent T1", "$129.00"),
        ("Tent T2", "$99.00"),
    ]
    assert slots["shown_products"] == ["T1", "T2"]
    assert slots["shown_prices"] == ["129.00", "99"]
    _, [cheaper] = await recommend(demo, "anything cheaper", shelf=shelf, slots=slots)
    assert cheaper.text == "Here is what fits (tent, up to $98.99):"
    assert shelf.asked[-1].price_max == D("98.99")


@pytest.mark.parametrize(
    ("language", "relaxed", "nothing"),
    [
        (
            "en",
            "Nothing fits all of (red). These come closest:",
            "I found nothing that fits (red).",
        ),
        ("zh", "没有完全符合（red）的商品，以下最接近：", "没有找到符合（red）的商品。"),
    ],
)
async def test_the_closest_or_nothing(
    demo: ShopFiles, language: str, relaxed: str, nothing: str
) -> None:
    red = entity("colour", "red")
    closest = Shelf([product()], lambda f: not f.colors)
    _, [reply] = await recommend(demo, "red", red, shelf=closest, language=language)
    assert reply.text == relaxed
    assert reply.cards
    _, [reply] = await recommend(demo, "red", red, shelf=Shelf([]), language=language)
    assert reply.text.startswith(nothing)
    assert [b.payload for b in reply.buttons] == ["/contact_human_agent"]


async def test_a_button_that_asks_for_nothing_is_asked_back(demo: ShopFiles) -> None:
    _, [reply] = await recommend(demo, "/recommend_product", shelf=Shelf([product()]))
    assert reply.text.startswith("What are you looking for?")


@pytest.mark.parametrize(
    ("text", "products", "expected", "cards"),
    [
        ("is T1 waterproof", [product("T1"), product("T2")], "Here is what I know", ["Tent T1"]),
        ("how to pitch a tent", [product("T1")], "Answer of pitching.", []),
        ("is it warm", [product("T1")], "What are you looking for?", []),
        ("is it in stock", [product("T1")], "I'm not sure which product", ["Tent T1"]),
        ("is it in stock", [], "I found nothing that fits.", []),
    ],
)
async def test_about_a_product(
    demo: ShopFiles, text: str, products: list[Product], expected: str, cards: list[str]
) -> None:
    _, [reply] = await act(demo, "action_product_info", text, shelf=Shelf(products))
    assert reply.text.startswith(expected)
    assert [c.title for c in reply.cards] == cards


@pytest.mark.parametrize(
    ("text", "shown", "columns"),
    [
        ("T1 or T2", [], "| |Tent T1|Tent T2|"),
        ("T1, T2 and T3", [], "| |Tent T1|Tent T2|Tent T3|"),
        ("T3和T1", [], "| |Tent T3|Tent T1|"),
        ("compare the first two", ["T2", "gone", "T1", "T3"], "| |Tent T2|Tent T1|"),
        ("T1 or T1", [], None),
        ("which is better", ["gone"], None),
    ],
)
async def test_side_by_side(
    demo: ShopFiles, text: str, shown: list[str], columns: str | None
) -> None:
    shelf = Shelf([product("T1"), product("T2"), product("T3", rating=None, materials=())])
    _, replies = await act(
        demo, "action_compare_products", text, shelf=shelf, slots={"shown_products": shown}
    )
    if columns is None:
        assert [r.text for r in replies] == [
            "Which two products shall I compare? Their names are enough."
        ]
    else:
        head, rule, price, *rows = replies[1].text.splitlines()
        assert head == columns
        assert rule == "|---" * (columns.count("|") - 1) + "|"
        assert price.startswith("|**price**|$129.00|$129.00|")
        assert all(row.count("|") == columns.count("|") for row in rows)
        assert len(replies[1].cards) == columns.count("Tent")


def test_one_colour_of_each_model_is_enough() -> None:
    group = {"item_group_id": "T-1"}
    shelf = Shelf([product("T1", stock=0, extra=group), product("T2", extra=group), product("T3")])
    assert [p.id for p in find(shelf, ANYTHING).products] == ["T2", "T3"]


def test_childrens_things_are_for_those_who_ask() -> None:
    shelf = Shelf([product("T1", extra={"age_group": "kids"}), product("T2")])
    assert [p.id for p in find(shelf, ANYTHING).products] == ["T2"]
    assert [p.id for p in find(shelf, ProductRequest(kids=True)).products] == ["T1"]


def test_waterproof_means_waterproof() -> None:
    levels = ("no", "water-resistant", "yes")
    shelf = Shelf([product(level, extra={"waterproof": level}) for level in levels])
    assert [p.id for p in find(shelf, ProductRequest(waterproof=True)).products] == ["yes"]
