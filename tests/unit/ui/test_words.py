import re
import string
from dataclasses import asdict, fields
from pathlib import Path

import pytest

import ui
from bot.settings import ShopSettings
from ui.page import SCRIPTS
from ui.words import EN, ZH, Words, for_script, shop_name, suggestions, tagline, words_of

ASSETS = Path(ui.__file__).parent / "assets"


def placeholders(text: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


@pytest.mark.parametrize("name", [f.name for f in fields(Words) if f.name != "reasons"])
def test_both_languages_say_the_same_thing(name: str) -> None:
    english, chinese = asdict(EN)[name], asdict(ZH)[name]
    assert placeholders(english) == placeholders(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)


def test_reasons_have_the_same_codes() -> None:
    assert [code for code, _ in EN.reasons] == [code for code, _ in ZH.reasons]


def test_an_unknown_language_is_english() -> None:
    assert words_of("fr") is EN


@pytest.mark.parametrize(("shop", "expected"), [
    (ShopSettings(name="Larkfell", name_zh="云雀岭", tagline="Out", tagline_zh="户外",
                  suggestions=("a",), suggestions_zh=("甲",)), ("云雀岭", "户外", ("甲",))),
    (ShopSettings(name="Larkfell", tagline="Out", suggestions=("a",)),
     ("Larkfell", "Out", ("a",))),
])
def test_a_shop_without_chinese_words_shows_its_own(
    shop: ShopSettings, expected: tuple[str, str, tuple[str, ...]]
) -> None:
    assert (shop_name(shop, "zh"), tagline(shop, "zh"), suggestions(shop, "zh")) == expected


def test_the_script_gets_every_word_it_uses() -> None:
    scripts = "".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    assert set(re.findall(r"words\(\)\.(\w+)", scripts)) == set(for_script(EN))
