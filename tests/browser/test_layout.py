"""What a reader gets from the first screen, and how it can be touched: the measures of the pages."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visitor
from tests.processes import Server

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
LISTED = ("/", "/events/900301", "/events/900302", "/events/900321", "/past", "/calendar/2031/05", "/horizon",
          "/wall", "/changes", "/subscribe", "/status", "/nowhere")  # fmt: skip

SMALL_TARGETS = """(least) => [...document.querySelectorAll("a[href], button, summary, select, input")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }))
    .filter((one) => one.closest("label, p.banner-inner, .horizon-drawing") === null)
    .filter((one) => one.type !== "hidden")
    .filter((one) => getComputedStyle(one, "::after").position !== "absolute")
    .filter((one) => getComputedStyle(one).display !== "inline" || one.parentElement.childNodes.length === 1)
    .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect().height])
    .filter(([, height]) => height < least - 0.5 && height > 0)"""
"""Gives what can be pressed and is lower than so many pixels."""


SHIFTS = """() => {
    const { domInteractive } = performance.getEntriesByType("navigation")[0];
    const named = ({ sources }) => sources.map(({ node }) => node?.outerHTML?.slice(0, 80));
    return window.shifts.filter((one) => one.startTime >= domInteractive).map((one) => [one.value, named(one)]);
}"""
"""Gives how far things moved, and which. What moves while a slow machine still reads the page is not yet there."""


def top_of(page: Page, selector: str) -> float:
    """Give how far below the top of the page the first such element begins, in CSS pixels."""
    return float(page.evaluate("one => document.querySelector(one).getBoundingClientRect().top + scrollY", selector))


def test_the_list_begins_on_the_first_screen_of_a_phone(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/", timezone_id="America/New_York", **PHONE).page
    page.wait_for_url("**/?tz=**")
    picture = page.evaluate("document.querySelector('figure.picture')?.offsetHeight ?? 0")  # Once the demo has it.
    assert picture <= 240
    assert top_of(page, ".entry") <= 520 + (picture + 16 if picture else 0)
    assert page.locator(".masthead").bounding_box()["height"] <= 49  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollHeight") <= 3_500 + picture  # With the foot; 8,333 once.
    assert page.evaluate("document.querySelector('#timeline').offsetHeight") <= 2_800


def test_four_rows_stand_on_the_first_screen_of_a_desk(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/", **DESK).page
    bottoms = page.evaluate("[...document.querySelectorAll('.entry')].map(one => one.getBoundingClientRect().bottom)")
    assert len([bottom for bottom in bottoms if bottom <= 800]) >= 4
    assert page.evaluate("document.querySelector('#timeline').offsetHeight") <= 2_400


def test_what_is_told_first_is_not_told_again(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/", **DESK).page
    first = page.locator(".next-up-name").inner_text()
    assert first not in page.locator(".entry-name").all_inner_texts()
    assert len(page.locator(".entry-name").all_inner_texts()) == 24


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_search_and_chips_are_in_view_at_once(demo_server: Server, visit: Visitor, size: dict[str, Any]) -> None:
    page = visit(demo_server.url + "/", **size).page
    for selector in ("#filter-q", "#quick-1"):
        assert top_of(page, selector) < size["viewport"]["height"]
    assert page.locator(".chip").all_inner_texts()[:2] == ["Crewed", "Spacewalks\n2"]


def test_the_actions_stand_in_one_row_right_under_the_date(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/events/900310", **PHONE).page
    page.wait_for_function("!document.querySelector('.countdown').hidden")
    expect(page.locator(".action:visible")).to_have_count(4)
    boxes = [one.bounding_box() for one in page.locator(".action").all()]
    assert [box["height"] for box in boxes if box] == [44, 44, 44, 44]
    assert len({box["y"] for box in boxes if box}) == 1
    assert top_of(page, ".action") <= 400  # 2,488 once.


@pytest.mark.parametrize(("size", "least"), [(PHONE, 44), (DESK, 24)], ids=["phone", "desk"])
def test_targets_are_large_enough(demo_server: Server, visit: Visitor, size: dict[str, Any], least: int) -> None:
    """Links within sentences and fields within labels are no targets of their own (WCAG 2.5.8)."""
    page = visit(demo_server.url, **size).page
    for path in LISTED:
        page.goto(demo_server.url + path)
        assert (path, page.evaluate(SMALL_TARGETS, least)) == (path, [])


def test_the_navigation_is_one_line_on_a_phone(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/", **PHONE).page
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    assert links.all_inner_texts() == ["Upcoming", "Calendar", "Horizon", "Changes", "Subscribe"]
    assert len({link.bounding_box()["y"] for link in links.all()}) == 1  # type: ignore[index]
    assert links.last.bounding_box()["x"] + links.last.bounding_box()["width"] <= 390  # type: ignore[index]


def watch_shifts(page: Page) -> None:
    """Note each shift of the pages that are opened next, for `SHIFTS` to give."""
    page.add_init_script(
        "window.shifts = [];"
        "new PerformanceObserver((seen) => window.shifts.push(...seen.getEntries()))"
        '.observe({ type: "layout-shift", buffered: true });'
    )


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_moves_once_it_is_there(demo_server: Server, visit: Visitor, size: dict[str, Any]) -> None:
    page = visit(demo_server.url + "/about", **size).page
    watch_shifts(page)
    for path in LISTED:
        page.goto(demo_server.url + path, wait_until="networkidle")
        shifts = page.evaluate(SHIFTS)
        assert (path, sum(value for value, _ in shifts) < 0.005) == (path, True), shifts


def test_a_font_that_comes_late_moves_nothing(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/robots.txt", **PHONE).page
    watch_shifts(page)

    def answer_late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route("**/*.woff2", answer_late)
    page.goto(demo_server.url + "/events/900302", wait_until="networkidle")
    assert page.evaluate(SHIFTS) == []
