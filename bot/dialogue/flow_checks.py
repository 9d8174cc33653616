"""Do flows and domain fit each other? Every name in a flow must stand for something."""

from collections.abc import Iterator

from bot.dialogue import patterns
from bot.dialogue.conditions import Condition
from bot.dialogue.engine import BUILTIN
from bot.dialogue.flows import Flow, Step
from bot.dialogue.script import Script
from bot.dialogue.stack import with_called
from bot.errors import ConfigError

REPEAT = "action_repeat_bot_messages"
"""The one action of the patterns that the assistant itself does: it alone has the replies."""

_AT_HOME = {
    "action_correct_flow_slot": patterns.CORRECTION,
    "action_skip_question": patterns.SKIP,
}
_LINKED = frozenset(
    {patterns.HUMAN_HANDOFF, patterns.CHITCHAT, patterns.SEARCH, patterns.RESTART,
     patterns.COMPLETED}
)  # fmt: skip


def check_flows(script: Script) -> None:
    """Refuse flows that could not run.

    Raises:
        ConfigError: every problem, a line each, with its file and line.
    """
    problems = [p for flow in script.flows.by_id.values() for p in _problems(flow, script)]
    problems += _unknown_loops(script)
    if problems:
        raise ConfigError("\n".join(problems))


def _unknown_loops(script: Script) -> Iterator[str]:
    for slot in script.domain.slots.values():
        for mapping in slot.mappings:
            for condition in mapping.conditions:
                loop = condition.active_loop
                if loop is not None and loop not in script.flows.by_id:
                    yield (
                        f"domain.yml: slot {slot.name!r} has a mapping for {loop!r}, which is "
                        "neither a form nor a flow; correct its name"
                    )


def _problems(flow: Flow, script: Script) -> Iterator[str]:
    if flow.form:
        return
    if flow.guard is not None:
        yield from _unknown_slots(flow.guard, str(flow.place), script)
    for name in sorted(flow.persisted_slots - set(script.domain.slots)):
        yield f"{flow.place}: persisted slot {name!r} is not in domain.yml; add it under slots:"
    for step in flow.steps.values():
        yield from _of_step(step, flow, script)
    for step_id in sorted(set(flow.steps) - _reachable(flow)):
        yield f"{flow.steps[step_id].place}: no way leads to the step {step_id!r}; remove it"


def _of_step(step: Step, flow: Flow, script: Script) -> Iterator[str]:
    where = str(step.place)
    conditions = [b.condition for b in step.branches if b.condition is not None]
    for condition in [*conditions, *(r.condition for r in step.rejections)]:
        yield from _unknown_slots(condition, where, script)
    match step.kind:
        case "collect" if step.name not in script.domain.slots:
            yield f"{where}: slot {step.name!r} is not in domain.yml; add it under slots:"
        case "collect":
            for name in (script.question(step), *(r.utter for r in step.rejections)):
                yield from _unknown_action(name, where, script)
        case "action":
            yield from _unknown_action(step.name, where, script)
            yield from _out_of_place(step, flow)
        case "set_slots":
            for name, value in step.values:
                yield from _unfit(name, value, where, script)
        case "link" | "call":
            yield from _unknown_flow(step, flow, script)


def _unknown_slots(condition: Condition, where: str, script: Script) -> Iterator[str]:
    for name in sorted(condition.slots - set(script.domain.slots)):
        yield (
            f"{where}: the condition {condition.source!r} reads slot {name!r}, which is not in "
            "domain.yml; add it under slots:"
        )


def _out_of_place(step: Step, flow: Flow) -> Iterator[str]:
    home = _AT_HOME.get(step.name)
    if home is not None and flow.id != home:
        yield f"{step.place}: {step.name!r} belongs to {home!r} alone; remove it here"


def _unknown_action(name: str, where: str, script: Script) -> Iterator[str]:
    known = {*script.actions, *BUILTIN, REPEAT}
    if name not in known and name not in script.domain.responses:
        yield (
            f"{where}: {name!r} is neither an action nor a response; add it to domain.yml under "
            f"responses:, or use one of the actions {', '.join(sorted(script.actions))}"
        )


def _unfit(name: str, value: object, where: str, script: Script) -> Iterator[str]:
    slot = script.domain.slots.get(name)
    if slot is None:
        yield f"{where}: slot {name!r} is not in domain.yml; add it under slots:"
        return
    if value is not None:
        try:
            slot.coerce(value)
        except ValueError as error:
            yield f"{where}: slot {name!r}: {error}"


def _unknown_flow(step: Step, flow: Flow, script: Script) -> Iterator[str]:
    target = script.flows.by_id.get(step.name)
    if target is None:
        yield f"{step.place}: there is no flow {step.name!r} to {step.kind}; correct its name"
    elif step.name == flow.id:
        yield f"{step.place}: a flow cannot {step.kind} itself; lead back with next: instead"
    elif step.kind == "call" and target.is_pattern:
        yield f"{step.place}: a pattern cannot be called; use link: to go over to it"
    elif target.is_pattern and target.id not in _LINKED:
        yield (
            f"{step.place}: nothing can go over to {target.id!r}, which needs a message to stand "
            f"on; link to one of {', '.join(sorted(_LINKED))}"
        )
    elif step.kind == "call" and any(flow is called for called in with_called(target, script)):
        yield (
            f"{step.place}: flow {step.name!r} leads back to {flow.id!r} by its own calls, "
            "without an end; use link: in one of them"
        )


def _reachable(flow: Flow) -> set[str]:
    found: set[str] = set()
    waiting = [flow.first]
    while waiting:
        step = flow.steps.get(waiting.pop())
        if step is not None and step.id not in found:
            found.add(step.id)
            waiting += [branch.target for branch in step.branches]
    return found
