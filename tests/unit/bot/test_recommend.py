from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest
from bot.actions.product_info import ActionCompareProducts, ActionProductInfo
from bot.actions.recommend import ActionRecommendProduct
from bot.actions.runner import ActionCall, ActionRunner
from bot.answers import Answers
from bot.dialogue.tracker import State
from bot.messages import BotMessage, Shopper
from bot.recommend.recommender import DROP_ORDER, Recommendation, Recommender
from bot.recommend.request import ProductRequest, continue_request, read_request
from bot.recommend.wording import availability, constraints_text, product_card
from bot.shop import ShopFiles
from hypothesis import given
from hypothesis import strategies as st
from knowledge.entries import Product, ProductHit, Source
from knowledge.products import ProductFilter
from nlu.understanding import Entity
from stand_ins import THRESHOLDS, ScriptedSearcher, entity, heard, hit, no_vector

ANYTHING = ProductRequest()
D = Decimal


def as_rasa(*entities: Entity) -> list[dict[str, Any]]:
    return [{"entity": e.name, "value": e.value, "role": e.role} for e in entities]


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("anything nice", [], ANYTHING),
        ("a red or blue tent", [entity("product_type", "tent"), entity("colour", "red"),
                                entity("colour", "blue"), entity("colour", "red")],
         ProductRequest(product_types=("tent",), colors=("red", "blue"))),
        ("wool, size M, hiking", [entity("material", "wool"), entity("size", "M"),
                                  entity("use", "hiking")],
         ProductRequest(materials=("wool",), sizes=("M",), uses=("hiking",))),
        ("under $150", [entity("money", "150", "max")], ProductRequest(price_max=D(150))),
        ("$150", [entity("money", "150")], ProductRequest(price_max=D(150))),
        ("from $50 to $99.90", [entity("money", "50", "min"), entity("money", "99.90", "max")],
         ProductRequest(price_min=D(50), price_max=D("99.90"))),
        ("around $100", [entity("money", "100", "about")],
         ProductRequest(price_min=D(75), price_max=D(125))),
        ("is it in stock", [], ProductRequest(in_stock_only=True)),
        ("150美元以内有货的帐篷", [entity("product_type", "tent"), entity("money", "150", "max")],
         ProductRequest(product_types=("tent",), price_max=D(150), in_stock_only=True)),
        ("有现货吗", [], ProductRequest(in_stock_only=True)),
        ("order 4001 by mail", [entity("order_number", "4001"), entity("email", "a@b.c")], ANYTHING),
        *((f"for {amount}", [entity("money", amount)], ANYTHING)
          for amount in ("lots", "", "NaN", "sNaN", "Infinity", "-5", "1e999999999", "None")),
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
        ("a jacket", ProductRequest(product_types=("jacket",)),
         ProductRequest(product_types=("jacket",))),
        ("anything cheaper", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("less expensive please", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("有便宜一点的吗", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("便宜些", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("更便宜的", ANYTHING, replace(TENT, price_max=D("149.89"))),
        ("cheaper, under 100", ProductRequest(price_max=D(100)), replace(TENT, price_max=D(100))),
        ("a cheaper jacket", ProductRequest(product_types=("jacket",)),
         ProductRequest(product_types=("jacket",), price_max=D("149.89"))),
    ],
)
def test_a_follow_up(text: str, now: ProductRequest, expected: ProductRequest) -> None:
    assert continue_request(TENT, now, text=text, shown=SHOWN) == expected


def test_cheaper_than_nothing() -> None:
    assert continue_request(TENT, ANYTHING, text="cheaper", shown=[]) == TENT


def test_cheaper_drops_the_lower_limit() -> None:
    before = ProductRequest(price_min=D(160), price_max=D(200))
    assert continue_request(before, ANYTHING, text="cheaper", shown=SHOWN) == ProductRequest(
        price_max=D("149.89"))


AMOUNTS = st.none() | st.decimals(0, 10**6, places=2)
WORDS = st.lists(st.text(), max_size=3).map(tuple)
REQUESTS = st.builds(ProductRequest, WORDS, WORDS, WORDS, WORDS, WORDS, AMOUNTS, AMOUNTS,
                     st.booleans())


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
        product_types=frozenset({"tent"}), colors=frozenset({"red"}), sizes=frozenset({"2P"}),
        price_min=D(50), price_max=D(200), in_stock_only=True)


@pytest.mark.parametrize(
    ("request_", "english", "chinese"),
    [
        (ANYTHING, "", ""),
        (TENT, " (red, tent, up to $200)", "（red，tent，最高 $200）"),
        (ProductRequest(price_min=D("49.5"), uses=("hiking",), materials=("wool",), sizes=("M",)),
         " (wool, hiking, M, from $49.50)", "（wool，hiking，M，最低 $49.50）"),
    ],
)
def test_constraints_in_words(request_: ProductRequest, english: str, chinese: str) -> None:
    assert constraints_text(request_, "en", "USD") == english
    assert constraints_text(request_, "zh", "USD") == chinese


def product(id: str = "T1", **changes: Any) -> Product:
    standard = Product(
        id, f"Tent {id}", "Stands.", f"/p/{id}", f"/i/{id}.jpg", "in_stock", D("129.00"), "USD",
        Source("products.csv", 2), brand="Larkfell", colors=("Red", "blue"), sizes=("2P",),
        materials=("nylon",), uses=("hiking",), rating=4.56, review_count=31, stock=40,
        titles={"zh": f"帐篷 {id}"}, descriptions={"zh": "结实。"})
    return replace(standard, **changes)


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
        "Tent T1", "Larkfell", "$129.00", "")
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
    return Recommender(shelf).recommend("q", request, language="en")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("suits", "dropped"),
    [
        (lambda f: True, ()),
        (lambda f: not f.materials, ("materials",)),
        (lambda f: not f.uses, ("materials", "colors", "uses")),
        (lambda f: f.price_max is None, DROP_ORDER),
    ],
)
def test_wishes_give_way_in_order(suits: Any, dropped: tuple[str, ...]) -> None:
    shelf = Shelf([product()], suits)
    found = find(shelf, FULL)
    assert found.dropped == dropped
    assert [p.id for p in found.products] == ["T1"]
    assert found.request == FULL
    assert len(shelf.asked) == 1 + len(dropped)


def test_the_kind_of_product_never_gives_way() -> None:
    shelf = Shelf([])
    assert find(shelf, FULL) == Recommendation((), FULL, DROP_ORDER)
    assert all(f.product_types == frozenset({"tent"}) for f in shelf.asked)
    assert shelf.asked[-1] == ProductFilter(product_types=frozenset({"tent"}))


def test_wishes_that_were_not_made_are_not_dropped() -> None:
    assert find(Shelf([]), ProductRequest(sizes=("M",))).dropped == ("sizes",)
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
    recommender = Recommender(shelf)  # type: ignore[arg-type]
    answers = Answers(ScriptedSearcher({"how to pitch a tent": [hit("pitching", 0.9)]}), no_vector)
    runner = ActionRunner([
        ActionRecommendProduct(recommender, currency="USD"),
        ActionProductInfo(recommender, answers, THRESHOLDS, currency="USD"),
        ActionCompareProducts(recommender),
    ], files.domain, files.words)
    call = ActionCall("c", Shopper(), State(slots={"language": language, **(slots or {})}),
                      heard(text, "x", entities=entities))
    events, replies = await runner.run(name, call)
    return {e["name"]: e["value"] for e in events}, replies


async def recommend(
    files: ShopFiles, text: str, *entities: Entity, **more: Any
) -> tuple[dict[str, Any], list[BotMessage]]:
    return await act(files, "action_recommend_product", text, *entities, **more)


async def test_products_that_fit(demo: ShopFiles) -> None:
    shelf = Shelf([product("T1"), product("T2", sale_price=D(99))])
    slots, [reply] = await recommend(
        demo, "a tent under 150", entity("product_type", "tent"), entity("money", "150"),
        shelf=shelf)
    assert reply.text == "Here is what fits (tent, up to $150):"
    assert [(c.title, c.price) for c in reply.cards] == [
        ("Tent T1", "$129.00"), ("Tent T2", "$99.00")]
    assert slots["shown_products"] == ["T1", "T2"]
    assert slots["shown_prices"] == ["129.00", "99"]
    _, [cheaper] = await recommend(demo, "anything cheaper", shelf=shelf, slots=slots)
    assert cheaper.text == "Here is what fits (tent, up to $98.99):"
    assert shelf.asked[-1].price_max == D("98.99")


@pytest.mark.parametrize(
    ("language", "relaxed", "nothing"),
    [
        ("en", "Nothing fits all of (red). These come closest:", "I found nothing that fits (red)."),
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
    _, replies = await act(demo, "action_compare_products", text, shelf=shelf,
                           slots={"shown_products": shown})
    if columns is None:
        assert [r.text for r in replies] == [
            "Which two products shall I compare? Their names are enough."]
    else:
        head, rule, price, *rows = replies[1].text.splitlines()
        assert head == columns
        assert rule == "|---" * (columns.count("|") - 1) + "|"
        assert price.startswith("|**price**|$129.00|$129.00|")
        assert all(row.count("|") == columns.count("|") for row in rows)
        assert len(replies[1].cards) == columns.count("Tent")
