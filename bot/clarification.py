"""The choices offered when several readings are possible, and the way to a person."""

from collections.abc import Sequence

from bot.dialogue.flows import Flows
from bot.messages import Button
from knowledge.entries import Hit

HUMAN = {"en": "Talk to a person", "zh": "转人工客服"}


def clarification_buttons(
    intents: Sequence[str], hits: Sequence[Hit], flows: Flows, language: str
) -> tuple[Button, ...]:
    """A button for each reading, then one for a person. A hit's button asks its question."""
    found = [Button(flows.by_intent[i].title(language), f"/{i}") for i in intents]
    found += [
        Button(h.entry.question, h.entry.question) for h in hits if h.entry.intent not in intents
    ]
    return (*found, Button(HUMAN.get(language, HUMAN["en"]), "/contact_human_agent"))
