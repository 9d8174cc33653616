"""Numbers as people say them: "$129.50" as an amount, "order 4417" digit by digit."""

import re

_DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": tuple("零一二三四五六七八九"),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip

_DOLLAR, _EURO, _POUND, _YUAN = "dollar", "euro", "pound", "yuan"
_CURRENCIES = {
    "US$": _DOLLAR, "$": _DOLLAR, "USD": _DOLLAR, "€": _EURO, "EUR": _EURO, "£": _POUND,
    "GBP": _POUND, "CN¥": _YUAN, "¥": _YUAN, "￥": _YUAN, "CNY": _YUAN, "RMB": _YUAN,
}  # fmt: skip
_ENGLISH_MONEY = {  # one, several, hundredth, hundredths
    _DOLLAR: ("dollar", "dollars", "cent", "cents"),
    _EURO: ("euro", "euros", "cent", "cents"),
    _POUND: ("pound", "pounds", "penny", "pence"),
    _YUAN: ("yuan", "yuan", "fen", "fen"),
}
_CHINESE_MONEY = {_DOLLAR: "美元", _EURO: "欧元", _POUND: "英镑", _YUAN: "元"}

_AMOUNT = r"(\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.(\d{1,2}))?(?![\d]|[.,]\d)"
_CODES = r"USD|EUR|GBP|CNY|RMB"
_MONEY_BEFORE = re.compile(rf"(US\$|CN¥|[$€£¥￥]|\b(?:{_CODES}))\s?{_AMOUNT}")
_MONEY_AFTER = re.compile(rf"(?<![\d.,]){_AMOUNT}\s?(€|(?:{_CODES})\b)")
_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s?[%％]")

# A number to be copied, not counted: after a word such as "order", behind "#", letters and
# digits in one, or longer than people count (round thousands aside).
_REFERENCE = re.compile(
    r"(\b(?:order|ticket|tracking|invoice|reference|return|case|parcel|package|shipment|"
    r"confirmation|number|code|SKU)s?(?:\s+(?:number|no\.?|id|code))?(?:\s+(?:is|was))?"
    r"\s*[:#]?\s*|(?:订单|单号|运单|快递|物流|发票|编号)[号是为：:#\s]*)"
    r"(\d{3,})(?![\d]|[.,]\d|\s?%)",
    re.I,
)
_HASHED = re.compile(r"#\s?(\d+)")
_MIXED = re.compile(
    r"(?<![A-Za-z\d-])(?=[A-Z\d-]*[A-Z])(?=(?:[A-Z-]*\d){3})[A-Z\d]+(?:-[A-Z\d]+)*(?![A-Za-z\d])"
)
_LONG = re.compile(r"(?<![\d.,])(?!\d*000(?!\d))\d{5,}(?![\d]|[.,]\d)")


def spell_numbers(text: str, language: str) -> str:
    """Rewrite amounts, dates and references in `text`; `language` is `en` or `zh`."""

    def digits(found: str) -> str:
        return _spelt(found, language)

    text = _MONEY_BEFORE.sub(lambda m: _money(m[1], m[2], m[3] or "", language), text)
    text = _MONEY_AFTER.sub(lambda m: _money(m[3], m[1], m[2] or "", language), text)
    text = _DATE.sub(lambda m: _date(int(m[1]), int(m[2]), int(m[3]), language), text)
    if language == "zh":
        text = _PERCENT.sub(r"百分之\1", text)
    text = _REFERENCE.sub(lambda m: m[1].replace("#", "") + digits(m[2]), text)
    text = _HASHED.sub(lambda m: digits(m[1]), text)
    text = _MIXED.sub(lambda m: digits(m[0]), text)
    return _LONG.sub(lambda m: digits(m[0]), text)


def _spelt(reference: str, language: str) -> str:
    names = _DIGITS[language]
    parts = (names[int(c)] if c.isdecimal() else c for c in reference if c.isalnum())
    return ("" if language == "zh" else " ").join(parts)


def _money(symbol: str, whole: str, hundredths: str, language: str) -> str:
    currency = _CURRENCIES[symbol]
    units = int(whole.replace(",", ""))
    cents = int(hundredths.ljust(2, "0")) if hundredths else 0
    if language == "zh":
        fraction = f".{cents:02d}".rstrip("0") if cents else ""
        return f"{units}{fraction}{_CHINESE_MONEY[currency]}"
    one, several, cent, more_cents = _ENGLISH_MONEY[currency]
    spoken_units = f"{units} {one if units == 1 else several}"
    spoken_cents = f"{cents} {cent if cents == 1 else more_cents}"
    if not cents:
        return spoken_units
    return f"{spoken_units} and {spoken_cents}" if units else spoken_cents


def _date(year: int, month: int, day: int, language: str) -> str:
    if language == "zh":
        return f"{year}年{month}月{day}日"
    return f"{_MONTHS[month - 1]} {day}, {year}"
