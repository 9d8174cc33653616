"""Events into the state of a conversation. State changes only here, by appended events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Event = Mapping[str, Any]
"""A Rasa-style event: a JSON object with `event` and what belongs to it."""


@dataclass(frozen=True)
class Frame:
    """A flow under way: the step it stands at, and whether that step's action has run."""

    flow: str
    step: str
    done: bool = False


@dataclass(frozen=True)
class State:
    """Where a conversation stands. `repairs` counts turns in a row that were not understood."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    repairs: int = 0
    last_replies: tuple[Event, ...] = ()
    last_user_text: str = ""

    @property
    def frame(self) -> Frame | None:
        """The flow on top, if any."""
        return self.stack[-1] if self.stack else None


def user_event(text: str, parse_data: Mapping[str, Any], channel: str) -> Event:
    """A shopper's message, as Rasa writes it."""
    return {"event": "user", "text": text, "parse_data": parse_data, "input_channel": channel}


def slot_event(name: str, value: Any) -> Event:
    """A slot gets a value; None empties it."""
    return {"event": "slot", "name": name, "value": value}


def flow_event(event: str, flow: str, step: str = "") -> Event:
    """`flow_started`, `flow_step`, `flow_completed`, `flow_cancelled` of a flow."""
    return {"event": event, "flow_id": flow, "step_id": step}


def apply_event(state: State, event: Event) -> State:
    """Return the state after one event; events it does not know change nothing."""
    match event["event"]:
        case "user":
            return replace(state, last_replies=(), last_user_text=str(event.get("text", "")))
        case "bot":
            return replace(state, last_replies=(*state.last_replies, event))
        case "slot":
            return replace(state, slots={**state.slots, event["name"]: event["value"]})
        case "flow_started":
            frame = Frame(event["flow_id"], event["step_id"])
            return replace(state, stack=(*state.stack, frame))
        case "flow_step":
            frame = Frame(event["flow_id"], event["step_id"])
            return replace(state, stack=(*state.stack[:-1], frame))
        case "action" if state.stack and event.get("in_flow"):
            return replace(state, stack=(*state.stack[:-1], replace(state.stack[-1], done=True)))
        case "flow_completed" | "flow_cancelled":
            return replace(state, stack=state.stack[:-1])
        case "repair":
            return replace(state, repairs=state.repairs + 1)
        case "understood":
            return replace(state, repairs=0)
        case "restart":
            return State(slots={k: v for k, v in state.slots.items() if k == "language"})
    return state


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """Return the state after all events."""
    state = state or State()
    for event in events:
        state = apply_event(state, event)
    return state
