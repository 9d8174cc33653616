"""How many: counted pieces, pairs and sets, or a number right before a product."""

import re
from collections.abc import Iterator, Sequence

from nlu.finders import numerals
from nlu.finders.span import Span

_SMALL = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty"
_COUNTED = re.compile(
    rf"(?<![\w$€£¥#-])(?<!\d[.,])(?P<n>\d{{1,3}}|{_SMALL})"
    r"(?: ?x(?![a-z])|[ -](?P<unit>pairs?|pieces?|pcs|sets?|units?|"
    r"items?|copies|packs?|boxes|of (?:them|these|those|each|the))\b)"
)
_TIMES = re.compile(r"\bx ?(?P<n>\d{1,3})(?![\w.])")
_KEYED = re.compile(
    r"(?:\b(?:qty|quantity|amount)(?: is| of)?|数量(?:是|为)?) ?:? ?(?P<n>\d{1,3})(?![\w%]|[.,]\d)"
)
_NAMED = re.compile(
    r"\b(?:a |(?=half a ))(?P<n>couple|dozen|half a dozen)\b(?: of)?"
    r"(?! (?:days|weeks|hours|months|years|minutes))"
)
_HAN = re.compile(
    r"(?<![第\d.每哪这那几某])(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
    r"(?:[件双套条顶只台盒包瓶张份把副支]|(?<!一)个(?![多月小星礼工人问订地电周]|帐(?!篷)))"
    r"(?!月|小时|工作日)"
)
_NUMBER = re.compile(rf"(?<![\w$€£¥#-])(?<!\d[.,])(?P<n>[1-9]\d?|{_SMALL})(?= )")
_FEW_WORDS = re.compile(
    r" (?!(?:l|litres?|liters?|years?|days?|weeks?|months?|mm|cm|m|kg|g|man|person|season)[ -])"
    r"(?:[a-z-]+ ){0,2}"
)


def find_quantities(text: str, products: Sequence[int]) -> Iterator[Span]:
    """Yield counts; the span is the number alone.

    Args:
        text: The folded text.
        products: Where product names start: "two black jackets" counts, "two days" doesn't.
    """
    for match in (
        *_COUNTED.finditer(text),
        *_NAMED.finditer(text),
        *_KEYED.finditer(text),
        *_TIMES.finditer(text),
    ):
        yield Span(*match.span("n"), _value(match["n"]))
    for match in _HAN.finditer(text):
        yield Span(*match.span("n"), _value(match["n"]))
    for match in _NUMBER.finditer(text):
        for start in products:
            if start > match.end() and _FEW_WORDS.fullmatch(text, match.end(), start):
                yield Span(*match.span("n"), _value(match["n"]))
                break


def _value(typed: str) -> str:
    if typed.isdigit():
        return str(int(typed))
    named = {"couple": 2, "dozen": 12, "half a dozen": 6}.get(typed)
    if named is None:
        named = numerals.english_number(typed)
    return str(numerals.han_number(typed) if named is None else named)
