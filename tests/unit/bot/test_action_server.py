"""Our actions behind rasa-sdk's action server, called as a Rasa 3 server calls them."""

import json
import logging
import socket
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import httpx
import pytest
import rasa_sdk
import uvicorn
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from bot.actions.action_server import create_action_server
from bot.actions.endpoint import ActionEndpoint, EndpointSettings
from bot.actions.session import shopper_of
from bot.errors import ConfigError

SECRET = "open-sesame-4711"
MAX_BYTES = 20_000


class WhoAndWhat(Action):
    """Says whom it takes the shopper for, and what it was given."""

    def name(self) -> str:
        return "action_who"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        dispatcher.utter_message(
            text=f"{shopper_of(tracker)} wants {tracker.get_slot('order_number')}",
            buttons=[{"title": "Yes", "payload": "/affirm"}],
        )
        events = [event["event"] for event in tracker.events]
        return [SlotSet("seen", [*events, *sorted(domain["slots"])])]


def call(**changes: Any) -> dict[str, Any]:
    """What a Rasa 3 server posts, every part of it."""
    message = {
        "intent": {"name": "track_order", "confidence": 0.98},
        "entities": [
            {"entity": "order_number", "start": 9, "end": 13, "confidence_entity": 0.99,
             "value": "4417", "extractor": "DIETClassifier"}
        ],
        "text": "where is 4417",
        "message_id": "3c1f0a2b7d5e4a6f",
        "metadata": {"session": {"session_id": "s1", "customer_id": 7}},
        "text_tokens": [[0, 5], [6, 8], [9, 13]],
        "intent_ranking": [{"name": "track_order", "confidence": 0.98}],
    }  # fmt: skip
    events = [
        {"event": "action", "timestamp": 1700000000.1, "name": "action_session_start",
         "policy": None, "confidence": 1.0, "action_text": None, "hide_rule_turn": False},
        {"event": "session_started", "timestamp": 1700000000.2},
        {"event": "action", "timestamp": 1700000000.3, "name": "action_listen",
         "policy": None, "confidence": None, "action_text": None, "hide_rule_turn": False},
        {"event": "user", "timestamp": 1700000001.0, "text": "where is 4417",
         "parse_data": message, "input_channel": "rest", "message_id": "3c1f0a2b7d5e4a6f",
         "metadata": {}},
        {"event": "slot", "timestamp": 1700000001.1, "name": "order_number", "value": "4417"},
    ]  # fmt: skip
    body = {
        "version": rasa_sdk.__version__,
        "next_action": "action_who",
        "sender_id": "u1",
        "tracker": {
            "sender_id": "u1",
            "slots": {"order_number": "4417", "session_started_metadata": None},
            "latest_message": message,
            "latest_event_time": 1700000001.1,
            "followup_action": None,
            "paused": False,
            "stack": [],
            "events": events,
            "latest_input_channel": "rest",
            "active_loop": {},
            "latest_action": {"action_name": "action_listen"},
            "latest_action_name": "action_listen",
        },
        "domain": {
            "version": "3.1",
            "config": {"store_entities_as_slots": True},
            "session_config": {"session_expiration_time": 60,
                               "carry_over_slots_to_new_session": True},
            "intents": [{"track_order": {"use_entities": True}}],
            "entities": ["order_number"],
            "slots": {
                "order_number": {
                    "type": "rasa.shared.core.slots.TextSlot", "initial_value": None,
                    "influence_conversation": False,
                    "mappings": [{"type": "from_entity", "entity": "order_number"}],
                }
            },
            "responses": {"utter_sign_in_first": [{"text": "Please sign in."}]},
            "actions": ["action_who"],
            "forms": {},
            "e2e_actions": [],
        },
    }  # fmt: skip
    return {**body, **changes}


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve on a free port of this machine while a test needs it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the action server did not start"
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(5)


def server_for(secret: str, patch: pytest.MonkeyPatch, **options: Any) -> Any:
    patch.setenv("SHOPCLERK_ACTIONS_SECRET", secret)
    patch.setattr(Sanic, "test_mode", True)  # rasa-sdk names each of its servers alike
    executor = ActionExecutor()
    executor.register_action(WhoAndWhat())
    return create_action_server(executor, host="127.0.0.1", max_bytes=MAX_BYTES, **options)


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, served(server_for(SECRET, patch)) as url:
        yield url


@pytest.fixture(scope="module")
def local() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, served(server_for("", patch)) as url:
        yield url


def post(url: str, body: Any, path: str = "/webhook", **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", "Authorization": f"Bearer {SECRET}"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    with httpx.Client(trust_env=False, timeout=10) as client:
        return client.post(url + path, content=content, headers=sent)


def test_it_answers_what_rasa_posts(guarded: str) -> None:
    answer = post(guarded, call())
    assert answer.status_code == 200
    said = answer.json()
    seen = ["action", "session_started", "action", "user", "slot", "order_number"]
    assert said["events"] == [{"event": "slot", "timestamp": None, "name": "seen", "value": seen}]
    [reply] = said["responses"]
    assert reply["text"] == "Shopper(session_id='s1', customer_id=7) wants 4417"
    assert reply["buttons"] == [{"title": "Yes", "payload": "/affirm"}]


def test_compressed_calls_are_unpacked(guarded: str) -> None:
    packed = zlib.compress(json.dumps(call()).encode())
    answer = post(guarded, packed, Content_Encoding="deflate")
    assert answer.json()["responses"][0]["text"].endswith("wants 4417")


async def test_another_shopclerk_can_call_it(
    guarded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPCLERK_ACTIONS_SECRET", SECRET)
    endpoint = ActionEndpoint(EndpointSettings(f"{guarded}/webhook"))
    try:
        result = await endpoint.call(call())
    finally:
        await endpoint.aclose()
    assert result.responses[0]["text"].endswith("wants 4417")


def test_its_actions_are_listed(guarded: str) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    listed = httpx.get(f"{guarded}/actions", headers=headers, trust_env=False)
    assert listed.json() == [{"name": "action_who"}]


def in_session(session: Any) -> dict[str, Any]:
    body = call()
    body["tracker"]["latest_message"]["metadata"] = {"session": session}
    return body


@pytest.mark.parametrize("session", [None, {}, {"session_id": "s1", "customer_id": None}])
def test_without_a_proven_customer_nobody_is_signed_in(session: Any, guarded: str) -> None:
    text = post(guarded, in_session(session)).json()["responses"][0]["text"]
    assert "customer_id=None" in text


BOMB = zlib.compress(b" " * 1_000_000)
REFUSED = [
    # who may call
    ({"Authorization": ""}, call(), 401, "does not carry the secret"),
    ({"Authorization": "Bearer wrong"}, call(), 401, "does not carry the secret"),
    ({"Authorization": f"Basic {SECRET}"}, call(), 401, "does not carry the secret"),
    # how much
    ({}, call(filling="x" * MAX_BYTES), 413, "longer than 20000 bytes"),
    ({"Content_Encoding": "deflate"}, BOMB, 413, "longer than 20000 bytes"),
    ({"Content_Encoding": "deflate"}, b"not packed", 400, "cannot be unpacked"),
    # what
    ({}, b"{", 400, "no JSON"),
    ({}, b"\xff", 400, "no JSON"),
    ({}, [], 400, "must be an object"),
    ({}, {"next_action": "action_who"}, 400, "a tracker with its sender_id"),
    ({}, {"tracker": {"sender_id": "u1"}}, 400, "must have next_action"),
    ({}, in_session("s1"), 400, "session must be an object"),
    ({}, in_session({"customer_id": "7"}), 400, "a whole number or null"),
    ({}, in_session({"customer_id": True}), 400, "a whole number or null"),
    # what the protocol says of actions
    ({}, call(next_action="action_none"), 404, "action_none"),
    ({}, {k: v for k, v in call().items() if k != "domain"}, 449, "Missing domain"),
]


@pytest.mark.parametrize(("headers", "body", "status", "why"), REFUSED)
def test_what_is_refused(
    headers: dict[str, str], body: Any, status: int, why: str, guarded: str,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    with caplog.at_level(logging.DEBUG):
        answer = post(guarded, body, **headers)
    assert answer.status_code == status
    assert why in answer.json()["error"]
    assert SECRET not in answer.text


def test_nothing_is_open_without_the_secret(guarded: str) -> None:
    for path in ("/", "/health", "/actions", "/docs"):
        assert httpx.get(guarded + path, trust_env=False).status_code == 401


def test_without_a_secret_this_machine_may_call(local: str) -> None:
    assert post(local, call(), Authorization="").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        # what a web page elsewhere can make a browser on this machine send
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Host": "evil.example:5055"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": "localhost:5055"}, 200),
        ({"Host": "[::1]"}, 200),
        ({"Host": "["}, 403),
        ({"Content_Type": "application/json; charset=utf-8"}, 200),
    ],
)
def test_without_a_secret_no_web_page_may_call(
    headers: dict[str, str], status: int, local: str
) -> None:
    assert post(local, call(), **headers).status_code == status


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "shop.example", "::"])
def test_without_a_secret_it_is_served_on_this_machine_alone(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPCLERK_ACTIONS_SECRET", " ")
    with pytest.raises(ConfigError, match="set SHOPCLERK_ACTIONS_SECRET, or serve on"):
        create_action_server(ActionExecutor(), host=host)
