"""Whether a turn brought what was expected of it; its events alone decide, as in Rasa."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    UserStep,
    WantedButton,
    WantedReply,
)
from bot.dialogue.patterns import CLARIFICATION
from bot.dialogue.tracker import Event

Predicate = Callable[[Event], bool]


@dataclass(frozen=True)
class Missed:
    """An expectation that the turn did not meet.

    `out_of_order`: it was met, but before something that stands above it.
    """

    expectation: Expectation
    out_of_order: bool = False


def missed(step: UserStep, events: Sequence[Event]) -> tuple[Missed, ...]:
    """Judge a turn by its events.

    Steps (`bot`, `utter`, `slot_was_set`, `slot_was_not_set`) may be met in any order and more may
    happen than they name, as in Rasa; the same step twice needs two replies. Assertions are met
    anywhere in the turn or, where the step is `ordered`, each behind what met the one before.
    """
    found: list[Missed] = []
    start = 0
    taken: dict[str, set[int]] = {}
    for expectation in step.expectations:
        check = expectation.check
        if isinstance(check, SlotsNotSet | BotDidNotUtter):
            if any(any(p(e) for p in offences(check)) for e in events[start:]):
                found.append(Missed(expectation))
            continue
        begin = 0 if expectation.step else start
        used = taken.setdefault(expectation.key, set()) if expectation.step else set()
        end = _end(check, events, begin, used)
        if end is None:
            late = begin > 0 and _end(check, events, 0, set()) is not None
            found.append(Missed(expectation, out_of_order=late))
        elif step.ordered and not expectation.step:
            start = end + 1
    return tuple(found)


def _end(check: Check, events: Sequence[Event], begin: int, used: set[int]) -> int | None:
    """The position of the last event that the check needs, or None where it is not met.

    `used`: replies that an earlier step was met by; the one that meets this is added.
    """
    wants = needs(check)
    positions = [
        next((i for i in range(begin, len(events)) if i not in used and want(events[i])), None)
        for want in wants
    ]
    there = [p for p in positions if p is not None]
    every = not isinstance(check, FlowStarted) or check.operator == "all"
    if len(there) < (len(wants) if every else 1):
        return None
    if isinstance(check, BotUttered):
        used.update(there)
    return max(there) if every else min(there)


def needs(check: Check) -> tuple[Predicate, ...]:
    """What events the check needs, one for each predicate (one of them, for `any`)."""
    match check:
        case FlowStarted(flows):
            return tuple(_is("flow_started", flow_id=flow) for flow in flows)
        case FlowEnded(event, flow, None):
            return (_is(event, flow_id=flow),)
        case FlowEnded(event, flow, step):
            return (_is(event, flow_id=flow, step_id=step),)
        case ClarificationContains():
            return (lambda event: _clarifies(check, event),)
        case ActionExecuted(name):
            return (_is("action", name=name),)
        case SlotsSet(slots):
            return tuple(_sets(slot) for slot in slots)
        case BotUttered(reply):
            return (lambda event: all(_likenesses(reply, event)),)
        case _:
            return ()


def offences(check: SlotsNotSet | BotDidNotUtter) -> tuple[Predicate, ...]:
    """What events the check forbids."""
    if isinstance(check, SlotsNotSet):
        return tuple(_sets(slot) for slot in check.slots)
    return (lambda event: any(_likenesses(check.reply, event)),)


def same_value(wanted: Any, value: Any) -> bool:
    """Whether two slot values are equal; a number is no text, and true is no number."""
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value
    return bool(wanted == value)


def same_text(wanted: str, text: str) -> bool:
    """Whether two texts are equal but for the length of their gaps."""
    return wanted.split() == text.split()


def response_of(event: Event) -> str:
    """The response that a reply was made from; empty for an action's own words."""
    return str((event.get("metadata") or {}).get("utter_action") or "")


def offered(event: Event) -> tuple[frozenset[str], frozenset[str]]:
    """The flows that a clarification offered: their ids, and their names."""
    context: Mapping[str, Any] = event.get("context") or {}
    return (
        frozenset(map(str, context.get("clarification_ids", ()))),
        frozenset(map(str, context.get("names", ()))),
    )


def _is(kind: str, **values: Any) -> Predicate:
    return lambda event: (
        event["event"] == kind and all(event.get(k) == v for k, v in values.items())
    )


def _sets(slot: SlotValue) -> Predicate:
    def sets(event: Event) -> bool:
        if event["event"] != "slot" or event["name"] != slot.name:
            return False
        if not slot.given:
            return event["value"] is not None
        return same_value(slot.value, event["value"])

    return sets


def _clarifies(check: ClarificationContains, event: Event) -> bool:
    if event["event"] != "flow_started" or event["flow_id"] != CLARIFICATION:
        return False
    wanted = frozenset(check.flows)
    if check.operator == "any":
        return any(wanted & offers for offers in offered(event))
    return wanted in offered(event)


def _likenesses(reply: WantedReply, event: Event) -> list[bool]:
    """For each thing that a reply is wanted to be, whether it is."""
    if event["event"] != "bot":
        return [False]
    said = str(event.get("text") or "")
    found: list[bool] = []
    if reply.response is not None:
        found.append(response_of(event) == reply.response)
    if reply.text is not None:
        found.append(same_text(reply.text, said))
    if reply.pattern is not None:
        found.append(reply.pattern.search(said) is not None)
    if reply.buttons is not None:
        found.append(_same_buttons(reply.buttons, event))
    return found


def _same_buttons(wanted: Sequence[WantedButton], event: Event) -> bool:
    buttons = (event.get("data") or {}).get("buttons") or ()
    return len(wanted) == len(buttons) and all(
        w.title == b["title"] and w.payload in (None, b["payload"])
        for w, b in zip(wanted, buttons, strict=True)
    )
