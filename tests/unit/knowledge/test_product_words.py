"""Measures, sizes and model numbers as tokens."""

import pytest

from knowledge.index.product_words import plain, product_tokens


@pytest.mark.parametrize(
    "group",
    [
        ("4 ft. rug", "4-ft rug", "4ft rug", "4 feet rugs", "4' rug", "4’ rug", "4 foot rug"),
        ("36 in.", "36 inch", '36"', "36''", "36 inches", "36-inch", "36″"),
        ("18v drill", "18-volt drill", "18 Volts drills"),
        ("2x4", "2 x 4", "2 X 4", "2×4", "2 by 4"),
        ("1-1/2 in. pipe", "1 1/2 inch pipe", '1½" pipe', "1 ½ in pipes"),
        ("5 ft. 7 ft.", "5'x7'", "5' x 7'", "5ft 7ft"),
        ("13,000 BTU", "13000 btu"),
        ("Shock &#39;N Swim", "shock 'n swim"),
        ("1.5 litres", "1.5 L", "1.5l"),
    ],
)
def test_one_measure_written_in_many_ways_is_the_same(group: tuple[str, ...]) -> None:
    assert {tuple(product_tokens(text)) for text in group} == {tuple(product_tokens(group[0]))}


@pytest.mark.parametrize(
    ("one", "other"),
    [("1/2 in.", "1 in. 2"), ("1.9 l", "1 l 9"), ("4 ft", "4 in"), ("a5", "5 a"), ("5 g", "5 kg")],
)
def test_different_measures_stay_apart(one: str, other: str) -> None:
    assert sorted(product_tokens(one)) != sorted(product_tokens(other))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ryobi P240", ["ryobi", "p240"]),
        ("BR30 bulbs", ["br30", "bulb"]),
        ("men's boots", ["men", "boot"]),
        ("bolts in a box", ["bolt", "in", "a", "box"]),  # a unit stands after a number
        ("65 升背包", ["65", "升背", "背包", "升", "背", "包"]),
        ("", []),
        ("!? '\"", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert product_tokens(text) == expected


def test_a_bare_quote_is_no_measure() -> None:
    assert plain('5\'x7" "Oslo"').split() == ["5", "ft", "7", "in", '"oslo"']
