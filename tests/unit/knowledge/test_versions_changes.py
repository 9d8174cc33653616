from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Content, Entry, Product, Source
from knowledge.versions.changes import Changes, EntryChange, Piece, compare, word_diff

ENTRY = Entry(
    id="delivery-period",
    language="en",
    question="How long?",
    answer="3 days.",
    source=Source("faq/a.md", 3),
    phrasings=("when", "how many days"),
    tests=("will it take long",),
    tags=frozenset({"delivery"}),
    intent="delivery_period",
)
PRODUCT = Product(
    id="B-12",
    title="Trail Boot",
    description="Firm.",
    link="",
    image_link="",
    availability="in_stock",
    price=Decimal("129.00"),
    currency="USD",
    source=Source("products.csv", 2),
    colors=("red",),
    stock=3,
)


def entries(*entries: Entry) -> Content:
    return Content(entries, ())


def words(before: Entry, after: Entry) -> tuple[str, ...]:
    changes = compare(entries(before), entries(after)).entries
    assert [change.kind for change in changes] in ([], ["changed"])
    return changes[0].words if changes else ()


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({}, ()),
        ({"source": Source("faq/a.md", 99)}, ()),
        ({"source": Source("faq/b.md", 3)}, ("moved from faq/a.md to faq/b.md",)),
        ({"answer": "4 days."}, ("answer changed",)),
        ({"question": "When?"}, ('question: "How long?" is now "When?"',)),
        ({"phrasings": ("when", "how many days", "x")}, ('phrasing added: "x"',)),
        ({"phrasings": ("when",)}, ('phrasing removed: "how many days"',)),
        ({"phrasings": ("how many days", "when")}, ("phrasings in another order",)),
        ({"tests": ()}, ('test question removed: "will it take long"',)),
        (
            {"tests": ("y",)},
            ('test question added: "y"', 'test question removed: "will it take long"'),
        ),
        ({"intent": "b"}, ("topic (intent): delivery_period → b",)),
        ({"intent": None}, ("topic (intent): delivery_period → none",)),
        ({"tags": frozenset({"delivery", "x"})}, ("tag added: x",)),
        ({"tags": frozenset()}, ("tag removed: delivery",)),
        ({"valid_from": date(2026, 12, 1)}, ("now shown from 2026-12-01",)),
        (
            {"valid_from": date(2026, 12, 1), "valid_until": date(2026, 12, 27)},
            ("now shown from 2026-12-01 until 2026-12-27",),
        ),
        ({"kind": "policy"}, ("is now part of a policy",)),
        ({"heading_path": ("A", "B")}, ('heading: "" is now "A / B"',)),
        (
            {"answer": "x", "intent": "b", "source": Source("faq/b.md", 3)},
            (
                "answer changed",
                "topic (intent): delivery_period → b",
                "moved from faq/a.md to faq/b.md",
            ),
        ),
    ],
)
def test_an_entrys_change_in_words(edit: dict[str, Any], told: tuple[str, ...]) -> None:
    assert words(ENTRY, replace(ENTRY, **edit)) == told


def test_dates_taken_away() -> None:
    assert words(replace(ENTRY, valid_until=date(2026, 1, 1)), ENTRY) == ("now shown on every day",)


def test_the_languages_of_an_entry_are_told_apart() -> None:
    chinese = replace(ENTRY, language="zh", question="多久？")
    edited = replace(chinese, answer="4天。")
    (change,) = compare(entries(ENTRY, chinese), entries(ENTRY, edited)).entries
    assert change == EntryChange(
        ("delivery-period", "zh"), "changed", "多久？", chinese, edited, ("answer changed",)
    )


def test_added_and_removed_entries() -> None:
    other = replace(ENTRY, id="other", question="Else?", source=Source("faq/b.md", 1))
    assert compare(entries(ENTRY), entries(other)) == Changes(
        (
            EntryChange(other.key, "added", "Else?", None, other, ("added to faq/b.md",)),
            EntryChange(ENTRY.key, "removed", "How long?", ENTRY, None, ("removed from faq/a.md",)),
        ),
        (),
    )


def test_a_new_id_with_the_same_text_is_a_rename() -> None:
    added, removed = compare(entries(ENTRY), entries(replace(ENTRY, id="new"))).entries
    assert added.words == ("added to faq/a.md", "renamed from delivery-period")
    assert removed.words == ("removed from faq/a.md", "renamed to new")


def test_nothing_changed_is_false() -> None:
    content = Content((ENTRY,), (PRODUCT,))
    assert not compare(content, Content((replace(ENTRY),), (replace(PRODUCT),)))
    assert compare(content, entries(ENTRY))


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        ({"price": Decimal("119.00")}, "price 129.00 USD → 119.00 USD"),
        ({"currency": "EUR"}, "price 129.00 USD → 129.00 EUR"),
        ({"sale_price": Decimal("99.00")}, "sale price none → 99.00 USD"),
        ({"availability": "out_of_stock"}, "in stock → out of stock"),
        ({"title": "Boot"}, 'title: "Trail Boot" is now "Boot"'),
        ({"description": "x"}, "description changed"),
        ({"colors": ("red", "blue")}, "colours red → red, blue"),
        ({"colors": ()}, "colours red → none"),
        ({"stock": 0, "brand": "Arch"}, "brand none → Arch; stock 3 → 0"),
        ({"titles": {"zh": "靴"}}, "title (zh): none → 靴"),
        ({"descriptions": {"zh": "靴"}}, "description (zh) changed"),
        ({"extra": {"season": "winter"}}, "season: none → winter"),
        ({"extra": {"season": ""}}, "changed"),
    ],
)
def test_a_products_change_in_words(edit: dict[str, Any], told: str) -> None:
    after = replace(PRODUCT, **edit)
    (line,) = compare(Content((), (PRODUCT,)), Content((), (after,))).products
    assert line == f"{after.title} (B-12): {told}"


def test_a_moved_line_of_the_feed_is_no_change() -> None:
    moved = replace(PRODUCT, source=Source("products.tsv", 9))
    assert compare(Content((), (PRODUCT,)), Content((), (moved,))).products == ()


def test_added_and_removed_products() -> None:
    other = replace(PRODUCT, id="C", title="Cap")
    assert compare(Content((), (PRODUCT,)), Content((), (other,))).products == (
        "product added: Cap (C), 129.00 USD",
        "product removed: Trail Boot (B-12)",
    )


def products(count: int, price: str, start: int = 0) -> Content:
    many = (replace(PRODUCT, id=str(i), price=Decimal(price)) for i in range(start, start + count))
    return Content((), tuple(many))


@pytest.mark.parametrize(
    ("after", "length", "rests"),
    [
        (products(50, "1"), 50, []),
        (products(362, "1"), 51, ["and 312 more changed"]),
        (
            products(362, "1", start=100),
            3 * 16 + 3,
            ["and 84 more added", "and 84 more removed", "and 246 more changed"],
        ),
    ],
)
def test_many_products_are_counted(after: Content, length: int, rests: list[str]) -> None:
    lines = compare(products(len(after.products), "2"), after).products
    assert len(lines) == length
    assert [line for line in lines if line.startswith("and ")] == rests


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", ""),
        ("same", "same", "=same"),
        ("", "new", "+new"),
        ("old", "", "-old"),
        ("It takes 3 days.", "It takes 5 days.", "=It takes |-3|+5|= days."),
        ("red shoe here", "blue boot here", "-red shoe|+blue boot|= here"),
        ("我们三天送到", "我们五天送到", "=我们|-三|+五|=天送到"),
        ("用SF快递", "用UPS快递", "=用|-SF|+UPS|=快递"),
        ("a\n\nb", "a\n\nc\n\nb", "=a\n\n|+c\n\n|=b"),
    ],
)
def test_texts_are_compared_word_by_word(before: str, after: str, pieces: str) -> None:
    kinds = {"same": "=", "removed": "-", "added": "+"}
    assert "|".join(kinds[p.kind] + p.text for p in word_diff(before, after)) == pieces


texts = st.one_of(
    st.text(max_size=40),
    st.text("ab \n退货,", max_size=200),
    st.lists(st.sampled_from(["退货", "return ", "your ", "order\n", ". "]), max_size=60).map(
        "".join
    ),
)


def both(pieces: tuple[Piece, ...]) -> tuple[str, str]:
    return (
        "".join(piece.text for piece in pieces if piece.kind != "added"),
        "".join(piece.text for piece in pieces if piece.kind != "removed"),
    )


@given(before=texts, after=texts)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    assert both(word_diff(before, after)) == (before, after)


@pytest.mark.parametrize(
    "make",
    [
        lambda mark: f"{mark}" + "的 " * 30_000 + f"{mark}",
        lambda mark: "".join(f"的{mark}" for _ in range(30_000)),
        lambda mark: "".join(f"的{mark}\n" for _ in range(30_000)),
    ],
)
def test_long_texts_fall_back_to_lines_or_to_everything(make: Callable[[str], str]) -> None:
    before, after = make("一"), make("二") + "末"
    pieces = word_diff(before, after)
    assert both(pieces) == (before, after)
    assert len(pieces) < 10


def test_a_long_text_is_compared_by_lines() -> None:
    before = "".join(f"{'的' * 300} {i}\n" for i in range(20))
    after = before.replace(" 3\n", " three\n").replace(" 15\n", " fifteen\n")
    assert [piece.kind for piece in word_diff(before, after)] == [
        *("same", "removed", "added"),
        *("same", "removed", "added"),
        "same",
    ]
