"""A service whose assistant says what the tests need, on conversations in memory."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi.testclient import TestClient
from service_stand_ins import SESSIONS
from sleeper import Sleeper

from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Shopper, Trace, Turn, UserMessage
from bot.server.app import create_api
from bot.server.chat_service import ChatService
from bot.settings import ServerSettings, Settings, ShopSettings
from bot.storage.conversations import PastEvent

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TRACE = Trace("en", "", 1.0, False, (), None, (), (), "", 0.0, "")


class Conversations:
    """Who owns which conversation, and what was said in it."""

    def __init__(self) -> None:
        self.owners: dict[str, Shopper] = {}
        self.events: dict[str, list[Mapping[str, Any]]] = {}

    def check(self, conversation_id: str, shopper: Shopper) -> None:
        if self.owners.get(conversation_id, shopper) != shopper:
            raise ConversationNotYours(conversation_id)

    def append(self, conversation_id: str, *events: Mapping[str, Any]) -> None:
        self.events.setdefault(conversation_id, []).extend(events)

    def since(
        self, conversation_id: str, position: int, shopper: Shopper
    ) -> tuple[PastEvent, ...]:
        self.check(conversation_id, shopper)
        past = enumerate(self.events.get(conversation_id, ()))
        return tuple(PastEvent(conversation_id, i, NOON, e) for i, e in past if i >= position)

    def ids(self, conversation_id: str) -> set[str]:
        return {e.get("message_id", "") for e in self.events.get(conversation_id, ())}

    def texts(self, conversation_id: str) -> list[str]:
        return [e["text"] for e in self.events.get(conversation_id, ()) if "text" in e]


def said(text: str) -> dict[str, Any]:
    message = BotMessage(text)
    return {"event": "bot", "text": text, "data": asdict(message)}


class Assistant:
    """Repeats what it hears, once. "slow" waits for `gate`, "ask" wants silence to be noticed."""

    def __init__(self, store: Conversations) -> None:
        self.store = store
        self.gate = asyncio.Event()
        self.heard: list[UserMessage] = []
        self.caught_up = 0
        self._one_at_a_time: dict[Any, asyncio.Lock] = {}

    async def handle(self, message: UserMessage) -> Turn:
        async with self._one_at_a_time.setdefault(message.id or object(), asyncio.Lock()):
            return await self._take(message)

    async def _take(self, message: UserMessage) -> Turn:
        self.store.check(message.conversation_id, message.shopper)
        self.heard.append(message)
        if message.id and message.id in self.store.ids(message.conversation_id):
            return Turn(message.conversation_id, (), TRACE)
        if "crash" in message.text:
            raise RuntimeError("the database password is hunter2")
        if "slow" in message.text:
            await self.gate.wait()
        self.store.owners[message.conversation_id] = message.shopper
        asked = {"event": "user", "text": message.text, "message_id": message.id}
        if "joined" in message.text:
            self.store.append(message.conversation_id, asked)
            return Turn(message.conversation_id, (), TRACE, joined=True)
        reply = said(f"You said {message.text}.")
        self.store.append(message.conversation_id, asked, {"event": "action"}, reply)
        return Turn(
            message.conversation_id,
            (BotMessage(**reply["data"]),),
            TRACE,
            silence_s=30.0 if "ask" in message.text else None,
        )

    async def catch_up(self) -> None:
        self.caught_up += 1
        if self.caught_up == 1:
            raise ConnectionError("the database is away")

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        reply = said("Are you still there?")
        self.store.append(conversation_id, {"event": "silence"}, reply)
        return Turn(conversation_id, (BotMessage(**reply["data"]),), TRACE)


class Service:
    """The service, and hands to reach behind it."""

    def __init__(self, folder: Path) -> None:
        self.store = Conversations()
        self.assistant = Assistant(self.store)
        self.sleeper = Sleeper()
        self.chat = ChatService(self.assistant, sleep=self.sleeper)
        self.clerk: Any = SimpleNamespace(
            settings=Settings(
                shop=ShopSettings(name="Larkfell"), server=ServerSettings(max_text_chars=100)
            ),
            shop_dir=folder,
            chat=self.chat,
            store=self.store,
            sessions=SESSIONS,
            voice=None,
            voice_problem="",
            synthesizer=None,
        )

    @contextmanager
    def running(self) -> Iterator[TestClient]:
        with TestClient(create_api(self.clerk), raise_server_exceptions=False) as client:
            self._client = client
            yield client

    def open_gate(self) -> None:
        self._portal.call(self._set_gate)

    def time_passes(self) -> None:
        self._portal.call(self.sleeper.wake)

    def is_said_here(self, conversation_id: str, text: str) -> None:
        """Somebody else says something, in this process."""
        self._portal.call(self._say, conversation_id, text)

    def is_said_elsewhere(self, conversation_id: str, text: str) -> None:
        """Another process stores a message."""
        self.store.append(conversation_id, said(text))

    async def _set_gate(self) -> None:
        self.assistant.gate.set()

    async def _say(self, conversation_id: str, text: str) -> None:
        self.store.append(conversation_id, said(text))
        self.chat.feed.ring(conversation_id)

    @property
    def _portal(self) -> Any:
        assert self._client.portal
        return self._client.portal
