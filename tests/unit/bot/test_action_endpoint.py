"""Calling an action server over HTTP, against a real server on this machine."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar

import pytest

from bot.actions.endpoint import ActionEndpoint, EndpointSettings
from bot.actions.endpoint_answer import ActionResult
from bot.actions.errors import ActionError
from bot.errors import ConfigError

SECRET = "open-sesame-4711"
PAYLOAD = {"next_action": "action_x", "sender_id": "c", "tracker": {"slots": {"名": "茶"}}}
FINE = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "Hi"}]}

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the script's next answer; the last one stays."""

    protocol_version = "HTTP/1.1"
    script: ClassVar[list[Answer]]
    asked: ClassVar[list[dict[str, Any]]]
    done: ClassVar[Event]

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.asked.append({
            "headers": dict(self.headers),
            "body": json.loads(self.rfile.read(length)),
            "client": self.client_address,
            "path": self.path,
        })  # fmt: skip
        answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        answer(self)

    def reply(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""


def says(status: int, said: Any) -> Answer:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return lambda handler: handler.reply(status, body)


def hangs(handler: Handler) -> None:
    handler.done.wait(5)
    handler.close_connection = True


def breaks_off(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"events"')
    handler.close_connection = True


def says_nothing(handler: Handler) -> None:
    handler.close_connection = True


def pours(handler: Handler) -> None:
    """An answer without an end, or a length that could be looked at."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.close_connection = True
    try:
        while not handler.done.is_set():
            handler.wfile.write(b" " * 65536)
    except OSError:
        pass


def elsewhere(handler: Handler) -> None:
    handler.reply(307, b"", Location="http://127.0.0.1:1/secret")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Handler]]:
    monkeypatch.setenv("SHOPCLERK_ACTIONS_SECRET", SECRET)
    handler = type("H", (Handler,), {"script": [], "asked": [], "done": Event()})
    serving = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving.daemon_threads = False
    thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    handler.port = serving.server_port  # type: ignore[attr-defined]
    yield handler
    handler.done.set()
    serving.shutdown()
    thread.join(5)
    serving.server_close()


def settings(server: Any, **changes: Any) -> EndpointSettings:
    url = f"http://127.0.0.1:{server.port}/webhook"
    return EndpointSettings(**{"url": url, "timeout_s": 5.0, **changes})


@asynccontextmanager
async def opened(settings: EndpointSettings) -> AsyncIterator[ActionEndpoint]:
    endpoint = ActionEndpoint(settings)
    try:
        yield endpoint
    finally:
        await endpoint.aclose()


async def test_a_call_and_its_answer(server: Any) -> None:
    server.script = [says(200, FINE)]
    async with opened(settings(server)) as endpoint:
        first = await endpoint.call(PAYLOAD)
        await endpoint.call(PAYLOAD)
    assert first == ActionResult(tuple(FINE["events"]), tuple(FINE["responses"]))
    [one, two] = server.asked
    assert one["body"] == PAYLOAD
    assert one["path"] == "/webhook"
    assert one["headers"]["Authorization"] == f"Bearer {SECRET}"
    assert one["headers"]["Content-Type"] == "application/json"
    assert one["client"] == two["client"]  # the connection is used again
    assert one["headers"]["Idempotency-Key"] != two["headers"]["Idempotency-Key"]


def test_each_event_loop_has_connections_of_its_own(server: Any) -> None:
    server.script = [says(200, FINE)]
    endpoint = ActionEndpoint(settings(server))
    with asyncio.Runner() as one, asyncio.Runner() as other:
        for runner in (one, other, one):
            assert runner.run(endpoint.call(PAYLOAD)).responses == ({"text": "Hi"},)
        for runner in (one, other):
            runner.run(endpoint.aclose())
    first, second, third = (call["client"] for call in server.asked)
    assert first == third != second


async def test_without_a_secret_none_is_sent(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOPCLERK_ACTIONS_SECRET")
    server.script = [says(200, {"responses": None})]
    async with opened(settings(server)) as endpoint:
        assert await endpoint.call(PAYLOAD) == ActionResult((), ())
    assert "Authorization" not in server.asked[0]["headers"]


@pytest.mark.parametrize("status", [502, 503, 504])
async def test_a_gateways_refusal_is_tried_again_as_the_same_call(
    status: int, server: Any
) -> None:
    server.script = [says(status, b"busy"), says(status, b"busy"), says(200, FINE)]
    async with opened(settings(server)) as endpoint:
        assert (await endpoint.call(PAYLOAD)).responses == ({"text": "Hi"},)
    assert len({call["headers"]["Idempotency-Key"] for call in server.asked}) == 1
    assert len(server.asked) == 3


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/webhook"
    async with opened(EndpointSettings(url, retries=1)) as endpoint:
        with pytest.raises(ActionError, match=f"nothing answers at {url}; start the action server"):
            await endpoint.call(PAYLOAD)


UNKNOWN = {"error": "No registered action found", "action_name": "action_x"}
REJECTED = {"error": f"no stock {SECRET}", "action_name": "action_x"}


@pytest.mark.parametrize(
    ("answer", "changes", "calls", "what"),
    [
        # an action may have run: never twice
        (hangs, {"timeout_s": 0.3}, 1, "gave no answer within 0.3 s, and may have done it"),
        (says_nothing, {}, 1, "broke before the answer was complete"),
        (breaks_off, {}, 1, "broke before the answer was complete"),
        (says(500, {"error": "KeyError: 'x'"}), {}, 1, "failed with status 500: KeyError: 'x'; it"),
        (says(503, b""), {"retries": 1}, 2, "failed with status 503; its log"),
        # what Rasa's protocol says
        (says(400, REJECTED), {}, 1, "refused to run it: no stock …"),
        (says(404, UNKNOWN), {}, 1, "has no such action; add it there"),
        (says(449, UNKNOWN), {}, 1, "status 449: No registered action found; it should be 200"),
        # what is no action server, or somebody else's
        (says(404, b"<h1>Not found</h1>"), {}, 1, "its url mostly ends in /webhook"),
        (says(405, b""), {}, 1, "its url mostly ends in /webhook"),
        (says(401, {"error": "who?"}), {}, 1, "set SHOPCLERK_ACTIONS_SECRET to the same"),
        (says(413, b""), {}, 1, "raise the limit of its requests"),
        (elsewhere, {}, 1, "leads elsewhere"),
        (says(200, b"<h1>Hello</h1>"), {}, 1, "what is no JSON"),
        (says(200, b"\xff\xfe"), {}, 1, "what is no JSON"),
        (says(200, []), {}, 1, "with an object of events and responses"),
        (says(200, None), {}, 1, "with an object of events and responses"),
        (says(200, {"events": {}}), {}, 1, "events must be a list of objects"),
        (says(200, {"events": ["x"]}), {}, 1, "events must be a list of objects"),
        (says(200, {"events": [{"name": "a"}]}), {}, 1, "needs its kind under 'event'"),
        (says(200, {"responses": "Hi"}), {}, 1, "responses must be a list of objects"),
        # too much
        (says(200, {"responses": [{"text": "x" * 2000}]}), {"max_bytes": 1000}, 1,
         "longer than 1000 bytes"),
        (pours, {"max_bytes": 1000}, 1, "longer than 1000 bytes"),
    ],
)  # fmt: skip
async def test_what_goes_wrong_names_the_server_and_the_remedy(
    answer: Answer, changes: dict[str, Any], calls: int, what: str, server: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    server.script = [answer]
    used = settings(server, **changes)
    with caplog.at_level(logging.DEBUG):
        async with opened(used) as endpoint:
            with pytest.raises(ActionError, match=what) as raised:
                await endpoint.call(PAYLOAD)
    assert "'action_x'" in str(raised.value)
    assert used.url in str(raised.value)
    assert SECRET not in str(raised.value)
    assert SECRET not in caplog.text
    assert len(server.asked) == calls


async def test_a_compressed_answer_is_not_unpacked(server: Any) -> None:
    """A kilobyte can unpack to a megabyte."""
    server.script = [lambda h: h.reply(200, b"\x1f\x8b\x08", Content_Encoding="gzip")]
    async with opened(settings(server)) as endpoint:
        with pytest.raises(ActionError, match="what is no JSON"):
            await endpoint.call(PAYLOAD)
    assert server.asked[0]["headers"]["Accept-Encoding"] == "identity"


async def test_what_json_cannot_hold_is_not_sent(server: Any) -> None:
    async with opened(settings(server)) as endpoint:
        with pytest.raises(ActionError, match="cannot be sent as JSON"):
            await endpoint.call({**PAYLOAD, "tracker": {"slots": {"a": {1, 2}}}})
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("127.0.0.1:5055/webhook", "write it like http://127.0.0.1:5055/webhook"),
        ("ftp://x/webhook", "is no address"),
        ("http://", "is no address"),
        ("http://x:port/webhook", "no address"),
        ("http://me:open-sesame@x/webhook", "environment variable SHOPCLERK_ACTIONS_SECRET"),
        ("http://x/webhook?token=open-sesame", "environment variable SHOPCLERK_ACTIONS_SECRET"),
    ],
)
def test_an_address_that_cannot_be_used(url: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what) as raised:
        ActionEndpoint(EndpointSettings(url))
    assert "[action_endpoint] url" in str(raised.value)
    assert "open-sesame" not in str(raised.value)


def test_a_secret_that_cannot_be_a_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPCLERK_ACTIONS_SECRET", "open\nsesame")
    with pytest.raises(ConfigError, match="SHOPCLERK_ACTIONS_SECRET: the secret must") as raised:
        ActionEndpoint(EndpointSettings("http://127.0.0.1:5055/webhook"))
    assert "sesame" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://127.0.0.1:5055/webhook", False),
        ("http://[::1]:5055/webhook", False),
        ("http://localhost:5055/webhook", False),
        ("https://actions.example/webhook", False),
        ("http://actions.example/webhook", True),
    ],
)
def test_a_secret_on_an_open_line_is_told(
    url: str, told: bool, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SHOPCLERK_ACTIONS_SECRET", SECRET)
    ActionEndpoint(EndpointSettings(url))
    assert ("unencrypted" in caplog.text) is told
    assert SECRET not in caplog.text
