"""Products behind filters, search and names."""

from dataclasses import replace
from decimal import Decimal

import pytest

from knowledge.entries import Product, Source
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.products import ProductFilter, ProductIndex


def product(name: str, title: str, kind: str, price: str, **values: object) -> Product:
    defaults: dict[str, object] = {
        "description": f"A {kind}.",
        "link": "",
        "image_link": "",
        "availability": "in_stock",
        "currency": "USD",
        "source": Source("products.csv", 2),
        "brand": title.split()[0],
    }
    return Product(  # type: ignore[arg-type]
        id=name, title=title, product_type=kind, price=Decimal(price), **(defaults | values)
    )


PRODUCTS = (
    product("T1", "Fernway Stormhold Tunnel Tent, Red", "Camping > Tents", "399.00",
            colors=("red",), uses=("camping",), rating=4.0, titles={"zh": "蕨径 风堡 隧道帐篷"}),
    product("T2", "Fernway Breeze Dome Tent, Green", "Camping > Tents", "199.00",
            colors=("green",), uses=("camping",), rating=4.8, stock=0,
            titles={"zh": "蕨径 微风 穹顶帐篷"}),
    product("T3", "Fernway Breeze Dome Tent, Red", "Camping > Tents", "199.00",
            sale_price=Decimal("149.00"), colors=("red",), rating=4.1,
            titles={"zh": "蕨径 微风 穹顶帐篷"}),
    product("J1", "Northlark Stormline Shell Jacket", "Jackets", "249.00",
            colors=("red", "black"), sizes=("S", "M"), materials=("nylon",),
            uses=("hiking", "rain"), titles={"zh": "北雀 暴风 冲锋衣"}),
    product("J2", "Northlark Feather Down Jacket", "Jackets", "299.00", sizes=("M", "L"),
            materials=("down",), uses=("winter",), availability="preorder",
            titles={"zh": "北雀 轻羽 羽绒服"}),
)  # fmt: skip


@pytest.fixture
def index(encoder: Encoder, cache: EmbeddingCache) -> ProductIndex:
    return ProductIndex.build(PRODUCTS, encoder, cache)


def some(*values: str) -> frozenset[str]:
    return frozenset(values)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (ProductFilter(), {"T1", "T2", "T3", "J1", "J2"}),
        (ProductFilter(product_types=some("tents")), {"T1", "T2", "T3"}),
        (ProductFilter(product_types=some("Camping > Tents")), {"T1", "T2", "T3"}),
        (ProductFilter(colors=some("RED", "green")), {"T1", "T2", "T3", "J1"}),
        (ProductFilter(colors=some("red"), product_types=some("Jackets")), {"J1"}),
        (ProductFilter(sizes=some("S", "L")), {"J1", "J2"}),
        (ProductFilter(materials=some("down")), {"J2"}),
        (ProductFilter(uses=some("rain", "winter")), {"J1", "J2"}),
        (ProductFilter(brands=some("fernway")), {"T1", "T2", "T3"}),
        (ProductFilter(price_max=Decimal("149.00")), {"T3"}),  # the sale price counts
        (ProductFilter(price_min=Decimal("249.00"), price_max=Decimal("299")), {"J1", "J2"}),
        (ProductFilter(in_stock_only=True), {"T1", "T3", "J1"}),
        (ProductFilter(colors=some("mauve")), set()),
    ],
)
def test_filters(index: ProductIndex, filters: ProductFilter, expected: set[str]) -> None:
    for query in ("", "tent"):
        hits = index.search(query, language="en", filters=filters)
        assert {hit.product.id for hit in hits} == expected


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("a shell jacket for the rain", "en", "J1"),
        ("dome tent", "en", "T3"),  # T2 ranks higher but is sold out
        ("有羽绒服吗", "zh", "J2"),
        ("隧道帐篷", "zh", "T1"),
        ("隧道帐篷", "en", "T1"),  # words of every language are searched
    ],
)
def test_the_nearest_product_comes_first(
    index: ProductIndex, query: str, language: str, expected: str
) -> None:
    assert index.search(query, language=language)[0].product.id == expected


def test_without_a_query_the_buyable_and_better_rated_come_first(index: ProductIndex) -> None:
    found = [hit.product.id for hit in index.search("", language="en")]
    assert found == ["T3", "T1", "J1", "T2", "J2"]
    assert [hit.product.id for hit in index.search("", language="en", limit=1)] == ["T3"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("is the stormline in stock?", ["J1"]),
        ("Breeze or Stormhold", ["T1", "T3", "T2"]),
        ("微风帐篷有货吗", ["T3", "T2"]),
        ("the Feather jacket", ["J2"]),
        ("a jacket", []),
        ("a red tent from Fernway", []),
        ("when does my order arrive", []),
        ("", []),
    ],
)
def test_by_name_finds_named_products_only(
    index: ProductIndex, query: str, expected: list[str]
) -> None:
    assert sorted(hit.product.id for hit in index.by_name(query)) == sorted(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a fether jacket", "J2"),
        ("stormhld", "T1"),
        ("storm hold tent", "T1"),  # the title writes it as one word
        ("I want a jacket for camping", "J1"),  # the kind is what is wanted
    ],
)
def test_misspelt_and_divided_words_find_their_product(
    index: ProductIndex, query: str, expected: str
) -> None:
    assert index.search(query, language="en")[0].product.id == expected


def test_a_given_vector_is_not_encoded_again(index: ProductIndex) -> None:
    without = replace(index, encoder=None)  # type: ignore[arg-type]
    assert without.search("tent", language="en", vector=index.vectors[0])[0].product.id == "T1"


@pytest.mark.parametrize("limit", [0, 1, 3, 5, 9])
def test_a_limit_cuts_the_same_ranking(index: ProductIndex, limit: int) -> None:
    for query in ("", "tent", "red jacket"):
        whole = [hit.product.id for hit in index.search(query, language="en", limit=99)]
        cut = [hit.product.id for hit in index.search(query, language="en", limit=limit)]
        assert cut == whole[:limit]


def test_products_of_equal_standing_rank_by_score(encoder: Encoder, cache: EmbeddingCache) -> None:
    titles = ["Oak shelf with a very long name that says much", "Oak shelf", "Pine shelf"]
    index = ProductIndex.build(
        [product(title, title, "", "1", brand="", description="") for title in titles],
        encoder,
        cache,
    )
    hits = index.search("oak shelf", language="en")
    assert [hit.product.id for hit in hits] == [titles[1], titles[0], titles[2]]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_prices_of_any_size_can_be_asked_for(index: ProductIndex) -> None:
    for huge in (Decimal("1e999999"), Decimal(10) ** 40):
        assert len(index.search("", language="en", filters=ProductFilter(price_max=huge))) == 5
        assert not index.search("", language="en", filters=ProductFilter(price_min=huge))


def test_by_id(index: ProductIndex) -> None:
    found = index.by_id("J1")
    assert found is not None
    assert found.title.startswith("Northlark Stormline")
    assert index.by_id("nope") is None


def test_a_shop_without_products_finds_none(encoder: Encoder, cache: EmbeddingCache) -> None:
    index = ProductIndex.build((), encoder, cache)
    assert index.search("tent", language="en") == index.by_name("tent") == ()
