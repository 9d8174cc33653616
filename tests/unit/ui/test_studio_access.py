import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import Response as Answer
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.publishing.values import User
from bot.settings import Settings, ShopSettings, StudioSettings, StudioUser
from ui.studio.access import COOKIE, StudioAccess
from ui.studio.attempts import Attempts, TooManyAttempts, client_key
from ui.studio.sign_in import FORM_COOKIE, add_studio_access, open_access

PASSWORD = "larkfell-demo"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
ADA = StudioUser(name="Ada", role="lead", password_hash=CHEAP.hash(PASSWORD))
BO = StudioUser(name="Bo", role="viewer", password_hash=CHEAP.hash("something else"))
HTML = {"accept": "text/html,application/xhtml+xml"}


def access_of(*users: StudioUser) -> StudioAccess:
    return StudioAccess(users, "secret", hours=2)


def application(access: StudioAccess, *, name: str = "Larkfell") -> FastAPI:
    clerk: Any = SimpleNamespace(settings=Settings(shop=ShopSettings(name=name)))

    async def page(request: Request) -> Response:
        user = access.user(request)
        return HTMLResponse(f"the studio of {user}")

    async def call(request: Request) -> Response:
        return PlainTextResponse("called")

    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    api = FastAPI()
    add_studio_access(api, clerk, access)
    studio = Starlette(routes=[Route("/", page), Route("/call", call, methods=["GET", "POST"]),
                               WebSocketRoute("/talk", talk)])
    shop = Starlette(routes=[Route("/{path:path}", call, methods=["GET", "POST"])])
    api.mount("/studio", studio)
    api.mount("/", shop)
    return api


def browser(*users: StudioUser, base_url: str = "http://shop.example") -> TestClient:
    app = application(access_of(*(users or (ADA, BO))))
    return TestClient(app, base_url=base_url, headers=HTML, follow_redirects=False)


def form_token(page: str) -> str:
    found = re.search('name="form" value="([^"]+)"', page)
    assert found
    return found[1]


def sign_in(client: TestClient, name: str = "Ada", password: str = PASSWORD,
            **headers: str) -> Answer:
    token = form_token(client.get("/studio/sign-in").text)
    return client.post("/studio/sign-in", headers=headers,
                       data={"name": name, "password": password, "form": token})


def cookie_line(answer: Answer, name: str) -> str:
    (line,) = (c for c in answer.headers.get_list("set-cookie") if c.startswith(f"{name}="))
    return str(line)


# Who it is


def request_with(token: str | None) -> Any:
    return SimpleNamespace(cookies={} if token is None else {COOKIE: token})


@pytest.mark.parametrize("name", ["Ada", "ada", " ADA "])
def test_a_user_signs_in_and_is_known_again(name: str) -> None:
    access = access_of(ADA, BO)
    token = access.sign_in(name, PASSWORD)
    assert access.user(request_with(token)) == User("Ada", "lead")


@pytest.mark.parametrize(
    ("name", "password"),
    [("Ada", "something else"), ("Bo", PASSWORD), ("Ada", ""), ("nobody", PASSWORD), ("", "")],
)
def test_a_wrong_name_or_password(name: str, password: str) -> None:
    assert access_of(ADA, BO).sign_in(name, password) is None


@pytest.mark.parametrize("token", [None, "", "forged", "WyJBZGEiXQ.aaaa.bbbb"])
def test_no_token_is_nobody(token: str | None) -> None:
    assert access_of(ADA).user(request_with(token)) is None


def test_a_token_is_void_when_the_shop_says_otherwise() -> None:
    request = request_with(access_of(ADA).sign_in("Ada", PASSWORD))
    changed = ADA.model_copy(update={"password_hash": CHEAP.hash(PASSWORD)})
    assert access_of(ADA, BO).user(request)
    assert access_of(BO).user(request) is None
    assert access_of(changed).user(request) is None
    assert StudioAccess([ADA], "another secret", hours=2).user(request) is None
    assert StudioAccess([ADA], "secret", hours=-1).user(request) is None  # too old


def test_a_role_that_was_changed_counts_at_once() -> None:
    request = request_with(access_of(ADA).sign_in("Ada", PASSWORD))
    demoted = ADA.model_copy(update={"role": "viewer"})
    assert access_of(demoted).user(request) == User("Ada", "viewer")


def test_a_form_token_is_no_sign_in() -> None:
    access = access_of(ADA)
    assert access.user(request_with(access.form_token())) is None


def test_access_is_opened_as_the_shop_says(tmp_path: Path) -> None:
    settings = Settings(shop=ShopSettings(name="a"), studio=StudioSettings(users=(ADA,)))
    clerk: Any = SimpleNamespace(settings=settings, shop_dir=tmp_path)
    request = request_with(open_access(clerk).sign_in("Ada", PASSWORD))
    assert open_access(clerk).user(request) == User("Ada", "lead")


# Trying passwords


def wait_of(attempts: Attempts, *keys: str) -> int:
    try:
        attempts.begin(*keys)
    except TooManyAttempts as error:
        return error.wait_s
    return 0


def test_after_five_failures_the_wait_grows_to_a_limit() -> None:
    now = [1000.0]
    attempts = Attempts(lambda: now[0])
    assert [wait_of(attempts, "a") for _ in range(6)] == [0, 0, 0, 0, 0, 30]
    waits = []
    for _ in range(7):
        waits.append(wait := wait_of(attempts, "a"))
        now[0] += wait
        assert wait_of(attempts, "a") == 0
    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert wait_of(attempts, "b") == 0
    assert wait_of(attempts, "b", "a") == 900


def test_failures_are_forgotten_after_an_hour() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(5):
        attempts.begin("a")
    now[0] = 3600.0
    assert [wait_of(attempts, "a") for _ in range(6)] == [0, 0, 0, 0, 0, 30]


def test_a_success_clears_the_name_but_not_what_the_client_tried_before() -> None:
    attempts = Attempts(lambda: 0.0)
    for name in ("bo", "cy", "di", "ed"):
        attempts.begin(name, "client")
    attempts.begin("ada", "client")
    attempts.succeeded("ada", "client")
    assert wait_of(attempts, "ada", "client") == 0
    assert wait_of(attempts, "ada", "client") == 30


def test_memory_is_bounded() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(10_100):
        attempts.begin(str(number))
    assert len(attempts) == 10_000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_whose_address_it_is(one: str, other: str, same: bool) -> None:
    assert (client_key(one) == client_key(other)) == same


# The pages


def test_signing_in_with_the_form() -> None:
    client = browser()
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/studio/")
    assert client.get("/studio/").text == "the studio of User(name='Ada', role='lead')"
    again = client.get("/studio/sign-in")
    assert (again.status_code, again.headers["location"]) == (303, "/studio/")
    assert client.get("/studio").headers["location"] == "/studio/"


@pytest.mark.parametrize(
    ("base_url", "headers", "secure"),
    [
        ("http://shop.example", {}, False),
        ("https://shop.example", {}, True),
        ("http://shop.example", {"x-forwarded-proto": "https"}, True),
        ("http://shop.example", {"x-forwarded-proto": "https, http"}, True),
    ],
)
def test_the_cookies_flags(base_url: str, headers: dict[str, str], secure: bool) -> None:
    line = cookie_line(sign_in(browser(base_url=base_url), **headers), COOKIE).lower()
    flags = {flag.strip() for flag in line.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/studio", "max-age=7200"} <= flags
    assert ("secure" in flags) == secure


def test_a_wrong_password_is_said_in_place() -> None:
    client = browser()
    answer = sign_in(client, '"><script>alert(1)</script>', "mistyped")
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert 'role="alert"' in answer.text
    assert "<script" not in answer.text
    assert "&quot;&gt;&lt;script&gt;" in answer.text
    assert "mistyped" not in answer.text
    assert COOKIE not in client.cookies


def test_the_form_says_how_long_to_wait() -> None:
    client = browser()
    for _ in range(5):
        assert sign_in(client, password="wrong").status_code == 401
    answer = sign_in(client)  # the right one, too late
    assert answer.status_code == 429
    assert re.search(r"Please try again in (29|30) seconds\.", answer.text)
    assert answer.headers["retry-after"] in ("29", "30")
    assert COOKIE not in client.cookies


def test_a_form_without_its_token_is_shown_anew() -> None:
    client, other = browser(), browser()
    foreign = form_token(other.get("/studio/sign-in").text)
    client.get("/studio/sign-in")
    for form in ("", "forged", foreign):
        answer = client.post("/studio/sign-in",
                             data={"name": "Ada", "password": PASSWORD, "form": form})
        assert answer.status_code == 403
        assert "out of date" in answer.text
        assert COOKIE not in client.cookies


def test_a_token_that_both_bring_but_we_never_made() -> None:
    client = browser()
    answer = client.post("/studio/sign-in", headers={"cookie": f"{FORM_COOKIE}=x"},
                         data={"name": "Ada", "password": PASSWORD, "form": "x"})
    assert answer.status_code == 403


def test_two_tabs_share_the_forms_token() -> None:
    client = browser()
    first = form_token(client.get("/studio/sign-in").text)
    assert form_token(client.get("/studio/sign-in").text) == first


def test_signing_in_leads_nowhere_else() -> None:
    client = browser()
    token = form_token(client.get("/studio/sign-in?next=//evil.example").text)
    answer = client.post("/studio/sign-in?next=//evil.example&url=https://evil.example",
                         data={"name": "Ada", "password": PASSWORD, "form": token,
                               "next": "//evil.example"})
    assert answer.headers["location"] == "/studio/"


def test_the_page_works_without_scripts_and_with_a_keyboard() -> None:
    page = browser().get("/studio/sign-in").text
    assert "<script" not in page
    assert 'name="viewport"' in page
    for field in ("name", "password"):
        assert f'<label for="{field}">' in page
        assert f'id="{field}"' in page
    assert page.count(" autofocus") == 1
    assert "prefers-color-scheme: dark" in page
    assert "--brand:#2f5d50" in page


def test_without_users_the_page_says_how_to_add_one() -> None:
    client = TestClient(application(access_of(), name="<b>"))
    page = client.get("/studio/sign-in").text
    assert "shopclerk users add" in page
    assert "<form" not in page
    assert "<b>" not in page


def test_signing_out() -> None:
    client = browser()
    sign_in(client)
    answer = client.post("/studio/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/studio/sign-in")
    assert "max-age=0" in cookie_line(answer, COOKIE).lower()
    assert client.get("/studio/").status_code == 303


# The gate


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/studio", HTML, 303),
        ("GET", "/studio/", HTML, 303),
        ("GET", "/studio/call", HTML, 303),
        ("GET", "/studio/static/../call", HTML, 303),
        ("GET", "/studio/call", {"accept": "*/*"}, 401),
        ("POST", "/studio/call", HTML, 401),
        ("OPTIONS", "/studio/call", {"accept": "*/*"}, 401),
        ("GET", "/studio/sign-in", HTML, 200),
        ("GET", "/studios", HTML, 200),
        ("POST", "/other", {"origin": "https://evil.example"}, 200),
    ],
)
def test_what_a_stranger_gets(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = browser().request(method, path, headers=headers)
    assert answer.status_code == status
    if status == 303:
        assert answer.headers["location"] == "/studio/sign-in"
    if status == 401:
        assert answer.json()["error"]["code"] == "signed_out"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://shop.example"}, 200),
        ({"origin": "https://shop.example"}, 200),  # a proxy ends the TLS
        ({"origin": "https://public.example", "x-forwarded-host": "public.example"}, 200),
        ({"origin": "https://public.example", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://shop.example:81"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": ""}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://shop.example"}, 403),
        ({"sec-fetch-site": "cross-site", "x-forwarded-host": "evil.example"}, 403),
    ],
)
def test_requests_of_other_sites_are_refused(headers: dict[str, str], status: int) -> None:
    client = browser()
    sign_in(client)
    answer = client.post("/studio/call", headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["code"] == "other_site"
    assert client.get("/studio/call", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/studio/sign-in", "/studio/sign-out"])
def test_no_other_site_signs_anybody_in_or_out(path: str) -> None:
    client = browser()
    sign_in(client)
    answer = client.post(path, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_link_on_another_site_opens_the_studio() -> None:
    # The strict cookie isn't sent along; a page of our own asks again with it.
    answer = browser().get("/studio/", headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/studio/"' in answer.text


def test_sockets_need_a_user_too() -> None:
    client = browser()
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/studio/talk"):
        pass
    token = access_of(ADA).sign_in("Ada", PASSWORD)
    signed_in = {"cookie": f"{COOKIE}={token}"}
    with client.websocket_connect("/studio/talk", headers=signed_in):
        pass
    foreign = {**signed_in, "origin": "https://evil.example"}
    with (pytest.raises(WebSocketDisconnect),
          client.websocket_connect("/studio/talk", headers=foreign)):
        pass


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/studio/sign-in"), ("GET", "/studio/"), ("GET", "/studio/call"),
     ("POST", "/studio/call")],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_every_answer_is_guarded(method: str, path: str, signed_in: bool) -> None:
    client = browser()
    if signed_in:
        sign_in(client)
    answer = client.request(method, path)
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if "text/html" in answer.headers.get("content-type", ""):
        assert answer.headers["cache-control"] == "no-store"


def test_the_rest_of_the_site_is_left_alone() -> None:
    answer = browser().get("/")
    assert answer.text == "called"
    assert "x-frame-options" not in answer.headers


def test_the_gate_holds_where_the_application_is_mounted_in_another() -> None:
    outer = Starlette(routes=[Mount("/bot", application(access_of(ADA)))])
    client = TestClient(outer, headers=HTML, follow_redirects=False)
    answer = client.get("/bot/studio/call")
    assert (answer.status_code, answer.headers["location"]) == (303, "/bot/studio/sign-in")
    token = form_token(client.get("/bot/studio/sign-in").text)
    answer = client.post("/bot/studio/sign-in",
                         data={"name": "Ada", "password": PASSWORD, "form": token})
    assert answer.headers["location"] == "/bot/studio/"
    assert client.get("/bot/studio/call").text == "called"
