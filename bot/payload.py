"""Pressed buttons: Rasa's payloads `/intent{"entity": "value"}` and `/SetSlots(slot=value)`."""

import json
import re

from nlu.understanding import Entity, IntentRank, Understanding

_PAYLOAD = re.compile(r"^/(?P<intent>[a-z][a-z0-9_]*)(?P<entities>\{.*\})?$", re.DOTALL)

_SET_SLOTS = re.compile(r"^/SetSlots\((?P<slots>[a-z_]\w*=[^=]*(?:,\s*[a-z_]\w*=[^=]*)*)\)$")
_SLOT = re.compile(r"([a-z_]\w*)=([^=]*?)(?=\s*(?:,\s*[a-z_]\w*=|$))")
"""CALM's payload of buttons that answer a question; shoppers can only fill what they may anyway."""


def parse_payload(text: str, language: str) -> Understanding | None:
    """Return what the button means, or None when the text is no payload."""
    slots = _SET_SLOTS.match(text.strip())
    if slots is not None:
        named = tuple(Entity(n, v.strip(), v, 0, 0) for n, v in _SLOT.findall(slots["slots"]))
        return Understanding(text, language, (), False, 1.0, named)
    match = _PAYLOAD.match(text.strip())
    if match is None:
        return None
    try:
        given = json.loads(match["entities"] or "{}")
    except (ValueError, RecursionError):
        return None
    entities = tuple(Entity(str(k), str(v), str(v), 0, 0) for k, v in given.items())
    return Understanding(text, language, (IntentRank(match["intent"], 1.0),), False, 1.0, entities)
