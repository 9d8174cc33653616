"""Messages that were not answered well, from the events of past conversations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise
from typing import Any, Literal, Protocol

from bot.dialogue.tracker import Event
from bot.storage.conversations import PastEvent
from nlu.language import detect_language

Reason = Literal["unanswered", "unsure", "thumbs down", "asked for a person"]


@dataclass(frozen=True)
class Missed:
    """A shopper's message as typed, and why it counts; `entry` is the id of what was cited."""

    text: str
    language: str
    at: datetime
    conversation_id: str
    reason: Reason
    entry: str | None = None


class Conversations(Protocol):
    """Where past conversations are kept."""

    def recent(self, *, since: datetime, limit: int) -> tuple[PastEvent, ...]:
        """Return what became of the latest messages, conversation by conversation."""
        ...

    def rated_down(self, since: datetime) -> frozenset[tuple[str, str]]:
        """Return conversation and message id of every reply rated down."""
        ...


def collect(
    store: Conversations, *, since: datetime, limit: int = 5000, unsure_below: float = 0.0
) -> tuple[Missed, ...]:
    """Return the messages that were not answered well, newest first.

    `unanswered`: the bot said so, or asked back in vain. `thumbs down`: its reply was rated down.
    `unsure`: it answered below `unsure_below`, or after asking which reading was meant.
    `asked for a person`: that was the next message after an answer. The first that fits counts.
    Evaluation (channel `test`), pressed buttons and words that fill a slot are left out.

    Args:
        store: The conversations.
        since: The earliest message; its thumb is looked for from then on too.
        limit: The most messages looked at, the latest first. It bounds the work, so a busy shop
            sees fewer days.
        unsure_below: A probability some way above the threshold of answers.
    """
    down = store.rated_down(since)
    found: list[Missed] = []
    events = store.recent(since=since, limit=limit)
    for _, conversation in groupby(events, key=lambda past: past.conversation_id):
        turns = list(_turns(conversation))
        for turn, after in pairwise([*turns, None]):
            missed = None if turn is None else _missed(turn, after, down, unsure_below)
            if missed is not None:
                found.append(missed)
    return tuple(sorted(found, key=lambda missed: missed.at, reverse=True))


@dataclass(frozen=True)
class _Turn:
    """A message and what followed it."""

    past: PastEvent
    events: Sequence[Event]

    @property
    def text(self) -> str:
        return str(self.past.event.get("text", "")).strip()

    @property
    def pressed(self) -> bool:
        return self.text.startswith("/")

    @property
    def handed_over(self) -> bool:
        return any(e["event"] == "action" for e in self.events)

    @property
    def in_flow(self) -> bool:
        """A task was begun; patterns, the ways of leaving one, are none."""
        started = [e for e in self.events if e["event"] == "flow_started"]
        return any(e.get("kind") != "pattern" for e in started)

    @property
    def outcome(self) -> Event | None:
        """The event `understood` or `repair`; a turn that failed inside has neither."""
        return next((e for e in self.events if e["event"] in ("understood", "repair")), None)

    @property
    def fills_a_slot(self) -> bool:
        outcome = self.outcome
        if outcome is None or outcome["event"] == "repair":
            return False
        if "decision" in outcome:
            return str(outcome["decision"]).startswith("fills ")
        before = self.events[: self.events.index(outcome)]  # events of earlier versions say no more
        filled = any(e["event"] == "slot" and e.get("value") is not None for e in before)
        return filled and not self.in_flow

    @property
    def replies(self) -> Iterable[Mapping[str, Any]]:
        return (e.get("data") or {} for e in self.events if e["event"] == "bot")


def _turns(conversation: Iterable[PastEvent]) -> Iterator[_Turn]:
    events: list[Event] = []
    for past in conversation:
        if past.event["event"] == "user":
            events = []
            yield _Turn(past, events)
        else:  # what belongs to a message before `since` is dropped
            events.append(past.event)


def _missed(
    turn: _Turn, after: _Turn | None, down: frozenset[tuple[str, str]], unsure_below: float
) -> Missed | None:
    channel = turn.past.event.get("input_channel")
    if channel == "test" or not turn.text or turn.pressed or turn.fills_a_slot:
        return None
    cited = next((c for reply in turn.replies for c in reply.get("citations", ())), None)
    score = 1.0 if cited is None or turn.in_flow else float(cited["score"])
    reason: Reason
    if turn.outcome is not None and turn.outcome["event"] == "repair":
        reason = "unsure" if _chosen(after) else "unanswered"
    elif any((turn.past.conversation_id, str(r.get("id"))) in down for r in turn.replies):
        reason = "thumbs down"
    elif score < unsure_below:
        reason = "unsure"
    elif cited is not None and after is not None and after.handed_over:
        reason = "asked for a person"
    else:
        return None
    return Missed(
        turn.text,
        str((turn.outcome or {}).get("language") or detect_language(turn.text)),
        turn.past.at,
        turn.past.conversation_id,
        reason,
        None if cited is None else str(cited["id"]),
    )


def _chosen(after: _Turn | None) -> bool:
    """Whether the next message was one of the readings offered, and not a person."""
    if after is None or after.outcome is None or not after.pressed:
        return False
    return after.outcome["event"] == "understood" and not after.handed_over
