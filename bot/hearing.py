"""From what waits in a conversation to what is understood: one message, or several in a burst."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.bursts import Utterance, readings
from bot.dialogue.script import Script
from bot.dialogue.stack import question_under_way
from bot.dialogue.tracker import State
from bot.dialogue.typed_answers import chosen_payload
from bot.payload import parse_payload
from bot.storage.held import Inbound
from bot.storage.turns import Work
from nlu.language import spoken_language
from nlu.understanding import Understanding


class Understander(Protocol):
    """Text into an understanding."""

    async def understand(self, text: str) -> Understanding:
        """Return intents, scope, entities and language of one utterance."""
        ...


@dataclass(frozen=True)
class Manners:
    """How long the bot waits, in seconds.

    `burst_s`: for more, where a message alone makes no sense. `silence_s`: for an answer to a
    question, before it asks whether somebody is there; None for ever.
    """

    burst_s: float = 0.0
    silence_s: float | None = None


class Hearing:
    """Understands messages, waiting a moment where one sounds as if more were to come."""

    def __init__(self, understander: Understander, script: Script, *, burst_s: float) -> None:
        self._understander = understander
        self._script = script
        self._burst_s = burst_s

    async def hear(self, work: Work, state: State) -> Sequence[Utterance]:
        """Understand all messages of the turn, those included that come meanwhile."""
        heard = [await self._understand(m, state) for m in work.messages]
        waited = self._burst_s <= 0 or work.messages[0].channel == "test"
        while True:
            heard += [await self._understand(m, state) for m in await work.more()]
            found = readings(work.messages, heard, state, self._script)
            if waited or not found.unfinished:
                break
            waited = True
            await asyncio.sleep(self._burst_s)
        return [await self._whole(utterance) for utterance in found.utterances]

    async def _whole(self, utterance: Utterance) -> Utterance:
        if utterance.text is None:
            return utterance
        understanding = await self._understander.understand(utterance.text)
        language = spoken_language(utterance.text, utterance.understanding.language)
        return replace(utterance, understanding=replace(understanding, language=language))

    async def _understand(self, message: Inbound, state: State) -> Understanding:
        language = str(state.slots.get("language") or message.language or "en")
        pressed = parse_payload(message.text, language)
        if pressed is not None:
            return pressed
        # "The second one": understood as if the button had been pressed.
        meant = chosen_payload(message.text, state, figures=self._figures_choose(state))
        pressed = parse_payload(meant, language) if meant else None
        if pressed is not None:
            return pressed
        understanding = await self._understander.understand(meant or message.text)
        return replace(understanding, language=spoken_language(message.text, language))

    def _figures_choose(self, state: State) -> bool:
        """Whether a bare figure stands for a button, as it does not where a number is asked for."""
        question = question_under_way(state, self._script)
        if question is None:
            return True
        return self._script.domain.slots[question[1]].type in ("bool", "categorical")
