"""The HTTP service on a shop with stand-ins behind it."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bot.messages import BotMessage, Button, Card, Shopper
from bot.server.app import create_api, rasa_json
from bot.server.sessions import COOKIE, Sessions, read_secret
from bot.settings import IdentitySettings, ServerSettings
from bot.shop import ShopFiles
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from speech.transcript import AudioError, Transcript
from stand_ins import ADA, Desk

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


@pytest.fixture
def clerk(desk: Desk, demo: ShopFiles, tmp_path: Path) -> SimpleNamespace:
    shop = demo.settings.model_copy(update={
        "server": ServerSettings(max_upload_mb=UPLOAD_LIMIT / 1_000_000),
        "identity": IdentitySettings(demo_sign_in=True)})
    return SimpleNamespace(
        settings=shop, shop_dir=tmp_path, assistant=desk.assistant, store=desk.store,
        sessions=SESSIONS, customers=desk.orders, demo_customers=(), voice=None,
        voice_problem="no Whisper model here; run `shopclerk models pull`", synthesizer=None)


def client_of(clerk: SimpleNamespace) -> TestClient:
    return TestClient(create_api(clerk), raise_server_exceptions=False)  # type: ignore[arg-type]


@pytest.fixture
def client(clerk: SimpleNamespace) -> Iterator[TestClient]:
    with client_of(clerk) as client:
        yield client


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


def test_chat(client: TestClient) -> None:
    response = client.post("/api/chat", json={
        "conversation_id": "c1", "text": "how long does delivery take"})
    assert response.status_code == 200
    body = response.json()
    assert set(body) == {"conversation_id", "messages", "trace"}
    assert body["conversation_id"] == "c1"
    [message] = body["messages"]
    assert set(message) == {"text", "buttons", "cards", "citations", "image", "id"}
    assert message["text"] == "Answer of delivery-time."
    assert message["citations"][0] == {
        "id": "delivery-time", "title": "Question of delivery-time?", "file": "faq/x.md",
        "line": 7, "score": 0.9}
    trace = body["trace"]
    assert set(trace) == {"language", "intent", "probability", "out_of_scope", "entities", "flow",
                          "actions", "sources", "decision", "latency_ms", "trace_id"}
    assert trace["sources"] == [
        {"id": "delivery-time", "file": "faq/x.md", "line": 7, "score": 0.9}]


def test_a_conversation_without_an_id_gets_one(client: TestClient) -> None:
    ids = {client.post("/api/chat", json={"text": "hello"}).json()["conversation_id"]
           for _ in range(2)}
    assert len(ids) == 2


def test_cards_and_buttons(client: TestClient) -> None:
    body = client.post("/api/chat", json={"text": "where is 4002"}, headers=bearer(ADA)).json()
    [card] = body["messages"][0]["cards"]
    assert card["title"] == "Order 4002"
    assert card["lines"] == ["1 × Item of 4002"]
    body = client.post("/api/chat", json={"text": "order or refund"}).json()
    assert body["messages"][0]["buttons"][0] == {
        "title": "Where my order is", "payload": "/track_order"}


def test_the_pages_language_goes_with_a_button(client: TestClient) -> None:
    body = client.post("/api/chat", json={"text": "/greet", "language": "zh"}).json()
    assert body["trace"]["language"] == "zh"


def test_rasas_rest_channel(client: TestClient) -> None:
    response = client.post("/webhooks/rest/webhook", json={
        "sender": "s1", "message": "order or refund", "metadata": {"customer_id": 1},
        "input_channel": "rest"})
    assert response.status_code == 200
    [message] = response.json()
    assert message["recipient_id"] == "s1"
    assert message["text"] == "I want to get this right. Which of these do you mean?"
    assert message["buttons"][0] == {"title": "Where my order is", "payload": "/track_order"}


@pytest.mark.parametrize("metadata", [{"customer_id": 1},
                                      {"session": {"customer_id": 1, "session_id": "x"}}])
def test_metadata_proves_nothing(client: TestClient, metadata: dict[str, Any]) -> None:
    [reply] = client.post("/webhooks/rest/webhook", json={
        "sender": "s1", "message": "where is 4002", "metadata": metadata}).json()
    assert "please sign in" in reply["text"]


@pytest.mark.parametrize(
    ("reply", "parts"),
    [
        (BotMessage("a"), [{"text": "a"}]),
        (BotMessage(), []),
        (BotMessage("", (Button("b", "/b"),)),
         [{"text": "", "buttons": [{"title": "b", "payload": "/b"}]}]),
        (BotMessage("a", image="/i.png"), [{"text": "a"}, {"image": "/i.png"}]),
        (BotMessage("a", cards=(Card("T", "L", "/t.png", price="$9"), Card("U"))),
         [{"text": "a"}, {"text": "T · $9 · L"}, {"image": "/t.png"}, {"text": "U"}]),
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


def test_sign_in_and_out(client: TestClient) -> None:
    assert client.get("/api/session").json() == {"customer_id": None, "name": None}
    response = client.post("/api/sign-in", json={"customer_id": 1})
    assert response.json()["customer_id"] == 1
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert client.get("/api/session").json() == {"customer_id": 1, "name": "Ada"}
    assert "Order **4005**" in client.post("/api/chat", json={"text": "where is my order"}).text
    signed_in = client.cookies[COOKIE]
    assert client.post("/api/sign-out").json()["customer_id"] is None
    assert client.cookies[COOKIE] != signed_in
    assert client.get("/api/session").json() == {"customer_id": None, "name": None}
    assert "please sign in" in client.post("/api/chat", json={"text": "where is my order"}).text


def test_signing_in_keeps_the_session_and_its_conversation(client: TestClient) -> None:
    client.post("/api/sign-out")  # an anonymous session
    client.post("/api/chat", json={"conversation_id": "c", "text": "hello"})
    client.post("/api/sign-in", json={"customer_id": 1})
    assert "Order **4005**" in client.post(
        "/api/chat", json={"conversation_id": "c", "text": "where is my order"}).text
    client.post("/api/sign-out")
    assert refused(client.post("/api/chat", json={"conversation_id": "c", "text": "hello"})) == (
        403, "conversation_not_yours")


def test_the_token_works_as_bearer(client: TestClient) -> None:
    token = client.post("/api/sign-in", json={"customer_id": 2}).json()["token"]
    client.cookies.clear()
    for scheme in ("Bearer", "bearer"):
        assert client.get("/api/session", headers={"authorization": f"{scheme} {token}"}).json() == {
            "customer_id": 2, "name": "Ben"}


def test_no_demo_sign_in_in_a_real_shop(clerk: SimpleNamespace) -> None:
    clerk.settings = clerk.settings.model_copy(update={"identity": IdentitySettings()})
    with client_of(clerk) as client:
        assert refused(client.post("/api/sign-in", json={"customer_id": 1})) == (403, "sign_in_off")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"customer_id": 99}, (404, "no_such_customer")),
        ({"customer_id": 0}, (404, "no_such_customer")),
        ({"customer_id": "Ada"}, (422, "bad_request")),
        ({"customer_id": 10**30}, (422, "bad_request")),
        ({"customer_id": -(10**30)}, (422, "bad_request")),
        ({}, (422, "bad_request")),
        ({"customer_id": 1, "admin": True}, (422, "bad_request")),
    ],
)
def test_sign_in_refusals(
    client: TestClient, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refused(client.post("/api/sign-in", json=body)) == expected
    assert COOKIE not in client.cookies


def expired() -> str:
    class Past(type(URLSafeTimedSerializer("x").make_signer(None))):  # type: ignore[misc]
        def get_timestamp(self) -> int:
            return 1_600_000_000

    return str(URLSafeTimedSerializer("test secret", salt="shopclerk-session",
                                      signer=Past).dumps(["s", 1]))


GOOD = SESSIONS.token(ADA)
TOKENS = {
    "expired": expired(),
    "of another secret": Sessions("other secret", hours=1).token(ADA),
    "of another salt": URLSafeTimedSerializer("test secret", salt="mail").dumps(["s", 1]),
    "changed": GOOD[:5] + ("A" if GOOD[5] != "A" else "B") + GOOD[6:],
    "cut": GOOD[:-4],
    "unsigned": GOOD.split(".")[0],
    "bare": '["ada-session",1]',
    "empty": "",
    "dots": "...",
    "rubbish": "\x7f%00;é",
    "not a pair": URLSafeTimedSerializer("test secret", salt="shopclerk-session").dumps(1),
    "no number": URLSafeTimedSerializer("test secret", salt="shopclerk-session").dumps(["s", "x"]),
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_is_not_ours_is_nobody(client: TestClient, name: str) -> None:
    token = TOKENS[name]
    for headers in ({"authorization": f"Bearer {token}".encode("latin-1")},
                    {"cookie": f"{COOKIE}={token}".encode("latin-1")}):
        assert client.get("/api/session", headers=headers).json() == {
            "customer_id": None, "name": None}
        response = client.post("/api/chat", json={"text": "where is 4002"}, headers=headers)
        assert response.status_code == 200
        assert "please sign in" in response.text


@given(st.text(), st.text())
def test_no_text_is_a_session(token: str, scheme: str) -> None:
    assert SESSIONS.shopper({COOKIE: token}, {"authorization": f"{scheme} {token}"}) == Shopper()


def test_a_session_comes_back_from_its_token() -> None:
    assert SESSIONS.shopper({COOKIE: GOOD}, {}) == ADA
    assert SESSIONS.shopper({}, {"authorization": f"Bearer {GOOD}"}) == ADA
    assert SESSIONS.shopper({COOKIE: GOOD}, {"authorization": "Basic abc"}) == ADA
    first, second = SESSIONS.start(), SESSIONS.start()
    assert first.session_id != second.session_id
    assert SESSIONS.shopper({COOKIE: SESSIONS.token(first)}, {}) == first


def test_the_secret_is_made_once_and_kept_to_oneself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SHOPCLERK_SECRET", raising=False)
    secret = read_secret(tmp_path / "state")
    assert len(secret) >= 32
    assert read_secret(tmp_path / "state") == secret
    assert (tmp_path / "state" / "secret").stat().st_mode & 0o777 == 0o600
    assert read_secret(tmp_path / "elsewhere") != secret
    monkeypatch.setenv("SHOPCLERK_SECRET", "given")
    assert read_secret(tmp_path / "state") == "given"


def test_history(client: TestClient) -> None:
    told = client.post("/api/chat", headers=bearer(ADA), json={
        "conversation_id": "c1", "text": "where is 4002"}).json()
    body = client.get("/api/conversations/c1", headers=bearer(ADA)).json()
    assert body["conversation_id"] == "c1"
    assert body["messages"] == [
        {"role": "user", "text": "where is 4002"}, {"role": "bot", **told["messages"][0]}]
    assert client.get("/api/conversations/none").json()["messages"] == []


@pytest.mark.parametrize("other", [Shopper(), Shopper("x"), Shopper("x", 2),
                                   Shopper(ADA.session_id), Shopper(ADA.session_id, 2)])
def test_somebody_elses_conversation(client: TestClient, other: Shopper) -> None:
    told = client.post("/api/chat", headers=bearer(ADA), json={
        "conversation_id": "c1", "text": "where is 4002"}).json()
    headers = bearer(other)
    for response in (
        client.post("/api/chat", json={"conversation_id": "c1", "text": "hello"}, headers=headers),
        client.post("/webhooks/rest/webhook", json={"sender": "c1", "message": "hello"},
                    headers=headers),
        client.get("/api/conversations/c1", headers=headers),
        client.post("/api/feedback", headers=headers, json={
            "conversation_id": "c1", "message_id": told["messages"][0]["id"], "rating": "up"}),
    ):
        assert refused(response) == (403, "conversation_not_yours")
        assert "4002" not in response.text


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
    assert refused(client.post("/api/feedback", content=json.dumps({**thumb, **change}),
                               headers=JSON)) == expected
    assert clerk.store.feedback_counts() == {}


@pytest.mark.parametrize(
    ("path", "text_key"), [("/api/chat", "text"), ("/webhooks/rest/webhook", "message")])
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
        (b'{"TEXT": "a", "\\ud800": "\\ud800"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": ""}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": 5}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "a b"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "../etc"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "a\\n"}', (422, "bad_request")),
        (b'{"TEXT": "a", "ID": "' + b"x" * 129 + b'"}', (422, "bad_request")),
        (b"\x00\xff\xfe\x80" * 50, (422, "bad_request")),
        (b"\xff\xfe\x80" * 50, (400, "bad_request")),
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
    "change", [{"language": "de"}, {"language": 5}, {"customer_id": 1}, {"shopper": {}}])
def test_keys_and_values_that_chat_does_not_know(
    client: TestClient, change: dict[str, Any]
) -> None:
    response = client.post("/api/chat", json={"text": "hello", **change})
    assert refused(response) == (422, "bad_request")
    assert next(iter(change)) in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "text",
    ["🎉" * 4000, "x" * 4000, "", "   ", "\x00", "\u202e\u0000\ufeff", "👩‍👩‍👧" * 500,
     "' OR 1=1; DROP TABLE conversations; --", "<script>alert(1)</script>", "{phone}{{7*7}}%s",
     '/track_order{"order_number": {"$ne": null}}', "/" * 4000, "/a{" * 1000,
     '/greet{"a": ' + "[" * 3900 + "}"],
    ids=lambda text: ascii(text[:12]),
)
def test_odd_texts_get_an_ordinary_reply(client: TestClient, text: str) -> None:
    response = client.post("/api/chat", json={"conversation_id": "c1", "text": text})
    assert response.status_code == 200
    assert response.json()["messages"]
    assert response.json()["trace"]["decision"] != "internal error"
    assert client.get("/api/conversations/c1").json()["messages"][0] == {
        "role": "user", "text": text}


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["text", "conversation_id", "language", "x"]), inner, max_size=3),
).map(lambda value: json.dumps(value).encode()))
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


def test_speech_and_voice_that_are_missing(client: TestClient) -> None:
    response = client.post("/api/voice", files={"audio": b"hello"})
    assert refused(response) == (503, "voice_not_set_up")
    assert "shopclerk models pull" in response.json()["error"]["message"]
    assert refused(client.post("/api/speech", json={"text": "hello"})) == (503, "speech_not_set_up")


@pytest.fixture
def hearing(clerk: SimpleNamespace) -> Iterator[TestClient]:
    clerk.voice, clerk.synthesizer = Voice(), Speaker()
    with client_of(clerk) as client:
        yield client


def test_voice(hearing: TestClient) -> None:
    body = hearing.post("/api/voice", files={"audio": b"where is 4002"}, headers=bearer(ADA),
                        data={"conversation_id": "c1"}).json()
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
            "/api/voice", content=b"".join(upload()) if length_known else upload(),
            headers={"content-type": "multipart/form-data; boundary=b"})
    assert refused(response) == (413, "body_too_large")
    assert "8,000,000 bytes" in response.json()["error"]["message"]


def test_a_failure_in_the_service_is_a_bare_500(
    client: TestClient, clerk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the database password is hunter2")

    monkeypatch.setattr(clerk.store, "read", broken)
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
