"""Expectations and events in words, for the report of a failed test."""

from collections.abc import Iterable, Sequence

from bot.conversation_tests.format import (
    ActionExecuted,
    BotDidNotUtter,
    BotUttered,
    Check,
    ClarificationContains,
    Expectation,
    FlowEnded,
    FlowStarted,
    SlotsNotSet,
    SlotsSet,
    SlotValue,
    WantedReply,
)
from bot.conversation_tests.judging import offences, offered, response_of
from bot.dialogue.patterns import CLARIFICATION
from bot.dialogue.tracker import Event

_UNSEEN = ("user", "bot", "understood")
"""Events that the conversation above the list shows already."""


def written(expectation: Expectation) -> str:
    """The expectation much as it stands in the file."""
    match expectation.check:
        case FlowStarted(flows, operator) | ClarificationContains(flows, operator):
            what = f" {operator} of " if len(flows) > 1 else " "
            return f"{expectation.key}:{what}{', '.join(flows)}"
        case FlowEnded(_, flow, step):
            return f"{expectation.key}: {flow}" + (f" at {step}" if step else "")
        case ActionExecuted(name):
            return f"{expectation.key}: {name}"
        case SlotsSet(slots) | SlotsNotSet(slots):
            return f"{expectation.key}: {', '.join(_slot(s) for s in slots)}"
        case BotUttered(reply) | BotDidNotUtter(reply):
            return f"{expectation.key}: {_wanted(reply)}"


def got(check: Check, events: Sequence[Event], before: Sequence[Event]) -> tuple[str, ...]:
    """What happened instead, a line each.

    Args:
        check: what was not met.
        events: those of the turn.
        before: those of the turns before it.
    """
    match check:
        case FlowStarted():
            return _listed(e["flow_id"] for e in events if e["event"] == "flow_started")
        case FlowEnded(kind):
            return _listed(
                f"{e['flow_id']} at {e['step_id']}" for e in events if e["event"] == kind
            )
        case ClarificationContains():
            asked = [e for e in events if e.get("flow_id") == CLARIFICATION]
            return _listed(", ".join(sorted(offered(e)[0] | offered(e)[1])) for e in asked[:1])
        case ActionExecuted():
            return _listed(e["name"] for e in events if e["event"] == "action")
        case SlotsSet(slots):
            return tuple(_slot_now(slot, events, before) for slot in slots)
        case BotUttered():
            return _listed(reply(e) for e in events if e["event"] == "bot")
        case SlotsNotSet() | BotDidNotUtter():
            bad = offences(check)
            return _listed(told(e) or reply(e) for e in events if any(p(e) for p in bad))


def reply(event: Event) -> str:
    """A reply: the response that it was made from, its text, its buttons."""
    data = event.get("data") or {}
    parts = [f"[{response_of(event) or 'own words'}]", str(event.get("text") or "(no text)")]
    if data.get("buttons"):
        parts.append("(buttons: " + " | ".join(b["title"] for b in data["buttons"]) + ")")
    if data.get("cards"):
        parts.append(f"({len(data['cards'])} cards)")
    return " ".join(parts)


def told(event: Event) -> str:
    """An event in a few words; empty for one that the conversation itself shows."""
    kind = event["event"]
    if kind in _UNSEEN:
        return ""
    if kind == "slot":
        return f"slot {event['name']} = {event['value']!r}"
    if kind == "action":
        return f"action {event['name']}"
    if kind == "repair":
        return f"not understood: {event.get('decision', '')}"
    if "flow_id" in event:
        return f"{kind} {event['flow_id']} {event.get('step_id', '')}".rstrip()
    return str(kind)


def _slot(slot: SlotValue) -> str:
    return f"{slot.name} = {slot.value!r}" if slot.given else slot.name


def _wanted(wanted: WantedReply) -> str:
    parts = []
    if wanted.response is not None:
        parts.append(wanted.response)
    if wanted.text is not None:
        parts.append(wanted.text)
    if wanted.pattern is not None:
        parts.append(f"text like /{wanted.pattern.pattern}/")
    if wanted.buttons is not None:
        parts.append("buttons " + " | ".join(b.title for b in wanted.buttons))
    return ", ".join(parts)


def _slot_now(slot: SlotValue, events: Sequence[Event], before: Sequence[Event]) -> str:
    values = [e["value"] for e in events if _is_slot(e, slot.name)]
    if values:
        line = f"slot {slot.name} = " + ", then ".join(map(repr, values))
        if slot.given and str(slot.value) in map(str, values) and slot.value not in values:
            line += " (a number and a text are different: mind the quotes)"
        return line
    earlier = [e["value"] for e in before if _is_slot(e, slot.name)]
    if earlier and earlier[-1] is not None:
        return (
            f"slot {slot.name} was not set in this turn; it is {earlier[-1]!r} from an earlier one"
        )
    return f"slot {slot.name} was not set"


def _is_slot(event: Event, name: str) -> bool:
    return bool(event["event"] == "slot" and event["name"] == name)


def _listed(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(lines) or ("nothing",)
