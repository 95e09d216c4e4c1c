"""What a manager does, in a real Chromium: ask, change, read, send, open."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server

SLOW = 60_000
ANSWERED = "plays on each side with the same luck"


def open_page(page: Page, address: str) -> None:
    """Go to an address, and wait until the page has its title."""
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible(timeout=SLOW)
    expect(page.locator("h1", has_text="Getting to know")).to_have_count(0, timeout=SLOW)


def answered(page: Page) -> None:
    """Wait for the complete answer."""
    expect(page.get_by_text(ANSWERED)).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("button", name="Copy link")).to_be_visible(timeout=SLOW)
    at_rest(page)


def at_rest(page: Page) -> None:
    """Wait until nothing on the page is left of an earlier answer."""
    app = page.get_by_test_id("stApp")
    expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=SLOW)


def one_more(page: Page, label: str) -> None:
    """Press the plus beside a number."""
    box = page.get_by_test_id("stNumberInput").filter(has=page.locator(f"input[aria-label='{label}']"))
    box.get_by_test_id("stNumberInputStepUp").click()


def table(page: Page) -> list[str]:
    """The rows of the table of differences."""
    return [row.replace("\u00a0", " ") for row in page.locator("table.u-answer tbody tr").all_inner_texts()]


def value(page: Page, label: str) -> str:
    """What a number's control shows."""
    return page.locator(f"input[aria-label='{label}']").input_value()


def test_the_first_visitor_after_a_start_gets_the_page_of_the_link_in_its_frame(server: Server, page: Page) -> None:
    server.stop()
    server.start()
    open_page(page, f"{server.url}/what_if?price=%2B5%25")
    answered(page)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_text("today is 9 December 2011")).to_be_visible()
    expect(page.get_by_test_id("stSidebarNav").get_by_text("Overview")).to_be_visible()


def test_a_question_leads_to_a_verdict_and_its_link_shows_the_same_to_somebody_else(
    server: Server, page: Page, browser: Browser
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_page(page, server.url)
    page.get_by_text("Two more pickers until Christmas?").click()
    expect(page.locator("h1")).to_contain_text("Two more pickers on weekdays until 23 December")
    answered(page)
    before = table(page)

    one_more(page, "Pickers on weekdays")
    expect(page.locator("h1")).to_contain_text("Three more pickers on weekdays until 23 December")
    expect(page).to_have_url(re.compile(r"pickers_weekday=%2B3(%40|@)"))
    expect(page.locator("table.u-answer tbody tr").first).not_to_have_text(before[0], timeout=SLOW)
    answered(page)
    mine = table(page)
    assert mine != before
    assert any(word in row for row in mine for word in ("better", "worse"))

    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Whoever opens it sees exactly these numbers")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.get_by_label("Link to this comparison").input_value()

    colleague = browser.new_context(locale="en-GB").new_page()
    open_page(colleague, link)
    expect(colleague.get_by_text("read-only")).to_be_visible(timeout=SLOW)
    at_rest(colleague)
    assert table(colleague) == mine
    colleague.get_by_role("button", name="Verify").click()
    expect(colleague.get_by_text("Identical:")).to_be_visible(timeout=SLOW)
    colleague.get_by_role("link", name="Open as my own what-if").click()
    expect(colleague).to_have_url(re.compile("/what_if"), timeout=SLOW)
    answered(colleague)
    assert table(colleague) == mine
    colleague.context.close()


def test_reload_and_back_keep_what_the_address_says(server: Server, page: Page) -> None:
    open_page(page, f"{server.url}/what_if?twin=gift-shop&pickers_weekday=%2B2&price=%2B5%25@2011-12-15")
    answered(page)
    title = page.locator("h1").inner_text()
    page.reload()
    answered(page)
    assert page.locator("h1").inner_text() == title
    one_more(page, "Pickers at weekends")
    expect(page.locator("h1")).to_contain_text("one more picker at weekends")
    page.go_back()
    expect(page.locator("h1")).to_have_text(title, timeout=SLOW)
    answered(page)
    assert value(page, "Pickers at weekends") == "4"
    assert value(page, "Pickers on weekdays") == "8"


def test_a_question_on_the_page_itself_is_in_the_address_and_outlives_a_reload(server: Server, page: Page) -> None:
    open_page(page, f"{server.url}/what_if?twin=gift-shop")
    page.get_by_role("button", name="Prices up 5 %?").dblclick()
    expect(page).to_have_url(re.compile(r"price=(%2B|\+)5%25"), timeout=SLOW)
    page.reload()
    expect(page.locator("h1")).to_have_text("Prices +5 %", timeout=SLOW)


def test_quick_clicks_end_where_the_last_one_led(server: Server, page: Page) -> None:
    open_page(page, f"{server.url}/what_if")
    expect(page.locator("input[aria-label='Pickers on weekdays']")).to_be_visible(timeout=SLOW)
    for _ in range(4):
        one_more(page, "Pickers on weekdays")
    expect(page.locator("h1")).to_contain_text("Four more pickers on weekdays", timeout=SLOW)
    answered(page)
    assert value(page, "Pickers on weekdays") == "10"
    page.get_by_role("button", name="All as today").dblclick()
    expect(page.locator("h1")).to_have_text("As today", timeout=SLOW)
    expect(page.locator("input[aria-label='Pickers on weekdays']")).to_have_value("6")


def test_two_people_at_once_each_get_their_own_answer(server: Server, page: Page, browser: Browser) -> None:
    other = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{server.url}/what_if?price=%2B7%25")
    other.goto(f"{server.url}/what_if?price=-7%25")
    for visitor, says in ((page, "Prices +7"), (other, "Prices −7")):
        expect(visitor.locator("h1")).to_contain_text(says, timeout=SLOW)
        answered(visitor)
    assert table(page) != table(other)
    other.context.close()


@pytest.mark.parametrize(
    "path", ["", "data", "forecast", "one_life", "what_if?price=%2B5%25", "shared?run=ab12cd34ef56"]
)
def test_no_page_is_wider_than_a_phone(server: Server, browser: Browser, path: str) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB").new_page()
    open_page(phone, f"{server.url}/{path}")
    phone.wait_for_timeout(1500)
    wide = phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= 390
    phone.context.close()


def test_nothing_is_asked_of_other_places(server: Server, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_page(page, f"{server.url}/what_if?price=%2B5%25")
    answered(page)
    assert [url for url in asked if not url.startswith((server.url, "data:", "blob:"))] == []


def test_the_server_had_no_trouble(server: Server) -> None:
    assert "Traceback" not in server.log
