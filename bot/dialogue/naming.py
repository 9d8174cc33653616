"""How shoppers call a task: its verb, as one may say not to do it, and its name. Pure."""

import re
from collections.abc import Iterable

from bot.dialogue.cues import folded, leftover
from bot.dialogue.flows import Flow
from bot.dialogue.slots import Slot
from bot.dialogue.typed_answers import given_by
from bot.dialogue.yes_no import Deeds

_GENERAL = frozenset(
    "get make find my where is it in what i can do a an the or about talk contact change check "
    "track to of on order orders product item service customer our your 我的 商品 查询".split()
)
"""Words of a task's name that say nothing of it alone."""

_ASKS_FOR = frozenset(
    "i i'd want need would like to please can could you help me 帮 我 要 想 请 给 您 你".split()
)
_WORD = re.compile(r"[^\W\d_㐀-鿿]+(?:'[a-z]+)?|[㐀-鿿]")
_LATIN = re.compile(r"[^\W\d_㐀-鿿]+")
_HAN = re.compile(r"[㐀-鿿]+")


def deeds_of_task(flow: Flow) -> frozenset[str]:
    """The words that name the task alone: "cancel" and 取消 for "Cancel an order", 取消订单."""
    found = set[str]()
    for title in _titles(flow):
        latin = [word for word in _LATIN.findall(title) if word not in _GENERAL]
        han = [run[:2] for run in _HAN.findall(title) if run[:2] not in _GENERAL and len(run) > 1]
        found.update(latin[:1], han[:1])
    return frozenset(found)


def is_name(flow: Flow, words: str) -> bool:
    """Whether a folded message says no more than the task's name: "I need to cancel my order"."""
    said = [word for word in _WORD.findall(words) if word not in _ASKS_FOR]
    own = [word for word in said if leftover(word if word.isascii() else word * 2)]
    known = {w for title in _titles(flow) for w in _WORD.findall(title)}
    return bool(own) and all(w in known for w in own)


def deeds_of_question(
    slot: Slot, flow: Flow, shown: Iterable[tuple[str, str]]
) -> Deeds:
    """What a yes and a no to the question are called by its buttons, and the task by its titles."""
    values = [(folded(title), given_by(slot, payload)) for title, payload in shown]
    yes = [title for title, value in values if value is True]
    no = [title for title, value in values if value is False]
    return Deeds.of(yes, no, about=_titles(flow), task=deeds_of_task(flow))


def _titles(flow: Flow) -> list[str]:
    intents = (*flow.intents, flow.id if not flow.is_pattern else "")
    spelled = (*(name.replace("_", " ") for name in intents), flow.name, *flow.titles.values())
    return [folded(title) for title in dict.fromkeys(spelled) if title]
