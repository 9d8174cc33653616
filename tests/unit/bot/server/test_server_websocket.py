"""Chat on a websocket: ownership, limits, what is said without being asked for."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_stand_ins import Service
from fastapi.testclient import TestClient
from service_stand_ins import SESSIONS, bearer
from starlette.testclient import WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect

from bot.messages import Shopper
from bot.server import connection, websocket
from bot.server.sessions import COOKIE

ADA, BEN = Shopper("a", 1), Shopper("b", 2)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with service.running() as client:
        yield client


def open_socket(client: TestClient, shopper: Shopper = ADA, query: str = "", **headers: str) -> Any:
    return client.websocket_connect(f"/api/ws{query}", headers={**bearer(shopper), **headers})


def replies(frame: Any) -> list[str]:
    return [m["text"] for m in frame["messages"]]


def test_a_message_is_answered_with_its_turn(client: TestClient) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "hello", "message_id": "m1", "conversation_id": "c1"})
        frame = socket.receive_json()
    assert frame["type"] == "turn"
    assert frame["conversation_id"] == "c1"
    assert frame["message_id"] == "m1"
    assert frame["joined"] is False
    assert replies(frame) == ["You said hello."]
    assert frame["position"] == 3
    assert set(frame["trace"]) >= {"decision", "trace_id"}


def test_the_first_message_begins_a_conversation_that_goes_on(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "one", "language": "zh"})
        conversation = socket.receive_json()["conversation_id"]
        socket.send_json({"text": "two"})
        assert socket.receive_json()["conversation_id"] == conversation
    first, second = service.assistant.heard
    assert (first.channel, first.language, first.shopper) == ("websocket", "zh", ADA)
    assert first.id
    assert first.id != second.id


@pytest.mark.parametrize("as_cookie", [True, False])
def test_the_shopper_is_whom_the_session_proves(
    service: Service, client: TestClient, as_cookie: bool
) -> None:
    token = SESSIONS.token(ADA)
    headers = {"cookie": f"{COOKIE}={token}"} if as_cookie else bearer(ADA)
    with client.websocket_connect("/api/ws", headers=headers) as socket:
        socket.send_json({"text": "hello", "customer_id": 2})
        assert socket.receive_json()["code"] == "bad_request"
        socket.send_json({"text": "hello"})
        socket.receive_json()
    assert [m.shopper for m in service.assistant.heard] == [ADA]


def test_what_a_silence_brings_is_pushed(service: Service, client: TestClient) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "ask me", "conversation_id": "c1"})
        socket.receive_json()
        service.time_passes()
        frame = socket.receive_json()
    assert frame["type"] == "message"
    assert frame["role"] == "bot"
    assert frame["text"] == "Are you still there?"
    assert frame["conversation_id"] == "c1"
    assert frame["position"] == 5


def test_a_message_before_the_silence_ends_the_wait(service: Service, client: TestClient) -> None:
    with open_socket(client) as socket:
        for text in ("ask me", "hello"):
            socket.send_json({"text": text, "conversation_id": "c1"})
            socket.receive_json()
        service.time_passes()
        service.is_said_here("c1", "Ben here.")
        assert socket.receive_json()["text"] == "Ben here."


def test_what_another_process_stores_is_told_too(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "POLL_S", 0.001)
    with service.running() as client, open_socket(client) as socket:
        socket.send_json({"text": "hello", "conversation_id": "c1"})
        socket.receive_json()
        service.is_said_elsewhere("c1", "Ben here.")
        assert socket.receive_json()["text"] == "Ben here."


def test_two_windows_on_one_conversation_see_each_other(client: TestClient) -> None:
    with open_socket(client) as one:
        one.send_json({"text": "hello", "conversation_id": "c1"})
        one.receive_json()
        with open_socket(client, query="?conversation_id=c1") as other:
            other.send_json({"text": "from here", "message_id": "m2"})
            assert other.receive_json()["type"] == "turn"
        told = [one.receive_json() for _ in range(2)]
    assert [(t["type"], t["role"], t["text"]) for t in told] == [
        ("message", "user", "from here"),
        ("message", "bot", "You said from here."),
    ]
    assert told[0]["message_id"] == "m2"


def test_a_connection_that_comes_back_is_told_what_it_missed(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "hello", "conversation_id": "c1"})
        position = socket.receive_json()["position"]
    service.is_said_elsewhere("c1", "Ben here.")
    with open_socket(client, query=f"?conversation_id=c1&after={position}") as socket:
        service.is_said_here("c1", "Still here.")
        assert [socket.receive_json()["text"] for _ in range(2)] == ["Ben here.", "Still here."]


def test_several_messages_are_taken_while_the_first_is_answered(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "slow", "message_id": "m1", "conversation_id": "c1"})
        socket.send_json({"text": "joined", "message_id": "m2"})
        joined = socket.receive_json()
        assert (joined["message_id"], joined["joined"], joined["messages"]) == ("m2", True, [])
        service.open_gate()
        frame = socket.receive_json()
        assert (frame["type"], frame["message_id"]) == ("turn", "m1")
        assert replies(frame) == ["You said slow."]
        service.is_said_here("c1", "Ben here.")  # neither m1 nor m2 is told again before this
        assert socket.receive_json()["text"] == "Ben here."


@pytest.mark.parametrize("query", ["", "?conversation_id=c1"])
def test_somebody_elses_conversation_is_refused(
    service: Service, client: TestClient, query: str
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "my secret", "conversation_id": "c1"})
        socket.receive_json()
    for other in (BEN, Shopper(), Shopper("x")):
        with open_socket(client, other, query) as socket:
            socket.send_json({"text": "hello", "conversation_id": "c1"})
            frame = socket.receive_json()
            assert frame["type"] == "error"
            assert frame["code"] == "conversation_not_yours"
            assert "secret" not in str(frame)
    assert service.store.texts("c1") == ["my secret", "You said my secret."]


def test_a_conversation_that_becomes_somebody_elses_is_closed(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "hello", "conversation_id": "c1"})
        socket.receive_json()
        service.store.owners["c1"] = BEN
        service.is_said_here("c1", "my secret")
        assert socket.receive_json()["code"] == "conversation_not_yours"
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"text": "hel', "bad_request"),
        ("hello", "bad_request"),
        ("", "bad_request"),
        ("[]", "bad_request"),
        ("{}", "bad_request"),
        ('{"text": null}', "bad_request"),
        ('{"text": "a", "shopper": {"customer_id": 1}}', "bad_request"),
        ('{"text": "a", "language": "de"}', "bad_request"),
        ('{"text": "a", "conversation_id": "../etc"}', "bad_request"),
        ('{"text": "a", "message_id": ""}', "bad_request"),
        ('{"text": "a", "message_id": "' + "x" * 129 + '"}', "bad_request"),
        ('{"text": "\\ud800"}', "bad_request"),
        ('{"text": ' + "[" * 2_000, "bad_request"),
        ('{"text": "' + "x" * 101 + '"}', "text_too_long"),
        ('{"text": "' + "x" * 100_000 + '"}', "text_too_long"),
    ],
    ids=lambda value: value[:40],
)
def test_what_is_no_message_is_refused_and_the_chat_goes_on(
    service: Service, client: TestClient, frame: str, code: str
) -> None:
    with open_socket(client) as socket:
        socket.send_text(frame)
        refusal = socket.receive_json()
        assert refusal["type"] == "error"
        assert refusal["code"] == code
        assert refusal["message"]
        socket.send_json({"text": "hello"})
        assert replies(socket.receive_json()) == ["You said hello."]
    assert len(service.assistant.heard) == 1


def test_binary_frames_are_refused(client: TestClient) -> None:
    with open_socket(client) as socket:
        socket.send_bytes(b'{"text": "hello"}')
        assert socket.receive_json()["code"] == "bad_request"


def test_the_longest_text_may_be_written_with_escapes(client: TestClient) -> None:
    with open_socket(client) as socket:
        socket.send_text('{"text": "' + "\\ud83c\\udf89" * 100 + '"}')
        assert replies(socket.receive_json()) == ["You said " + "🎉" * 100 + "."]


def test_another_conversation_needs_another_connection(client: TestClient) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "hello", "conversation_id": "c1"})
        socket.receive_json()
        socket.send_json({"text": "hello", "conversation_id": "c2", "message_id": "m2"})
        refusal = socket.receive_json()
    assert (refusal["code"], refusal["message_id"]) == ("other_conversation", "m2")


def test_a_flood_is_refused_and_what_was_taken_is_answered(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        for number in range(connection.MAX_IN_FLIGHT + 1):
            socket.send_json({"text": "slow", "message_id": f"m{number}"})
        refusal = socket.receive_json()
        assert refusal["code"] == "too_many_messages"
        assert refusal["message_id"] == f"m{connection.MAX_IN_FLIGHT}"
        service.open_gate()
        told = [socket.receive_json()["message_id"] for _ in range(connection.MAX_IN_FLIGHT)]
        assert sorted(told) == [f"m{i}" for i in range(connection.MAX_IN_FLIGHT)]
        socket.send_json({"text": "hello"})
        assert replies(socket.receive_json()) == ["You said hello."]


def test_whoever_sends_nothing_but_rubbish_is_closed(client: TestClient) -> None:
    with open_socket(client) as socket:
        for _ in range(connection.MAX_REFUSALS):
            socket.send_text("rubbish")
            assert socket.receive_json()["code"] == "bad_request"
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1008


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://testserver.evil.example", "http://[", ""]
)
def test_another_sites_page_may_not_connect(client: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDenialResponse) as refused,
        open_socket(client, origin=origin),
    ):
        pass
    assert refused.value.status_code == 403
    assert refused.value.json()["error"]["code"] == "foreign_origin"


@pytest.mark.parametrize("origin", ["http://testserver", "https://TestServer"])
def test_our_own_page_may_connect(client: TestClient, origin: str) -> None:
    with open_socket(client, origin=origin) as socket:
        socket.send_json({"text": "hello"})
        assert socket.receive_json()["type"] == "turn"


def test_the_number_of_connections_is_bounded(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket, "MAX_CONNECTIONS", 1)
    with (
        open_socket(client),
        pytest.raises(WebSocketDenialResponse) as refused,
        open_socket(client),
    ):
        pass
    assert refused.value.status_code == 503
    with open_socket(client) as socket:  # the place is free again
        socket.send_json({"text": "hello"})
        assert socket.receive_json()["type"] == "turn"


def test_a_turn_whose_connection_is_gone_is_finished_all_the_same(
    service: Service, client: TestClient
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "slow", "conversation_id": "c1"})
        socket.send_json({"text": "joined"})  # answered when the first one has been taken
        socket.receive_json()
    assert "You said slow." not in service.store.texts("c1")
    service.open_gate()
    with open_socket(client, query="?conversation_id=c1&after=0") as socket:
        told = [socket.receive_json()["text"] for _ in range(3)]
    assert told == ["joined", "slow", "You said slow."]


def test_a_failure_is_told_without_its_cause_and_closes(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with open_socket(client) as socket:
        socket.send_json({"text": "crash", "conversation_id": "c1"})
        frame = socket.receive_json()
        assert (frame["type"], frame["code"]) == ("error", "internal_error")
        assert "hunter2" not in str(frame)
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
        assert closed.value.code == 1011
    assert [r.message for r in caplog.records] == ["a websocket of conversation c1 failed"]


def test_a_connection_is_closed_when_its_time_is_over(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "OPEN_AT_MOST_S", 0)
    with (
        open_socket(client) as socket,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        socket.receive_json()
    assert closed.value.code == 1001
