"""Recordings and spoken replies over HTTP."""

import pytest
from fastapi.testclient import TestClient
from service_stand_ins import UPLOAD_LIMIT, bearer, refused
from shop_data import ADA


def test_speech_and_voice_that_are_missing(client: TestClient) -> None:
    response = client.post("/api/voice", files={"audio": b"hello"})
    assert refused(response) == (503, "voice_not_set_up")
    assert "shopclerk models pull" in response.json()["error"]["message"]
    assert refused(client.post("/api/speech", json={"text": "hello"})) == (503, "speech_not_set_up")


def test_voice(hearing: TestClient) -> None:
    body = hearing.post(
        "/api/voice",
        files={"audio": b"where is 4002"},
        headers=bearer(ADA),
        data={"conversation_id": "c1"},
    ).json()
    assert body["transcript"] == {"text": "where is 4002", "language": "en"}
    assert body["conversation_id"] == "c1"
    assert body["messages"][0]["text"].startswith("Order **4002**")
    assert hearing.post("/api/voice", files={"audio": b"hello"}).json()["conversation_id"]


def test_speech(hearing: TestClient) -> None:
    response = hearing.post("/api/speech", json={"text": "你好", "language": "zh"})
    assert response.headers["content-type"] == "audio/wav"
    assert response.content.decode() == "RIFF zh 你好"


@pytest.mark.parametrize(
    ("files", "data", "expected"),
    [
        ({"audio": b"noise"}, {}, (422, "bad_audio")),
        ({"audio": b""}, {}, (422, "nothing_said")),
        ({"audio": b"x" * 4001}, {}, (413, "text_too_long")),
        ({"audio": b"x" * (UPLOAD_LIMIT + 1)}, {}, (413, "body_too_large")),
        ({"sound": b"hello"}, {}, (422, "bad_request")),
        ({"audio": b"hello"}, {"conversation_id": "x" * 129}, (422, "bad_request")),
        ({"audio": b"hello"}, {"conversation_id": "a b"}, (422, "bad_request")),
        ({"audio": b"\xff\x00" * 9}, {}, (500, "internal_error")),  # a bug in the decoder
    ],
)
def test_voice_refusals(
    hearing: TestClient, files: dict[str, bytes], data: dict[str, str], expected: tuple[int, str]
) -> None:
    assert refused(hearing.post("/api/voice", files=files, data=data)) == expected
