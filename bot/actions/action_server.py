"""Actions as a rasa-sdk action server, for a Rasa assistant that calls `/webhook`.

rasa-sdk's server has no authentication and no limits of its own, so a gate stands before it.
"""

import hmac
import json
import os
import re
import zlib
from collections.abc import Callable
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import ConfigError

SECRET_VARIABLE = "SHOPCLERK_ACTIONS_SECRET"
MAX_REQUEST_BYTES = 10_000_000
"""Rasa sends the whole conversation and domain with every call: some 100 kB, seldom 1 MB."""

_LOCAL = ("127.0.0.1", "::1", "localhost")
_LOCAL_HOST = re.compile(r"(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?")


def create_action_server(
    executor: ActionExecutor, *, host: str, max_bytes: int = MAX_REQUEST_BYTES
) -> ASGIApp:
    """Return rasa-sdk's own server (an ASGI app), open only to callers with the secret.

    Who the shopper is stands in the call itself (`latest_message.metadata.session`), so whoever
    may call may act for any customer. Without a secret it may therefore only listen on this
    machine, and takes nothing that a web page open in a browser here could send.

    Args:
        executor: runs the actions.
        host: the address that will be listened on.
        max_bytes: the longest request, unpacked.

    Raises:
        ConfigError: an address that others can reach, and no secret.
    """
    secret = os.environ.get(SECRET_VARIABLE, "").strip()
    if not secret and host not in _LOCAL:
        raise ConfigError(
            f"serving actions on {host} without a secret would let anybody act for any customer; "
            f"set {SECRET_VARIABLE}, or serve on 127.0.0.1"
        )
    may_call = _with_secret(secret) if secret else _from_this_machine
    return _Gate(create_app(executor, cors_origins=[]), may_call, max_bytes)


class _Refused(Exception):
    """The request is answered with this status and sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Gate:
    def __init__(
        self, app: ASGIApp, may_call: Callable[[Scope, Headers], None], max_bytes: int
    ) -> None:
        self._app = app
        self._may_call = may_call
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            if scope["type"] != "http":
                raise _Refused(403, "only HTTP requests are answered")
            self._may_call(scope, headers)
            body = await self._body(headers, receive)
            if scope["path"] == "/webhook" and scope["method"] == "POST":
                _check_call(body)
        except _Refused as refused:
            answer = JSONResponse({"error": str(refused)}, refused.status)
            await answer(scope, receive, send)
            return
        await self._app(_plain(scope), _once(body, receive), send)

    async def _body(self, headers: Headers, receive: Receive) -> bytes:
        """The request's body, unpacked; Rasa can be told to compress it."""
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Refused(400, "the request ended early")
            body += message.get("body", b"")
            self._check_length(body)
            more = message.get("more_body", False)
        if headers.get("content-encoding") != "deflate":
            return bytes(body)
        unpacking = zlib.decompressobj()
        try:
            unpacked = unpacking.decompress(bytes(body), self._max_bytes + 1)
        except zlib.error as error:
            raise _Refused(400, "the body cannot be unpacked") from error
        self._check_length(unpacked)
        return unpacked

    def _check_length(self, body: bytes | bytearray) -> None:
        if len(body) > self._max_bytes:
            raise _Refused(413, f"the request is longer than {self._max_bytes} bytes")


def _with_secret(secret: str) -> Callable[[Scope, Headers], None]:
    wanted = f"Bearer {secret}".encode()

    def may_call(scope: Scope, headers: Headers) -> None:
        if not hmac.compare_digest(headers.get("authorization", "").encode(), wanted):
            raise _Refused(401, "the Authorization header does not carry the secret")

    return may_call


def _from_this_machine(scope: Scope, headers: Headers) -> None:
    """Refuse what a foreign web page can make a browser on this machine send."""
    if not _LOCAL_HOST.fullmatch(headers.get("host", "")):
        raise _Refused(403, f"without {SECRET_VARIABLE} only this machine itself may call")
    kind = headers.get("content-type", "").partition(";")[0].strip()
    if scope["method"] == "POST" and kind != "application/json":
        raise _Refused(415, "the Content-Type must be application/json")


def _check_call(body: bytes) -> None:
    """Refuse what is no call of an action, before an action trips over it."""
    try:
        call = json.loads(body)
    except ValueError as error:
        raise _Refused(400, "the body is no JSON") from error
    if not isinstance(call, dict):
        raise _Refused(400, "the body must be an object")
    tracker, name = call.get("tracker"), call.get("next_action")
    sender = tracker.get("sender_id") if isinstance(tracker, dict) else None
    if not isinstance(name, str) or not isinstance(sender, str):
        raise _Refused(400, "the body must have next_action and a tracker with its sender_id")
    latest: Any = call["tracker"].get("latest_message")
    for name in ("metadata", "session"):
        latest = (latest or {}).get(name) if isinstance(latest, dict | None) else latest
    if not isinstance(latest, dict | None):
        raise _Refused(400, "metadata.session must be an object")
    customer = (latest or {}).get("customer_id")
    if not isinstance(customer, int | None) or isinstance(customer, bool):
        raise _Refused(400, "metadata.session.customer_id must be a whole number or null")


def _plain(scope: Scope) -> Scope:
    """The request's head without what is true of the packed body only."""
    left_out = (b"content-encoding", b"content-length")
    return {**scope, "headers": [h for h in scope["headers"] if h[0].lower() not in left_out]}


def _once(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then what else comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give
