"""Chat, history, feedback and health over HTTP."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from service_stand_ins import (
    JSON,
    bearer,
    client_of,
    refused,
)
from shop_data import (
    ADA,
)

from bot.messages import BotMessage, Button, Card
from bot.server.rendering import rasa_json


def test_chat(client: TestClient) -> None:
    response = client.post(
        "/api/chat", json={"conversation_id": "c1", "text": "how long does delivery take"}
    )
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"conversation_id", "messages", "joined", "trace"}
    assert body["conversation_id"] == "c1"
    [message] = body["messages"]
    assert set(message) == {
        "text", "buttons", "cards", "citations", "image", "response", "custom", "id"
    }
    assert message["text"] == "Answer of delivery-time."
    assert message["citations"][0] == {
        "id": "delivery-time",
        "title": "Question of delivery-time?",
        "file": "faq/x.md",
        "line": 7,
        "score": 0.9,
        "version": message["citations"][0]["version"],
        "link": "",
    }
    assert len(message["citations"][0]["version"]) == 12
    trace = body["trace"]
    assert set(trace) == {
        "language",
        "intent",
        "probability",
        "out_of_scope",
        "entities",
        "flow",
        "actions",
        "sources",
        "decision",
        "latency_ms",
        "trace_id",
    }
    [source] = trace["sources"]
    assert {k: source[k] for k in ("id", "file", "line", "score", "link")} == {
        "id": "delivery-time", "file": "faq/x.md", "line": 7, "score": 0.9, "link": ""
    }


def test_a_conversation_without_an_id_gets_one(client: TestClient) -> None:
    ids = {
        client.post("/api/chat", json={"text": "hello"}).json()["conversation_id"] for _ in range(2)
    }
    assert len(ids) == 2


def test_cards_and_buttons(client: TestClient) -> None:
    body = client.post("/api/chat", json={"text": "where is 4002"}, headers=bearer(ADA)).json()
    [card] = body["messages"][0]["cards"]
    assert card["title"] == "Order 4002"
    assert card["lines"] == ["1 × Item of 4002"]
    body = client.post("/api/chat", json={"text": "order or refund"}).json()
    assert body["messages"][0]["buttons"][0] == {
        "title": "Where my order is",
        "payload": "/track_order",
    }


def test_the_pages_language_goes_with_a_button(client: TestClient) -> None:
    body = client.post("/api/chat", json={"text": "/greet", "language": "zh"}).json()
    assert body["trace"]["language"] == "zh"


def test_rasas_rest_channel(client: TestClient) -> None:
    response = client.post(
        "/webhooks/rest/webhook",
        json={
            "sender": "s1",
            "message": "order or refund",
            "metadata": {"customer_id": 1},
            "input_channel": "rest",
        },
    )
    assert response.status_code == 200
    [message] = response.json()
    assert message["recipient_id"] == "s1"
    assert message["text"] == "I want to get this right. Which of these do you mean?"
    assert message["buttons"][0] == {"title": "Where my order is", "payload": "/track_order"}


@pytest.mark.parametrize(
    "metadata", [{"customer_id": 1}, {"session": {"customer_id": 1, "session_id": "x"}}]
)
def test_metadata_proves_nothing(client: TestClient, metadata: dict[str, Any]) -> None:
    [reply] = client.post(
        "/webhooks/rest/webhook",
        json={"sender": "s1", "message": "where is 4002", "metadata": metadata},
    ).json()
    assert "please sign in" in reply["text"]


@pytest.mark.parametrize(
    ("reply", "parts"),
    [
        (BotMessage("a"), [{"text": "a"}]),
        (BotMessage(), []),
        (
            BotMessage("", (Button("b", "/b"),)),
            [{"text": "", "buttons": [{"title": "b", "payload": "/b"}]}],
        ),
        (BotMessage("a", image="/i.png"), [{"text": "a"}, {"image": "/i.png"}]),
        (BotMessage("a", custom={"map": [1]}), [{"text": "a"}, {"custom": {"map": [1]}}]),
        (
            BotMessage("a", cards=(Card("T", "L", "/t.png", price="$9"), Card("U"))),
            [{"text": "a"}, {"text": "T · $9 · L"}, {"image": "/t.png"}, {"text": "U"}],
        ),
    ],
)
def test_a_reply_in_rasas_form(reply: BotMessage, parts: list[dict[str, Any]]) -> None:
    assert rasa_json("s", reply) == [{"recipient_id": "s", **part} for part in parts]


def test_health(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "shop": "Larkfell"}


def test_pictures(clerk: SimpleNamespace) -> None:
    (clerk.shop_dir / "pictures").mkdir()
    (clerk.shop_dir / "pictures" / "tent.svg").write_text("<svg/>")
    (clerk.shop_dir / "shop.toml").write_text("secret")
    with client_of(clerk) as client:
        assert client.get("/pictures/tent.svg").text == "<svg/>"
        for path in ("/pictures/none.svg", "/pictures/../shop.toml", "/pictures/%2e%2e/shop.toml"):
            assert refused(client.get(path)) == (404, "not_found")


def test_history(client: TestClient) -> None:
    told = client.post(
        "/api/chat", headers=bearer(ADA), json={"conversation_id": "c1", "text": "where is 4002"}
    ).json()
    body = client.get("/api/conversations/c1", headers=bearer(ADA)).json()
    assert body["conversation_id"] == "c1"
    asked, reply = body["messages"]
    assert (asked["role"], asked["text"]) == ("user", "where is 4002")
    assert reply == {"role": "bot", **told["messages"][0]}
    assert client.get("/api/conversations/none").json()["messages"] == []


def test_feedback(client: TestClient, clerk: SimpleNamespace) -> None:
    told = client.post("/api/chat", json={"conversation_id": "c1", "text": "hello"}).json()
    thumb = {"conversation_id": "c1", "message_id": told["messages"][0]["id"], "rating": "up"}
    assert client.post("/api/feedback", json=thumb).json() == {"status": "kept"}
    thumb |= {"rating": "down", "reason": "too cheerful"}
    assert client.post("/api/feedback", json=thumb).json() == {"status": "kept"}
    assert clerk.store.feedback_counts() == {"down": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"message_id": "unknown"}, (404, "no_such_message")),
        ({"conversation_id": "unknown"}, (404, "no_such_message")),
        ({"rating": "meh"}, (422, "bad_request")),
        ({"rating": 5}, (422, "bad_request")),
        ({"reason": "x" * 501}, (422, "bad_request")),
        ({"message_id": "x" * 41}, (422, "bad_request")),
        ({"stars": 5}, (422, "bad_request")),
        ({"message_id": None}, (422, "bad_request")),
        ({"message_id": "\ud800"}, (422, "bad_request")),
        ({"conversation_id": "\ud800"}, (422, "bad_request")),
        ({"reason": "\ud800"}, (422, "bad_request")),
    ],
)
def test_feedback_refusals(
    client: TestClient, clerk: SimpleNamespace, change: dict[str, Any], expected: tuple[int, str]
) -> None:
    told = client.post("/api/chat", json={"conversation_id": "c1", "text": "hello"}).json()
    thumb = {"conversation_id": "c1", "message_id": told["messages"][0]["id"], "rating": "up"}
    assert (
        refused(client.post("/api/feedback", content=json.dumps({**thumb, **change}), headers=JSON))
        == expected
    )
    assert clerk.store.feedback_counts() == {}
