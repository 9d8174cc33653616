"""What actions return (rasa-sdk's events) as events of our own; docs/actions.md has the table."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.actions.errors import ActionError
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event, slot_event

REQUESTED = "requested_slot"
KEPT = "language"
"""The slot that stays when all slots are reset: the shopper still speaks the same language."""

_INSTEAD = {
    "user": "an action can't speak for the shopper; set slots, or return FollowupAction",
    "agent": "what a person of the shop says comes from the desk; use dispatcher.utter_message",
    "action": "return FollowupAction to have another action run",
    "rewind": "messages stay in the conversation; set the slots back that should change",
    "undo": "what was done stays in the conversation; set the slots back that should change",
    "reminder": "use a flow's question with a silence timeout (docs/flows.md)",
    "cancel_reminder": "there are no reminders; a silence timeout ends when the shopper writes",
    "session_started": "a session begins by itself; return Restarted to begin anew",
    "session_ended": "return Restarted to begin anew, or ConversationPaused to fall silent",
    "loop_interrupted": "a form goes on by itself after an interruption; leave the event out",
    "export": "conversations are exported from the database; leave the event out",
    "action_execution_rejected": "return nothing; the form asks again by itself",
}
_FLOW = "let a step of the flow do it (next, link, call)"
_PLAIN = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Returned:
    """What an action's events come to; `said` are replies in the shape of `utter_message`."""

    events: tuple[Event, ...]
    said: tuple[Mapping[str, Any], ...]
    followup: str | None


def read_events(
    action: str, returned: Iterable[Mapping[str, Any]], slots: Iterable[str], domain: Domain
) -> Returned:
    """Turn an action's events into ours.

    Args:
        action: the action's name, for errors.
        returned: what it returned.
        slots: the slots that the conversation has so far.
        domain: whose slots have initial values, and whose forms there are.

    Raises:
        ActionError: an event that the bot cannot follow, or a value that JSON cannot hold.
    """
    events: list[Event] = []
    said: list[Mapping[str, Any]] = []
    followup: str | None = None
    for event in returned:
        match event.get("event"):
            case "slot":
                events.append(_slot(action, event))
            case "reset_slots":
                known = {*slots, *(e["name"] for e in events if e["event"] == "slot")}
                events += _initial(domain, known)
            case "restart":
                events += [{"event": "restart"}, *_initial(domain)]
            case "pause" | "resume" as kind:
                events.append({"event": kind})
            case "followup":
                followup = event.get("name")
            case "active_loop":
                followup = _loop(action, event.get("name"), events, domain) or followup
            case "bot":
                said.append({"text": event.get("text"), **(event.get("data") or {})})
            case other:
                raise ActionError(_not_followed(action, str(other)))
    return Returned(tuple(events), tuple(said), followup)


def _slot(action: str, event: Mapping[str, Any]) -> Event:
    name, value = event.get("name"), event.get("value")
    if not isinstance(name, str) or not name:
        raise ActionError(f"action {action!r} returned SlotSet without a slot's name; name one")
    if not isinstance(value, _PLAIN):
        try:
            json.dumps(value)
        except (TypeError, ValueError) as error:
            raise ActionError(
                f"action {action!r} set the slot {name!r} to a value that cannot be kept "
                f"({error}); set a text, number, true or false, or a list or dict of these"
            ) from error
    return slot_event(name, value)


def _initial(domain: Domain, known: Iterable[str] = ()) -> list[Event]:
    """Every slot that is known or has an initial value, set back to that value."""
    initial = domain.start().slots
    names = sorted({*known, *initial} - {KEPT})
    return [slot_event(name, initial.get(name)) for name in names]


def _loop(action: str, form: str | None, events: list[Event], domain: Domain) -> str | None:
    """A form is ended by asking for nothing more, and begun as what follows."""
    if form is None:
        events.append(slot_event(REQUESTED, None))
    elif form not in domain.forms:
        raise ActionError(
            f"action {action!r} returned ActiveLoop({form!r}), but domain.yml has no such form; "
            "add it under forms:, or correct the name"
        )
    return form


def _not_followed(action: str, kind: str) -> str:
    flow = kind.startswith("flow_") or kind == "stack"
    instead = _FLOW if flow else _INSTEAD.get(kind, "docs/actions.md lists the events to return")
    return f"action {action!r} returned the event {kind!r}, which the bot cannot follow: {instead}"
