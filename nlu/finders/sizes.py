"""Clothes and shoe sizes."""

import re
from collections.abc import Iterator

from nlu.finders.span import Span

_WORDS = {
    "extra small": "XS", "extra-small": "XS", "x-small": "XS",
    "small": "S", "medium": "M", "large": "L",
    "extra large": "XL", "extra-large": "XL", "x-large": "XL",
    "extra extra large": "XXL", "xx-large": "XXL", "double xl": "XXL",
    "小号": "S", "小码": "S", "中号": "M", "中码": "M", "大号": "L", "大码": "L",
    "加大号": "XL", "加大码": "XL", "特大号": "XL", "加小号": "XS",
}  # fmt: skip
_WORD = re.compile(
    "|".join(
        rf"(?<![a-z])(?:{words})(?![a-z])" if words.isascii() else words
        for words in sorted(_WORDS, key=len, reverse=True)
    )
)
_LETTERS = re.compile(r"(?<![a-z0-9'])(?:xxs|xs|x{1,3}l|[2-5]xl)(?![a-z0-9'])")
# A single letter must be a capital, or follow "size", or stand before 码 or 号.
_LETTER = re.compile(
    r"(?:(?<=size )|(?<=size: )|(?<=size is )|(?<=尺码)|(?<=码数))(?P<after>[sml])(?![a-z0-9'])"
    r"|(?<![a-z0-9'])(?P<before>[sml])(?=[码号])|(?<![a-z0-9'.&/$-])(?P<bare>[sml])(?![a-z0-9'&.-]\w?)"
)
_MEASURED = re.compile(r"\d[ ]?$")
_FIGURE = r"(?P<figure>[1-5]?\d(?:\.5)?)"
_NUMBERED = re.compile(
    rf"(?:\b(?:sizes?|eu|eur|us|uk)[ :]?[ ]?(?:is |a |an |eu |us |uk )?){_FIGURE}(?![\d%]|\.\d)"
    rf"|(?<![\d.$€£¥])(?P<han>[1-5]?\d(?:\.5)?|1[0-7]0|90|80)(?=码)"
    r"|(?<![\d.$€£¥])(?P<shoe>3[4-9]|4[0-8])(?:\.5)?(?=号)"
    # A figure of the shoe range that counts nothing: "any 44 left", "换42".
    r"|(?<![a-z0-9_$€£¥#:/-])(?<!\d[.,])(?P<worn>(?:3[4-9]|4[0-8])(?:\.5)?)"
    r"(?=[ ]?(?:$|[?!,;，。？！吗呢的]|\.(?!\d)"
    r"|(?:instead|left|please|pls|and|or|for|not|is|in|of|to)\b(?! (?:\d\d?%|minutes|hours|days))))"
)


def find_sizes(text: str, original: str) -> Iterator[Span]:
    """Yield sizes as XXS–5XL or as figures; `original` tells "S" from "s"."""
    for match in _WORD.finditer(text):
        yield Span(*match.span(), _WORDS[match.group()])
    for match in _LETTERS.finditer(text):
        value = match.group().upper()
        yield Span(*match.span(), {"2XL": "XXL", "3XL": "XXXL"}.get(value, value))
    for match in _LETTER.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        if match["bare"] and (
            not original[start].isupper() or _MEASURED.search(text[max(0, start - 2) : start])
        ):
            continue
        yield Span(start, end, text[start].upper())
    for match in _NUMBERED.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        yield Span(start, end, text[start:end])
