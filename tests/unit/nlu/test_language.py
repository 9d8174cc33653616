import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.language import MAX_CHARACTERS, detect_language, has_letters, normalise


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("我的订单到哪了", "zh"),
        ("我想退 jacket", "zh"),
        ("帮我查 order 4417 的 status", "zh"),
        ("how do I say 帐篷 in your shop", "en"),
        ("tent 有货吗", "zh"),
        ("4417", "en"),
        ("", "en"),
        ("😀", "en"),
    ],
)
def test_detect_language(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ｏｒｄｅｒ　４４１７", "order 4417"),
        ("where??????  is\n\tit", "where? is it"),
        ("😀😀😀 hi!!!", "😀 hi!"),
        ("a\x00b\u200bc\ud800", "abc"),
        ("aaa 1000", "aaa 1000"),
        ("訂單還沒到", "订单还没到"),
        ("  ", ""),
    ],
)
def test_normalise(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(st.characters()))
def test_normalise_takes_any_text_and_is_stable(text: str) -> None:
    plain = normalise(text)
    assert len(plain) <= MAX_CHARACTERS
    assert normalise(plain) == plain


def test_normalise_cuts_long_text() -> None:
    assert len(normalise("word " * 100_000)) <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "expected"), [("hi", True), ("好", True), ("😀!?", False), ("12", False)]
)
def test_has_letters(text: str, expected: bool) -> None:
    assert has_letters(text) is expected
