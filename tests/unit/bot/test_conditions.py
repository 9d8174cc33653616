from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.conditions import parse_condition

SLOTS: dict[str, Any] = {
    "yes": True,
    "no": False,
    "name": "ask",
    "count": 3,
    "price": 9.5,
    "empty": None,
    "word_and": "and",
    "zh": "退款",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # a slot alone
        ("slots.yes", True),
        ("slots.no", False),
        ("slots.empty", False),
        ("slots.unknown", False),
        ("slots.name", True),
        # equality, in all its spellings
        ("slots.yes is true", True),
        ("slots.no is true", False),
        ("slots.no is FALSE", True),
        ("slots.empty is null", True),
        ("slots.empty is None", True),
        ("slots.unknown is null", True),
        ("slots.yes is not null", True),
        ("slots.empty is not null", False),
        ("slots.yes = true", True),
        ("slots.yes == true", True),
        ("slots.yes != true", False),
        ('slots.name is "ask"', True),
        ("slots.name = 'ask'", True),
        ('slots.name is not "ask"', False),
        ('slots.name="ask"', True),
        ('"ask" is slots.name', True),
        ("slots.name is slots.name", True),
        ('slots.name = "ASK"', False),
        ('slots.zh is "退款"', True),
        ('slots.word_and is "and"', True),
        ('slots.name is ""', False),
        # order
        ("slots.count > 2", True),
        ("slots.count >= 3", True),
        ("slots.count < 3", False),
        ("slots.count <= 2", False),
        ("slots.price > 9.4", True),
        ("slots.count > -1", True),
        ("3 < slots.price", True),
        # what cannot be ordered is false, not an error
        ("slots.name > 3", False),
        ("slots.empty < 3", False),
        ("slots.unknown >= 0", False),
        # and before or, not before both, brackets before all
        ("slots.yes or slots.yes and slots.no", True),
        ("(slots.yes or slots.yes) and slots.no", False),
        ("slots.no and slots.no or slots.yes", True),
        ("slots.no and (slots.no or slots.yes)", False),
        ("not slots.no and slots.yes", True),
        ("not (slots.yes and slots.yes)", False),
        ("not slots.yes or slots.yes", True),
        ("not not slots.yes", True),
        ("not slots.count = 3", False),
        ("slots.yes AND NOT slots.no", True),
        ("((slots.yes))", True),
        ("  slots.yes\n  and\tslots.name is 'ask' ", True),
    ],
)
def test_condition_holds(source: str, expected: bool) -> None:
    assert parse_condition(source)(SLOTS) is expected


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("", "ends too early"),
        ("slots.a is", "ends too early"),
        ("slots.a and", "ends too early"),
        ("not", "ends too early"),
        ("(slots.a", "ends too early"),
        ("(slots.a slots.b", "closing bracket"),
        ("slots.a)", r"unexpected '\)'"),
        ("slots.a slots.b", r"unexpected 'slots.b'"),
        ("is true", r"unexpected 'is'"),
        ("slots.a = = 3", r"unexpected '='"),
        ("slots.a is true false", r"unexpected 'false'"),
        ("confirmed is true", r"cannot read 'confirmed is true'"),
        ("slots. is true", r"cannot read 'slots. is true'"),
        ("slots.a matches 'x'", r'cannot read " matches'),
        ("slots.a is 'open", r"cannot read \" 'open\""),
        ("slots.a is trueish", r"cannot read ' trueish'"),
        ("slots.a && slots.b", r"cannot read ' && slots.b'"),
        ("__import__('os')", r"cannot read"),
        ("slots.a is 3x", r"cannot read 'x'"),
    ],
)
def test_unreadable_condition_says_what_was_not_understood(source: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_condition(source)


PIECES = st.sampled_from(
    [
        "slots.yes",
        "slots.count",
        "is",
        "is not",
        "=",
        "<",
        "and",
        "or",
        "not",
        "(",
        ")",
        "true",
        "null",
        "3",
        "-2.5",
        '"x"',
        "'",
        "x",
        " ",
        "退款",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_any_text_is_a_condition_or_a_value_error(source: str) -> None:
    try:
        condition = parse_condition(source)
    except ValueError:
        return
    assert condition(SLOTS) in (True, False)
    assert condition({}) in (True, False)
