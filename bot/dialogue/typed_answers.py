"""An answer in plain words read by its slot's type: yes or no, one of several, a number."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

from bot.dialogue.cues import denies, folded, plain, question_like
from bot.dialogue.flows import Step
from bot.dialogue.script import Script
from bot.dialogue.slots import Slot, label
from bot.dialogue.tracker import State
from bot.payload import parse_payload
from nlu.finders import numerals

_LEAD_IN = re.compile(
    r"^(?:(?:it's|its|it is|that's|that is|the|a|an|my|i want|i'd like|i would like|i'll take|no"
    r"|i'll have|i think|give me|make (?:that|it)|actually|for|just|only|then|maybe|probably)\b"
    r"[\s,]*|我想要|我要|我选|我想|应该是|我的是|改成|换成|选择|选|要|是|来|给我|就|嗯[，,\s]*)+(?=.)"
)
_LEAD_OUT = re.compile(r"\s*(?:\b(?:one|of them|in total|i think|i guess)|的|了|那个|这个|款)$")

_ORDINALS = {
    word: place
    for place, words in enumerate(
        ("first 1st former 一 1", "second 2nd 二 两 2", "third 3rd 三 3", "fourth 4th 四 4",
         "fifth 5th 五 5", "sixth 6th 六 6")
    )
    for word in words.split()
} | {"last": -1, "latter": -1}  # fmt: skip
_ORDINAL = re.compile(
    r"(?:the )?(?P<en>first|second|third|fourth|fifth|sixth|last|former|latter|\d(?:st|nd|rd|th))"
    r"(?: (?:one|option|choice|button|answer))?"
    r"|(?:option|choice|number|button|no\.?|#) ?(?P<key>[1-6])"
    r"|第(?P<han>[一二三四五六1-6])(?:个|项|条|种|款|张)?|(?P<end>最后一?(?:个|项|条|种|款)|后者)"
    r"|(?P<front>前者)"
)
_CHOOSING = re.compile(r"^(?:i(?:'ll| will)? (?:take|choose|pick|want|mean)|我?[选要]) ?")
_FIGURE = re.compile(
    r"(?<![\w.,-])[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,9})?(?![\w.,]*\d|-\w)"
)
_FIGURE_HAN = re.compile(
    rf"(?<![第\d.每哪这那几某零〇一二两三四五六七八九十百千万-])(?P<n>\d{{1,15}}(?:\.\d{{1,9}})?(?![\d-])"
    rf"|{numerals.HAN})(?P<unit>[个件双条套顶只台盒包瓶张份把副支块元斤天年月岁位人次米号码]?)"
)
_ALONE = r"(?<![^\W㐀-鿿]|'){}(?![^\W㐀-鿿]|')"
_UNITS = re.compile(r"(?:\s*(?:pieces?|pcs|items?|units?|pairs?|x|dollars?|usd|days?|people))$")
_NAMED = {"a couple": 2.0, "a pair": 2.0, "half a dozen": 6.0, "a dozen": 12.0, "dozen": 12.0}
_ENGLISH_NUMBER = re.compile(rf"\b{numerals.ENGLISH}\b")


@dataclass(frozen=True)
class Reading:
    """A value that was read. `heard`: the words as typed, where they were only nearly the value's.

    `whole`: the message says nothing else. `words`: the folded words that the value was read from.
    """

    value: Any
    whole: bool = False
    heard: str = ""
    words: str = ""


def read_number(text: str) -> Reading | None:
    """Read the one number that folded text names: "two", 两个, "about 2.5"."""
    core = _core(text)
    for words in (text.strip(), plain(text), core, _UNITS.sub("", core)):
        number = _whole_number(words)
        if number is not None:
            return Reading(number, whole=True, words=words)
    if question_like(text):
        return None
    named = list(dict.fromkeys(m.group() for m in _FIGURE.finditer(text)))
    named = named or [m["n"] for m in _FIGURE_HAN.finditer(text) if m["unit"] or m["n"].isdigit()]
    named = named or [m.group() for m in _ENGLISH_NUMBER.finditer(text) if _counts(m.group())]
    values = {_whole_number(words): words for words in named}
    if len(values) != 1:
        return None
    [(number, words)] = values.items()
    return None if number is None else Reading(number, words=words)


def _counts(words: str) -> bool:
    """Whether number words count: "one" and "a" mostly stand for something else."""
    return words not in ("one", "zero") and numerals.english_number(words) is not None


def _whole_number(words: str) -> float | None:
    if _FIGURE.fullmatch(words):
        return float(words.replace(",", ""))
    if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,9}", words):
        return float(words)
    han = _FIGURE_HAN.fullmatch(words)
    if han:
        n = han["n"]
        return float(n) if n[0].isdigit() and n.isascii() else float(numerals.han_number(n))
    return _english_number(words)


def _english_number(words: str) -> float | None:
    if words in _NAMED:
        return _NAMED[words]
    said = words.split()
    digit_by_digit = any({a, b} <= numerals.DIGIT_WORDS.keys() for a, b in pairwise(said))
    number = None if len(said) > 8 or digit_by_digit else numerals.english_number(words)
    return None if number is None else float(number)


def read_choice(
    text: str, vocabulary: Mapping[str, Any], *, exact: bool = False
) -> Reading | None:
    """Read the one value that folded text names, else the only one that is a slip away.

    Args:
        text: the folded message.
        vocabulary: the values by their folded names.
        exact: no slips.
    """
    core = _core(text)
    for words in (plain(text), core):
        if words in vocabulary:
            return Reading(vocabulary[words], whole=True, words=words)
    named = _named(text, core, vocabulary)
    if len({repr(vocabulary[words]) for words in named}) == 1:
        return Reading(vocabulary[named[0]], words=named[0])
    return None if named or exact or question_like(text) else _nearest(core, vocabulary)


def _named(text: str, core: str, vocabulary: Mapping[str, Any]) -> list[str]:
    """The names that stand in the text, those within longer ones and those set aside left out."""
    found: list[str] = []
    rest = text
    for words in sorted(vocabulary, key=len, reverse=True):
        if not words or (len(words) == 1 and len(core) > 3):
            continue
        latin = words.isascii()  # beside which Chinese characters may stand without a blank
        pattern = _ALONE.format(re.escape(words)) if latin else re.escape(words)
        if re.search(pattern, rest):
            rest = re.sub(pattern, " ", rest)
            if not denies(text, words):
                found.append(words)
    return found


def _nearest(core: str, vocabulary: Mapping[str, Any]) -> Reading | None:
    words = core.split()
    for heard in ([core], words if 1 < len(words) <= 4 else []):
        near: dict[int, dict[str, Reading]] = {}
        for said in heard:
            for name, value in vocabulary.items():
                slips = _slips(said, name)
                if slips is not None:
                    reading = Reading(value, whole=said == core, heard=said, words=said)
                    near.setdefault(slips, {})[repr(value)] = reading
        if near:
            nearest = list(near[min(near)].values())
            return nearest[0] if len(nearest) == 1 else None
    return None


def _slips(said: str, name: str) -> int | None:
    """How many slips of the keyboard lie between; None for too many, and for digits always."""
    length = min(len(said), len(name))
    allowed = 2 if length >= 8 else 1 if length >= 4 else 0
    letters = said.isascii() and name.isascii() and not re.search(r"\d", said + name)
    if not allowed or not letters:
        return None
    slips = DamerauLevenshtein.distance(said, name, score_cutoff=allowed)
    return slips if slips <= allowed else None


def titled(
    slot: Slot, step: Step | None, state: State, script: Script
) -> Sequence[tuple[str, str]]:
    """Title and payload of the buttons that can stand for the slot's values, in any language.

    Those of the latest reply, and those that the slot's own question has.
    """
    asks = step.utter if step is not None and step.utter else f"utter_ask_{slot.name}"
    own = script.domain.responses.get(asks, ())
    return (*buttons(state), *((b.title, b.payload) for v in own for b in v.buttons))


def given_by(slot: Slot, payload: str) -> Any:
    """The value that a button's payload gives the slot; None where it gives none."""
    pressed = parse_payload(payload, "en")
    if pressed is None:
        return next((v for v in slot.values if label(v) == label(payload)), None)
    names = {slot.name, *(mapping.entity for mapping in slot.mappings)}
    given = [e.value for e in pressed.entities if e.name in names]
    meant = [m.value for m in slot.mappings if pressed.top.name in m.intents]
    try:
        return slot.coerce(next((v for v in (*given, *meant) if v is not None), None))
    except ValueError:
        return None


def vocabulary(slot: Slot, shown: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """The names of a slot's values: their own, and titles of buttons that give them."""
    names = {folded(str(value)): value for value in slot.values}
    names |= {name.replace("_", " "): value for name, value in names.items()}
    for title, payload in shown if slot.values else ():
        value = given_by(slot, payload)
        if value is not None:
            names[plain(folded(title))] = value
    return names


def chosen_payload(text: str, state: State, *, figures: bool = True) -> str | None:
    """The payload of the latest button that the text names: its title, or "the second one".

    Args:
        text: the message as typed.
        state: the conversation before the message.
        figures: a bare figure ("2") counts for a place, as it does not where a number is asked for.
    """
    offered = buttons(state)
    if not offered or not text.strip():
        return None
    words = plain(folded(text))
    titled = {payload for title, payload in offered if words and plain(folded(title)) == words}
    if titled:
        return titled.pop() if len(titled) == 1 else None
    place = _place(words, figures=figures)
    if place is None or not -1 <= place < len(offered):
        return None
    return offered[place][1]


def _place(words: str, *, figures: bool) -> int | None:
    for said in (words, _core(words), _CHOOSING.sub("", words)):
        match = _ORDINAL.fullmatch(said)
        if match:
            if match["end"]:
                return -1
            ordinal = match["en"] or match["key"] or match["han"]
            return 0 if match["front"] else _ORDINALS.get(ordinal)
    return int(words) - 1 if figures and re.fullmatch("[1-6]", words) else None


def buttons(state: State) -> Sequence[tuple[str, str]]:
    """Title and payload of the buttons of the latest reply that has any."""
    for event in reversed(state.last_replies or state.earlier_replies):
        shown: Iterable[Mapping[str, Any]] = (event.get("data") or {}).get("buttons") or ()
        pairs = [(str(b.get("title", "")), str(b.get("payload", ""))) for b in shown]
        if pairs:
            return pairs
    return ()


def _core(text: str) -> str:
    """Folded text without what people put around an answer."""
    words = plain(text)
    if len(words) > 80:
        return words
    words = _LEAD_IN.sub("", words).strip()
    return _LEAD_OUT.sub("", words).strip() or words
