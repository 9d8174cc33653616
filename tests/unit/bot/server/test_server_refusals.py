"""Everything that can be sent is answered in one form, without a stack trace."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from service_stand_ins import (
    JSON,
    UPLOAD_LIMIT,
    Voice,
    bearer,
    client_of,
    refused,
)
from shop_data import (
    ADA,
)
from stand_ins import (
    Desk,
)

from bot.settings import ServerSettings


@pytest.mark.parametrize(
    ("path", "text_key"), [("/api/chat", "text"), ("/webhooks/rest/webhook", "message")]
)
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"text": "hel', (422, "bad_request")),
        (b"hello", (422, "bad_request")),
        (b"", (422, "bad_request")),
        (b"[]", (422, "bad_request")),
        (b"null", (422, "bad_request")),
        (b'"hello"', (422, "bad_request")),
        (b"{}", (422, "bad_request")),
        (b'{"TEXT": null}', (422, "bad_request")),
        (b'{"TEXT": 5}', (422, "bad_request")),
        (b'{"TEXT": ["a"]}', (422, "bad_request")),
        (b'{"TEXT": "\\ud800"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": ""}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": 5}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "a b"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "../etc"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "a\\n"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "' + b"x" * 129 + b'"}', (422, "bad_request")),
        (b"\x00\xff\xfe\x80" * 50, (422, "bad_request")),
        (b"\x80\xff" * 50, (400, "bad_request")),
        (b'{"TEXT": "\xff"}', (400, "bad_request")),
        (b'{"TEXT": ' + b"[" * 50_000, (400, "bad_request")),
        (b'{"TEXT": "' + b"x" * 4001 + b'"}', (413, "text_too_long")),
        (b'{"TEXT": "' + "🎉".encode() * 4001 + b'"}', (413, "text_too_long")),
        (b'{"TEXT": "' + b"x" * UPLOAD_LIMIT + b'"}', (413, "body_too_large")),
    ],
    ids=lambda value: str(value[:30]),
)
def test_what_is_no_message(
    client: TestClient, path: str, text_key: str, body: bytes, expected: tuple[int, str]
) -> None:
    id_key = {"text": b"conversation_id", "message": b"sender"}[text_key]
    body = body.replace(b"TEXT", text_key.encode()).replace(b"ID", id_key)
    assert refused(client.post(path, content=body, headers=JSON)) == expected


@pytest.mark.parametrize(
    "change", [{"language": "de"}, {"language": 5}, {"customer_id": 1}, {"shopper": {}}]
)
def test_keys_and_values_that_chat_does_not_know(
    client: TestClient, change: dict[str, Any]
) -> None:
    response = client.post("/api/chat", json={"text": "hello", **change})
    assert refused(response) == (422, "bad_request")
    assert next(iter(change)) in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "text",
    [
        "🎉" * 4000,
        "x" * 4000,
        "",
        "   ",
        "\x00",
        "\u202e\u0000\ufeff",
        "👩‍👩‍👧" * 500,
        "' OR 1=1; DROP TABLE conversations; --",
        "<script>alert(1)</script>",
        "{phone}{{7*7}}%s",
        '/track_order{"order_number": {"$ne": null}}',
        "/" * 4000,
        "/a{" * 1000,
        '/greet{"a": ' + "[" * 3900 + "}",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_odd_texts_get_an_ordinary_reply(client: TestClient, text: str) -> None:
    response = client.post("/api/chat", json={"conversation_id": "c1", "text": text})
    assert response.status_code == 200
    assert response.json()["messages"]
    assert response.json()["trace"]["decision"] != "internal error"
    asked = client.get("/api/conversations/c1").json()["messages"][0]
    assert (asked["role"], asked["text"]) == ("user", text)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["text", "conversation_id", "language", "x"]), inner, max_size=3
            )
        ),
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_body_is_answered_in_the_same_form(client: TestClient, body: bytes) -> None:
    response = client.post("/api/chat", content=body, headers=JSON)
    assert response.status_code in (200, 400, 403, 413, 422)
    if response.status_code != 200:
        refused(response)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nowhere", (404, "not_found")),
        ("GET", "/api/chat", (405, "method_not_allowed")),
        ("DELETE", "/api/feedback", (405, "method_not_allowed")),
        ("GET", "/api/conversations/a/b", (404, "not_found")),
        ("POST", "/api/voice", (422, "bad_request")),
        ("POST", "/api/speech", (422, "bad_request")),
    ],
)
def test_no_such_place(
    client: TestClient, method: str, path: str, expected: tuple[int, str]
) -> None:
    assert refused(client.request(method, path)) == expected


@pytest.mark.parametrize("length_known", [True, False])
def test_a_large_upload_is_refused_before_it_is_read(
    clerk: SimpleNamespace, length_known: bool
) -> None:
    clerk.settings = clerk.settings.model_copy(update={"server": ServerSettings()})
    clerk.voice = Voice()
    read = 0

    def upload() -> Iterator[bytes]:
        nonlocal read
        yield b'--b\r\nContent-Disposition: form-data; name="audio"; filename="a"\r\n\r\n'
        for _ in range(100):
            read += 100_000
            yield b"x" * 100_000

    with client_of(clerk) as client:
        response = client.post(
            "/api/voice",
            content=b"".join(upload()) if length_known else upload(),
            headers={"content-type": "multipart/form-data; boundary=b"},
        )
    assert refused(response) == (413, "body_too_large")
    assert "8,000,000 bytes" in response.json()["error"]["message"]


def test_a_failure_in_the_service_is_a_bare_500(
    client: TestClient, clerk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the database password is hunter2")

    monkeypatch.setattr(clerk.store, "since", broken)
    response = client.get("/api/conversations/c1")
    assert refused(response) == (500, "internal_error")
    assert "hunter2" not in response.text


def test_a_failing_turn_is_an_apology_with_its_number(client: TestClient, desk: Desk) -> None:
    desk.orders.broken = True
    response = client.post("/api/chat", json={"text": "where is my order"}, headers=bearer(ADA))
    assert response.status_code == 200
    body = response.json()
    assert body["trace"]["trace_id"] in body["messages"][0]["text"]
    assert "does not answer" not in response.text
