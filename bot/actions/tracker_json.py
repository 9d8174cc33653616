"""The conversation as Rasa's action-server protocol writes it: what an action gets as `tracker`."""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from bot.actions.session import session_metadata
from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event, Frame, State, slot_event
from bot.messages import Shopper
from nlu.understanding import Understanding

LISTEN = "action_listen"
CHECKS_ALL = "action_validate_slot_mappings"
"""The name of rasa-sdk's `ValidationAction`, which checks every slot that a message filled."""

_CHECKS = "validate_"
_NEVER_CHECKED = frozenset({"language", "requested_slot"})


@dataclass(frozen=True)
class ActionCall:
    """The conversation as an action sees it.

    `events`: all so far, this turn's included. `metadata`: what the channel sent with the message;
    it proves nothing.
    """

    conversation_id: str
    shopper: Shopper
    state: State
    understanding: Understanding
    events: Sequence[Event] = ()
    channel: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


def parse_data(heard: Understanding) -> dict[str, Any]:
    """What was understood, as Rasa writes it into a message and its event."""
    return {
        "text": heard.text,
        "intent": {"name": heard.top.name, "confidence": heard.top.probability},
        "intent_ranking": [{"name": r.name, "confidence": r.probability} for r in heard.likeliest],
        "entities": [
            {
                "entity": e.name, "value": e.value, "start": e.start, "end": e.end,
                "role": e.role, "group": e.group,
            }
            for e in heard.entities
        ],
    }


def tracker_json(name: str, call: ActionCall, domain: Domain) -> dict[str, Any]:
    """Return what the action `name` gets as its tracker.

    An action may change the lists and slots in it, as over HTTP; the events themselves are shared.
    """
    state, past = call.state, _read(call.events)
    top = state.frame
    form = top.flow if top is not None and top.flow in domain.forms else None
    history = [*past.events, *_to_check(name, call, domain)]
    separated = len(history) > len(past.events)
    latest_action = history[len(past.events)]["name"] if separated else past.latest_action
    return {
        "sender_id": call.conversation_id,
        "slots": {n: _own(value) for n, value in state.slots.items()},
        "latest_message": {
            **parse_data(call.understanding),
            "metadata": {**call.metadata, "session": session_metadata(call.shopper)},
        },
        "latest_event_time": history[-1].get("timestamp") if history else None,
        "events": history,
        "paused": past.paused,
        "followup_action": None,
        "active_loop": {"name": form, "is_interrupted": False, "rejected": False} if form else {},
        "latest_action": {"action_name": latest_action},
        "latest_action_name": latest_action,
        "latest_input_channel": call.channel or past.channel,
        "stack": [_frame(frame) for frame in state.stack],
    }


@dataclass(frozen=True)
class _Past:
    events: list[Event]
    latest_action: str
    channel: str | None
    paused: bool


def _read(events: Iterable[Event]) -> _Past:
    """What Rasa tells of the events beside the events themselves, in one go through them."""
    history: list[Event] = []
    latest_action, channel, paused = LISTEN, None, False
    for event in events:
        match event["event"]:
            case "user":
                event = _without_claims(event)
                latest_action, channel = LISTEN, event.get("input_channel")
            case "action":
                latest_action = event["name"]
            case "pause":
                paused = True
            case "resume" | "restart":
                paused = False
        history.append(event)
    return _Past(history, latest_action, channel, paused)


def _without_claims(event: Event) -> Event:
    """A message without what its sender claims to be the proven session."""
    metadata = event.get("metadata")
    if not metadata or "session" not in metadata:
        return event
    return {**event, "metadata": {k: v for k, v in metadata.items() if k != "session"}}


def _own(value: Any) -> Any:
    """A value that an action may append to without changing the conversation or the domain."""
    return deepcopy(value) if isinstance(value, list | dict) else value


def _frame(frame: Frame) -> dict[str, Any]:
    pattern = frame.kind == "pattern"
    return {
        "type": frame.flow if pattern else "flow",
        "frame_type": "regular" if pattern else frame.kind,
        "flow_id": frame.flow,
        "step_id": frame.step,
        "context": dict(frame.context),
    }


def _to_check(name: str, call: ActionCall, domain: Domain) -> list[Event]:
    """What Rasa puts last for an action that checks slots: an action, then the slots to check.

    rasa-sdk's `Tracker.slots_to_validate` reads the slots after the last event of another kind.
    """
    target = name.removeprefix(_CHECKS)
    if name == CHECKS_ALL:
        return [{"event": "action", "name": "action_extract_slots"}, *_unchecked(name, call)]
    if target == name:
        return []
    if target in domain.forms:
        required = domain.forms[target].required_slots
        return [{"event": "action", "name": target}, *_unchecked(name, call, required)]
    if target in domain.slots:
        slots = [e for e in _unchecked(name, call, (target,)) if e["name"] == target]
        return [{"event": "action", "name": "action_extract_slots"}, *slots]
    return []


def _unchecked(name: str, call: ActionCall, prefilled: Iterable[str] = ()) -> list[Event]:
    """The slots filled since this action last ran, in the order of their latest values.

    Where it never ran, those of `prefilled` that were filled from the beginning count as well.
    """
    latest: dict[str, Event] = {}
    for event in reversed(call.events):
        kind = event["event"]
        if kind == "action" and event["name"] == name:
            prefilled = ()
            break
        if kind == "restart" or (name == CHECKS_ALL and kind == "user"):
            break
        if kind == "slot" and event["name"] not in _NEVER_CHECKED:
            latest.setdefault(event["name"], event)
    slots = call.state.slots
    found = [slot_event(n, slots[n]) for n in prefilled if n in slots and n not in latest]
    found += reversed(latest.values())
    return [event for event in found if event["value"] is not None]
