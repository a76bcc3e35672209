"""What people come for, on a phone: each journey with the number of taps that it takes (docs/journeys.md)."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.processes import Server

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "timezone_id": "America/New_York",
}


class Thumb:
    """Taps what is there, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: Locator) -> None:
        """Tap once what is on the page."""
        what.tap()
        self.taps += 1

    def link(self, name: str) -> None:
        """Tap the first link of this name."""
        self.tap(self.page.get_by_role("link", name=name).first)

    def is_on_screen(self, what: Locator) -> bool:
        """Whether it is seen without scrolling."""
        box = what.bounding_box()
        return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= 844


@pytest.fixture
def thumb(demo_server: Server, visit: Visitor) -> Thumb:
    page = visit(demo_server.url + "/", **PHONE).page
    page.wait_for_url("**/?tz=America/New_York")
    return Thumb(page)


def test_what_is_next_and_when_in_my_time(thumb: Thumb) -> None:
    date = thumb.page.locator(".next-up-date time")
    expect(date).to_have_text("16 May 2031, 10:05 EDT")
    assert thumb.is_on_screen(date)
    assert thumb.is_on_screen(thumb.page.locator(".entry").first)
    assert thumb.taps == 0


def test_watch(thumb: Thumb) -> None:
    thumb.link("Watch")
    play = thumb.page.get_by_role("button", name="Play").first
    expect(play).to_be_in_viewport()
    thumb.tap(play)
    expect(thumb.page.locator("iframe")).to_have_count(1)
    assert thumb.taps == 2


def test_filter_to_spacewalks_with_a_webcast_and_subscribe_to_exactly_that(thumb: Thumb) -> None:
    thumb.link("Spacewalks")
    thumb.page.wait_for_url("**type__ids=3**")
    thumb.link("With a webcast")
    thumb.page.wait_for_url("**webcast=true**")
    thumb.tap(thumb.page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscribe"))
    thumb.page.wait_for_url("**/subscribe?type__ids=3&webcast=true**")
    add = thumb.page.get_by_role("link", name="Add to your calendar")
    assert (add.get_attribute("href") or "").endswith("/feeds/events.ics?type__ids=3&webcast=true")
    assert thumb.taps + 1 == 4


def test_what_moved_this_week(thumb: Thumb) -> None:
    thumb.link("Changes")
    summary = thumb.page.get_by_text("Last 7 days:")
    expect(summary).to_contain_text("later")
    assert thumb.is_on_screen(summary)
    assert thumb.taps == 1
    thumb.link("7 days")
    thumb.page.wait_for_url("**since=7**")
    thumb.link("Moved")
    expect(thumb.page.locator(".entry").first).to_be_visible()
    assert thumb.taps == 3


def test_an_event_of_last_year(thumb: Thumb) -> None:
    thumb.link("Past events")
    thumb.page.wait_for_url("**/past?tz=**")
    thumb.tap(thumb.page.locator("#year-2030"))
    thumb.page.wait_for_url("**year=2030**")
    thumb.tap(thumb.page.locator(".entry-name a").first)
    expect(thumb.page.locator(".hero-date")).to_contain_text("2030")
    assert thumb.taps == 3


def test_share(thumb: Thumb) -> None:
    thumb.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    thumb.tap(thumb.page.locator(".entry-name a").first)
    share = thumb.page.get_by_role("button", name="Copy link")
    expect(share).to_be_visible()
    assert thumb.is_on_screen(share)
    thumb.tap(share)
    expect(thumb.page.get_by_role("button", name="Copied")).to_be_visible()
    assert thumb.taps == 2


def test_without_scripts_a_filter_takes_the_same_taps(demo_server: Server, visit: Visitor) -> None:
    thumb = Thumb(visit(demo_server.url + "/", **PHONE, java_script_enabled=False).page)
    thumb.link("Spacewalks")
    thumb.link("With a webcast")
    thumb.tap(thumb.page.get_by_role("navigation", name="Main").get_by_role("link", name="Subscribe"))
    thumb.page.wait_for_url(demo_server.url + "/subscribe?type__ids=3&webcast=true")
    expect(thumb.page.get_by_role("link", name="Add to your calendar")).to_be_visible()
    assert thumb.taps == 3


def test_whether_a_docking_will_be_on_time_is_said_in_one_tap(thumb: Thumb) -> None:
    thumb.link("Packhorse 12 docking")
    likelihood = thumb.page.locator("details.likelihood")
    expect(likelihood.locator("summary")).to_have_text("Too few to say: 0 of 1 held.")
    assert thumb.taps == 1
    likelihood.locator("summary").tap()
    expect(likelihood.locator("p").first).to_contain_text("Of all ")
