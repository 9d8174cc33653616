"""Conditions of flows and responses: `slots.confirmed and not slots.state is "shipped"`.

Rasa's predicate language. Where it leaves a choice, or differs:

- `and` binds tighter than `or`.
- `null`, `none` and `undefined` are one: a slot without a value, or no such slot. `empty` is that,
  an empty text or an empty list.
- A number and a text that reads as one are compared as numbers: `slots.order_number = 4417` holds
  for "4417".
- What cannot be compared (`"red" < 3`) is false, never an error.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.dialogue.predicates import COMPARE, EMPTY, compile_pattern, contains

Values = Mapping[str, Any]
_Read = Callable[[Values, Values], Any]

_MAX_LENGTH = 2000
_MAX_DEPTH = 40
"""Brackets and `not` within one another: beyond it nobody can read it, and the stack is finite."""


@dataclass(frozen=True)
class Condition:
    """A condition, read once. `slots` and `context` are the names that it asks for."""

    source: str
    slots: frozenset[str]
    context: frozenset[str]
    _read: _Read = field(repr=False, compare=False)

    def __call__(self, slots: Values, context: Values | None = None) -> bool:
        """Whether it holds."""
        return bool(self._read(slots, context or {}))


def parse_condition(source: str) -> Condition:
    """Return the condition.

    Raises:
        ValueError: not of the supported form; the message says what, where and the remedy.
    """
    parser = _Parser(source)
    read = parser.whole()
    return Condition(source, frozenset(parser.slots), frozenset(parser.context), read)


_NAME = r"[\w-]+(?:\.[\w-]+)*"
_TOKEN = re.compile(
    rf"(?P<reference>(?:slots|context)\.{_NAME})"
    r"|(?P<text>\"[^\"]*\"|'[^']*')"
    r"|(?P<number>-?\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<symbol>!=|==|<=|>=|=|<|>|[(){},])"
    r"|(?P<word>(?:is|and|or|not|contains|matches|true|false|null|none|undefined|empty)\b)",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(rf"\{{\{{\s*(?P<reference>(?:slots|context)\.{_NAME})\s*\}}\}}")
_HINTS = {
    "&": "write: and",
    "|": "write: or",
    "!": "write: not",
    "[": "write a set as {'a' 'b'}",
    "'": "the closing quote is missing",
    '"': "the closing quote is missing",
}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int

    @property
    def key(self) -> str:
        """What it is compared by: a quoted `and` is no `and`."""
        return self.text.lower() if self.kind in ("word", "symbol") else ""


_END = _Token("end", "", -1)


class _Parser:
    def __init__(self, source: str) -> None:
        self.slots: set[str] = set()
        self.context: set[str] = set()
        self._source = source.strip()
        self._tokens = self._split()
        self._next = 0
        self._depth = 0

    def whole(self) -> _Read:
        read = self._disjunction()
        if self._peek() is not _END:
            raise self._unexpected(self._peek())
        return read

    def _split(self) -> list[_Token]:
        if len(self._source) > _MAX_LENGTH:
            raise ValueError(
                f"the condition has more than {_MAX_LENGTH} characters; let an action work it out "
                "and set a slot"
            )
        tokens, at = [], 0
        while at < len(self._source):
            if self._source[at].isspace():
                at += 1
                continue
            match = _TOKEN.match(self._source, at)
            if match is None:
                raise self._unreadable(at)
            tokens.append(_Token(str(match.lastgroup), match.group(), at))
            at = match.end()
        return tokens

    def _unreadable(self, at: int) -> ValueError:
        found = re.match(r"[\w.-]+|\S+", self._source[at:])
        what = found.group() if found else ""
        hint = _HINTS.get(what[:1])
        if hint is None and re.fullmatch(r"[^\W\d][\w-]*", what):
            hint = f"a slot is written slots.{what}, a text in quotes"
        hint = hint or "a slot is written slots.NAME, a text in quotes"
        return ValueError(f"cannot read {what!r}{self._where(at)}; {hint}")

    def _where(self, at: int) -> str:
        return f" at character {at + 1} of the condition {self._source!r}"

    def _unexpected(self, token: _Token) -> ValueError:
        if token is _END:
            return ValueError(
                f"the condition {self._source!r} ends too early; a value is missing at its end"
            )
        return ValueError(
            f"unexpected {token.text!r}{self._where(token.at)}; comparisons are joined by "
            "and / or, and each side of one is a slot or a value"
        )

    def _peek(self) -> _Token:
        return self._tokens[self._next] if self._next < len(self._tokens) else _END

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _accept(self, *keys: str) -> bool:
        """Take the next tokens if they are these."""
        ahead = self._tokens[self._next : self._next + len(keys)]
        if [token.key for token in ahead] != list(keys):
            return False
        self._next += len(keys)
        return True

    def _disjunction(self) -> _Read:
        parts = [self._conjunction()]
        while self._accept("or"):
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else lambda s, c: any(part(s, c) for part in parts)

    def _conjunction(self) -> _Read:
        parts = [self._negation()]
        while self._accept("and"):
            parts.append(self._negation())
        return parts[0] if len(parts) == 1 else lambda s, c: all(part(s, c) for part in parts)

    def _negation(self) -> _Read:
        if not self._accept("not"):
            return self._comparison()
        inner = self._deeper(self._negation)
        return lambda s, c: not inner(s, c)

    def _deeper(self, read: Callable[[], _Read]) -> _Read:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ValueError(
                f"the condition {self._source[:60]!r}… has more than {_MAX_DEPTH} brackets or nots "
                "within one another; split it"
            )
        found = read()
        self._depth -= 1
        return found

    def _comparison(self) -> _Read:
        left = self._value()
        negated = self._accept("not")
        if self._accept("matches"):
            return _negated(self._match(left), negated)
        if self._accept("contains"):
            right = self._value()
            return _negated(lambda s, c: contains(left(s, c), right(s, c)), negated)
        if negated:
            raise self._unexpected(self._peek())
        if self._accept("is", "not"):
            return _compared(left, "!=", self._value())
        operator = self._peek().key
        if operator not in COMPARE:
            return left
        self._take()
        return _compared(left, operator, self._value())

    def _match(self, left: _Read) -> _Read:
        token = self._take()
        if token.kind != "text":
            if token is _END:
                raise self._unexpected(token)
            raise ValueError(
                f"after matches a pattern in quotes is expected{self._where(token.at)}, "
                f"not {token.text!r}"
            )
        try:
            search = compile_pattern(token.text[1:-1])
        except ValueError as error:
            raise ValueError(f"{error}; mend it{self._where(token.at)}") from error
        return lambda s, c: search(left(s, c))

    def _value(self) -> _Read:
        if self._accept("("):
            inner = self._deeper(self._disjunction)
            if not self._accept(")"):
                if self._peek() is _END:
                    raise self._unexpected(_END)
                raise ValueError(
                    f"a closing bracket is missing{self._where(self._peek().at)}; add it"
                )
            return inner
        if self._accept("{"):
            return self._set()
        token = self._take()
        if token.kind == "reference":
            return self._reference(token.text)
        if token.kind == "text" and "{{" in token.text:
            return self._template(token)
        value = self._literal(token)
        return lambda s, c: value

    def _literal(self, token: _Token) -> Any:
        if token.kind == "text":
            return token.text[1:-1]
        if token.kind == "number":
            return float(token.text)
        if token.kind == "word" and token.key in _CONSTANTS:
            return _CONSTANTS[token.key]
        raise self._unexpected(token)

    def _set(self) -> _Read:
        found: list[Any] = []
        while not self._accept("}"):
            if not (found and self._accept(",")):
                found.append(self._literal(self._take()))
        return lambda s, c: found

    def _reference(self, text: str) -> _Read:
        space, name, *path = text.split(".")
        in_slots = space.lower() == "slots"
        (self.slots if in_slots else self.context).add(name)

        def read(slots: Values, context: Values) -> Any:
            value = (slots if in_slots else context).get(name)
            for key in path:
                value = value.get(key) if isinstance(value, Mapping) else None
            return value

        return read

    def _template(self, token: _Token) -> _Read:
        match = _TEMPLATE.fullmatch(token.text[1:-1].strip())
        if match is None:
            raise ValueError(
                f"cannot read {token.text}{self._where(token.at)}; a value is written "
                "context.NAME, without quotes and brackets"
            )
        return self._reference(match["reference"])


_CONSTANTS: Mapping[str, Any] = {
    "true": True,
    "false": False,
    "null": None,
    "none": None,
    "undefined": None,
    "empty": EMPTY,
}


def _negated(read: _Read, negated: bool) -> _Read:
    return (lambda s, c: not read(s, c)) if negated else read


def _compared(left: _Read, operator: str, right: _Read) -> _Read:
    compare = COMPARE[operator]
    return lambda s, c: compare(left(s, c), right(s, c))
