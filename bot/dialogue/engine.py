"""The flow engine: state × commands → events, then state → events and the next effect. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.flows import END, Flow, Step
from bot.dialogue.forms import ENTRY, REQUESTED, next_question
from bot.dialogue.ledger import Ledger
from bot.dialogue.script import Script
from bot.dialogue.stack import FORGET, end_flow, frame_slots
from bot.dialogue.tracker import (
    Event,
    Frame,
    FrameKind,
    State,
    action_event,
    flow_event,
    slot_event,
)


@dataclass(frozen=True)
class RunAction:
    """Run this action or say this response; record it with `action_event`, `in_flow` as given."""

    name: str
    in_flow: bool = True


@dataclass(frozen=True)
class Ask:
    """Say this response, or run this action, and wait for the shopper."""

    name: str


@dataclass(frozen=True)
class Listen:
    """Nothing left to do in this turn."""


Effect = RunAction | Ask | Listen

MAX_MOVES = 200
"""Steps passed without anything said or done; more means that a flow goes in circles."""

LISTEN = "action_listen"
BUILTIN = frozenset(
    {
        LISTEN, "action_cancel_flow", "action_correct_flow_slot", "action_skip_question",
        "action_restart", "action_clean_stack",
    }
)
"""Actions that change nothing but the conversation: the engine does them itself."""


def wake(state: State, script: Script) -> tuple[Event, ...]:
    """The events of a new message on a flow that was listening, before anything is decided."""
    ledger = Ledger(state)
    frame = state.frame
    step = _step_of(frame, script) if frame else None
    if frame and step and step.kind == "action" and step.name == LISTEN and frame.asked:
        ledger.add(action_event(LISTEN, in_flow=True))
        _go_on(ledger, frame, script.flows.by_id[frame.flow], step, script)
    return ledger.events


def advance(state: State, script: Script) -> tuple[tuple[Event, ...], Effect]:
    """Move the flow on top until something has to be said, done or waited for.

    Raises:
        RuntimeError: the flow goes in circles.
    """
    ledger = Ledger(state)
    for _ in range(MAX_MOVES):
        frame = ledger.state.frame
        if frame is None:
            return ledger.events, Listen()
        effect = _move(ledger, frame, script)
        if effect is not None:
            return ledger.events, effect
    raise RuntimeError(
        f"the flow {ledger.state.frame} goes in circles: it says, does and asks nothing"
    )


def _step_of(frame: Frame, script: Script) -> Step | None:
    flow = script.flows.by_id.get(frame.flow)
    return flow.steps.get(frame.step) if flow is not None else None


def _move(ledger: Ledger, frame: Frame, script: Script) -> Effect | None:
    """Do one step as far as it needs nobody else; None when it is passed."""
    flow = script.flows.by_id.get(frame.flow)
    step = _step_of(frame, script)
    if flow is None or step is None:  # the flow changed on disk since: give it up, say nothing
        end_flow(ledger, frame, script, "flow_cancelled")
        return None
    match step.kind:
        case "action" if not (frame.done or (step.once and step.id in frame.ran)):
            if step.name not in BUILTIN:
                return RunAction(step.name)
            if step.name == LISTEN:
                ledger.add(flow_event("question_asked", flow.id, step.id))
                return Listen()
            _do(step.name, ledger, frame, script)
            return None
        case "collect" if not frame.done:
            effect = _collect(ledger, frame, flow, step, script)
            if effect is not None:
                return effect
        case "noop" if flow.form and step.id == ENTRY and not frame.done:
            return _enter_form(ledger, flow, script)
        case "set_slots":
            ledger.add(*(slot_event(name, value) for name, value in step.values))
        case "link":
            _link(ledger, frame, script.flows.by_id[step.name], script)
            return None
        case "call" if not frame.done:
            ledger.start(script.flows.by_id[step.name], kind="call")
            return None
    _go_on(ledger, frame, flow, step, script)
    return None


def _go_on(ledger: Ledger, frame: Frame, flow: Flow, step: Step, script: Script) -> None:
    """To the next step, or to the end of the flow."""
    slots = ledger.state.slots
    if flow.form:
        decided = script.checker(flow, step) is not None
        target = next_question(flow.id, script.domain, slots, decided=decided)
    else:
        target = step.next(slots, frame.context)
    if target == END:
        end_flow(ledger, frame, script, "flow_completed")
    else:
        ledger.add(flow_event("flow_step", flow.id, target))


def _collect(
    ledger: Ledger, frame: Frame, flow: Flow, step: Step, script: Script
) -> Effect | None:
    """Ask for the slot, or have its value checked; None when the value stands."""
    if step.ask_before_filling and not frame.asked and ledger.value(step.name) is not None:
        ledger.add(slot_event(step.name, None))
    checker = script.checker(flow, step)
    # A form's action may find the value in a message by itself.
    may_find = flow.form and checker is not None and frame.asked and not frame.checked
    if ledger.value(step.name) is None and not may_find:
        return _ask(ledger, flow, step, script)
    if checker is not None and not frame.checked:
        ledger.add(flow_event("slot_checked", flow.id, step.id))
        return RunAction(checker, in_flow=False)
    for rejection in step.rejections:
        if rejection.condition(ledger.state.slots, frame.context):
            ledger.add(
                slot_event(step.name, None), flow_event("question_asked", flow.id, step.id)
            )
            return RunAction(rejection.utter, in_flow=False)
    return None


def _ask(ledger: Ledger, flow: Flow, step: Step, script: Script) -> Effect:
    ledger.add(flow_event("question_asked", flow.id, step.id))
    if flow.form:
        ledger.add(slot_event(REQUESTED, step.name))
    return Ask(script.question(step))


def _enter_form(ledger: Ledger, flow: Flow, script: Script) -> Effect | None:
    """Let a form's action look at what is known already, as Rasa does when a form begins."""
    first = next_question(flow.id, script.domain, ledger.state.slots, decided=False)
    ledger.add(flow_event("question_skipped", flow.id, ENTRY))
    if first == END:
        return None
    ledger.add(slot_event(REQUESTED, first))
    checker = script.checker(flow, flow.steps[ENTRY])
    return RunAction(checker, in_flow=False) if checker else None


def _link(ledger: Ledger, frame: Frame, to: Flow, script: Script) -> None:
    """Begin the other flow in this one's place; what this one knows is forgotten at its end."""
    forget = [*frame_slots(frame, script)]
    ledger.add(flow_event("flow_completed", frame.flow, frame.step))
    kind: FrameKind = "regular"
    if to.is_pattern or frame.kind == "call":
        kind = "pattern" if to.is_pattern else "call"
    ledger.start(to, kind=kind, context={**frame.context, FORGET: forget})


def _do(name: str, ledger: Ledger, frame: Frame, script: Script) -> None:
    """Do an action that changes nothing but the conversation."""
    ledger.add(action_event(name, in_flow=True))
    match name:
        case "action_cancel_flow":
            _cancel(ledger, frame.context.get("canceled_flow_id", ""), script)
        case "action_correct_flow_slot":
            _correct(ledger, frame.context)
        case "action_skip_question":
            ledger.add(
                flow_event("question_skipped", frame.context["flow"], frame.context["step"])
            )
        case "action_clean_stack":
            for below in reversed(ledger.state.stack[:-1]):
                end_flow(ledger, below, script, "flow_cancelled", followed=True)
        case "action_restart":
            ledger.add({"event": "restart"})
            start = script.domain.start().slots
            ledger.add(*(slot_event(n, v) for n, v in start.items() if n != "language"))


def _cancel(ledger: Ledger, flow: str, script: Script) -> None:
    """Give up a task with all that it called, or a pattern that asked something."""
    task = ledger.state.task
    if task and task[0].flow == flow:
        for below in reversed(task):
            end_flow(ledger, below, script, "flow_cancelled")
        return
    asking = [f for f in ledger.state.stack if f.flow == flow and f.kind == "pattern"]
    for below in asking:
        end_flow(ledger, below, script, "flow_cancelled")


def _correct(ledger: Ledger, context: Mapping[str, Any]) -> None:
    """Set the other values and take the flow back to the first question that they answer."""
    ledger.add(*(slot_event(name, value) for name, value in context["slots"].items()))
    if context.get("flow"):
        ledger.add(flow_event("flow_step_back", context["flow"], context["step"]))

