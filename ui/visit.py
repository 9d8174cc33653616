"""Who looks at which conversation, in which language."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.messages import Shopper
from ui.words import LANGUAGES


@dataclass(frozen=True)
class Visit:
    """One event on the page. The shopper comes from the session, the rest from the browser."""

    conversation_id: str
    language: str
    shopper: Shopper

    @property
    def kept(self) -> dict[str, str]:
        """What the browser keeps."""
        return {"conversation": self.conversation_id, "language": self.language}

    def fresh(self) -> "Visit":
        """The same visit with a conversation that begins."""
        return replace(self, conversation_id=new_id())


def read_visit(kept: Any, shopper: Shopper, languages: Iterable[Any]) -> Visit:
    """Take what the browser keeps for what it is: anything. The first known language is used."""
    memory: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
    conversation = memory.get("conversation")
    known = [x for x in languages if x in LANGUAGES]
    return Visit(str(conversation) if _is_id(conversation) else new_id(),
                 known[0] if known else LANGUAGES[0], shopper)


def kept_language(kept: Any) -> Any:
    """The language of the last visit, if any."""
    return kept.get("language") if isinstance(kept, dict) else None


def new_id() -> str:
    """An id that cannot be guessed: 144 random bits."""
    return secrets.token_urlsafe(18)


def _is_id(value: Any) -> bool:
    return (isinstance(value, str) and 16 <= len(value) <= 64 and value.isascii()
            and value.replace("-", "").replace("_", "").isalnum())
