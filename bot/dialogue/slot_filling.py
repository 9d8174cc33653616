"""Which slots a message fills, and with what: each value goes to one slot only. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.dialogue.fitting import fit
from bot.dialogue.flows import Flow
from bot.dialogue.said import Awaited, Said
from bot.dialogue.script import Script
from bot.dialogue.sharing import Sharing
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import Reading


@dataclass(frozen=True)
class Filled:
    """What a message gives.

    `answer`: to the question asked. `passing`: to other questions of the task under way.
    `mentions`: to slots of no task under way. `corrections`: other values for what is known.
    `doubtful`: it speaks against something known without giving a value that fits. `leftover`: how
    many words say something else.
    """

    answer: Reading | None = None
    passing: Mapping[str, Any] = field(default_factory=dict)
    mentions: Mapping[str, Any] = field(default_factory=dict)
    corrections: Mapping[str, Any] = field(default_factory=dict)
    doubtful: bool = False
    leftover: int = 0


def fill(said: Said, state: State, script: Script, asked: Awaited | None) -> Filled:
    """Share out what the message says among the slots of the task under way, and beyond it."""
    flows = [frame.flow for frame in state.task]
    sharing = Sharing(said, state, script, flows, asked)
    if not said.pressed and sharing.takes_back:
        said = replace(said, correcting=True)
        sharing = Sharing(said, state, script, flows, asked)
    yes_or_no = asked is not None and asked.slot.type == "bool"
    first = said.correcting or yes_or_no  # a yes is to what is known: another value comes first
    corrections = sharing.corrections() if first else {}
    passing = sharing.passing() if yes_or_no else {}  # "yes, it's about payment"
    answer = sharing.answer()
    if not corrections and answer is None and free_text(said, state, script, asked) is not None:
        return Filled(mentions=sharing.mentions(), leftover=sharing.leftover(None))
    if not yes_or_no:
        passing = sharing.passing()
    if not first:
        corrections = sharing.corrections()
    mentions = sharing.mentions()
    if yes_or_no:
        others = {n: v for n, v in mentions.items() if state.slots.get(n) is not None}
        corrections = {**corrections, **others}
        mentions = {n: v for n, v in mentions.items() if n not in others}
    return Filled(
        answer, passing, mentions, corrections, sharing.doubtful, sharing.leftover(answer)
    )


def fill_started(said: Said, state: State, script: Script, flow: Flow) -> dict[str, Any]:
    """Return what the message that starts a flow tells of its slots and of others."""
    sharing = Sharing(said, state, script, [flow.id])
    return {**sharing.passing(starting=True), **sharing.mentions()}


def free_text(said: Said, state: State, script: Script, asked: Awaited | None) -> Any:
    """Return the whole message as the answer to a question that takes any text, else None."""
    text = said.text.strip()
    if asked is None or said.pressed or not text:
        return None
    sharing = Sharing(said, state, script, [frame.flow for frame in state.task], asked)
    if sharing.ignored:
        return None
    for mapping in sharing.mappings(asked.slot):
        any_text = mapping.type == "from_llm" and asked.slot.type in ("text", "any")
        if any_text or mapping.type == "from_text":
            return fit(asked.slot, text)
    return None
