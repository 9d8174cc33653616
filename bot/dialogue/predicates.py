"""What conditions compare with: equality, order, `contains` and `matches`. All total, all pure."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_MAX_PATTERN = 300
_LOOKED_AT = 2000
"""Characters of a text that a pattern is tried on; a shopper's answer is shorter."""


class Empty:
    """The constant `empty`: equal to everything that holds nothing."""

    def __bool__(self) -> bool:
        return False


EMPTY = Empty()
_NUMBER = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Both as numbers, where one is a number and the other a text that reads as one."""
    for a, b in ((left, right), (right, left)):
        number = isinstance(a, int | float) and not isinstance(a, bool)
        if number and isinstance(b, str) and _NUMBER.fullmatch(b):
            return (a, float(b)) if a is left else (float(b), a)
    return left, right


def _equal(left: Any, right: Any) -> bool:
    for a, b in ((left, right), (right, left)):
        if isinstance(a, Empty):
            return isinstance(b, Empty) or b is None or (hasattr(b, "__len__") and len(b) == 0)
    left, right = _alike(left, right)
    return bool(left == right)


def contains(whole: Any, part: Any) -> bool:
    """Whether a text has the part in it, or a list or set has it as an item."""
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    if isinstance(whole, list | tuple | set | frozenset | Mapping):
        return any(_equal(item, part) for item in whole)
    return False


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def compare(left: Any, right: Any) -> bool:
        try:
            return bool(test(*_alike(left, right)))
        except TypeError:
            return False

    return compare


COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "==": _equal,
    "is": _equal,
    "!=": lambda a, b: not _equal(a, b),
    "<": _ordered(lambda a, b: a < b),
    ">": _ordered(lambda a, b: a > b),
    "<=": _ordered(lambda a, b: a <= b),
    ">=": _ordered(lambda a, b: a >= b),
}


def compile_pattern(pattern: str) -> Callable[[Any], bool]:
    """Return whether a text has the regular expression somewhere in it; other values never have.

    Raises:
        ValueError: no regular expression, or one that can take for ever on a short text.
    """
    if len(pattern) > _MAX_PATTERN:
        raise ValueError(f"the pattern has more than {_MAX_PATTERN} characters; shorten it")
    if re.fullmatch(r"/.*/[a-z]*", pattern):
        raise ValueError(
            f"the pattern {pattern!r} stands between slashes; leave them out, and write (?i) "
            "in front where case does not matter"
        )
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error})") from error
    if _repeats_repeats(pattern):
        raise ValueError(
            f"the pattern {pattern!r} repeats a group in which something is repeated, or "
            "alternatives stand, which can take for ever; give the repetition a limit such as {1,9}"
        )
    return lambda value: isinstance(value, str) and bool(compiled.search(value[:_LOOKED_AT]))


_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(|\)|\*|\+|\{\d*,\}|.", re.DOTALL)


def _repeats_repeats(pattern: str) -> bool:
    """Whether a group repeated without limit holds such a repetition, or alternatives."""
    endless = [False]  # for each open group: whether one of these is in it
    closed = False  # whether the piece before was a group with one
    for piece in _PIECE.findall(pattern):
        without_limit = piece in ("*", "+") or re.fullmatch(r"\{\d*,\}", piece) is not None
        if without_limit and closed:
            return True
        closed = False
        if piece == "(":
            endless.append(False)
        elif piece == ")":
            closed = endless.pop()
            endless[-1] |= closed
        elif without_limit or piece == "|":
            endless[-1] = True
    return False
