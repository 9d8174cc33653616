"""A value that comes when no task is under way: which task it is for. Pure."""

from bot.dialogue import cues, patterns
from bot.dialogue.flows import Flow
from bot.dialogue.said import collected
from bot.dialogue.slot_filling import fill_started
from bot.dialogue.turn import Turn


def only_values(turn: Turn) -> bool:
    """Whether the message is a value and nothing else: "9199", "and 9200?"."""
    said = turn.said
    return bool(said.entities) and not said.pressed and cues.asks_after(said.beside_values)


def is_for_a_person(turn: Turn) -> bool:
    """Whether a value is for what the way to a person has asked: an address after all."""
    asked = collected([patterns.HUMAN_HANDOFF], turn.script)
    return any(
        name in asked and turn.state.slots.get(name) is not None for name in turn.filled.mentions
    )


def flow_of_value(turn: Turn, last: Flow) -> Flow:
    """The last task, if it was about such a value; else the one that the message is likest to mean.

    "9199" after a list of orders asks for that order, not for the list again.
    """
    given = fill_started(turn.said, turn.state, turn.script, last)
    if any(turn.state.slots.get(name) is not None for name in given):
        return last
    likely = turn.startable(turn.top.name)
    sure = turn.top.probability >= turn.thresholds.intent / 2  # the value is half the message
    task = likely is not None and not likely.is_pattern and not likely.small_talk
    return likely if sure and task and likely is not None else last
