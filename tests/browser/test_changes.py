"""The page of changes on a phone: a summary, a tab, a period, and lines that fit."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.processes import Server

PHONE = {"width": 390, "height": 844}


def test_what_moved_of_late_is_two_taps_away(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/changes", viewport=PHONE, has_touch=True, timezone_id="America/New_York")
    page = found.page
    page.wait_for_url("**/changes?tz=America/New_York")
    expect(page.locator(".changes-summary")).to_contain_text("Last 7 days: ")
    tabs = page.get_by_role("navigation", name="Kinds of change").get_by_role("link")
    expect(tabs.last).to_have_attribute("aria-current", "true")
    # All five are in sight at once, each as high as a finger.
    boxes = [box for tab in tabs.all() if (box := tab.bounding_box())]
    assert [box["x"] + box["width"] <= PHONE["width"] and box["height"] >= 44 for box in boxes] == [True] * 5
    tabs.first.click()
    page.get_by_role("link", name="30 days").click()
    page.wait_for_url("**/changes?tz=America/New_York&since=30&change=slipped,refined,vaguer")
    expect(tabs.first).to_have_attribute("aria-current", "true")
    expect(page.locator(".changes-summary")).to_contain_text("Last 30 days: ")
    expect(page.locator(".change-before").first).to_be_visible()
    expect(page.locator("#zone-menu > summary")).to_contain_text("EDT")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert (found.complaints, found.foreign) == ([], [])
