"""Pressed buttons: Rasa's payload `/intent{"entity": "value"}` as an understanding."""

import json
import re

from nlu.understanding import Entity, IntentRank, Understanding

_PAYLOAD = re.compile(r"^/(?P<intent>[a-z][a-z0-9_]*)(?P<entities>\{.*\})?$", re.DOTALL)


def parse_payload(text: str, language: str) -> Understanding | None:
    """Return what the button means, or None when the text is no payload."""
    match = _PAYLOAD.match(text.strip())
    if match is None:
        return None
    try:
        given = json.loads(match["entities"] or "{}")
    except (ValueError, RecursionError):
        return None
    entities = tuple(Entity(str(k), str(v), str(v), 0, 0) for k, v in given.items())
    return Understanding(text, language, (IntentRank(match["intent"], 1.0),), False, 1.0, entities)
