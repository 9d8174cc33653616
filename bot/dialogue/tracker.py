"""Events into the state of a conversation. State changes only here, by appended events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from bot.dialogue import patterns

Event = Mapping[str, Any]
"""A Rasa-style event: a JSON object with `event` and what belongs to it."""

FrameKind = Literal["regular", "call", "pattern"]
"""`regular`: a task of the shopper's. `call`: a part of the flow below. `pattern`: a repair."""


@dataclass(frozen=True)
class Frame:
    """A flow under way and the step that it stands at.

    `done`: the step's action has run, its question was skipped, or the flow that it called has
    ended. `asked`: its question was said. `checked`: the slot's value was checked by an action.
    `ran`: every step whose action ran. `skipped`: questions not to ask again. `saved`: the flow's
    slots when another task began above it.
    """

    flow: str
    step: str
    kind: FrameKind = "regular"
    context: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False
    asked: bool = False
    checked: bool = False
    ran: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    saved: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """Where a conversation stands.

    `repairs` counts turns in a row that were not understood, `silences` questions in a row that
    were met with silence. `paused`: an action has asked the bot to say nothing. `last_flow` is
    the shopper's task that ended last. `last_replies` are those to the latest message,
    `earlier_replies` and `earlier_user_text` are those before it.
    """

    slots: Mapping[str, Any] = field(default_factory=dict)
    stack: tuple[Frame, ...] = ()
    repairs: int = 0
    silences: int = 0
    paused: bool = False
    last_flow: str = ""
    last_replies: tuple[Event, ...] = ()
    earlier_replies: tuple[Event, ...] = ()
    last_user_text: str = ""
    earlier_user_text: str = ""

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


def user_event(
    text: str,
    parse_data: Mapping[str, Any],
    channel: str,
    *,
    message_id: str = "",
    metadata: Mapping[str, Any] | None = None,
) -> Event:
    """A shopper's message, as Rasa writes it."""
    return {
        "event": "user",
        "text": text,
        "parse_data": parse_data,
        "input_channel": channel,
        "message_id": message_id,
        "metadata": dict(metadata or {}),
    }


def slot_event(name: str, value: Any) -> Event:
    """A slot gets a value; None empties it."""
    return {"event": "slot", "name": name, "value": value}


def flow_event(event: str, flow: str, step: str = "") -> Event:
    """`flow_step`, `flow_completed`, `flow_cancelled`, `question_asked` … of a flow."""
    return {"event": event, "flow_id": flow, "step_id": step}


def started_event(
    flow: str, step: str, kind: FrameKind = "regular", context: Mapping[str, Any] | None = None
) -> Event:
    """A flow begins on top of the stack; with `below_top` in the event, once the top has ended."""
    return {**flow_event("flow_started", flow, step), "kind": kind, "context": dict(context or {})}


def action_event(name: str, *, in_flow: bool) -> Event:
    """An action has run; `in_flow` says it was for the step of the flow on top."""
    return {"event": "action", "name": name, "in_flow": in_flow}


def apply_event(state: State, event: Event) -> State:
    """Return the state after one event; events it does not know change nothing."""
    match event["event"]:
        case "user":
            text = str(event.get("text", ""))
            return replace(_heard(state), last_user_text=text, silences=0)
        case "bot":
            return replace(state, last_replies=(*state.last_replies, event))
        case "slot":
            return replace(state, slots={**state.slots, event["name"]: event["value"]})
        case "repair":
            return replace(state, repairs=state.repairs + 1)
        case "understood":
            return replace(state, repairs=0)
        case "pause" | "resume":
            return replace(state, paused=event["event"] == "pause")
        case "silence":
            return replace(_heard(state), silences=state.silences + 1)
        case "session_started":
            keeps = event.get("keep", True)
            kept = {k: v for k, v in state.slots.items() if keeps or k == "language"}
            return State(slots=kept)
        case "restart":
            return State(slots={k: v for k, v in state.slots.items() if k == "language"})
    return _apply_to_stack(state, event)


def _heard(state: State) -> State:
    """What was said so far was said before this; messages in a burst count as one."""
    if not state.last_replies:
        return state
    return replace(
        state,
        last_replies=(),
        earlier_replies=state.last_replies,
        earlier_user_text=state.last_user_text,
    )


def _apply_to_stack(state: State, event: Event) -> State:
    """Events of a flow act on the topmost frame of that flow; those of an action, on the top."""
    stack = state.stack
    name, flow = event["event"], event.get("flow_id", "")
    if name == "flow_started":
        kind, context = event.get("kind", "regular"), event.get("context", {})
        new = Frame(flow, event["step_id"], kind, context)
        above = stack[-1:] if event.get("below_top") else ()
        return replace(state, stack=(*stack[: len(stack) - len(above)], new, *above))
    if name == "action":
        if not stack or not event.get("in_flow"):
            return state
        top = stack[-1]
        done = replace(top, done=True, ran=(*top.ran, top.step))
        return replace(state, stack=(*stack[:-1], done))
    at = next((i for i in reversed(range(len(stack))) if stack[i].flow == flow), None)
    if at is None:
        return state
    frame, below, above = stack[at], stack[:at], stack[at + 1 :]
    match name:
        case "flow_step":
            step = event["step_id"]
            skipped = step in frame.skipped
            moved = replace(frame, step=step, done=skipped, asked=False, checked=False)
            return replace(state, stack=(*below, moved, *above))
        case "flow_step_back":  # what the flow called is over, too
            back = replace(frame, step=event["step_id"], done=False, asked=True, checked=False)
            kept = above[_calls(above) :]
            return replace(state, stack=(*below, back, *kept))
        case "question_asked":
            return replace(state, stack=(*below, replace(frame, asked=True, checked=False), *above))
        case "question_skipped":
            skipping = replace(frame, done=True, skipped=(*frame.skipped, frame.step))
            return replace(state, stack=(*below, skipping, *above))
        case "slot_checked":
            return replace(state, stack=(*below, replace(frame, checked=True), *above))
        case "flow_interrupted":
            saved = replace(frame, saved=event.get("slots", {}))
            return replace(state, stack=(*below, saved, *above))
        case "flow_resumed":
            calls = _calls(above)
            return replace(state, stack=(*below, *above[calls:], frame, *above[:calls]))
        case "flow_completed" | "flow_cancelled":
            asked_for = frame.kind == "regular" or flow == patterns.HUMAN_HANDOFF
            last = flow if asked_for else state.last_flow
            if frame.kind == "call" and below:  # the step that called it is done
                below = (*below[:-1], replace(below[-1], done=True))
            return replace(state, stack=(*below, *above), last_flow=last)
    return state


def _calls(frames: tuple[Frame, ...]) -> int:
    """How many of the frames are parts of the one below them."""
    return next((i for i, frame in enumerate(frames) if frame.kind != "call"), len(frames))


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """Return the state after all events."""
    state = state or State()
    for event in events:
        state = apply_event(state, event)
    return state
