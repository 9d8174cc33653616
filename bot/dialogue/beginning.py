"""Commands into events: what a decision does to slots and to the stack of flows. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.clarification import clarification_buttons
from bot.dialogue import patterns
from bot.dialogue.commands import (
    Answer,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlots,
    SetSlot,
    StartFlow,
    StartPattern,
)
from bot.dialogue.ledger import Ledger
from bot.dialogue.script import Script
from bot.dialogue.stack import (
    end_flow,
    owned_slots,
    push_pattern,
    question_under_way,
    start_task,
    task_slots,
    title_of,
)
from bot.dialogue.tracker import Event, Frame, State, slot_event

Context = Mapping[str, Any]


def begin(state: State, commands: Iterable[Command], script: Script) -> tuple[Event, ...]:
    """The events that commands cause on slots and on the stack of flows."""
    ledger = Ledger(state)
    commands = tuple(commands)
    for command in commands:
        if isinstance(command, StartFlow):
            start_task(ledger, script, script.flows.by_id[command.flow])
    # Slots come after, so that a flow begun anew does not forget what it was given.
    told = {c.name: c.value for c in commands if isinstance(c, SetSlot)}
    changed = _changed_by_taking_up(told, state, ledger.state, script)
    ledger.add(*(slot_event(n, v) for n, v in told.items() if n not in changed))
    if changed:
        commands = (CorrectSlots(tuple(changed.items())), *commands)
    for command in reversed(commands):  # the pattern that was named first lies on top
        match command:
            case CorrectSlots(slots):
                context = _correction(ledger.state, slots, script)
                _pattern(ledger, script, patterns.CORRECTION, context)
            case StartPattern(name, context):
                context = {**_known(name, ledger.state, script), **context}
                if name == patterns.TYPO:
                    language = str(ledger.value("language") or "en")
                    read = script.domain.shown(context["slot"], context["read"], language)
                    context["read"] = read
                _pattern(ledger, script, name, context)
            case Answer(hit):
                _pattern(ledger, script, patterns.SEARCH, {"entry": hit.entry.id})
            case Clarify():
                _pattern(ledger, script, patterns.CLARIFICATION, _choices(command, state, script))
            case CannotHandle():
                known = _known(patterns.CANNOT_HANDLE, ledger.state, script)
                again = known["asked"] and known["repairs"] < 2  # its own question comes next
                context = {} if again else _choices(command, state, script)
                _pattern(ledger, script, patterns.CANNOT_HANDLE, {**known, **context})
    return ledger.events


def _changed_by_taking_up(
    told: Mapping[str, Any], before: State, now: State, script: Script
) -> Mapping[str, Any]:
    """Other values that come with a task that is taken up again: they are corrections."""
    task = now.task
    if not task or task[0].flow not in {f.flow for f in before.stack if f.kind == "regular"}:
        return {}
    own = task_slots(task, script)
    known = now.slots
    return {n: v for n, v in told.items() if n in own and known.get(n) not in (None, v)}


def _pattern(ledger: Ledger, script: Script, name: str, context: Context) -> None:
    """Begin a pattern; the same one under way gives way, since it would say the same again."""
    for frame in ledger.state.stack:
        if frame.flow == name and frame.kind == "pattern":
            end_flow(ledger, frame, script, "flow_cancelled")
    push_pattern(ledger, script, name, context)


def _choices(command: Clarify | CannotHandle, state: State, script: Script) -> Context:
    """Buttons for the readings and for a person."""
    language = str(state.slots.get("language") or "en")
    intents = command.intents if isinstance(command, Clarify) else ()
    buttons = clarification_buttons(intents, command.hits, script.flows, language)
    return {
        "buttons": [{"title": b.title, "payload": b.payload} for b in buttons],
        "names": [b.title for b in buttons[:-1]],
        "clarification_ids": [script.flows.by_intent[intent].id for intent in intents],
    }


def _known(pattern: str, state: State, script: Script) -> Context:
    """What the engine itself tells a pattern."""
    language = str(state.slots.get("language") or "en")
    question = question_under_way(state, script)
    match pattern:
        case patterns.CANCEL:
            task = state.task
            asking = question[0] if question and question[0].kind == "pattern" else None
            flow = asking.flow if asking else task[0].flow if task else ""
            name = title_of(flow, script, language) if flow else ""
            return {"canceled_flow_id": flow, "canceled_name": name}
        case patterns.SKIP if question is not None:
            frame, slot = question
            step = script.flows.by_id[frame.flow].steps[frame.step]
            return {
                "asked": slot, "optional": step.optional, "flow": frame.flow, "step": frame.step,
            }
        case patterns.CANNOT_HANDLE:
            return {"asked": question[1] if question else "", "repairs": state.repairs}
        case patterns.REPEAT:
            return {"said": bool(state.earlier_replies)}
    return {}


def _correction(
    state: State, slots: tuple[tuple[str, Any], ...], script: Script
) -> Context:
    """The other values, and the question to go back to."""
    values = dict(slots)
    language = str(state.slots.get("language") or "en")
    context: dict[str, Any] = {
        "slots": values,
        "corrected": ", ".join(str(script.domain.shown(*v, language)) for v in slots),
        "too_late": False,
    }
    found = _earliest(state.task, values, script) or _first(state.task, script)
    if found is None:
        return context
    frame, step = found
    steps = script.flows.by_id[frame.flow].steps
    order = list(steps)
    later = order[order.index(step) :]
    if frame.step not in later or (frame.step == step and not _stands_before(frame, state)):
        return context  # its question is yet to come
    done = [s for s in frame.ran if s in later and steps[s].once]
    return {**context, "flow": frame.flow, "step": step, "too_late": bool(done)}


def _first(task: tuple[Frame, ...], script: Script) -> tuple[Frame, str] | None:
    """The task's first step, for a slot that it has of a mention and never asks for."""
    flow = script.flows.by_id.get(task[0].flow) if task else None
    return (task[0], flow.first) if flow is not None else None


def _stands_before(frame: Frame, state: State) -> bool:
    """Whether the step that the frame stands at is under way above it: a flow that it called."""
    return state.task[-1] is not frame


def _earliest(
    task: tuple[Frame, ...], values: Mapping[str, Any], script: Script
) -> tuple[Frame, str] | None:
    """The first question of a flow under way, or call of a flow, that collects one of the slots."""
    for calls in (False, True):
        for frame in reversed(task):
            flow = script.flows.by_id.get(frame.flow)
            for step in flow.steps.values() if flow else ():
                if not calls and step.kind == "collect" and step.name in values:
                    return frame, step.id
                if calls and step.kind == "call" and not values.keys().isdisjoint(
                    owned_slots(script.flows.by_id[step.name], script)
                ):
                    return frame, step.id
    return None
