"""Turns and stored events as the JSON that clients get."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.dialogue.tracker import Event
from bot.messages import BotMessage, Turn
from bot.storage.conversations import PastEvent

_TOLD_OF_A_SOURCE = ("id", "file", "line", "score", "version", "link")


def turn_json(turn: Turn) -> dict[str, Any]:
    """A turn as /api/chat answers it."""
    trace = asdict(turn.trace)
    trace["sources"] = [{k: cited[k] for k in _TOLD_OF_A_SOURCE} for cited in trace["sources"]]
    return {
        "conversation_id": turn.conversation_id,
        "messages": [asdict(m) for m in turn.messages],
        "joined": turn.joined,
        "trace": trace,
    }


def is_message(event: Event) -> bool:
    """Whether the event is something that was said."""
    return event["event"] in ("user", "bot")


def message_json(event: Event) -> dict[str, Any]:
    """One thing that was said, by whichever `role`."""
    if event["event"] == "bot":
        return {"role": "bot", **event["data"]}
    told = {"role": "user", "text": event["text"]}
    return {**told, "message_id": event["message_id"]} if event.get("message_id") else told


def conversation_json(
    conversation_id: str, past: Sequence[PastEvent], after: int
) -> dict[str, Any]:
    """What was said after the first `after` events, and where to go on from."""
    return {
        "conversation_id": conversation_id,
        "messages": [message_json(p.event) for p in past if is_message(p.event)],
        "position": position_after(past, after),
    }


def position_after(past: Sequence[PastEvent], before: int) -> int:
    """How many events there are with these; `before` where these are none."""
    return past[-1].position + 1 if past else before


def rasa_json(sender: str, reply: BotMessage) -> list[dict[str, Any]]:
    """A reply as Rasa's REST channel answers it: text with buttons, pictures, JSON."""
    parts: list[dict[str, Any]] = []
    if reply.text or reply.buttons:
        part: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
        if reply.buttons:
            part["buttons"] = [asdict(b) for b in reply.buttons]
        parts.append(part)
    for card in reply.cards:
        parts.append(
            {
                "recipient_id": sender,
                "text": " · ".join(filter(None, (card.title, card.price, card.subtitle))),
            }
        )
        if card.image:
            parts.append({"recipient_id": sender, "image": card.image})
    if reply.image:
        parts.append({"recipient_id": sender, "image": reply.image})
    if reply.custom:
        parts.append({"recipient_id": sender, "custom": dict(reply.custom)})
    return parts
