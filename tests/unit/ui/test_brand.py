import re
from pathlib import Path

import pytest

import ui
from ui.brand import _contrast, _rgb, brand_css

ASSETS = Path(ui.__file__).parent / "assets"

BUBBLES = {"light": "#f1f3f0", "dark": "#212927"}
COLORS = ["#2f5d50", "#ffffff", "#000000", "#ffd400", "#808080", "#e11d48", "#00b7eb", "#7a7a00"]


def contrast(one: str, other: str) -> float:
    return _contrast(_rgb(one), _rgb(other))


def test_contrast_agrees_with_the_standards_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("color", COLORS)
def test_every_colour_of_a_shop_becomes_readable(color: str) -> None:
    css = brand_css(color)
    brand, on_brand, ink, ink_dark = re.findall(r"#[0-9a-f]{6}", css)
    assert contrast(brand, on_brand) >= 4.5
    assert contrast(ink, BUBBLES["light"]) >= 4.5
    assert contrast(ink_dark, BUBBLES["dark"]) >= 4.5


def test_a_colour_that_is_readable_already_is_kept() -> None:
    assert "--brand:#2f5d50;--on-brand:#ffffff;--brand-ink:#2f5d50" in brand_css("#2f5d50")


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    style = (ASSETS / "chat.css").read_text(encoding="utf-8")
    assert re.findall(r"--bubble: (#\w+)", style) == list(BUBBLES.values())
