"""The conditions of flow steps: `slots.confirmed is true and not slots.order_state = "shipped"`.

The part of Rasa's predicate language that compares slots with literals.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

Condition = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<slot>slots\.[A-Za-z_]\w*)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<op>is not|!=|==|<=|>=|=|<|>|is\b)|(?P<word>and|or|not|true|false|null|none)\b"
    r"|(?P<bracket>[()]))",
    re.IGNORECASE,
)


def parse_condition(source: str) -> Condition:
    """Return the condition as a function of the slots.

    Raises:
        ValueError: not of the supported form; the message says what was not understood.
    """
    tokens: list[str] = []
    position = 0
    source = source.strip()
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise ValueError(f"cannot read {source[position:]!r} in the condition {source!r}")
        tokens.append(match.group().strip())
        position = match.end()
    parser = _Parser(tokens)
    condition = parser.disjunction()
    if parser.peek():
        raise ValueError(f"unexpected {parser.peek()!r} in the condition {source!r}")
    return condition


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at].lower() if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        if self._at >= len(self._tokens):
            raise ValueError("the condition ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def disjunction(self) -> Condition:
        parts = [self._conjunction()]
        while self.peek() == "or":
            self._take()
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda slots: any(p(slots) for p in parts)

    def _conjunction(self) -> Condition:
        parts = [self._negation()]
        while self.peek() == "and":
            self._take()
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda slots: all(p(slots) for p in parts)

    def _negation(self) -> Condition:
        if self.peek() == "not":
            self._take()
            inner = self._negation()
            return lambda slots: not inner(slots)
        if self.peek() == "(":
            self._take()
            inner = self.disjunction()
            if self._take() != ")":
                raise ValueError("a closing bracket is missing in the condition")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._value()
        operator = self.peek()
        compare = _COMPARE.get(operator)
        if compare is None:
            return lambda slots: bool(left(slots))
        self._take()
        right = self._value()
        return lambda slots: compare(left(slots), right(slots))

    def _value(self) -> Callable[[Mapping[str, Any]], Any]:
        token = self._take()
        if token.lower().startswith("slots."):
            name = token[len("slots.") :]
            return lambda slots: slots.get(name)
        if token[0] in "\"'":
            return lambda slots: token[1:-1]
        words = {"true": True, "false": False, "null": None, "none": None}
        if token.lower() in words:
            return lambda slots: words[token.lower()]
        try:
            number = float(token)
        except ValueError:
            raise ValueError(f"unexpected {token!r} in the condition") from None
        return lambda slots: number


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        try:
            return test(left, right)
        except TypeError:
            return False

    return compare


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "is": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "is not": lambda a, b: a != b,
    "<": _ordered(lambda a, b: a < b),
    ">": _ordered(lambda a, b: a > b),
    "<=": _ordered(lambda a, b: a <= b),
    ">=": _ordered(lambda a, b: a >= b),
}
