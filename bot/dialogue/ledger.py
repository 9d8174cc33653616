"""The events of a turn so far and the state after them."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.flows import Flow
from bot.dialogue.tracker import Event, FrameKind, State, apply_event, started_event


class Ledger:
    """Grows by events alone, so that what is kept always says what happened."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._events: list[Event] = []

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order."""
        return tuple(self._events)

    def add(self, *events: Event) -> None:
        """Let these happen."""
        for event in events:
            self._events.append(event)
            self.state = apply_event(self.state, event)

    def start(
        self,
        flow: Flow,
        *,
        kind: FrameKind = "regular",
        context: Mapping[str, Any] | None = None,
    ) -> None:
        """Begin a flow on top of the stack."""
        self.add(started_event(flow.id, flow.first, kind, context))

    def value(self, slot: str) -> Any:
        """The slot's value; None where it is empty."""
        return self.state.slots.get(slot)
