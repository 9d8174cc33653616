"""An action server of the shop's, called over HTTP by Rasa's protocol."""

import asyncio
import ipaddress
import json
import logging
import os
import ssl
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import uuid4
from weakref import WeakKeyDictionary

import httpx

from bot.actions.endpoint_answer import ActionResult, Secret, read_answer, why_refused
from bot.actions.errors import ActionError
from bot.errors import ConfigError

log = logging.getLogger("shopclerk")

BACKOFF_S = 0.1
"""The wait before the first try again; each further one waits twice as long."""

_KEEPALIVE_S = 4.0
"""Shorter than servers keep idle connections (uvicorn 5 s): a call must not meet a closing one."""

_AGAIN = (HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)


@dataclass(frozen=True)
class EndpointSettings:
    """Where actions run and how long to wait.

    `timeout_s` is for one action, with all tries. `retries`: how often to try again where nothing
    answered. `max_bytes`: the longest answer. `secret_env`: the environment variable whose value
    is sent as `Authorization: Bearer …`.
    """

    url: str
    timeout_s: float = 10.0
    retries: int = 2
    max_bytes: int = 1_000_000
    secret_env: str = "SHOPCLERK_ACTIONS_SECRET"


class ActionEndpoint:
    """Calls one action server; connections are kept and used again."""

    def __init__(self, settings: EndpointSettings) -> None:
        """Read the secret from the environment; nothing is connected before the first call.

        Raises:
            ConfigError: an address or a secret that cannot be used.
        """
        self._settings = settings
        self._url = _checked(settings.url)
        secret = os.environ.get(settings.secret_env, "").strip()
        if not (secret.isascii() and secret.isprintable()):
            raise ConfigError(
                f"{settings.secret_env}: the secret must be plain letters, digits and signs; "
                "set another one, here and on the action server"
            )
        if secret and self._url.scheme == "http" and not _is_local(self._url.host):
            log.warning(
                "the secret for actions goes to %s unencrypted; use https outside a closed network",
                self._url.host,
            )
        self._secret = Secret(settings.secret_env, secret)
        # A connection belongs to the event loop that opened it.
        self._clients: WeakKeyDictionary[AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

    async def call(self, payload: Mapping[str, Any]) -> ActionResult:
        """Have an action run and return what it did.

        It is tried again only where no connection came about, or a gateway before the server
        answered 502, 503 or 504. Once a request was sent and no answer came, the action may have
        run all the same: such a call fails and is not repeated. The header `Idempotency-Key` is
        the same in all tries of one call, so that a server can tell a repetition (after a 504,
        say) from a second call.

        Raises:
            ActionError: with the server's address and the remedy.
        """
        name = str(payload["next_action"])
        try:
            content = json.dumps(payload, ensure_ascii=False, allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            raise ActionError(
                f"action {name!r}: the conversation cannot be sent as JSON ({error}); "
                "see which slot holds such a value"
            ) from error
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                status, body = await self._post(name, content)
        except (TimeoutError, httpx.TimeoutException) as error:
            raise ActionError(
                f"action {name!r}: {self._url} gave no answer within {self._settings.timeout_s:g} "
                "s, and may have done it all the same; see why it is slow, or raise timeout_s"
            ) from error
        except httpx.TransportError as error:
            raise ActionError(
                f"action {name!r}: the connection to {self._url} broke before the answer was "
                f"complete ({type(error).__name__}), and it may have done it all the same; "
                "see the server's log"
            ) from error
        where = f"action {name!r}: {self._url}"
        if status != HTTPStatus.OK:
            raise ActionError(why_refused(where, status, body, self._secret))
        return read_answer(where, body)

    async def aclose(self) -> None:
        """Close the connections that this event loop opened."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    async def _post(self, name: str, content: bytes) -> tuple[int, bytes]:
        """Return the status and body of the first answer that is no reason to try again."""
        key = uuid4().hex
        for attempt in range(self._settings.retries + 1):
            last = attempt == self._settings.retries
            try:
                status, body = await self._try(name, content, key)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                if last:
                    raise ActionError(
                        f"action {name!r}: nothing answers at {self._url}; start the action "
                        "server there, or correct url under [action_endpoint] in shop.toml"
                    ) from error
            else:
                if last or status not in _AGAIN:
                    break
            await asyncio.sleep(BACKOFF_S * 2**attempt)
        return status, body

    async def _try(self, name: str, content: bytes, key: str) -> tuple[int, bytes]:
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",  # else a small answer could unpack to a huge one
            "Idempotency-Key": key,
        }
        if self._secret.value:
            headers["Authorization"] = f"Bearer {self._secret.value}"
        request = self._client().stream("POST", self._url, content=content, headers=headers)
        async with request as response:
            if response.status_code in _AGAIN:
                return response.status_code, b""
            return response.status_code, await self._read(name, response)

    async def _read(self, name: str, response: httpx.Response) -> bytes:
        """The body, as long as it is not too long."""
        most = self._settings.max_bytes
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > most:
                raise ActionError(
                    f"action {name!r}: the answer of {self._url} is longer than {most} bytes; "
                    "have it return less, or raise max_mb"
                )
        return bytes(body)

    def _client(self) -> httpx.AsyncClient:
        loop = asyncio.get_running_loop()
        client = self._clients.get(loop)
        if client is None:
            settings = self._settings
            timeout = httpx.Timeout(
                settings.timeout_s, connect=settings.timeout_s / (settings.retries + 1)
            )
            client = httpx.AsyncClient(
                verify=ssl.create_default_context() if self._url.scheme == "https" else False,
                timeout=timeout,
                limits=httpx.Limits(max_connections=100, keepalive_expiry=_KEEPALIVE_S),
                trust_env=False,  # no proxy gets the secret, no .netrc replaces it
            )
            self._clients[loop] = client
        return client


def _checked(text: str) -> httpx.URL:
    """The server's address. One with a password in it would show up in logs."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise ConfigError(f"[action_endpoint] url: no address ({error})") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigError(
            f"[action_endpoint] url: {text!r} is no address; write it like "
            "http://127.0.0.1:5055/webhook"
        )
    if url.userinfo or url.query or url.fragment:
        raise ConfigError(
            f"[action_endpoint] url: nothing but address and path may stand in it "
            f"({url.scheme}://{url.netloc.decode('ascii')}{url.path}); a secret goes into "
            "the environment variable SHOPCLERK_ACTIONS_SECRET"
        )
    return url


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
