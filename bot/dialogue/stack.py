"""How flows come onto the stack and leave it: what each remembers, and what is said of it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from bot.dialogue import patterns
from bot.dialogue.flows import Flow
from bot.dialogue.forms import REQUESTED
from bot.dialogue.ledger import Ledger
from bot.dialogue.script import Script
from bot.dialogue.tracker import Frame, State, flow_event, slot_event, started_event

FORGET = "forget"
"""In a frame's context: the slots of the flows whose place it took."""


def push_pattern(
    ledger: Ledger,
    script: Script,
    name: str,
    context: Mapping[str, Any],
    *,
    after_running: bool = False,
) -> None:
    """Begin a pattern, unless it says, does and asks nothing.

    `after_running`: only once the pattern that is running, if any, has said all that it has to say.
    """
    flow = script.flows.by_id.get(name)
    if flow is None or flow.silent:
        return
    top = ledger.state.frame
    event = started_event(flow.id, flow.first, "pattern", context)
    waits = after_running and top is not None and top.kind == "pattern"
    ledger.add({**event, "below_top": True} if waits else event)


def start_task(ledger: Ledger, script: Script, flow: Flow) -> None:
    """Begin a task of the shopper's, or take it up again where it is under way."""
    under_way = [frame.flow for frame in ledger.state.stack if frame.kind == "regular"]
    task = ledger.state.task
    if task and task[0].flow == flow.id:
        return
    if task and not flow.small_talk:
        slots = {name: ledger.value(name) for name in task_slots(task, script)}
        ledger.add({**flow_event("flow_interrupted", task[0].flow, task[0].step), "slots": slots})
    if flow.id in under_way:
        ledger.add(flow_event("flow_resumed", flow.id))
        _restore(ledger, flow.id, task_slots(task, script))
    else:
        ledger.start(flow)


def end_flow(
    ledger: Ledger, frame: Frame, script: Script, event: str, *, followed: bool = False
) -> None:
    """End a flow and forget its own slots, save those that another flow under way has filled.

    `followed`: another flow takes its place, so nobody is told what goes on now.
    """
    flow = script.flows.by_id.get(frame.flow)
    ledger.add(flow_event(event, frame.flow, frame.step))
    if flow is None:
        return
    if flow.form:
        ledger.add(slot_event(REQUESTED, None))
    if frame.kind == "call":
        return
    kept = set(task_slots(ledger.state.stack, script))
    own = [n for n in frame_slots(frame, script) if n not in kept]
    ledger.add(*(slot_event(n, None) for n in own if ledger.value(n) is not None))
    if frame.kind == "regular" and not followed and not flow.small_talk:
        _restore_below(ledger, frame, script)
        _tell_what_goes_on(ledger, flow, script)


def _tell_what_goes_on(ledger: Ledger, ended: Flow, script: Script) -> None:
    language = str(ledger.value("language") or "en")
    task = ledger.state.task
    context = {"previous_flow_name": ended.title(language), "previous_flow_id": ended.id}
    if not task:
        push_pattern(ledger, script, patterns.COMPLETED, context, after_running=True)
        return
    name = title_of(task[0].flow, script, language)
    going_on = {"interrupted_flow_name": name, "interrupted_flow_id": task[0].flow}
    context = {**context, **going_on}
    push_pattern(ledger, script, patterns.CONTINUE_INTERRUPTED, context, after_running=True)


def title_of(flow: str, script: Script, language: str) -> str:
    """What to call a flow, which may be gone from disk."""
    found = script.flows.by_id.get(flow)
    return found.title(language) if found is not None else flow.replace("_", " ")


def _restore_below(ledger: Ledger, ended: Frame, script: Script) -> None:
    task = ledger.state.task
    if task:
        _restore(ledger, task[0].flow, frame_slots(ended, script))


def _restore(ledger: Ledger, flow: str, taken: Collection[str]) -> None:
    """Give a task that was interrupted back the slots that the other one took for its own."""
    frame = next((f for f in reversed(ledger.state.stack) if f.flow == flow), None)
    saved = frame.saved if frame is not None else {}
    ledger.add(
        *(slot_event(n, v) for n, v in saved.items() if n in taken and ledger.value(n) != v)
    )


def task_slots(frames: Iterable[Frame], script: Script) -> tuple[str, ...]:
    """The slots of the flows of these frames and of all that they call."""
    return tuple(dict.fromkeys(n for frame in frames for n in frame_slots(frame, script)))


def frame_slots(frame: Frame, script: Script) -> tuple[str, ...]:
    """The slots that are forgotten with the frame: its flow's and those of flows before it."""
    flow = script.flows.by_id.get(frame.flow)
    own = owned_slots(flow, script) if flow is not None else ()
    return (*own, *frame.context.get(FORGET, ()))


def owned_slots(flow: Flow, script: Script) -> tuple[str, ...]:
    """The flow's own slots, those of the flows that it calls included."""
    return tuple(dict.fromkeys(n for f in with_called(flow, script) for n in f.own_slots))


def with_called(flow: Flow, script: Script) -> Iterator[Flow]:
    """The flow and all that it calls, directly or by others."""
    seen: set[str] = set()
    waiting = [flow.id]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in script.flows.by_id:
            continue
        seen.add(name)
        yield script.flows.by_id[name]
        waiting += script.flows.by_id[name].called


def question_under_way(state: State, script: Script) -> tuple[Frame, str] | None:
    """The frame and slot of the question that is open: the topmost collect step, if any."""
    for frame in reversed(state.stack):
        flow = script.flows.by_id.get(frame.flow)
        step = flow.steps.get(frame.step) if flow else None
        if step is not None and step.kind == "collect" and frame.asked and not frame.done:
            return frame, step.name
        if frame.kind != "pattern":
            return None
    return None
