"""A support lead's day in the studio, and what shoppers get of it: the real thing in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from served import ANSWER_MS, Server, ask, copy_shop, visit

QUESTION = "How long does standard delivery take?"
SECOND = "Second lead"
BEFORE, AFTER = "3–5 business days", "4–6 business days"


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    shop = copy_shop(prepared, tmp_path_factory.mktemp("studio") / "demo")
    settings = shop / "shop.toml"
    told = settings.read_text("utf-8")
    settings.write_text(told + second_lead(told), "utf-8")
    running = Server(shop)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def second_lead(settings: str) -> str:
    """A user like the demo's lead, with the same password."""
    (block,) = (b for b in settings.split("[[studio.users]]")[1:] if '"Demo lead"' in b)
    return "\n[[studio.users]]" + block.replace("Demo lead", SECOND)


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
    expect(page.locator("#rehearsal .notice").first).to_contain_text("Ready to publish")
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


def test_the_form_is_walked_through_by_keyboard(lead: Page) -> None:
    lead.locator(".entries tbody tr button.link").first.press("Enter")
    expect(lead.locator(".form-head h2")).to_be_focused()
    lead.locator("#f-tests textarea").focus()
    for _ in range(8):
        lead.keyboard.press("Tab")
    expect(lead.locator(".unsaved")).to_be_hidden()  # nothing was typed
    lead.locator("[data-do=save]").first.focus()
    lead.keyboard.press("Escape")
    expect(lead.locator("#list-column")).to_be_visible()
    expect(lead.locator("dialog")).to_have_count(0)


def test_two_leads_edit_one_entry_and_nothing_is_lost(
    browser: Browser, server: Server, lead: Page
) -> None:
    with browser.new_context() as context:
        other = signed_in(context.new_page(), server, SECOND)
        text, mine = edited(lead, "Written by the first.")
        edited(other, "Written by the second.")
        expect(other.locator(".form-head")).to_contain_text(
            "Demo lead has an unpublished change to this, too.")
        publish(lead, "The first is quicker")

        tab(other, "Draft")
        both = other.locator("#draft .conflict")
        expect(both).to_contain_text("Written by the first.")
        expect(both).to_contain_text("Written by the second.")
        both.get_by_role("button", name="Open").click()
        answer = other.locator("#f-answer textarea")
        expect(answer).to_have_value(text + " Written by the second.")
        answer.fill(mine + " Written by the second.")
        other.locator("[data-do=save]").first.click()
        expect(other.locator("#form-conflict")).to_contain_text("Written by the first.")
        other.locator("#form-conflict [data-do=mine]").click()
        expect(other.locator(".form-head")).to_contain_text("Yours replaces theirs")
        publish(other, "Both together")

        tab(lead, "Entries")
        expect(lead.locator("#f-answer textarea")).to_have_value(mine + " Written by the second.")


def edited(page: Page, sentence: str) -> tuple[str, str]:
    open_entry(page, "return-gift", "Can I return a gift?")
    answer = page.locator("#f-answer textarea")
    text = answer.input_value()
    answer.fill(f"{text} {sentence}")
    page.locator("[data-do=save]").first.click()
    expect(page.locator(".form-head")).to_contain_text("Saved in your draft")
    return text, f"{text} {sentence}"


def test_files_changed_by_hand_meet_a_lead_who_is_typing(server: Server, lead: Page) -> None:
    open_entry(lead, "create-account", "How do I create an account?")
    answer = lead.locator("#f-answer textarea")
    text = answer.input_value()
    path = next(
        p for p in (server.shop / "knowledge" / "faq").rglob("*") if text in p.read_text("utf-8")
    )
    path.write_text(path.read_text("utf-8").replace(text, text + " Written by hand."), "utf-8")
    published_by_hand(lead)
    answer.fill(text + " Written in the studio.")
    lead.locator("[data-do=save]").first.click()
    expect(lead.locator("#form-conflict")).to_contain_text("Written by hand.")
    expect(answer).to_have_value(text + " Written in the studio.")


def published_by_hand(page: Page) -> None:
    """Wait for it in a second window: in the first one a lead goes on typing."""
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector(".entries")
    for _ in range(30):
        tab(other, "History")
        if "files on disk" in other.locator("#versions li").first.inner_text():
            break
        other.wait_for_timeout(500)
        tab(other, "Entries")
    expect(other.locator("#versions li").first).to_contain_text("files on disk")
    other.close()
