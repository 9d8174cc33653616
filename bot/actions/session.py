"""What an action may trust: the proven shopper, put there by the runner and by nobody else."""

from typing import Any

from rasa_sdk import Tracker

from bot.messages import Shopper


def session_metadata(shopper: Shopper) -> dict[str, Any]:
    """The shopper as metadata of the latest message; replaces whatever a client sent."""
    return {"session_id": shopper.session_id, "customer_id": shopper.customer_id}


def shopper_of(tracker: Tracker) -> Shopper:
    """The shopper whose message is being answered. Never from slots, entities or text."""
    data = (tracker.latest_message.get("metadata") or {}).get("session") or {}
    return Shopper(str(data.get("session_id", "")), data.get("customer_id"))


def language_of(tracker: Tracker) -> str:
    """The language to answer in."""
    return str(tracker.get_slot("language") or "en")


def text_of(tracker: Tracker) -> str:
    """The shopper's latest words."""
    return str(tracker.latest_message.get("text") or "")
