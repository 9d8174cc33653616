"""Money and days as people of a language write them."""

from datetime import datetime
from decimal import Decimal

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥"}


def money(amount: Decimal, currency: str) -> str:
    """`$129.00`, or `129.00 SEK` for a currency without a sign of its own here."""
    sign = _SIGNS.get(currency)
    return f"{sign}{amount:,.2f}" if sign else f"{amount:,.2f} {currency}"


def day(moment: datetime, language: str) -> str:
    """`November 3` or `11月3日`."""
    if language == "zh":
        return f"{moment.month}月{moment.day}日"
    return f"{moment:%B} {moment.day}"
