"""What every entrance shares: turns that are finished, ids, metadata, silence, news by polling."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chat_stand_ins import Service
from fastapi.testclient import TestClient
from service_stand_ins import Voice, bearer, refused
from sleeper import settle

from bot.messages import Shopper, UserMessage
from bot.server.bodies import MAX_METADATA_CHARS
from bot.server.chat_service import CATCH_UP_EVERY_S, ChatService

ADA, BEN = Shopper("a", 1), Shopper("b", 2)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(tmp_path)


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    with service.running() as client:
        yield client


def news(client: TestClient, after: Any, shopper: Shopper = ADA) -> Any:
    return client.get(f"/api/conversations/c1?after={after}", headers=bearer(shopper))


def say(client: TestClient, text: str, **more: Any) -> Any:
    body = {"conversation_id": "c1", "text": text, **more}
    return client.post("/api/chat", json=body, headers=bearer(ADA))


def test_what_was_said_after_a_position(service: Service, client: TestClient) -> None:
    say(client, "hello", message_id="m1")
    whole = client.get("/api/conversations/c1", headers=bearer(ADA)).json()
    assert [m["text"] for m in whole["messages"]] == ["hello", "You said hello."]
    assert whole["messages"][0] == {"role": "user", "text": "hello", "message_id": "m1"}
    assert news(client, 0).json() == whole
    position = whole["position"]
    assert news(client, position).json() == {
        "conversation_id": "c1", "messages": [], "position": position
    }
    service.is_said_elsewhere("c1", "Ben here.")
    later = news(client, position).json()
    assert [m["text"] for m in later["messages"]] == ["Ben here."]
    assert later["position"] == position + 1


def test_a_position_moves_on_with_events_that_say_nothing(
    service: Service, client: TestClient
) -> None:
    say(client, "hello")
    service.store.append("c1", {"event": "slot", "name": "size", "value": "M"})
    assert news(client, 3).json() == {"conversation_id": "c1", "messages": [], "position": 4}


def test_a_conversation_that_has_not_begun_has_no_news(client: TestClient) -> None:
    assert news(client, 5).json() == {"conversation_id": "c1", "messages": [], "position": 5}
    assert client.get("/api/conversations/none").json()["position"] == 0


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999999999999", ""])
def test_what_is_no_position(client: TestClient, after: str) -> None:
    assert refused(news(client, after)) == (422, "bad_request")


def test_nobody_else_is_told_the_news(client: TestClient) -> None:
    say(client, "my secret")
    for other in (BEN, Shopper()):
        assert refused(news(client, 0, other)) == (403, "conversation_not_yours")
        assert refused(news(client, 1000, other)) == (403, "conversation_not_yours")


def test_the_senders_id_goes_with_the_message(service: Service, client: TestClient) -> None:
    say(client, "hello", message_id="m1")
    say(client, "hello")
    assert [m.id for m in service.assistant.heard] == ["m1", ""]


@pytest.mark.parametrize("message_id", ["x" * 129, 5, None, "\ud800"])
def test_what_is_no_message_id(client: TestClient, message_id: Any) -> None:
    body = {"text": "hello", "message_id": message_id}
    response = client.post(
        "/api/chat", content=json.dumps(body),
        headers={"content-type": "application/json"},
    )
    assert refused(response) == (422, "bad_request")


def test_a_message_answered_with_an_earlier_one_says_so(client: TestClient) -> None:
    body = say(client, "joined").json()
    assert (body["joined"], body["messages"]) == (True, [])
    assert say(client, "hello").json()["joined"] is False


def test_a_spoken_message_may_have_an_id(service: Service, client: TestClient) -> None:
    service.clerk.voice = Voice()
    form = {"conversation_id": "c1", "message_id": "m1"}
    client.post("/api/voice", files={"audio": b"hello"}, data=form)
    assert (service.assistant.heard[0].id, service.assistant.heard[0].channel) == ("m1", "voice")
    form["message_id"] = "x" * 129
    response = client.post("/api/voice", files={"audio": b"hello"}, data=form)
    assert refused(response) == (422, "bad_request")


def test_rasas_metadata_goes_along_except_the_session(
    service: Service, client: TestClient
) -> None:
    told = {"page": "/boots", "session": {"customer_id": 1}, "basket": [1, 2]}
    client.post("/webhooks/rest/webhook", json={"sender": "s", "message": "a", "metadata": told})
    client.post("/webhooks/rest/webhook", json={"sender": "s", "message": "b"})
    first, second = service.assistant.heard
    assert first.metadata == {"page": "/boots", "basket": [1, 2]}
    assert first.shopper == Shopper()
    assert second.metadata == {}


@pytest.mark.parametrize(
    "metadata",
    ['{"a": "' + "x" * MAX_METADATA_CHARS + '"}', '{"a": NaN}', "[]", '"text"'],
    ids=["large", "not a number", "a list", "a text"],
)
def test_metadata_that_is_refused(client: TestClient, metadata: str) -> None:
    response = client.post(
        "/webhooks/rest/webhook",
        content='{"sender": "s", "message": "a", "metadata": ' + metadata + "}",
        headers={"content-type": "application/json"},
    )
    assert refused(response) == (422, "bad_request")


@pytest.mark.parametrize("path", ["/api/chat", "/webhooks/rest/webhook", "/api/voice"])
def test_silence_is_noticed_whichever_way_the_question_came(
    service: Service, client: TestClient, path: str
) -> None:
    service.clerk.voice = Voice()
    if path == "/api/voice":
        client.post(path, files={"audio": b"ask me"}, data={"conversation_id": "c1"})
    elif path == "/api/chat":
        client.post(path, json={"conversation_id": "c1", "text": "ask me"})
    else:
        client.post(path, json={"sender": "c1", "message": "ask me"})
    service.time_passes()
    told = news(client, 3, Shopper()).json()["messages"]
    assert [m["text"] for m in told] == ["Are you still there?"]


async def test_a_turn_is_finished_when_who_asked_has_gone(service: Service) -> None:
    chat = ChatService(service.assistant, sleep=service.sleeper)
    asking = asyncio.create_task(chat.take(UserMessage("c1", "slow ask", ADA)))
    await settle()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    service.assistant.gate.set()
    await settle()
    assert service.store.texts("c1") == ["slow ask", "You said slow ask."]
    assert service.sleeper.asleep == [30]


async def test_a_service_that_stops_finishes_turns_and_gives_up_waits(service: Service) -> None:
    chat = ChatService(service.assistant, sleep=service.sleeper)
    async with chat.running():
        await chat.take(UserMessage("c2", "ask me", ADA))
        asking = asyncio.create_task(chat.take(UserMessage("c1", "slow", ADA)))
        await settle()
        asyncio.get_running_loop().call_soon(service.assistant.gate.set)
    assert service.store.texts("c1") == ["slow", "You said slow."]
    assert service.sleeper.asleep == []
    assert (await asking).conversation_id == "c1"


async def test_what_was_left_behind_is_looked_for_again_and_again(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    async with service.chat.running():
        await settle()
        assert service.assistant.caught_up == 1
        assert service.sleeper.asleep == [CATCH_UP_EVERY_S]
        await service.sleeper.wake()
        assert service.assistant.caught_up == 2  # a failure does not end it
    assert service.sleeper.asleep == []
    assert [r.message for r in caplog.records] == [
        "what was left behind could not be looked for"
    ]


async def test_listeners_hear_of_their_conversation_only(service: Service) -> None:
    feed = service.chat.feed
    with feed.listen("c1") as one, feed.listen("c1") as two, feed.listen("c2") as other:
        await service.chat.take(UserMessage("c1", "hello", ADA))
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)
    one.clear()
    feed.ring("c1")
    assert not one.is_set()


async def test_what_turns_use_is_closed_at_the_very_end(service: Service) -> None:
    closed = []

    async def close() -> None:
        closed.append("closed")

    chat = ChatService(service.assistant, at_end=close, sleep=service.sleeper)
    async with chat.running():
        assert closed == []
    assert closed == ["closed"]
