"""What the tests of the service share."""

from types import SimpleNamespace
from typing import Any

from fastapi.testclient import TestClient

from bot.messages import Shopper
from bot.server.app import create_api
from bot.server.sessions import Sessions
from speech.transcript import AudioError, Transcript

JSON = {"content-type": "application/json"}


SESSIONS = Sessions("test secret", hours=1)


UPLOAD_LIMIT = 100_000


class Voice:
    """Hears what the bytes say."""

    def hear(self, data: bytes) -> Transcript:
        if data == b"noise":
            raise AudioError("I can't open that recording; please send WAV or MP3")
        return Transcript(data.decode(), "en", (), 1.0)


class Speaker:
    def speak(self, text: str, *, language: str) -> bytes:
        return f"RIFF {language} {text}".encode()


def client_of(clerk: SimpleNamespace) -> TestClient:
    return TestClient(create_api(clerk), raise_server_exceptions=False)  # type: ignore[arg-type]


def bearer(shopper: Shopper, sessions: Sessions = SESSIONS) -> dict[str, str]:
    return {"authorization": f"Bearer {sessions.token(shopper)}"}


def refused(response: Any) -> tuple[int, str]:
    """Check the form that every error has; return its status and code."""
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    for trace in ("Traceback", 'File "', ".py", "sqlalchemy"):
        assert trace not in response.text
    return response.status_code, body["error"]["code"]
