"""Rasa's sessions: after a long pause a conversation begins anew, with or without its slots."""

from collections.abc import Sequence

from bot.dialogue.domain import Domain
from bot.dialogue.tracker import Event


def new_session(past: Sequence[Event], now_s: float, domain: Domain) -> tuple[Event, ...]:
    """The event of a new session where the shop's domain has session_config and it is time.

    Args:
        past: the events so far, with their `timestamp` in seconds.
        now_s: the time now, in seconds.
        domain: the shop's.
    """
    config = domain.session_config
    if not past or "session_config" not in domain.raw or config.session_expiration_time <= 0:
        return ()
    pause_s = now_s - float(past[-1].get("timestamp", now_s))
    if pause_s < config.session_expiration_time * 60:
        return ()
    return ({"event": "session_started", "keep": config.carry_over_slots_to_new_session},)
