from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.messages import Shopper
from bot.server.sessions import COOKIE, Sessions
from bot.settings import Settings, ShopSettings
from ui.page import complete_shop_page

SESSIONS = Sessions("secret", hours=2)
DOCUMENT = '<html\n\tlang="en"><head></head><body><gradio-app></gradio-app></body></html>'


def client(*, base_url: str = "http://shop.example") -> TestClient:
    shop = ShopSettings(name='L<b>"', language="zh", color="#2f5d50")
    clerk: Any = SimpleNamespace(settings=Settings(shop=shop), sessions=SESSIONS)

    async def page(request: Any) -> Response:
        return HTMLResponse(DOCUMENT)

    async def other(request: Any) -> Response:
        return PlainTextResponse("other")

    app = FastAPI(routes=[Route("/", page), Route("/other", other)])
    complete_shop_page(app, clerk)
    return TestClient(app, base_url=base_url)


def shopper_of(browser: TestClient) -> Shopper:
    return SESSIONS.shopper(dict(browser.cookies), {})


def test_a_first_visit_gets_a_session_of_its_own() -> None:
    browser, another = client(), client()
    answer = browser.get("/")
    another.get("/")
    assert shopper_of(browser).session_id
    assert shopper_of(browser) != shopper_of(another)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "Secure" not in answer.headers["set-cookie"]


@pytest.mark.parametrize("shopper", [Shopper("abc"), Shopper("abc", 7)],
                         ids=["anonymous", "customer"])
def test_a_session_is_kept(shopper: Shopper) -> None:
    browser = client()
    browser.cookies.set(COOKIE, SESSIONS.token(shopper), domain="shop.example")
    browser.get("/")
    assert shopper_of(browser) == shopper


def test_a_customers_session_is_not_prolonged() -> None:
    browser = client()
    browser.cookies.set(COOKIE, SESSIONS.token(Shopper("abc", 7)), domain="shop.example")
    assert "set-cookie" not in browser.get("/").headers


def test_the_shops_own_login_counts_more_than_an_older_anonymous_session() -> None:
    browser = client()
    anonymous, customer = SESSIONS.token(Shopper("abc")), SESSIONS.token(Shopper("abc", 7))
    answer = browser.get("/", headers={"cookie": f"{COOKIE}={anonymous}; {COOKIE}={customer}"})
    assert "set-cookie" not in answer.headers


def test_a_forged_cookie_is_replaced() -> None:
    browser = client()
    browser.get("/", headers={"cookie": f"{COOKIE}=forged"})
    assert shopper_of(browser).session_id


def test_over_https_the_cookie_never_travels_in_the_clear() -> None:
    assert "Secure" in client(base_url="https://shop.example").get("/").headers["set-cookie"]


def test_the_document_gets_the_shops_looks() -> None:
    answer = client().get("/")
    assert answer.headers["content-length"] == str(len(answer.content))
    assert '<html\n\tlang="zh"' in answer.text
    assert "--brand:#2f5d50" in answer.text
    assert "ui/chat.css?" in answer.text
    assert "<b>" not in answer.text
    assert answer.text.index('id="boot"') < answer.text.index("<gradio-app")


def test_other_paths_are_left_alone() -> None:
    answer = client().get("/other")
    assert answer.text == "other"
    assert "set-cookie" not in answer.headers


def test_the_document_that_gradio_sends_has_the_places_to_complete() -> None:
    import gradio

    document = (Path(gradio.__file__).parent / "templates/frontend/index.html").read_text(
        encoding="utf-8")
    assert document.count("</head>") == 1
    assert document.count("<gradio-app") == 1
    assert '<html\n\tlang="en"' in document
    assert "width=device-width, initial-scale=1, shrink-to-fit=no" in document
