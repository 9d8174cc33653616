"""Misspelt words of a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.index.product_query import query_weights
from knowledge.index.product_spelling import Spelling, word_counts
from knowledge.index.product_words import stemmed

COUNTS = {
    "porcelain": 40, "faucet": 90, "faucets": 3, "dishwasher": 30, "dish": 50, "washer": 60,
    "door": 100, "knob": 80, "lightbulb": 2, "light": 100, "bulb": 50, "snow": 20, "valve": 70,
    "value": 2, "storage": 60, "sander": 9, "sanders": 12, "écharpe": 5, "帐篷": 9, "tv": 8,
}  # fmt: skip
STEMS = frozenset(stem for word in COUNTS for stem in stemmed(word))


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(COUNTS)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("porcelin", ("porcelain",)),  # a letter is missing
        ("faucett", ("faucet",)),  # one too many
        ("fuacet", ("faucet",)),  # two swapped
        ("faucer", ("faucet",)),  # another letter
        ("porclian", ("porcelain",)),  # two slips in a long word
        ("vlave", ("valve",)),  # as near as `value`, but in more products
        ("doorknob", ("door", "knob")),  # two words
        ("doorknop", ()),
        ("dor", ()),  # too short to tell
        ("show", ()),
        ("started", ()),  # a word that people ask with
        ("straoge", ("storage",)),
        ("kfaucet", ()),  # the first letter is seldom mistyped
        ("帐蓬", ()),
        ("écharpes", ()),
        ("", ()),
    ],
)
def test_correction(spelling: Spelling, word: str, expected: tuple[str, ...]) -> None:
    assert spelling.corrected(word) == expected


def test_a_compound_more_frequent_than_its_parts_stays_whole() -> None:
    assert Spelling({"key": 5, "hole": 5, "keyhole": 9}).parts("keyhole") == ()
    assert Spelling({"key": 5, "hole": 5, "keyhole": 2}).parts("keyhole") == ("key", "hole")


def test_words_are_counted_by_product() -> None:
    found = word_counts([frozenset({"red", "tent"}), frozenset({"tent"})])
    assert found == {"red": 1, "tent": 2}


@given(st.one_of(st.text(max_size=12), st.from_regex(r"[A-Za-z]{5,30}", fullmatch=True)))
def test_no_word_fails(word: str) -> None:
    assert set("".join(Spelling(COUNTS).corrected(word))) <= set("".join(COUNTS))
    assert Spelling({}).corrected(word) == ()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("porcelain valve", {"porcelain": 1.0, "valv": 1.0}),
        ("porcelin valve", {"porcelain": 0.6, "valv": 1.0}),
        ("a valve for the door", {"a": 0.3, "valv": 1, "for": 0.3, "the": 0.3, "door": 1}),
        ("light bulb", {"light": 1, "bulb": 1, "lightbulb": 1}),
        ("dishwasher", {"dishwash": 1, "dish": 0.3, "washer": 0.3}),
        ("doorknob", {"door": 0.6, "knob": 0.6}),
        ("xyzzyq", {"xyzzyq": 1}),
        ("the sanders", {"the": 0.3, "sander": 1}),
        ("  ", {}),
        ("porcelin " * 31, {"porcelin": 1}),  # prose is no search
    ],
)
def test_what_each_token_of_a_query_counts(
    spelling: Spelling, query: str, expected: dict[str, float]
) -> None:
    assert query_weights(query, spelling, STEMS) == expected
