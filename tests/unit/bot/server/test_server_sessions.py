"""Who a request comes from, and what is kept from everybody else."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer
from service_stand_ins import SESSIONS, bearer, client_of, refused
from shop_data import ADA

from bot.messages import Shopper
from bot.server.sessions import COOKIE, Sessions, read_secret
from bot.settings import IdentitySettings


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
    assert (
        "Order **4005**"
        in client.post("/api/chat", json={"conversation_id": "c", "text": "where is my order"}).text
    )
    client.post("/api/sign-out")
    assert refused(client.post("/api/chat", json={"conversation_id": "c", "text": "hello"})) == (
        403,
        "conversation_not_yours",
    )


def test_the_token_works_as_bearer(client: TestClient) -> None:
    token = client.post("/api/sign-in", json={"customer_id": 2}).json()["token"]
    client.cookies.clear()
    for scheme in ("Bearer", "bearer"):
        assert client.get(
            "/api/session", headers={"authorization": f"{scheme} {token}"}
        ).json() == {"customer_id": 2, "name": "Ben"}


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

    return str(
        URLSafeTimedSerializer("test secret", salt="shopclerk-session", signer=Past).dumps(["s", 1])
    )


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
    for headers in (
        {"authorization": f"Bearer {token}".encode("latin-1")},
        {"cookie": f"{COOKIE}={token}".encode("latin-1")},
    ):
        assert client.get("/api/session", headers=headers).json() == {
            "customer_id": None,
            "name": None,
        }
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


@pytest.mark.parametrize(
    "other",
    [Shopper(), Shopper("x"), Shopper("x", 2), Shopper(ADA.session_id), Shopper(ADA.session_id, 2)],
)
def test_somebody_elses_conversation(client: TestClient, other: Shopper) -> None:
    told = client.post(
        "/api/chat", headers=bearer(ADA), json={"conversation_id": "c1", "text": "where is 4002"}
    ).json()
    headers = bearer(other)
    for response in (
        client.post("/api/chat", json={"conversation_id": "c1", "text": "hello"}, headers=headers),
        client.post(
            "/webhooks/rest/webhook", json={"sender": "c1", "message": "hello"}, headers=headers
        ),
        client.get("/api/conversations/c1", headers=headers),
        client.post(
            "/api/feedback",
            headers=headers,
            json={"conversation_id": "c1", "message_id": told["messages"][0]["id"], "rating": "up"},
        ),
    ):
        assert refused(response) == (403, "conversation_not_yours")
        assert "4002" not in response.text
