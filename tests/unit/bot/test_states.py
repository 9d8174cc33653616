from typing import Any

from bot.dialogue.tracker import Event, State, replay, slot_event
from bot.states import States

START = State(slots={"count": 0})


def turn(number: int) -> list[Event]:
    said: Event = {"event": "user", "text": f"{number}", "timestamp": number}
    return [said, slot_event("count", number)]


def test_the_state_is_that_of_all_events_however_they_came() -> None:
    states = States(START)
    events: list[Event] = []
    assert states.after("c", events) == START
    for number in range(1, 4):
        events += turn(number)
        assert states.after("c", events) == replay(events, START)


def test_only_new_events_are_replayed(monkeypatch: Any) -> None:
    replayed: list[int] = []
    monkeypatch.setattr(
        "bot.states.replay", lambda events, state: (replayed.append(len(events)), state)[1]
    )
    states = States(START)
    states.after("c", turn(1))
    states.after("c", [*turn(1), *turn(2)])
    assert replayed == [2, 2]


def test_another_conversation_by_the_same_name_starts_from_the_beginning() -> None:
    states = States(START)
    states.after("c", [*turn(1), *turn(2)])
    for other in ([], turn(7), [*turn(1), *turn(9)], [*turn(8), *turn(9), *turn(10)]):
        assert states.after("c", other) == replay(other, START)


def test_those_not_used_for_longest_are_forgotten_and_replayed_again() -> None:
    states = States(START, size=1)
    for name in ("a", "b", "a"):
        assert states.after(name, turn(1)) == replay(turn(1), START)
