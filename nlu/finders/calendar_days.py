"""Days named by their number: "Dec 24th", "24/12", 下个月5号."""

import re
from collections.abc import Iterator
from datetime import date

from nlu.finders import numerals
from nlu.finders.span import Span

YEARS = {
    "last year": -1, "this year": 0, "next year": 1,
    "前年": -2, "去年": -1, "今年": 0, "明年": 1,
}  # fmt: skip
"""How many years from this one."""

_MONTHS_BY_WORD = {
    "last": -1, "this": 0, "next": 1, "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2,
}  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FIGURE = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
# What is said of "18/10 steel" and "24/7" has no day in it.
_NO_DAY = r"(?! ?(?:steel|stainless|support|service|chat|hours?|h\b|不锈钢|客服|小时))"
_PATTERNS = (
    re.compile(
        rf"(?:(?<=in )|(?<=since )|(?<=from )|(?<=until )|(?<=last )){_MONTH}(?! \d)"
        r"(?: (?P<year>(?:19|20)\d\d))?(?P<day>)"
    ),
    re.compile(r"(?<![\d一二三四五六七八九十个])(?P<month>1[0-2]|[1-9]|十?[一二三四五六七八九]|十)月份(?P<day>)"),
    re.compile(r"(?<!\d)(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)"),
    re.compile(
        r"(?<![\w.-])(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
        r"(?![a-z\d_%]|[.,:-]\d)"
    ),
    re.compile(
        r"(?<![\d/.-])(?P<month>\d{1,2})(?P<sep>[-/.])(?P<day>\d{1,2})(?P=sep)"
        r"(?P<year>\d{4}|\d\d)(?!\d)"
    ),
    re.compile(r"(?:(?<=on )|(?<=by )|(?<=before )|(?<=since ))"
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])"),
    # Without such a word only where one figure can't be a month: "4/5 stars", "1/2 price".
    re.compile(
        r"(?<![\w/.,:$€£¥#+-])(?!24/7)(?:(?P<day>1[3-9]|2\d|3[01])/(?P<month>0?[1-9]|1[0-2])"
        rf"|(?P<month2>0?[1-9]|1[0-2])/(?P<day2>1[3-9]|2\d|3[01]))(?![\w/%]|[.,:-]\d){_NO_DAY}"
    ),
    re.compile(rf"\b{_MONTH} {_NTH}(?!\d)(?:,? (?P<year>(?:19|20)\d\d))?\b"),
    re.compile(rf"(?<![\d.])\b{_NTH} (?:of )?{_MONTH}(?:,? (?P<year>(?:19|20)\d\d))?"),
    re.compile(
        rf"(?P<years>前年|去年|今年|明年)的?(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?"
        rf"(?:(?P<day>{_FIGURE})[日号]?)?"
    ),
    re.compile(
        r"(?:(?P<year>\d{4})年 ?)?(?<![个\d])(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2}) ?月 ?"
        rf"(?P<day>{_FIGURE}) ?[日号]?"
    ),
    re.compile(rf"(?P<months>上上|上|下下|下|这|本)个?月的?(?P<day>{_FIGURE})[日号]"),
    re.compile(rf"(?:the )?{_NTH} (?:of )?(?P<months>last|this|next) month\b"),
    re.compile(r"(?<=the )(?P<day>\d{1,2})(?:st|nd|rd|th)\b"
        r"(?! (?:order|time|item|one|pair|floor))"),
    re.compile(r"(?<![\d第月])(?P<day>[12]?\d|3[01])号(?![码线楼色])"),
)  # fmt: skip


def find_calendar_days(text: str, today: date) -> Iterator[Span]:
    """Yield days as ISO dates; without a year the nearest such day counts."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            found = _resolve(match, today)
            if found is not None:
                yield Span(match.start(), match.end(), found.isoformat())


def _resolve(match: re.Match[str], today: date) -> date | None:
    parts = match.groupdict()
    day = _number(parts.get("day") or parts.get("day2"))
    month = _month_number(parts.get("month") or parts.get("month2"))
    if month is not None and month > 12 >= day:  # 25/12/2024, as most of the world writes it
        month, day = day, month
    year = parts.get("year")
    if year is not None:
        return _day(int(year) if len(year) == 4 else 2000 + int(year), month or 0, day)
    if parts.get("years") is not None:
        return _day(today.year + YEARS[parts["years"]], month or 0, day)
    this_month = today.year * 12 + today.month - 1
    if parts.get("months") is not None:
        return _day_of_month(this_month + _MONTHS_BY_WORD[parts["months"]], day)
    if month is None:
        candidates = [_day_of_month(this_month + shift, day) for shift in (-1, 0, 1)]
    else:
        candidates = [_day(today.year + shift, month, day) for shift in (-1, 0, 1)]
    return min((d for d in candidates if d), key=lambda d: abs(d - today), default=None)


def _number(typed: str | None) -> int:
    if not typed:  # a month alone stands for its first day
        return 1
    return int(typed) if typed.isdigit() else numerals.han_number(typed)


def _month_number(typed: str | None) -> int | None:
    if typed is None:
        return None
    return _MONTHS.index(typed[:3]) + 1 if typed[:3] in _MONTHS else _number(typed)


def _day_of_month(months: int, day: int) -> date | None:
    """Return the day of a month that is counted from year 0."""
    return _day(months // 12, months % 12 + 1, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
