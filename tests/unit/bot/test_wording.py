from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.wording import day, money


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        ("129", "USD", "$129.00"),
        ("0", "EUR", "€0.00"),
        ("1234567.5", "GBP", "£1,234,567.50"),
        ("9.999", "CNY", "¥10.00"),
        ("129", "SEK", "129.00 SEK"),
    ],
)
def test_money(amount: str, currency: str, expected: str) -> None:
    assert money(Decimal(amount), currency) == expected


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "November 3"), ("zh", "11月3日"), ("de", "November 3")]
)
def test_day(language: str, expected: str) -> None:
    assert day(datetime(2025, 11, 3, tzinfo=UTC), language) == expected
