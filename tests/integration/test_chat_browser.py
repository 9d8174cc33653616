"""Several messages at once, and what is said without being asked for, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_server import ChatServer
from playwright.sync_api import Browser, Page, expect
from served import ANSWER_MS, visit


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChatServer]:
    running = ChatServer(tmp_path)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def page(browser: Browser, server: ChatServer) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 390, "height": 740}) as context:
        opened = context.new_page()
        opened.set_default_timeout(ANSWER_MS)
        visit(opened, server.url)
        yield opened


def send(page: Page, text: str) -> None:
    page.fill("#message", text)
    page.press("#message", "Enter")


def shown(page: Page, kind: str) -> list[str]:
    return page.locator(f".said.{kind} .bubble").all_inner_texts()


def test_a_second_message_is_taken_while_the_first_is_answered(
    server: ChatServer, page: Page
) -> None:
    send(page, "slow first")
    send(page, "joined second")
    page.wait_for_function("document.querySelectorAll('[data-waiting]').length === 1")
    assert sorted(shown(page, "shopper")) == ["joined second", "slow first"]
    expect(page.locator(".typing")).to_have_count(1)
    page.fill("#message", "and a thi")
    server.service.assistant.gate.set()
    expect(page.locator(".said.bot:not(.typing) .bubble")).to_have_text("You said slow first.")
    expect(page.locator(".typing")).to_have_count(0)
    assert len(shown(page, "shopper")) == 2
    assert page.input_value("#message") == "and a thi"


def test_what_is_said_unasked_appears_without_a_reload(server: ChatServer, page: Page) -> None:
    send(page, "hello")
    expect(page.locator(".said.bot .bubble")).to_have_text("You said hello.")
    page.fill("#message", "half a thou")
    [conversation] = server.service.store.events
    server.service.is_said_elsewhere(conversation, "Ben here.")
    expect(page.locator(".said.bot .bubble").last).to_have_text("Ben here.")
    assert page.input_value("#message") == "half a thou"
    assert page.get_attribute(".log", "aria-live") == "polite"


def test_a_message_that_got_lost_is_sent_again_and_answered_once(
    server: ChatServer, page: Page
) -> None:
    send(page, "hello")
    expect(page.locator(".said.bot .bubble")).to_have_count(1)
    lost: list[str] = []

    def lose(route: object) -> None:
        if lost:
            route.continue_()  # type: ignore[attr-defined]
            return
        answer = route.fetch()  # type: ignore[attr-defined]  the server has it, the page does not
        lost.append(answer.text())
        route.abort()  # type: ignore[attr-defined]

    page.route("**/gradio_api/run/**", lose)
    send(page, "once only")
    expect(page.locator(".said.bot .bubble").last).to_have_text("You said once only.")
    assert lost
    [conversation] = server.service.store.events
    assert server.service.store.texts(conversation).count("once only") == 1
    assert shown(page, "shopper") == ["hello", "once only"]
    expect(page.locator(".notice")).to_have_count(0)


def test_a_closed_widget_shows_that_something_was_said(server: ChatServer, page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 740})
    page.goto(server.url + "example")
    button = page.get_by_role("button", name="Ask Larkfell")
    button.click()
    frame = page.frames[1]
    frame.wait_for_selector(".chat.ready")
    frame.fill("#message", "hello")
    frame.press("#message", "Enter")
    expect(frame.locator(".said.bot .bubble")).to_have_text("You said hello.")
    frame.press("#message", "Escape")
    expect(page.locator("iframe")).to_be_hidden()
    [conversation] = server.service.store.events
    server.service.is_said_elsewhere(conversation, "Ben here.")
    told = page.get_by_role("button", name="A new message from Larkfell")
    expect(told).to_have_class("news")
    told.click()
    expect(frame.locator(".said.bot .bubble").last).to_have_text("Ben here.")
    page.keyboard.press("Escape")
    expect(button).to_be_focused()


SOCKET = """(address) => {
    window.told = [];
    const socket = new WebSocket(address);
    socket.onopen = () => socket.send(JSON.stringify({ text: "hello" }));
    socket.onmessage = (event) => told.push(JSON.parse(event.data).type);
    socket.onclose = (event) => told.push(event.code);
}"""


def test_a_websocket_of_our_own_page_belongs_to_its_session(
    server: ChatServer, page: Page
) -> None:
    address = server.url.replace("http", "ws") + "api/ws"
    page.evaluate(SOCKET, address)
    page.wait_for_function("told.length === 1")
    [conversation] = server.service.store.events
    assert server.service.store.owners[conversation].session_id
    server.service.is_said_elsewhere(conversation, "Ben here.")
    page.wait_for_function("told.length === 2")
    server.stop()
    page.wait_for_function("told.length === 3")
    assert page.evaluate("told") == ["turn", "message", 1012]
    server.start()
    page.goto("data:text/html,another site")
    page.evaluate(SOCKET, address)
    page.wait_for_function("told.length === 1")
    assert page.evaluate("told") == [1006]  # refused before it was opened


def test_a_message_to_a_server_that_is_away_waits_for_it(server: ChatServer, page: Page) -> None:
    send(page, "hello")
    expect(page.locator(".said.bot .bubble")).to_have_count(1)
    server.stop()
    send(page, "first of two")
    expect(page.locator(".notice")).to_contain_text("interrupted", timeout=ANSWER_MS)
    send(page, "second of two")
    server.start()
    expect(page.locator(".said.bot:not(.typing) .bubble")).to_have_text(
        ["You said hello.", "You said first of two.", "You said second of two."],
        timeout=ANSWER_MS)
    expect(page.locator(".typing")).to_have_count(0)
    assert shown(page, "shopper") == ["hello", "first of two", "second of two"]


def test_a_message_that_fails_is_kept_to_try_again_and_hinders_nothing(
    server: ChatServer, page: Page
) -> None:
    send(page, "hello")
    expect(page.locator(".said.bot .bubble")).to_have_count(1)
    send(page, "crash")
    expect(page.locator(".notice")).to_contain_text("Something went wrong")
    expect(page.locator(".typing")).to_have_count(0)
    [conversation] = server.service.store.events
    server.service.is_said_elsewhere(conversation, "Ben here.")
    expect(page.locator(".said.bot .bubble").last).to_have_text("Ben here.")
    assert shown(page, "shopper") == ["hello", "crash"]
    page.get_by_role("button", name="Try again now").click()
    expect(page.locator(".notice")).to_contain_text("Something went wrong")
    assert [m.text for m in server.service.assistant.heard].count("crash") == 2
    page.get_by_label("More").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".said")).to_have_count(0)


def test_a_double_click_says_it_once(server: ChatServer, page: Page) -> None:
    page.get_by_role("button", name="Talk to a person").dblclick()
    expect(page.locator(".said.bot:not(.typing) .bubble")).to_have_count(1)
    assert len(server.service.assistant.heard) == 1


def test_a_reload_in_mid_turn_loses_nothing(server: ChatServer, page: Page) -> None:
    send(page, "hello")
    expect(page.locator(".said.bot .bubble")).to_have_count(1)
    send(page, "slow thought")
    expect(page.locator(".typing")).to_have_count(1)
    page.fill("#message", "unsent")
    page.reload()
    page.wait_for_selector(".chat.ready")
    assert page.input_value("#message") == "unsent"
    assert shown(page, "shopper") == ["hello", "slow thought"]
    server.service.assistant.gate.set()
    expect(page.locator(".said.bot:not(.typing) .bubble")).to_have_count(2)
    expect(page.locator(".typing")).to_have_count(0)
