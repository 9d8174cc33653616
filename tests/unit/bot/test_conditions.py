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
    "digits": "4417",
    "wide": "２０",
    "blank": "",
    "sizes": ["S", "M"],
    "numbers": ["1", 2],
    "nothing": [],
    "order": {"status": "shipped", "lines": {"first": "tent"}},
    "my-slot": "hyphen",
}
CONTEXT: dict[str, Any] = {"name": "return goods", "asked": True, "repairs": 1}


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
        # brackets around a value, and constants alone
        ("(slots.count) = 3", True),
        ("(slots.yes or slots.no) is true", True),
        ("True", True),
        ("False", False),
        ("null", False),
        ("empty", False),
        # no value, in all its spellings
        ("slots.empty is undefined", True),
        ("slots.name is undefined", False),
        ("slots.empty = none", True),
        ("slots.blank is null", False),
        ("not slots.blank", True),
        ("slots.blank is empty", True),
        ("slots.empty is empty", True),
        ("slots.unknown is empty", True),
        ("slots.nothing is empty", True),
        ("slots.sizes is empty", False),
        ("slots.sizes is not empty", True),
        ("empty is slots.name", False),
        ("slots.count is empty", False),
        ("slots.no is empty", False),
        ("slots.empty != 3", True),
        # a number and a text that reads as one
        ("slots.digits = 4417", True),
        ("4417 = slots.digits", True),
        ("slots.digits > 4000", True),
        ("slots.digits < 4000", False),
        ("slots.wide = 20", True),
        ("slots.digits = '4417'", True),
        ("slots.digits = '4417.0'", False),
        ("slots.name = 0", False),
        ("slots.name != 0", True),
        ("slots.yes = 1", True),
        ("slots.yes = 'true'", False),
        ("slots.sizes > 1", False),
        # contains: in a set, in a list, in a text
        ("{'ask' 'tell'} contains slots.name", True),
        ("{'ask', 'tell',} contains slots.name", True),
        ("{'tell'} contains slots.name", False),
        ("{} contains slots.name", False),
        ("{1 2 3} contains slots.count", True),
        ("{true null} contains slots.empty", True),
        ("{4417} contains slots.digits", True),
        ("slots.sizes contains 'M'", True),
        ("slots.sizes contains 'm'", False),
        ("slots.numbers contains 1", True),
        ("slots.name contains 'sk'", True),
        ("slots.name contains 'SK'", False),
        ("slots.digits contains 44", False),
        ("slots.zh contains '款'", True),
        ("slots.empty contains 'a'", False),
        ("slots.count contains 3", False),
        ("slots.order contains 'status'", True),
        ("slots.sizes not contains 'XL'", True),
        ("not slots.sizes contains 'M'", False),
        # matches: anywhere in a text, as in Rasa
        (r"slots.digits matches '^\d{4}$'", True),
        (r'slots.digits matches "\d{5}(-\d{4})?"', False),
        ("slots.name matches 's'", True),
        ("slots.name matches 'S'", False),
        ("slots.name matches '(?i)ASK'", True),
        ("slots.name not matches 'x'", True),
        ("slots.name not matches 's'", False),
        ("slots.count matches '3'", False),
        ("slots.empty matches '.*'", False),
        ("slots.empty not matches '.*'", True),
        ("slots.zh matches '^退'", True),
        # the context of the flow
        ("context.asked", True),
        ("context.unknown", False),
        ("context.repairs < 2", True),
        ("slots.yes and context.name != 'greeting'", True),
        ('"{{context.name}}" = "return goods"', True),
        ("'{{ slots.name }}' is 'ask'", True),
        # inside a value, and other names
        ("slots.order.status is 'shipped'", True),
        ("slots.order.lines.first is 'tent'", True),
        ("slots.order.gone.first is null", True),
        ("slots.name.first is null", True),
        ("slots.my-slot is 'hyphen'", True),
        ("SLOTS.yes", True),
    ],
)
def test_condition_holds(source: str, expected: bool) -> None:
    assert parse_condition(source)(SLOTS, CONTEXT) is expected


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
        ("confirmed is true", r"cannot read 'confirmed' at character 1 .*written slots.confirmed"),
        ("slots.a and done", r"cannot read 'done' at character 13 of the condition 'slots.a and "),
        ("slots. is true", r"cannot read 'slots\.'"),
        ("slots.a is 'open", r'cannot read "\'open" at character 12 .*closing quote is missing'),
        ('slots.a is "open', r"closing quote is missing"),
        ("slots.a is trueish", r"cannot read 'trueish'"),
        ("slots.a && slots.b", r"cannot read '&&' .*write: and"),
        ("slots.a || slots.b", r"cannot read '\|\|' .*write: or"),
        ("!slots.a", r"cannot read '!slots.a' .*write: not"),
        ("slots.a in ['b']", r"cannot read 'in'"),
        ("slots.a = ['b']", r"write a set as"),
        ("__import__('os')", r"cannot read '__import__'"),
        ("slots.a is 3x", r"cannot read '3x'"),
        ("slots.{{context.collect}} is null", r"cannot read 'slots\.'"),
        ("'{{context.name}} x' is null", r"cannot read '\{\{context.name\}\} x'.*context.NAME"),
        ("slots.a matches", "ends too early"),
        ("slots.a matches slots.b", r"a pattern in quotes is expected at character 17"),
        ("slots.a matches '('", r"'\(' is no regular expression .* at character 17"),
        ("slots.a matches '(?P<a>x)(?P<a>y)'", r"is no regular expression"),
        ("slots.a matches '/error/i'", r"stands between slashes; .*\(\?i\)"),
        (r"slots.a matches '^(\w+\s?)+$'", r"can take for ever; give the repetition a limit"),
        ("slots.a matches '(a|aa)+$'", r"can take for ever"),
        ("slots.a matches '((a*)b)*'", r"can take for ever"),
        ("slots.a matches '(a{2,}){3,}'", r"can take for ever"),
        ("slots.a matches '" + "a" * 301 + "'", r"more than 300 characters"),
        ("slots.a not 3", r"unexpected '3'"),
        ("slots.a not", "ends too early"),
        ("slots.a contains", "ends too early"),
        ("{'a' contains slots.b", r"unexpected 'contains'"),
        ("{'a'", "ends too early"),
        ("{slots.a} contains 'b'", r"unexpected 'slots.a'"),
        ("{,} contains 'b'", r"unexpected ','"),
        ("slots.a is true # yes", r"cannot read '#'"),
        ("(" * 41 + "slots.a" + ")" * 41, "more than 40 brackets or nots"),
        ("not " * 5000 + "slots.a", "more than 2000 characters"),
        ("not " * 41 + "slots.a", "more than 40 brackets or nots"),
    ],
)
def test_unreadable_condition_says_what_was_not_understood(source: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_condition(source)


@pytest.mark.parametrize(
    "pattern",
    [r"^(\w{1,9}\s?)+$", r"(\d+-)?\d+", "[(+]*x", r"\(+\)+", "(ab)+", "(?:a+){2}", "a+b+c*"],
)
def test_a_harmless_pattern_is_taken(pattern: str) -> None:
    assert parse_condition(f'slots.a matches "{pattern}"')({"a": "#"}) is False


def test_a_pattern_is_tried_on_the_beginning_of_a_long_text() -> None:
    condition = parse_condition("slots.a matches 'end'")
    assert condition({"a": "the end"})
    assert not condition({"a": "x" * 2000 + "end"})


def test_a_condition_knows_what_it_asks_for() -> None:
    source = "slots.a is not null and (context.b or {'x'} contains slots.c.d) and '{{context.e}}'"
    condition = parse_condition(source)
    assert condition.source == source
    assert condition.slots == {"a", "c"}
    assert condition.context == {"b", "e"}
    assert condition == parse_condition(source)
    assert len({condition, parse_condition(source), parse_condition("slots.a")}) == 2


def test_quoted_words_are_texts() -> None:
    assert parse_condition("slots.a is 'not' and slots.b is 'null'")({"a": "not", "b": "null"})
    assert parse_condition("'slots.a' is slots.a").slots == {"a"}


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
        "context.a",
        "contains",
        "matches",
        "'(a+)'",
        "{",
        "}",
        ",",
        "empty",
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
