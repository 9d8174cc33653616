"""Sums of money, with the role that words like "under" give them."""

import re
from collections.abc import Iterator

from nlu.finders import numerals
from nlu.finders.span import Span

_NUMBER = (
    r"(?:\d{1,3}(?:\.\d{3})+,\d{2}|\d{1,6},\d{2}(?!\d)"  # 1.299,50 and 9,99, as in Europe
    r"|(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,2})?(?:k\b|万)?)"
)
_EUROPEAN = re.compile(r"[\d.]+,\d{2}")
_SYMBOL = r"(?:us|cn|ca|au|nz|hk|nt|sg?)?[$€£¥]"
_UNIT = (
    r"(?:dollars?|bucks?|usd|euros?|eur|pounds?|quid|gbp|yuan|rmb|cny|块钱|块|美元|美金|"
    r"欧元|英镑|人民币|元|刀|[€£](?! ?\d))"
)
_LATIN_END = r"(?![a-z])"
# 三块五 is 3.5; 100块5个 counts what follows.
_WITH_TENTHS = (
    r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})块[1-9一二三四五六七八九]"
    r"(?![\d.一二三四五六七八九十百千万个件双条只套顶折])"
)
_TENTHS = re.compile("(.+)块(.)")
_AMOUNT = (
    rf"(?:{_WITH_TENTHS}"
    rf"|{_SYMBOL} ?{_NUMBER}(?: ?{_UNIT}{_LATIN_END})?|{_NUMBER} ?{_UNIT}{_LATIN_END}"
    rf"|{numerals.ENGLISH} {_UNIT}{_LATIN_END}"
    # 一块 is also "a piece" and "together": a noun must not follow.
    rf"|{numerals.HAN}(?:(?!块){_UNIT}|块(?:钱|(?![\u3400-\u9fff])|(?=以|之|左|上|下|内|的|起|到))))"
)
_MONEY = re.compile(rf"(?<!\w)(?<!\d[.,]){_AMOUNT}|(?<=[\u3400-\u9fff]){_AMOUNT}")
_PLAIN = rf"(?:{_SYMBOL} ?)?(?:{_NUMBER}|{numerals.HAN})(?: ?{_UNIT}{_LATIN_END})?"
_RANGE = re.compile(
    rf"(?P<between>between )?(?<!\w)(?<!\d[.,-])(?P<low>{_PLAIN})"
    rf" ?(?P<join>-|~|to|and|到|至)+ ?(?P<high>{_PLAIN})(?P<tail>之间)?"
    rf"|(?<=[\u3400-\u9fff])(?P<low2>{_PLAIN}) ?[-~到至] ?(?P<high2>{_PLAIN})"
)
_SIGN = re.compile(rf"{_SYMBOL}|{_UNIT}")

_CUES = {
    "max": (
        r"under|below|less than|no more than|not more than|up to|at most|max(?:imum)?(?: of| is)?|"
        r"cheaper than|within|budget(?: of| is|:)?|not over|lower than|beneath|<=?|"
        r"不超过|低于|少于|最多|不高于|小于|预算(?:是|为|在)?|便宜于|不到|不要超过|别超过",
        r"or less|or under|or below|or cheaper|max(?:imum)?\b|tops|at (?:the )?most|"
        r"以下|以内|之内|之下|内|封顶",
    ),
    "min": (
        r"over|above|more than|at least|starting (?:at|from)|min(?:imum)?(?: of| is)?|>=?|"
        r"upwards of|"
        r"exceed(?:s|ing)?|不低于|不少于|高于|多于|至少|大于|最少|超过|不止",
        r"or more|or above|or over|and up|and above|plus\b|\+|以上|起",
    ),
    "about": (
        r"about|around|roughly|approximately|approx\.?|circa|~|near(?:ly)?|大约|大概|差不多|约",
        r"or so|ish\b|左右|上下|附近",
    ),
}
_BEFORE = {r: re.compile(rf"(?:(?<![a-z])(?:{b}))(?: the| a)? ?$") for r, (b, _) in _CUES.items()}
_AFTER = {role: re.compile(rf" ?(?:{after})") for role, (_, after) in _CUES.items()}
# "under 1500" without a currency is money only when nothing that it could count follows.
_BARE = re.compile(
    rf"(?:(?<![\w$€£¥-])(?<!\d[.,])|(?<=[\u3400-\u9fff]))"
    rf"(?P<number>{_NUMBER}|[一二两三四五六七八九][百千万][零一二三四五六七八九十百千]*)"
    r"(?= ?(?:$|[;!?)，。！？]|[.,](?!\d)"
    rf"|(?:or|and|please|pls|if|for|with|that|total|each|以下|以内|以上|左右|之内|的)(?![a-z])))"
)


def find_money(text: str) -> Iterator[Span]:
    """Yield amounts as "100" or "99.5"; the currency is not kept.

    A range gives two spans with the roles min and max. "cheap" gives none.
    """
    for match in _RANGE.finditer(text):
        low, high = ("low", "high") if match["low"] else ("low2", "high2")
        if not _SIGN.search(match.group()) and not _is_bare_range(match):
            continue
        for group, bound in ((low, "min"), (high, "max")):
            value = _value(match[group])
            if value is not None:
                yield Span(*match.span(group), value, bound)
    for match in _MONEY.finditer(text):
        value = _value(match.group())
        if value is not None:
            yield Span(*match.span(), value, _role(text, *match.span()))
    for match in _BARE.finditer(text):
        role = _role(text, *match.span())
        value = _value(match.group())
        if role in ("min", "max") and value is not None:
            yield Span(*match.span(), value, role)


def _is_bare_range(match: re.Match[str]) -> bool:
    """Tell whether "between 50 and 100" is about money: at least tens, and the sentence goes on."""
    return bool(match["between"]) and _BARE.match(match.string, match.start("high")) is not None


def _role(text: str, start: int, end: int) -> str | None:
    before = text[max(0, start - 24) : start]
    for role in ("max", "min", "about"):  # "no more than" before its tail "more than"
        if _BEFORE[role].search(before):
            return role
    return next((role for role in ("max", "min", "about") if _AFTER[role].match(text, end)), None)


def _value(amount: str) -> str | None:
    tenths = _TENTHS.fullmatch(amount)
    if tenths:
        whole, tenth = (_figure(part) for part in tenths.groups())
        return numerals.number_text(whole + tenth / 10)
    plain = re.sub(rf"{_SYMBOL}|{_UNIT}", "", amount).strip()
    if _EUROPEAN.fullmatch(plain):
        plain = plain.replace(".", "").replace(",", ".")
    plain = plain.replace(",", "")
    if re.fullmatch(numerals.HAN, plain):
        return numerals.number_text(numerals.han_number(plain))
    if re.fullmatch(r"[\d.]+[k万]?", plain):
        factor = {"k": 1000, "万": 10000}.get(plain[-1], 1)
        return numerals.number_text(float(plain.rstrip("k万")) * factor)
    number = numerals.english_number(plain)
    return None if number is None else str(number)


def _figure(typed: str) -> int:
    return int(typed) if typed.isdigit() else numerals.han_number(typed)
