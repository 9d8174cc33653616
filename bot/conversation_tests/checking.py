"""Names in tests against the shop's: a name that nothing has would fail, or pass, for ever."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.conversation_tests.format import (
    ActionExecuted,
    BotDidNotUtter,
    BotUttered,
    Case,
    Expectation,
    FlowEnded,
    FlowStarted,
    SlotsNotSet,
    SlotsSet,
)
from bot.dialogue.flows import END
from bot.dialogue.script import Script
from bot.errors import ConfigError

_BY_THE_BOT = ("language", "requested_slot")
"""Slots that are there though no domain lists them."""


def check_names(cases: Sequence[Case], script: Script) -> None:
    """Compare every slot, response, flow, step and action that tests name with the shop's.

    Raises:
        ConfigError: with the place of each name that the shop does not have.
    """
    names = _Names.of(script)
    problems = [problem for case in cases for problem in _problems(case, names)]
    if problems:
        raise ConfigError("\n".join(dict.fromkeys(problems)))


@dataclass(frozen=True)
class _Names:
    script: Script
    slots: frozenset[str]
    actions: frozenset[str]

    @classmethod
    def of(cls, script: Script) -> "_Names":
        steps = [s for flow in script.flows.by_id.values() for s in flow.steps.values()]
        actions = {s.name for s in steps if s.kind == "action"} | set(script.domain.actions)
        return cls(
            script,
            frozenset(script.domain.slots) | frozenset(_BY_THE_BOT),
            script.actions | actions,
        )


def _problems(case: Case, names: _Names) -> Iterator[str]:
    for slot in case.slots:
        yield from _unknown(f"{case.spot}: fixture", "slot", slot, names.slots)
    for action in case.stubs:
        yield from _unknown(f"{case.spot}: stub", "action", action, names.actions)
    for step in case.steps:
        for expectation in step.expectations:
            yield from _unknown_in(expectation, names)


def _unknown_in(expectation: Expectation, names: _Names) -> Iterator[str]:
    where, flows = f"{expectation.spot}:", names.script.flows.by_id
    match expectation.check:
        case FlowStarted(started):
            for flow in started:
                yield from _unknown(where, "flow", flow, flows)
        case FlowEnded(_, flow, step):
            yield from _unknown(where, "flow", flow, flows)
            if flow in flows and step is not None and step != END:
                yield from _unknown(where, f"step of flow {flow!r}", step, flows[flow].steps)
        case ActionExecuted(name):
            known = names.actions | frozenset(names.script.domain.responses)
            yield from _unknown(where, "action", name, known)
        case SlotsSet(slots) | SlotsNotSet(slots):
            for slot in slots:
                yield from _unknown(where, "slot", slot.name, names.slots)
        case BotUttered(reply) | BotDidNotUtter(reply) if reply.response is not None:
            yield from _unknown(where, "response", reply.response, names.script.domain.responses)


def _unknown(where: str, what: str, name: str, known: Iterable[str]) -> Iterator[str]:
    there = list(known)
    if name not in there:
        close = get_close_matches(name, there, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else "; correct the name"
        yield f"{where} the shop has no {what} {name!r}{hint}"
