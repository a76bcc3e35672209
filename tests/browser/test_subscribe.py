"""Subscribing on a phone: choices that combine, one button, a preview that follows, and all of it without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.processes import Server

PHONE = {"width": 390, "height": 844}


def test_two_choices_combine_and_the_button_follows(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/subscribe", viewport=PHONE, has_touch=True, timezone_id="America/New_York",
                  permissions=["clipboard-read", "clipboard-write"])  # fmt: skip
    page = found.page
    page.wait_for_url("**/subscribe?tz=America/New_York")
    chips = page.locator(".chips")
    chips.get_by_role("link", name="Spacewalks").click()
    expect(chips.locator("[aria-current]")).to_have_count(1)
    chips.get_by_role("link", name="Dockings").click()
    expect(chips.locator("[aria-current]")).to_have_count(2)
    address = demo_server.url + "/feeds/events.ics?type__ids=2,3,4,8,13,25,29"
    button = page.get_by_role("link", name="Add to your calendar")
    expect(button).to_have_attribute("href", address.replace("http:", "webcal:"))
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < PHONE["height"]  # In sight at once.
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    expect(page.locator(".preview-when").first).to_contain_text("EDT")
    expect(page.locator(".qr-figure")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert (found.complaints, found.foreign) == ([], [])


def test_the_preview_follows_each_option(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/subscribe?type__ids=7").page
    expect(page.locator(".preview-entry")).to_have_count(0)
    vague = page.locator("#option-vague")
    expect(vague).to_be_hidden()
    page.get_by_text("Calendar options").click()
    vague.focus()
    vague.select_option("span")
    expect(page.locator(".preview-entry").first).to_contain_text("all day")
    expect(vague).to_be_focused()
    assert page.url == demo_server.url + "/subscribe?type__ids=7&vague=span"
    address = demo_server.url + "/feeds/events.ics?type__ids=7&vague=span"
    expect(page.locator("#address")).to_have_value(address)
    expect(page.locator('head link[type="text/calendar"]')).to_have_attribute("href", address)


def test_a_subscription_is_chosen_without_javascript(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/subscribe?type__ids=7", java_script_enabled=False).page
    page.get_by_text("Calendar options").click()
    page.locator("#option-vague").select_option("marker")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#address")).to_have_value(demo_server.url + "/feeds/events.ics?type__ids=7&vague=marker")
    page.locator(".chips").get_by_role("link", name="Tests").click()
    expect(page.locator("#address")).to_have_value(
        demo_server.url + "/feeds/events.ics?type__ids=5,7,10,14,18,19,21,22,30&vague=marker"
    )
