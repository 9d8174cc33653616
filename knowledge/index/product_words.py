"""A product's or a query's text into tokens: measures, sizes and model numbers written one way."""

import html
import re
import unicodedata
from functools import lru_cache

from knowledge.index.segment import tokens

_UNITS = {
    "in": "inch inches",
    "ft": "foot feet",
    "yd": "yard yards",
    "mm": "millimeter millimeters millimetre millimetres",
    "cm": "centimeter centimeters centimetre centimetres",
    "m": "meter meters metre metres",
    "oz": "ounce ounces",
    "lb": "lbs pound pounds",
    "g": "gram grams gramme grammes",
    "kg": "kilo kilos kilogram kilograms kilogramme kilogrammes",
    "gal": "gallon gallons",
    "qt": "quart quarts",
    "ml": "milliliter milliliters millilitre millilitres",
    "l": "liter liters litre litres",
    "v": "volt volts",
    "w": "watt watts",
    "amp": "a amps ampere amperes",
    "hp": "horsepower",
    "ga": "gauge",
    "sq": "square",
    "cu": "cubic",
    "deg": "degree degrees",
    "pk": "pack packs",
    "pc": "pcs piece pieces",
    "ct": "count",
}
_UNIT = {name: unit for unit, names in _UNITS.items() for name in (unit, *names.split())}

_HAN = r"㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
LETTERS = re.compile(rf"[^\W\d_{_HAN}]+")
"""A run of letters, other than Chinese: what can be misspelt."""

_PIECE = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    # model numbers such as p240 or 8x10a5 stay whole; 18v is a number with its unit
    rf"|(?P<code>[^\W\d_{_HAN}]+\d[^\W_{_HAN}]*|\d+[^\W\d_{_HAN}]+\d[^\W_{_HAN}]*)"
    r"|(?P<number>\d+(?:-\d+/\d+|/\d+|\.\d+)?)"
    rf"|(?P<word>[^\W\d_{_HAN}]+(?:'[^\W_{_HAN}]+)?)"
)
_REWRITES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"[’′]", "'"),
        (r"[”″]|''", '"'),
        ("\N{FRACTION SLASH}", "/"),
        (r"(?<=\d),(?=\d{3}(?!\d))", ""),
        (r'(?<=\d)\s?"', " in "),
        (r"(?<=\d)\s?'(?!(?!x\s?\d)[^\W\d_])", " ft "),
        (r"(?:(?<=\d)|(?<= in )|(?<= ft ))\s*(?:[x×*]|by)\s*(?=\d)", " "),
        (r"(?<=\d)\s+(?=\d+/\d)", "-"),
    )
)


def plain(text: str) -> str:
    """Return the text in lower case with sizes written out: `2x4'` becomes `2 4 ft`."""
    # 1½ would become 11/2
    apart = re.sub(r"(?<=\d)(?=[\N{VULGAR FRACTION ONE QUARTER}-¾⅐-⅞])", " ", html.unescape(text))
    normal = unicodedata.normalize("NFKC", apart).lower()
    for pattern, replacement in _REWRITES:
        normal = pattern.sub(replacement, normal)
    return normal


def product_tokens(text: str) -> list[str]:
    """Return the tokens of a product's text or a query; equal tokens mean a match.

    Like `segment.tokens`, but `4 ft.`, `4-ft`, `4'` and `4 feet` are the same, as are `2 x 4` and
    `2x4`, `1 1/2` and `1-1/2`; fractions and decimals stay whole.
    """
    found: list[str] = []
    after_number = False
    for piece in _PIECE.finditer(plain(text)):
        kind, value = piece.lastgroup, piece.group()
        unit = _UNIT.get(value) if after_number and kind == "word" else None
        if unit or kind in ("number", "code"):
            found.append(unit or value)
        else:
            found += stemmed(value) if kind == "word" else tokens(value)
        after_number = kind == "number"
    return found


@lru_cache(maxsize=100_000)
def stemmed(word: str) -> tuple[str, ...]:
    """Return a word's tokens; remembered, as the same few words make up a catalogue."""
    return tuple(tokens(word))
