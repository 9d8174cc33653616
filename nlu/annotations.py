"""Entity markup inside one example: `[text](name)` and `[text]{"entity": "name", …}`."""

import json
import re
from dataclasses import dataclass
from typing import Any

from nlu.understanding import Entity

_ANNOTATION_KEYS = {"entity", "value", "role", "group"}
_ANNOTATION = re.compile(r"\[([^\[\]]+)\](?:\(([^()]*)\)|(\{[^{}]*\}))")
_BROKEN_ANNOTATION = re.compile(r"\](?:[({]|\[\{)")
_NAME = re.compile(r"[\w-]+")
_HOW = 'write [text](name) or [text]{"entity": "name", "value": "…", "role": "…", "group": "…"}'


@dataclass(frozen=True)
class _Mark:
    """What stands behind `[text]`."""

    name: str
    value: str | None = None
    role: str | None = None
    group: str | None = None


def parse_annotations(marked: str) -> tuple[str, tuple[Entity, ...]]:
    """Return the bare text and its entities, offsets into the bare text.

    Raises:
        ValueError: An annotation is malformed; the message says how to write it.
    """
    bare = ""
    entities: list[Entity] = []
    at = 0
    for match in _ANNOTATION.finditer(marked):
        bare += _plain(marked[at : match.start()])
        span, short, long = match.groups()
        mark = _read_short(short) if long is None else _read_long(long)
        start, end = len(bare), len(bare) + len(span)
        bare += span
        value = mark.value or span
        entities.append(Entity(mark.name, value, span, start, end, mark.role, mark.group))
        at = match.end()
    bare += _plain(marked[at:])
    return bare, tuple(entities)


def _plain(text: str) -> str:
    if _BROKEN_ANNOTATION.search(text):
        raise ValueError(f"malformed entity annotation near '{text.strip()[-30:]}'; {_HOW}")
    return text


def _read_short(inner: str) -> _Mark:
    name, _, value = inner.partition(":")
    if not _NAME.fullmatch(name):
        raise ValueError(f"malformed entity name '{name}'; {_HOW}")
    return _Mark(name, value or None)


def _read_long(inner: str) -> _Mark:
    try:
        fields: Any = json.loads(inner)
    except json.JSONDecodeError as error:
        raise ValueError(f"malformed annotation {inner} ({error.msg}); {_HOW}") from error
    unknown = sorted(set(fields) - _ANNOTATION_KEYS)
    if unknown:
        raise ValueError(f"unknown annotation key '{unknown[0]}'; {_HOW}")
    if not all(isinstance(value, str) for value in fields.values()):
        raise ValueError(f"annotation {inner} holds a value that is no text; quote it")
    if not _NAME.fullmatch(fields.get("entity", "")):
        raise ValueError(f"annotation {inner} names no entity; {_HOW}")
    # An empty role is none, as in Rasa.
    given = {key: fields.get(key) or None for key in ("value", "role", "group")}
    return _Mark(fields["entity"], **given)
