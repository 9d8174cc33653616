"""What clients may send, and its limits."""

import json
from typing import Annotated, Any
from uuid import uuid4

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.server.errors import ApiError

MAX_METADATA_CHARS = 8_000
"""Metadata is kept with its message; a form's worth of values is far smaller."""


def _encodable(text: str) -> str:
    """Refuse half a surrogate pair: JSON can say it, but no database or answer could carry it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("not a valid Unicode text") from None
    return text


def _storable(metadata: dict[str, Any] | None) -> dict[str, Any] | None:
    try:
        size = len(json.dumps(metadata, allow_nan=False))
    except RecursionError:
        size = MAX_METADATA_CHARS + 1
    if size > MAX_METADATA_CHARS:
        raise ValueError(f"larger than {MAX_METADATA_CHARS} characters")
    return metadata


Text = Annotated[str, AfterValidator(_encodable)]
ConversationId = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w.:@+-]+$")]
MessageId = Annotated[str, Field(max_length=128), AfterValidator(_encodable)]
"""The sender's own name for a message: sent again under the same one, it is answered once."""


def _new_id() -> str:
    return uuid4().hex


class ChatRequest(BaseModel):
    """One message; without a conversation id a new conversation begins."""

    model_config = ConfigDict(extra="forbid")
    conversation_id: ConversationId = Field(default_factory=_new_id)
    text: Text
    language: str | None = Field(None, pattern="^(en|zh)$")
    message_id: MessageId = ""


class SocketMessage(BaseModel):
    """One message on a websocket; the first one's conversation is the connection's."""

    model_config = ConfigDict(extra="forbid")
    conversation_id: ConversationId | None = None
    text: Text
    language: str | None = Field(None, pattern="^(en|zh)$")
    message_id: MessageId = Field(default_factory=_new_id, min_length=1)


class RasaMessage(BaseModel):
    """Rasa's REST channel. Its metadata proves nothing; actions may read it."""

    sender: ConversationId = Field(default_factory=_new_id)
    message: Text
    metadata: Annotated[dict[str, Any] | None, AfterValidator(_storable)] = None

    @property
    def told(self) -> dict[str, Any]:
        """The metadata, without the place where actions find the proven session."""
        return {k: v for k, v in (self.metadata or {}).items() if k != "session"}


class SpeechRequest(BaseModel):
    """A text to speak."""

    model_config = ConfigDict(extra="forbid")
    text: Text
    language: str | None = Field(None, pattern="^(en|zh)$")


class SignInRequest(BaseModel):
    """Who to be in the demo."""

    model_config = ConfigDict(extra="forbid")
    customer_id: int = Field(ge=0, lt=2**31)


class FeedbackRequest(BaseModel):
    """A thumb for one reply."""

    model_config = ConfigDict(extra="forbid")
    conversation_id: Text = Field(max_length=128)
    message_id: Text = Field(max_length=40)
    rating: str = Field(pattern="^(up|down)$")
    reason: Text = Field("", max_length=500)


def checked(text: str, limit: int) -> str:
    """Return the text, which must not be longer than `limit` characters.

    Raises:
        ApiError: it is longer.
    """
    if len(text) > limit:
        raise ApiError(
            413, "text_too_long", f"the text has {len(text)} characters; at most {limit} are read"
        )
    return text
