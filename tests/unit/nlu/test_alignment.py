import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.alignment import MAX_CHARACTERS, normalise_with_offsets
from nlu.language import normalise

PIECES = st.sampled_from(
    ["ﬁ", "ﷺ", "e\u0301", "é", "\u0301", "ｶﾞ", "ﾊﾟ", "\u1100\u1161\u11a8", "가", "\u11a8", "Ａ",
     "１２", "😀", "👩\u200d🚒", "🇨🇳", "\ufe0f", "\ud800", "\udc00", "\x00", "\u200b", "\u3000",
     "\xa0", "¨", "½", "…", "!!!", "? ? ?", "__", "訂單", "帳篷", "tent ", " ", "\n", "a", "①"]
)  # fmt: skip
TEXTS = st.one_of(st.text(st.characters()), st.lists(PIECES, max_size=30).map("".join))


def whole(text: str) -> str:
    """NFKC of the whole text at once, as a check on doing it cluster by cluster."""
    seen = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn")
    )
    return unicodedata.normalize("NFKC", "".join(seen))


@given(TEXTS)
def test_clusters_normalise_as_the_whole_text_does(text: str) -> None:
    assert normalise(text) == normalise(whole(text))


@given(TEXTS)
def test_normalised_text_stays_as_it_is(text: str) -> None:
    again = normalise_with_offsets(normalise(text))
    assert again.text == normalise(text)
    assert again.starts == tuple(range(len(again.text)))
    assert again.ends == tuple(range(1, len(again.text) + 1))


@given(TEXTS)
def test_offsets_are_ordered_and_inside_the_typed_text(text: str) -> None:
    aligned = normalise_with_offsets(text)
    assert len(aligned.text) == len(aligned.starts) == len(aligned.ends) <= MAX_CHARACTERS
    assert all(0 <= s < e <= len(text) for s, e in zip(aligned.starts, aligned.ends, strict=True))
    assert sorted(aligned.starts) == list(aligned.starts)
    assert sorted(aligned.ends) == list(aligned.ends)


@given(st.lists(st.text("ab1１訂é ", min_size=1), max_size=8))
def test_every_character_is_normalised_from_what_it_stands_for(words: list[str]) -> None:
    text = " ".join(words)
    aligned = normalise_with_offsets(text)
    for at, character in enumerate(aligned.text):
        start, end = aligned.typed(at, at + 1)
        assert normalise(text[start:end]) == character.strip()


@pytest.mark.parametrize(
    ("text", "typed", "read"),
    [
        ("a  red   tent", "red", "red"),
        ("ｒｅｄ　ｔｅｎｔ", "ｔｅｎｔ", "tent"),
        ("ﬁve ﬂies", "ﬂies", "flies"),
        ("cafe\u0301 bar", "cafe\u0301", "café"),
        ("t\u200bent\x00 x", "t\u200bent", "tent"),
        ("😀😀😀 tent", "tent", "tent"),
        ("really??? tent", "tent", "tent"),
        ("訂單 帳篷", "帳篷", "帐篷"),
        ("👩\u200d🚒 coat", "coat", "coat"),
    ],
)
def test_a_span_is_found_from_both_sides(text: str, typed: str, read: str) -> None:
    aligned = normalise_with_offsets(text)
    start = text.index(typed)
    there = aligned.read(start, start + len(typed))
    assert aligned.text[slice(*there)] == read
    assert aligned.typed(*there) == (start, start + len(typed))


@pytest.mark.parametrize(("text", "start", "end"), [("a \u200b b", 2, 3), ("", 0, 0), ("ab", 2, 2)])
def test_a_span_of_which_nothing_is_read_is_empty(text: str, start: int, end: int) -> None:
    first, last = normalise_with_offsets(text).read(start, end)
    assert text[start:end] != "" or first == last
    assert normalise_with_offsets(text).text[first:last].strip() == ""


def test_a_long_text_is_cut() -> None:
    aligned = normalise_with_offsets("訂 " * 100_000)
    assert len(aligned.text) <= MAX_CHARACTERS
    assert aligned.ends[-1] <= 2 * MAX_CHARACTERS
