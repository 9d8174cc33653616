"""The flow engine: state × commands → events and the next effect. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.commands import CancelFlow, Command, Restart, SetSlot, StartFlow
from bot.dialogue.flows import END, Flows
from bot.dialogue.tracker import Event, State, apply_event, flow_event, slot_event


@dataclass(frozen=True)
class RunAction:
    """Run this action or say this response; record it with `action_event`."""

    name: str


@dataclass(frozen=True)
class Ask:
    """Say this response and wait for the shopper."""

    response: str


@dataclass(frozen=True)
class Listen:
    """Nothing left to do in this turn."""


Effect = RunAction | Ask | Listen

MAX_MOVES = 200
"""Steps passed without anything said or done; more means that a flow goes in circles."""


def action_event(name: str, *, in_flow: bool) -> Event:
    """An action has run; `in_flow` says it was the step of the flow on top."""
    return {"event": "action", "name": name, "in_flow": in_flow}


def begin(state: State, commands: Iterable[Command], flows: Flows) -> tuple[Event, ...]:
    """The events that commands cause on slots and on the stack of flows."""
    events: list[Event] = []
    slots: list[Event] = []  # last, so that a flow begun anew does not forget what it was given
    for command in commands:
        match command:
            case SetSlot(name, value):
                slots.append(slot_event(name, value))
            case StartFlow(flow_id):
                while any(frame.flow == flow_id for frame in state.stack):  # never twice at once
                    for event in end_flow(state.stack[-1].flow, flows, "flow_cancelled"):
                        events.append(event)
                        state = apply_event(state, event)
                flow = flows.by_id[flow_id]
                events.append(flow_event("flow_started", flow_id, flow.first))
            case CancelFlow() if state.frame is not None:
                events += end_flow(state.frame.flow, flows, "flow_cancelled")
            case Restart():
                events.append({"event": "restart"})
    return (*events, *slots)


def advance(state: State, flows: Flows) -> tuple[tuple[Event, ...], Effect]:
    """Move the flow on top until something has to be said, done or waited for.

    Raises:
        RuntimeError: the flow goes in circles.
    """
    events: list[Event] = []

    def add(new: Iterable[Event]) -> None:
        nonlocal state
        for event in new:
            events.append(event)
            state = apply_event(state, event)

    for _ in range(MAX_MOVES):
        frame = state.frame
        if frame is None:
            return tuple(events), Listen()
        flow = flows.by_id.get(frame.flow)
        step = flow.steps.get(frame.step) if flow else None
        if flow is None or step is None:  # the flow changed on disk since: give it up, say nothing
            add(end_flow(frame.flow, flows, "flow_cancelled"))
            continue
        if step.kind == "action" and not frame.done:
            return tuple(events), RunAction(step.name)
        if step.kind == "collect" and state.slots.get(step.name) is None:
            return tuple(events), Ask(step.utter)
        if step.kind == "set_slots":
            add(slot_event(name, value) for name, value in step.values)
        target = step.next(state.slots)
        if target == END:
            add(end_flow(flow.id, flows, "flow_completed"))
        else:
            add([flow_event("flow_step", flow.id, target)])
    raise RuntimeError(f"the flow {state.frame} goes in circles: it says, does and asks nothing")


def end_flow(flow_id: str, flows: Flows, event: str) -> list[Event]:
    """End the flow on top and forget its own slots; one that is gone from disk has none."""
    flow = flows.by_id.get(flow_id)
    own = flow.own_slots if flow is not None else ()
    return [flow_event(event, flow_id), *(slot_event(name, None) for name in own)]
