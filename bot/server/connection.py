"""One websocket: a shopper in a conversation, told of what is said whoever asked for it."""

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import uuid4

from fastapi import WebSocket, WebSocketDisconnect
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError

from bot.app import Shopclerk
from bot.errors import ConversationNotYours
from bot.messages import UserMessage
from bot.server.bodies import SocketMessage, checked
from bot.server.errors import BUSY, NOT_YOURS, SET_ASIDE, UNEXPECTED, ApiError, validation_text
from bot.server.rendering import is_message, message_json, position_after, turn_json
from bot.storage.conversations import PastEvent
from bot.storage.held import ConversationBusy, MessageSetAside

log = logging.getLogger("shopclerk")

MAX_IN_FLIGHT = 8
"""Messages of one connection that are not answered yet; a burst of one thought is shorter."""

MAX_REFUSALS = 20
"""Refused messages in a row after which a connection is closed."""

OPEN_AT_MOST_S = 3600.0
"""A session that has ended, by time or by signing out, keeps its connection no longer."""

_GOING_AWAY, _POLICY, _INTERNAL = 1001, 1008, 1011  # RFC 6455, 7.4.1


class _Refused(Exception):
    """Too much was refused: we end the connection."""


class Connection:
    """One shopper, proven when the connection was opened, in one conversation."""

    def __init__(self, clerk: Shopclerk, socket: WebSocket, *, poll_s: float) -> None:
        self._chat, self._store = clerk.chat, clerk.store
        self._max_chars = clerk.settings.server.max_text_chars
        self._socket = socket
        self._poll_s = poll_s
        self._shopper = clerk.sessions.shopper(socket.cookies, socket.headers)
        self._conversation_id = ""
        self._begun = asyncio.Event()
        self._position = 0  # of so many events everything was told
        self._told: set[str] = set()  # ids of messages that the client has from its own turns
        self._in_flight = 0
        self._refusals = 0
        self._sending = asyncio.Lock()

    async def serve(self, conversation_id: str | None, after: int | None) -> None:
        """Talk until either side ends it. A turn under way is finished without us."""
        try:
            async with asyncio.timeout(OPEN_AT_MOST_S), asyncio.TaskGroup() as tasks:
                if conversation_id:
                    await self._begin(conversation_id, after)
                tasks.create_task(self._push())
                await self._listen(tasks)
        except* WebSocketDisconnect:
            pass
        except* TimeoutError:
            await self._end(_GOING_AWAY)
        except* _Refused:
            await self._end(_POLICY)
        except* ConversationNotYours:
            await self._end(_POLICY, NOT_YOURS)
        except* Exception:  # the edge of the service: logged once, and never told in detail
            log.exception("a websocket of conversation %s failed", self._conversation_id)
            await self._end(_INTERNAL, UNEXPECTED)

    async def _begin(self, conversation_id: str, after: int | None) -> None:
        """Make this the connection's conversation, to be told from its end or from `after` on."""
        past = await self._past(conversation_id, after or 0)  # also asks whose it is
        self._conversation_id = conversation_id
        self._position = position_after(past, 0) if after is None else after
        self._begun.set()

    async def _past(self, conversation_id: str, after: int) -> tuple[PastEvent, ...]:
        since = self._store.since
        return await run_in_threadpool(since, conversation_id, after, self._shopper)

    async def _listen(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            frame = await self._socket.receive()
            if frame["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(frame.get("code", 1005))
            body: SocketMessage | None = None
            try:
                body = self._read(frame.get("text"))
                await self._accept(body)
            except ApiError as error:
                await self._refuse(error, body)
                continue
            self._refusals = 0
            self._in_flight += 1
            tasks.create_task(self._answer(body))

    def _read(self, frame: str | None) -> SocketMessage:
        """Return the message of a text frame.

        Raises:
            ApiError: it is none.
        """
        if frame is None:
            raise ApiError(422, "bad_request", "only text frames are read")
        if len(frame) > 12 * self._max_chars + 2_000:  # JSON may write a character in 12
            raise ApiError(413, "text_too_long", f"at most {self._max_chars} characters are read")
        try:
            return SocketMessage.model_validate_json(frame)
        except ValidationError as error:
            raise ApiError(422, "bad_request", validation_text(error.errors())) from None

    async def _accept(self, body: SocketMessage) -> None:
        """Check whether the message can be taken now; the first one begins the conversation.

        Raises:
            ApiError: it cannot.
        """
        checked(body.text, self._max_chars)
        if self._in_flight >= MAX_IN_FLIGHT:
            raise ApiError(
                429, "too_many_messages", f"wait for an answer: {MAX_IN_FLIGHT} are under way"
            )
        if self._begun.is_set():
            if body.conversation_id not in (None, self._conversation_id):
                raise ApiError(
                    409,
                    "other_conversation",
                    "a connection has one conversation; open another connection",
                )
            return
        try:
            await self._begin(body.conversation_id or uuid4().hex, None)
        except ConversationNotYours:
            raise ApiError(403, **NOT_YOURS) from None

    async def _answer(self, body: SocketMessage) -> None:
        message = UserMessage(
            self._conversation_id,
            body.text,
            self._shopper,
            channel="websocket",
            language=body.language,
            id=body.message_id,
        )
        try:
            turn = await self._chat.take(message)
        except (ConversationBusy, MessageSetAside) as error:
            why = BUSY if isinstance(error, ConversationBusy) else SET_ASIDE
            await self._send({"type": "error", **why, "message_id": message.id})
            return
        finally:
            self._in_flight -= 1
        self._told |= {message.id, *(m.id for m in turn.messages)}
        async with self._sending:
            news = await self._news()
            told = {"message_id": message.id, **turn_json(turn), "position": self._position}
            await self._send({"type": "turn", **told})
            for one in news:
                await self._send(one)

    async def _push(self) -> None:
        """Tell what is said without being asked for, by whom and wherever."""
        await self._begun.wait()
        with self._chat.feed.listen(self._conversation_id) as bell:
            bell.set()  # what was missed is told at once
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), self._poll_s)
                bell.clear()
                async with self._sending:
                    for one in await self._news():
                        await self._send(one)

    async def _news(self) -> list[dict[str, Any]]:
        """What was said since we looked last and the client does not know yet.

        Nothing while a turn is under way: its replies may be stored before we know them for its.
        """
        if self._in_flight > 0:
            return []
        past = await self._past(self._conversation_id, self._position)
        if self._in_flight > 0:
            return []
        self._position = position_after(past, self._position)
        said = [(p.position + 1, message_json(p.event)) for p in past if is_message(p.event)]
        return [
            {"type": "message", "conversation_id": self._conversation_id, "position": at, **one}
            for at, one in said
            if not self._is_known(one)
        ]

    def _is_known(self, message: dict[str, Any]) -> bool:
        return message.get("id", message.get("message_id")) in self._told

    async def _refuse(self, error: ApiError, body: SocketMessage | None) -> None:
        about = {"message_id": body.message_id} if body else {}
        await self._send({"type": "error", "code": error.code, "message": str(error), **about})
        self._refusals += 1
        if self._refusals >= MAX_REFUSALS:
            raise _Refused

    async def _end(self, code: int, error: dict[str, str] | None = None) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # the other side may be gone already
            if error:
                await self._send({"type": "error", **error})
            await self._socket.close(code)

    async def _send(self, frame: dict[str, Any]) -> None:
        await self._socket.send_json(frame)
