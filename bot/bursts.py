"""Several messages in a row: which are to be read as one, and which one after the other. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.script import Script
from bot.dialogue.stack import question_under_way
from bot.dialogue.tracker import State
from bot.storage.held import Inbound
from nlu.understanding import Understanding

_WORD = re.compile(r"[㐀-鿿]|[^\W_]+")
_FRAGMENT_WORDS = 5
"""A message of more words says enough to be answered by itself."""

_UNSURE = 0.65
"""As settings have it for acting on an intent alone (dialogue.intent_threshold)."""


Kind = Literal["whole", "piece", "courtesy"]


@dataclass(frozen=True)
class Utterance:
    """What is to be understood at once: one message, or several as one.

    `text` is None where the understanding of a single message says it all already.
    """

    messages: tuple[Inbound, ...]
    understanding: Understanding
    text: str | None = None


@dataclass(frozen=True)
class Readings:
    """How to read the messages, in order; `unfinished` where more seems to come."""

    utterances: tuple[Utterance, ...]
    unfinished: bool


def readings(
    messages: Sequence[Inbound], heard: Sequence[Understanding], state: State, script: Script
) -> Readings:
    """Tell how to read messages that came in a row.

    Together they answer the question that is open: its writer has not seen the next one. Pressed
    buttons stand alone. Otherwise a message that makes sense by itself is read by itself, a piece
    of one together with the message that it belongs to, and a courtesy ("hi", "thanks") beside
    such a message needs no reply of its own.
    """
    kinds = [_kind(u, script) for u in heard]
    asked = question_under_way(state, script) is not None
    if any(u.text.strip().startswith("/") for u in heard):
        groups = [[i] for i in range(len(kinds))]
    elif asked:
        kinds = ["piece"] * len(kinds)
        groups = [list(range(len(kinds)))]
    elif "whole" in kinds:
        groups = _around_whole_ones(kinds)
    elif "piece" in kinds:
        groups = [list(range(len(kinds)))]
    else:
        groups = [[i] for i in range(len(kinds))]
    found = (_one([(messages[i], heard[i], kinds[i]) for i in group]) for group in groups)
    return Readings(tuple(found), unfinished=not asked and "whole" not in kinds)


def _around_whole_ones(kinds: Sequence[Kind]) -> list[list[int]]:
    """Each message that makes sense with those before it that make none, the rest to the last."""
    groups: list[list[int]] = [[]]
    for i, kind in enumerate(kinds):
        if kind == "whole" and "whole" in [kinds[j] for j in groups[-1]]:
            groups.append([])
        groups[-1].append(i)
    return groups


def _one(parts: Sequence[tuple[Inbound, Understanding, Kind]]) -> Utterance:
    said = [part for part in parts if part[2] != "courtesy"] or list(parts)[-1:]
    texts = dict.fromkeys(message.text.strip() for message, _, _ in said)  # "hello?" "hello?"
    text = " ".join(texts) if len(texts) > 1 else None
    messages = tuple(message for message, _, _ in parts)
    return Utterance(messages, said[0][1], text)


def _kind(understanding: Understanding, script: Script) -> Kind:
    text = understanding.text.strip()
    if text.startswith("/") or len(_WORD.findall(text)) > _FRAGMENT_WORDS:
        return "whole"
    flow = script.flows.by_intent.get(understanding.top.name)
    if understanding.out_of_scope or understanding.top.probability < _UNSURE:
        return "piece"
    if flow is not None and flow.small_talk:
        return "courtesy"
    return "piece" if text.endswith((",", "，", "…", "...")) else "whole"
