"""The API's pages, in a real Chromium."""

from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.judges import SCHEMES
from tests.processes import Server

PAGES = ("/2.3.0/events/upcoming/?mode=detailed", "/2.3.0/events/1211/", "/2.3.0/", "/docs")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_is_silent_and_asks_nobody_else(sample_server: Server, look: Visitor, path: str) -> None:
    found = look(sample_server.url + path)
    found.page.wait_for_load_state("networkidle")
    for scheme, width in product(SCHEMES, (320, 390, 1280)):
        found.page.emulate_media(color_scheme=scheme)
        found.page.set_viewport_size({"width": width, "height": 800})
        assert found.page.evaluate("document.documentElement.scrollWidth") <= width
    assert found.complaints == []
    assert found.foreign == []


def test_one_can_walk_through_the_api(sample_server: Server, visit: Visitor) -> None:
    found = visit(sample_server.url + "/2.3.0/")
    page = found.page
    page.locator(".json").get_by_role("link", name="events/upcoming/").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upcoming events")
    page.get_by_role("link", name="list", exact=True).first.click()
    expect(page).to_have_url(sample_server.url + "/2.3.0/events/upcoming/?mode=list")
    page.locator(".json").get_by_role("link", name="/2.3.0/events/1211/").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Event")
    page.get_by_role("link", name="JSON", exact=True).click()
    expect(page.locator("body")).to_contain_text('"response_mode":"detailed"')
    assert found.complaints == []


def test_a_listing_can_be_copied(sample_server: Server, visit: Visitor) -> None:
    found = visit(sample_server.url + "/docs", permissions=["clipboard-read", "clipboard-write"])
    listing = found.page.locator("#example-next .listing").first
    listing.get_by_role("button", name="Copy").click()
    expect(listing.get_by_role("button", name="Copied")).to_be_visible()
    copied = found.page.evaluate("navigator.clipboard.readText()")
    assert copied == listing.locator("pre").inner_text()
    assert copied.startswith("curl --fail 'http://127.0.0.1")
