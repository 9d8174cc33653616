"""Events into the state of a conversation. State changes only here, by appended events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Event = Mapping[str, Any]
"""A Rasa-style event: a JSON object with `event` and what belongs to it."""

FrameKind = Literal["regular", "call", "pattern"]
"""`regular`: a task of the shopper's. `call`: a part of the flow below. `pattern`: a repair."""


@dataclass(frozen=True)
class Frame:
    """A flow under way and the step that it stands at.

    `done`: the step's action has run, or its question was skipped. `asked`: its question was
    said. `checked`: the slot's value was checked by an action. `ran`: every step whose action ran.
    """

    flow: str
    step: str
    kind: FrameKind = "regular"
    context: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False
    asked: bool = False
    checked: bool = False
    ran: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    """Where a conversation stands.

    `repairs` counts turns in a row that were not understood, `silences` questions in a row that
    were met with silence. `last_flow` is the shopper's task that ended last.
    """

    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    repairs: int = 0
    silences: int = 0
    last_flow: str = ""
    last_replies: tuple[Event, ...] = ()
    last_user_text: str = ""

    @property
    def frame(self) -> Frame | None:
        """The flow on top, if any."""
        return self.stack[-1] if self.stack else None

    @property
    def task(self) -> tuple[Frame, ...]:
        """The shopper's task under way with the flows that it called; patterns are left out."""
        frames = [frame for frame in self.stack if frame.kind != "pattern"]
        starts = [i for i, frame in enumerate(frames) if frame.kind == "regular"]
        return tuple(frames[starts[-1] :]) if starts else ()


def user_event(text: str, parse_data: Mapping[str, Any], channel: str) -> Event:
    """A shopper's message, as Rasa writes it."""
    return {"event": "user", "text": text, "parse_data": parse_data, "input_channel": channel}


def slot_event(name: str, value: Any) -> Event:
    """A slot gets a value; None empties it."""
    return {"event": "slot", "name": name, "value": value}


def flow_event(event: str, flow: str, step: str = "") -> Event:
    """`flow_step`, `flow_completed`, `flow_cancelled`, `question_asked` … of a flow."""
    return {"event": event, "flow_id": flow, "step_id": step}


def started_event(
    flow: str, step: str, kind: FrameKind = "regular", context: Mapping[str, Any] | None = None
) -> Event:
    """A flow begins on top of the stack."""
    return {**flow_event("flow_started", flow, step), "kind": kind, "context": dict(context or {})}


def action_event(name: str, *, in_flow: bool) -> Event:
    """An action has run; `in_flow` says it was for the step of the flow on top."""
    return {"event": "action", "name": name, "in_flow": in_flow}


def apply_event(state: State, event: Event) -> State:
    """Return the state after one event; events it does not know change nothing."""
    match event["event"]:
        case "user":
            text = str(event.get("text", ""))
            return replace(state, last_replies=(), last_user_text=text, silences=0)
        case "bot":
            return replace(state, last_replies=(*state.last_replies, event))
        case "slot":
            return replace(state, slots={**state.slots, event["name"]: event["value"]})
        case "repair":
            return replace(state, repairs=state.repairs + 1)
        case "understood":
            return replace(state, repairs=0)
        case "silence":
            return replace(state, last_replies=(), silences=state.silences + 1)
        case "restart":
            return State(slots={k: v for k, v in state.slots.items() if k == "language"})
    return _apply_to_stack(state, event)


def _apply_to_stack(state: State, event: Event) -> State:
    top = state.frame
    match event["event"]:
        case "flow_started":
            frame = Frame(
                event["flow_id"], event["step_id"], event.get("kind", "regular"),
                event.get("context", {}),
            )
            return replace(state, stack=(*state.stack, frame))
        case "flow_resumed":
            return replace(state, stack=_taken_up(state.stack, event["flow_id"]))
        case _ if top is None:
            return state
        case "flow_step":
            step = event["step_id"]
            moved = replace(top, step=step, done=False, asked=False, checked=False)
            return _with_top(state, moved)
        case "question_asked":
            return _with_top(state, replace(top, asked=True))
        case "question_skipped":
            return _with_top(state, replace(top, done=True))
        case "slot_checked":
            return _with_top(state, replace(top, checked=True))
        case "action" if event.get("in_flow"):
            return _with_top(state, replace(top, done=True, ran=(*top.ran, top.step)))
        case "flow_completed" | "flow_cancelled":
            regular = top.kind == "regular"
            last = top.flow if regular else state.last_flow
            return replace(state, stack=state.stack[:-1], last_flow=last)
    return state


def _with_top(state: State, frame: Frame) -> State:
    return replace(state, stack=(*state.stack[:-1], frame))


def _taken_up(stack: tuple[Frame, ...], flow: str) -> tuple[Frame, ...]:
    """The stack with a task that is under way, and what it called, moved to the top."""
    start = next((i for i, f in enumerate(stack) if f.flow == flow and f.kind == "regular"), None)
    if start is None:
        return stack
    end = start + 1
    while end < len(stack) and stack[end].kind == "call":
        end += 1
    return (*stack[:start], *stack[end:], *stack[start:end])


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """Return the state after all events."""
    state = state or State()
    for event in events:
        state = apply_event(state, event)
    return state
