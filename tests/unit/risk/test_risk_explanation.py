"""Facts in plain words, with the order's own values."""

from dataclasses import replace

import pytest
from test_risk_features import ANN, HISTORY, ORDER

from bot.risk.explanation import explain
from bot.risk.features import NAMES, FeatureRow, History, features

ROW = features(ORDER, ANN, HISTORY)
FIRST = features(ORDER, ANN, History())

SENTENCES = [
    ("total", ROW, "order total is 90.00 USD"),
    ("total_vs_usual", replace(ROW, total_vs_usual=4.2), "total is 4.2 times the customer's usual"),
    ("total_vs_usual", replace(ROW, total_vs_usual=1.1), "total is about the customer's usual"),
    ("total_vs_usual", FIRST, "first order of this customer"),
    ("account_age_hours", replace(ROW, account_age_hours=0.001), "account is 1 minute old"),
    ("account_age_hours", replace(ROW, account_age_hours=0.5), "account is 30 minutes old"),
    ("account_age_hours", replace(ROW, account_age_hours=1.2), "account is 1 hour old"),
    ("account_age_hours", replace(ROW, account_age_hours=2.2), "account is 2 hours old"),
    ("account_age_hours", replace(ROW, account_age_hours=72), "account is 3 days old"),
    ("account_age_hours", replace(ROW, account_age_hours=24 * 800), "account is 2 years old"),
    ("payment_attempts", replace(ROW, payment_attempts=3), "3 payment attempts"),
    ("payment_attempts", ROW, "1 payment attempt"),
    ("earlier_delivered", ROW, "1 earlier order delivered"),
    ("billing_differs", ROW, "billed and delivered in the same country (US)"),
    ("device_other_customers", ROW, "1 other customer on this device within 30 days"),
    ("orders_last_day", FIRST, "no other orders by this customer within a day"),
]


@pytest.mark.parametrize(("name", "row", "sentence"), SENTENCES)
def test_sentences(name: str, row: FeatureRow, sentence: str) -> None:
    assert explain(ORDER, row, {name: 1.0}, reassuring=False) == (sentence,)


def test_countries_are_named_where_they_differ() -> None:
    order = replace(ORDER, ip_country="FR", payment=replace(ORDER.payment, billing_country="CA"))
    row = features(order, ANN, HISTORY)
    assert explain(order, row, {"ip_differs": 2.0, "billing_differs": 1.0}, reassuring=False) == (
        "ordered from a connection in FR but billed in CA",
        "billed in CA but delivered to US",
    )


def test_every_feature_has_words() -> None:
    for name in NAMES:
        assert explain(ORDER, ROW, {name: 1.0}, reassuring=False)[0]


def test_the_strongest_first_no_noise_no_repetition_no_other_direction() -> None:
    shares = {
        "total": 0.3,
        "payment_attempts": 0.9,
        "earlier_orders": 0.5,
        "earlier_delivered": 0.4,  # says the same of a first order
        "new_city": 0.01,
        "ip_differs": -2.0,
    }
    assert explain(ORDER, FIRST, shares, reassuring=False) == (
        "1 payment attempt",
        "first order of this customer",
        "order total is 90.00 USD",
    )
    assert explain(ORDER, FIRST, shares, reassuring=True) == (
        "ordered from the billing country (US)",
    )
