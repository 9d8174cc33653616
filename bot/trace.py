"""What is kept and told of a turn's decision: for replay, for gaps, for developers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.actions import tracker_json
from bot.dialogue.commands import CannotHandle, Clarify, Decision
from bot.dialogue.script import Script
from bot.dialogue.tracker import Event
from bot.messages import Trace
from bot.turn import Said
from nlu.understanding import Understanding


def parse_data(understanding: Understanding) -> Mapping[str, Any]:
    """What was understood, as Rasa writes it."""
    return {**tracker_json.parse_data(understanding), "out_of_scope": understanding.out_of_scope}


def judgement(decision: Decision, understanding: Understanding, best: float | None) -> Event:
    """The event that says whether the message was understood, and why: gaps are read from it."""
    lost = any(isinstance(c, CannotHandle | Clarify) for c in decision.commands)
    return {
        "event": "repair" if lost else "understood",
        "decision": decision.reason,
        "probability": best,
        "language": understanding.language,
        "topic": understanding.top.name,
    }


def trace_of(understanding: Understanding, reason: str, said: Said, script: Script) -> Trace:
    """Why the bot replied as it did."""
    return Trace(
        language=understanding.language,
        intent=understanding.top.name,
        probability=round(understanding.top.probability, 4),
        out_of_scope=understanding.out_of_scope,
        entities=tuple(asdict(e) for e in understanding.entities),
        flow=_flow(said, script),
        actions=tuple(said.actions),
        sources=said.sources,
        decision=reason,
        latency_ms=0.0,
        trace_id="",
    )


def _flow(said: Said, script: Script) -> str | None:
    """The flow that the message began, or the one that it went on with.

    A pattern counts only if an intent asks for it: the others are ways of the bot's own.
    """
    started = [e["flow_id"] for e in said.events if e["event"] == "flow_started"]
    asked_for = [
        f for f in started if f in script.flows.by_id
        and (script.flows.by_id[f].intents or not script.flows.by_id[f].is_pattern)
    ]
    if asked_for:
        return str(asked_for[-1])
    task = said.state.task
    return task[-1].flow if task else None
