"""Values and errors of turns that wait, are held and end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue.tracker import Event
from bot.messages import Shopper

MAX_ATTEMPTS = 3
"""So many turns may take a message and fail or die with it before it is set aside."""


class LostLease(Exception):
    """The turn outlived its lease and another one began; nothing of this one was kept."""


class ConversationBusy(Exception):
    """Other turns held the conversation for as long as was waited; the message is kept for one."""


class MessageSetAside(Exception):
    """Every turn that took the message failed; it is kept, and no turn takes it any more."""


@dataclass(frozen=True)
class Inbound:
    """A message that waited for its turn.

    `attempt` counts from 1; above 1 earlier turns with it failed or died, and at `MAX_ATTEMPTS`
    this is its last. `seq` is its place in line.
    """

    seq: int
    id: str
    text: str
    shopper: Shopper
    channel: str
    language: str | None
    metadata: Mapping[str, Any]
    attempt: int


@dataclass(frozen=True)
class Answered:
    """The message needs no turn, since one has answered it.

    `joined`: the sender of another message was told these replies, or is being told.
    """

    replies: tuple[Event, ...]
    joined: bool


@dataclass(frozen=True)
class Taken:
    """The conversation is held: its events so far, and the messages to answer, in order."""

    past: tuple[Event, ...]
    messages: tuple[Inbound, ...]


@dataclass(frozen=True)
class Waiting:
    """The message waits at this place. `free`: nobody holds its conversation at the moment."""

    seq: int
    free: bool = False


@dataclass(frozen=True)
class Claim:
    """Who asks for a conversation: for whose messages, by which token, for how many seconds."""

    conversation_id: str
    shopper: Shopper
    token: str
    lease_s: float
