"""Order numbers: four digits, typed or spoken; of another length where they are called that."""

import re
from collections.abc import Iterator

from nlu.finders import numerals
from nlu.finders.span import Span

_KEY = (
    r"(?:\bor?de?rs?|订单编号|订单号码?|订单|单号|编号)"
    r"(?:[ ]?(?:number|numbers|no|num|nr|id|code|ref|reference|号))?\.?"
    r"[ ]?(?:is|was|it's|are|of|:|是|为)?[ ]?[#:]?[ ]?"
)
_KEYED = re.compile(_KEY + r"(?P<number>\d{5,12}|\d(?:[ ,.-]?\d){3})"
                    r"(?![\d%]|[.,:]\d|[ ]?(?:dollars|元|块))")
_HASHED = re.compile(r"(?:#(?P<number>\d{3,12})|(?:no\.? ?|№ ?)(?P<other>\d{4}))(?!\d)")
_BARE = re.compile(r"(?<![\w$€£¥+:/&=-])(?<!\d[.,])(?P<number>\d{4})(?![\w%°/]|[.,:-]\d|-[a-z])")
_SLASHED = re.compile(
    r"(?<![\w$€£¥+:/.&=-])(?P<number>\d{4}) ?/ ?(?P<other>\d{4})(?![\w%/]|[.,:-]\d)"
)
_BARE_BY_HAN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?P<number>\d{4})(?![a-z\d%]|[.,:-]\d)"
    r"|(?<![\w$€£¥+:/-])(?<!\d[.,])(?P<other>\d{4})(?=[\u4e00-\u9fff])"
)
_NOT_AFTER = re.compile(
    r"(?:\b(?:in|since|year|until|till|from|of|by|circa|model|version|card|pin|code|zip|postcode|"
    r"ending(?: in| with)?|digits?(?: are| is)?|under|over|below|above|than|up to|"
    r"at (?:most|least)|max(?:imum)?|min(?:imum)?|budget(?: is| of)?|usd|eur|rmb|"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?(?: \d{1,2},?)?)"
    r"|尾号|后四位|验证码|邮编|密码|超过|低于|高于|不到|最多|最少|至少|"
    r"预算|型号|大约|大概)[ ]?[:是]?[ ]?$"
)
_NOT_BEFORE = re.compile(
    r"[ ]?(?:dollars?|bucks|usd|euros?|eur|pounds?|gbp|yuan|rmb|年|元|块|美|刀|欧|人民币|"
    r"毫|克|公|米|千|"
    r"(?:k?g|m?ah?|lumens?|lm|ml|km|m|mm|cm|ft|feet|litres?|liters?|l|w|watts?|people|days|hours|"
    r"grams?|meters?|metres?|miles|points|reviews|mah)\b)"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_CUE = re.compile(r"\b(?:in|since|year|until|till|from|of|by)[ ]$")

_DIGIT = "|".join(sorted(numerals.DIGIT_WORDS, key=len, reverse=True))
_SPOKEN = re.compile(rf"\b(?:(?:double |triple )?(?:{_DIGIT})\b[ ,-]{{0,2}}){{2,4}}")
_SPOKEN_PAIRS = re.compile(
    rf"\b(?:order|number|oder)(?: number| is| no)*[ ]"
    rf"(?P<number>{numerals.PAIR_WORDS}[ ,-]{{1,2}}{numerals.PAIR_WORDS})\b"
)
_SPOKEN_HAN = re.compile(
    r"(?P<number>[零〇一二三四五六七八九幺]{4})(?![零〇一二三四五六七八九十百千万年月元块个])"
)


def find_order_numbers(text: str) -> Iterator[Span]:
    """Yield order numbers; the span is the number without "order" or "#".

    One of a length that the shop never gives is still what the shopper means: no such order.
    """
    for match in _KEYED.finditer(text):
        yield _digits(match, "number")
    for match in _HASHED.finditer(text):
        yield _digits(match, "number" if match["number"] else "other")
    for pattern in (_BARE, _BARE_BY_HAN):
        for match in pattern.finditer(text):
            span = _digits(match, "number" if match["number"] else "other")
            if _stands_alone(text, span):
                yield span
    for match in _SLASHED.finditer(text):
        both = _digits(match, "number"), _digits(match, "other")
        if not all(_YEAR.fullmatch(span.value) for span in both):
            yield from both
    for match in _SPOKEN.finditer(text):
        spoken = match.group().rstrip(" ,-")
        digits = _spell(spoken)
        if len(digits) == 4:
            yield Span(match.start(), match.start() + len(spoken), digits)
    for match in _SPOKEN_PAIRS.finditer(text):
        value = _pairs(match["number"])
        if value is not None:
            yield Span(*match.span("number"), value)
    for match in _SPOKEN_HAN.finditer(text):
        yield Span(*match.span(), "".join(str(numerals.han_number(c)) for c in match.group()))


def _digits(match: re.Match[str], group: str) -> Span:
    return Span(*match.span(group), re.sub(r"\D", "", match[group]))


def _stands_alone(text: str, span: Span) -> bool:
    """Tell whether the digits are not a price, year, measure, card or code."""
    before = text[max(0, span.start - 30) : span.start]
    if _NOT_BEFORE.match(text, span.end):
        return False
    cue = _NOT_AFTER.search(before)
    if cue is None:
        return True
    # "delivery of 4417", "from 4417": only what looks like a year is one.
    return _YEAR_CUE.search(before) is not None and not _YEAR.fullmatch(span.value)


def _spell(spoken: str) -> str:
    digits = ""
    times = 1
    for word in re.findall(r"[a-z]+", spoken):
        if word in ("double", "triple"):
            times = 2 if word == "double" else 3
        else:
            digits += str(numerals.DIGIT_WORDS[word]) * times
            times = 1
    return digits


def _pairs(spoken: str) -> str | None:
    words = re.findall(numerals.PAIR_WORDS, spoken)
    numbers = [numerals.english_number(word) for word in words]
    if len(numbers) != 2:
        return None
    return "".join(f"{number:02d}" for number in numbers if number is not None)
