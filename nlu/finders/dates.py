"""Days in words or figures, resolved against a given today."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from nlu.finders import numerals
from nlu.finders.calendar_days import YEARS, find_calendar_days
from nlu.finders.span import Span

_DAYS_BY_SHIFT = {
    0: "today|tonight|this morning|this afternoon|this evening|this weekend|just now|"
    "今天早上|今天上午|今天下午|今天|今日|今早|今晚|今儿|刚才|刚刚",
    -1: "yesterday|yesteday|yesturday|yestarday|last night|昨天|昨日|昨晚|昨儿",
    -2: "day before yesterday|the day before yesterday|前天",
    -3: "大前天",
    1: "tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr|明天|明日|明早|明晚|明儿",
    2: "day after tomorrow|the day after tomorrow|后天",
    3: "大后天",
    -7: "last week|上周|上星期|上个星期|上礼拜|上个礼拜",
    7: "next week|下周|下星期|下个星期|下礼拜|下个礼拜",
    -30: "last month|上个月|上月",
    30: "next month|下个月|下月",
}
_DAYS = {word: shift for shift, words in _DAYS_BY_SHIFT.items() for word in words.split("|")}
_FIXED = re.compile(
    "|".join(
        rf"\b{words}\b" if words.isascii() else words
        for words in sorted(_DAYS, key=len, reverse=True)
    )
)
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon", "tuesday tues tue tuseday teusday",
         "wednesday weds wed wednsday wensday wednesay wendesday",
         "thursday thurs thur thu thrusday thurday", "friday fri firday", "saturday saterday",
         "sunday")
    )
    for name in names.split()
}  # fmt: skip
_DAY_NAME = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_WEEKDAY = re.compile(
    rf"(?<!black )(?<!happy )\b(?P<which>last |past |this |next |coming |this coming )?"
    rf"(?P<day>{_DAY_NAME})\b(?!')"
)
_OF_WEEK = re.compile(
    rf"\b(?P<day>{_DAY_NAME}) (?:of )?(?P<which>last|this|next) week\b"
    rf"|\b(?P<which2>last|this|next) week,?(?: on)? (?P<day2>{_DAY_NAME})\b"
)
# "sat" and "sun" are other words, too: "the dog sat on it", "this sun hat".
_SHORT_WEEKDAY = re.compile(
    r"\b(?P<which>last |this |next |on |by )(?P<day>sat|sun)\b"
    r"(?=$|[.,!?;，。]| (?:at|and|morning|afternoon|evening|night|please|or)\b)"
)
_COMING = re.compile(
    r"(?:\bby|before|until|till|this|coming|next|for|arrives?|deliver|will)\b[^.!?]{0,12}$"
)
_HAN_WEEKDAY = re.compile(
    r"(?P<which>上上|上|下下|下|这|本)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])"
)
_HAN_DONE = re.compile(r".{0,4}(?:买|下的?单|订|付|收到|寄|退)(?:的|了)")
_AGO = re.compile(
    r"\b(?P<n>\d{1,3}|an?|(?:a )?(?:couple(?: of)?|few)|[a-z]+) "
    r"(?P<unit>minute|hour|day|week|fortnight|month|year)s? (?:ago|back)\b"
    r"|\b(?:in|within) (?P<n2>\d{1,3}|an?|[a-z]+) (?P<unit2>day|week|month)s?(?: time)?\b(?! of)"
)
_HAN_AGO = re.compile(
    rf"(?P<n>\d{{1,3}}|{numerals.HAN}|半) ?个?(?P<unit>分钟|小时|天|日|周|星期|礼拜|月|年) ?"
    r"(?P<way>之?前|之?后|以前|以后)"
)
_EITHER = re.compile("[一二两三四五六七八九]{2}")
_UNIT_DAYS = {
    "minute": 0, "hour": 0, "day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365,
    "分钟": 0, "小时": 0, "天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365,
}  # fmt: skip
_YEAR = re.compile("|".join(rf"\b{y}\b" if y.isascii() else y for y in YEARS))


def find_dates(text: str, today: date) -> Iterator[Span]:
    """Yield days as ISO dates.

    "last week" is seven days ago and "last month" thirty. A weekday by itself is the most recent
    one (shoppers speak of orders made), unless a word like "by" or "before" points ahead. Without
    a year the nearest such day counts.
    """
    for match in _FIXED.finditer(text):
        yield _span(match, today + timedelta(days=_DAYS[match.group()]))
    for pattern, resolve in _RESOLVERS:
        for match in pattern.finditer(text):
            found = resolve(match, today)
            if found is not None:
                yield _span(match, found)
    yield from find_calendar_days(text, today)


def _span(match: re.Match[str], found: date) -> Span:
    return Span(match.start(), match.end(), found.isoformat())


def _weekday(match: re.Match[str], today: date) -> date:
    wanted = _WEEKDAYS[match["day"]]
    which = (match["which"] or "").strip()
    ahead = (wanted - today.weekday()) % 7
    if which == "next":
        return today + timedelta(days=7 - today.weekday() + wanted)
    if which in ("last", "past"):
        return today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    if which or _COMING.search(match.string[max(0, match.start() - 24) : match.start()]):
        return today + timedelta(days=ahead)
    return today - timedelta(days=(today.weekday() - wanted) % 7)


def _weekday_of_week(match: re.Match[str], today: date) -> date:
    wanted = _WEEKDAYS[match["day"] or match["day2"]]
    weeks = {"last": -1, "this": 0, "next": 1}[match["which"] or match["which2"]]
    return today + timedelta(days=wanted - today.weekday() + 7 * weeks)


def _short_weekday(match: re.Match[str], today: date) -> date:
    wanted = 5 if match["day"] == "sat" else 6
    before = today - timedelta(days=(today.weekday() - wanted) % 7 or 7)
    weeks = {"last": 0, "this": 1, "by": 1, "next": 2, "on": 0}[match["which"].strip()]
    return before + timedelta(days=7 * weeks)


def _han_weekday(match: re.Match[str], today: date) -> date:
    wanted = "一二三四五六日".find(match["day"].replace("天", "日").replace("末", "六"))
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(match["which"] or "", 0)
    found = today + timedelta(days=wanted - today.weekday() + 7 * weeks)
    done = not match["which"] and _HAN_DONE.match(match.string, match.end())
    return found - timedelta(days=7) if done and found > today else found


def _relative(match: re.Match[str], today: date) -> date | None:
    words, unit, sign = match["n"], match["unit"], -1
    if words is None:
        words, unit, sign = match["n2"], match["unit2"], 1
    if words.isdigit():
        number: int | None = int(words)
    elif words in ("a", "an"):
        number = 1
    elif "couple" in words or "few" in words:
        number = 2 if "couple" in words else 3
    else:
        number = numerals.english_number(words)
    return None if number is None else _shift(today, sign * number * _UNIT_DAYS[unit])


def _han_relative(match: re.Match[str], today: date) -> date | None:
    typed = match["n"]
    sign = -1 if "前" in match["way"] else 1
    days = _UNIT_DAYS[match["unit"]]
    if typed == "半":
        return _shift(today, sign * (days // 2))
    if _EITHER.fullmatch(typed):  # 两三天 is two or three days
        typed = typed[1]
    number = int(typed) if typed.isdigit() else numerals.han_number(typed)
    return _shift(today, sign * number * days)


def _year(match: re.Match[str], today: date) -> date:
    return date(today.year + YEARS[match.group()], 1, 1)


def _shift(today: date, days: int) -> date | None:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


_RESOLVERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_WEEKDAY, _weekday),
    (_OF_WEEK, _weekday_of_week),
    (_SHORT_WEEKDAY, _short_weekday),
    (_HAN_WEEKDAY, _han_weekday),
    (_AGO, _relative),
    (_HAN_AGO, _han_relative),
    (_YEAR, _year),
)
