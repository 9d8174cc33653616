"""Where conversations stood lately, so that a turn replays only the events that are new."""

from collections import OrderedDict
from collections.abc import Sequence

from bot.dialogue.tracker import Event, State, replay

REMEMBERED = 1024


class States:
    """The state after a conversation's events; used from one event loop."""

    def __init__(self, start: State, size: int = REMEMBERED) -> None:
        """`start` is the state of a conversation that has only begun."""
        self._start = start
        self._size = size
        self._known: OrderedDict[str, tuple[int, Event, State]] = OrderedDict()

    def after(self, conversation_id: str, events: Sequence[Event]) -> State:
        """Return the state after the events, which may only have grown since the last call."""
        count, last, state = self._known.get(conversation_id, (0, {}, self._start))
        if count and (len(events) < count or events[count - 1] != last):
            count, state = 0, self._start  # another conversation by the same name
        state = replay(events[count:], state)
        if events:
            self._known[conversation_id] = (len(events), events[-1], state)
            self._known.move_to_end(conversation_id)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return state
