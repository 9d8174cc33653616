"""What comes in from a shopper and what goes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4


@dataclass(frozen=True)
class Shopper:
    """Who is speaking, as proven by the session and by nothing else.

    `customer_id` is None for an anonymous shopper. `session_id` names the browser session.
    """

    session_id: str = ""
    customer_id: int | None = None

    @property
    def signed_in(self) -> bool:
        """Whether the session is proven to belong to a customer."""
        return self.customer_id is not None


@dataclass(frozen=True)
class UserMessage:
    """One message from a shopper.

    `language` is the page's, used when the text has none. `id` is the sender's own name for the
    message: one that comes twice is answered once. `metadata` proves nothing; actions may read it.
    """

    conversation_id: str
    text: str
    shopper: Shopper = field(default_factory=Shopper)
    channel: str = "rest"
    language: str | None = None
    id: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Button:
    """A suggestion to press; `payload` is sent back as the shopper's text."""

    title: str
    payload: str


@dataclass(frozen=True)
class Card:
    """A product or an order to look at. Texts are plain; `image` and `link` are URLs or paths."""

    title: str
    subtitle: str = ""
    image: str = ""
    link: str = ""
    price: str = ""
    old_price: str = ""
    availability: str = ""
    reason: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Citation:
    """The knowledge entry that a reply stands on: its id, question, file and 1-based line.

    `version` is the entry's own. `link` leads to the whole policy that a passage is from.
    """

    id: str
    title: str
    file: str
    line: int
    score: float
    version: str = ""
    link: str = ""


@dataclass(frozen=True)
class BotMessage:
    """One reply. `text` is Markdown. `id` is what feedback refers to.

    `response` names the domain's response that it was made from; empty for an action's own words.
    `custom` is JSON of the shop's own, for a channel that knows what to do with it.
    """

    text: str = ""
    buttons: tuple[Button, ...] = ()
    cards: tuple[Card, ...] = ()
    citations: tuple[Citation, ...] = ()
    image: str = ""
    response: str = ""
    custom: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: uuid4().hex)


def message_of(data: Mapping[str, Any]) -> BotMessage:
    """Return a reply read back from its event, to be said again: its id is a new one."""
    return BotMessage(
        text=str(data.get("text", "")),
        buttons=tuple(Button(**b) for b in data.get("buttons", ())),
        cards=tuple(Card(**{**c, "lines": tuple(c["lines"])}) for c in data.get("cards", ())),
        citations=tuple(Citation(**c) for c in data.get("citations", ())),
        image=str(data.get("image", "")),
        response=str(data.get("response", "")),
        custom=data.get("custom") or {},
    )


@dataclass(frozen=True)
class Trace:
    """Why the bot replied as it did, for developers and tests. Times in milliseconds."""

    language: str
    intent: str
    probability: float
    out_of_scope: bool
    entities: tuple[dict[str, Any], ...]
    flow: str | None
    actions: tuple[str, ...]
    sources: tuple[Citation, ...]
    decision: str
    latency_ms: float
    trace_id: str


@dataclass(frozen=True)
class Turn:
    """The outcome of one message, or of several that came in a burst.

    `joined`: the message was answered together with one before it, so nothing is said here.
    `silence_s`: after how many seconds of silence `Assistant.silence` should be called.
    """

    conversation_id: str
    messages: tuple[BotMessage, ...]
    trace: Trace
    joined: bool = False
    silence_s: float | None = None
