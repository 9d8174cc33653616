import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.alignment import MAX_CHARACTERS
from nlu.han import simplify
from nlu.language import detect_language, has_letters, normalise


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


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("請問我的訂單什麼時候發貨", "请问我的订单什么时候发货"),
        ("刪除帳號", "删除帐号"),
        ("雙人帳篷", "双人帐篷"),
        ("推薦保溫壺", "推荐保温壶"),
        ("妳等著穿著", "你等着穿着"),
        ("優惠劵", "优惠券"),
        ("already plain 简体 😀\ud800", "already plain 简体 😀\ud800"),
    ],
)
def test_simplify(traditional: str, simplified: str) -> None:
    assert simplify(traditional) == simplified
    assert simplify(simplified) == simplified


def test_every_spelling_of_account_and_tent_is_read_alike() -> None:
    assert len({simplify(text) for text in ("帳戶", "账户", "帐户", "賬戶")}) == 1
    assert len({simplify(text) for text in ("帳篷", "帐篷")}) == 1


def test_no_character_is_lost_and_simplified_ones_stay() -> None:
    every = "".join(map(chr, range(0x3400, 0xA000)))
    once = simplify(every)
    assert len(once) == len(every)
    assert simplify(once) == once
