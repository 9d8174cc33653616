"""A support lead's day in the studio, and what shoppers get of it: the real thing in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from served import ANSWER_MS, Server, ask, copy_shop, visit

QUESTION = "How long does standard delivery take?"
BEFORE, AFTER = "3–5 business days", "4–6 business days"


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(copy_shop(prepared, tmp_path_factory.mktemp("studio") / "demo"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture
def shopper(browser: Browser, server: Server) -> Iterator[Page]:
    with browser.new_context(locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(ANSWER_MS)
        visit(page, server.url)
        yield page


@pytest.fixture
def lead(browser: Browser, server: Server) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield signed_in(context.new_page(), server)


def signed_in(page: Page, server: Server, name: str = "Demo lead") -> Page:
    page.set_default_timeout(ANSWER_MS)
    expect.set_options(timeout=ANSWER_MS)
    page.goto(server.url + "studio/")
    page.fill("[name=name]", name)
    page.fill("[name=password]", "larkfell-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector(".entries")
    return page


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).first.click()


def open_entry(page: Page, words: str, question: str) -> None:
    tab(page, "Entries")
    if page.locator("[data-do=back]").first.is_visible():
        page.locator("[data-do=back]").first.click()
    page.fill("#search input, #search textarea", words)
    page.locator(".entries tbody tr button.link", has_text=question).first.click()
    expect(page.locator("#f-answer textarea")).to_be_visible()


def publish(page: Page, message: str) -> None:
    page.get_by_role("tab", name="Draft").first.click()
    page.locator("#check").click()
    expect(page.locator("#rehearsal")).to_contain_text("est questions")
    page.get_by_label("What is this change about?").fill(message)
    page.locator("#publish").click()
    expect(page.locator("#rehearsal .notice").first).to_contain_text("ublished")


def test_edit_error_fix_publish_answer_roll_back(lead: Page, shopper: Page) -> None:
    assert BEFORE in ask(shopper, QUESTION)
    open_entry(lead, "standard delivery take", QUESTION)
    answer = lead.locator("#f-answer textarea")
    text = answer.input_value()
    assert BEFORE in text
    answer.fill(text.replace(BEFORE, f"[{AFTER}](javascript:alert(1))"))
    expect(lead.locator("#form-side")).to_contain_text("javascript")
    answer.fill(text.replace(BEFORE, AFTER))
    lead.locator("[data-do=save]").first.click()
    expect(lead.locator(".form-head")).to_contain_text("draft")
    assert AFTER not in last_answer(shopper)  # nothing is live yet
    publish(lead, "Carriers are slower")
    assert AFTER in last_answer(shopper)

    tab(lead, "History")
    newest = lead.locator("#versions li").first
    expect(newest).to_contain_text("Carriers are slower")
    expect(newest).to_contain_text("Demo lead")
    lead.locator("#versions li").last.click()
    lead.get_by_role("button", name="Roll back everything").click()
    lead.locator("#roll-back").click()
    expect(lead.locator("#versions li").first).to_contain_text("Roll back")
    assert BEFORE in last_answer(shopper)


def last_answer(page: Page) -> str:
    ask(page, QUESTION)
    return page.locator(".said.bot").last.inner_text()


def test_a_viewer_is_offered_nothing_that_changes(browser: Browser, server: Server) -> None:
    with browser.new_context() as context:
        page = signed_in(context.new_page(), server, "Demo viewer")
        open_entry(page, "standard delivery take", QUESTION)
        expect(page.locator("[data-do=save]")).to_have_count(0)


def test_two_editors_of_one_entry(browser: Browser, server: Server, lead: Page) -> None:
    """One lead in two windows has one draft; here the other lead edits the file."""
    open_entry(lead, "gift-wrap", "gift")
    answer = lead.locator("#f-answer textarea")
    text = answer.input_value()
    path = next(
        p for p in (server.shop / "knowledge" / "faq").rglob("*") if text in p.read_text("utf-8")
    )
    path.write_text(path.read_text("utf-8").replace(text, text + " Written by hand."), "utf-8")
    lead.wait_for_timeout(4000)
    answer.fill(text + " Written in the studio.")
    lead.locator("[data-do=save]").first.click()
    expect(lead.locator("body")).to_contain_text("Written by hand.")
    expect(answer).to_have_value(text + " Written in the studio.")
