"""A month in a real browser: its dots on a phone, and on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visitor
from tests.processes import Server

_A4 = (210, 297)  # In millimetres.
_BOX = re.compile(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]")


def sheets(page: Page) -> list[tuple[int, int]]:
    """Give the width and the height, in millimetres, of each sheet on which a page is printed."""
    printed = page.pdf(prefer_css_page_size=True)
    return [(_millimetres(width), _millimetres(height)) for width, height in _BOX.findall(printed)]


def _millimetres(points: bytes) -> int:
    return round(float(points) / 72 * 25.4)


@pytest.mark.parametrize("month", ["2031/05", "2031/06", "2031/09"])
def test_a_month_is_printed_on_one_sheet_on_its_side(demo_server: Server, look: Visitor, month: str) -> None:
    assert sheets(look(f"{demo_server.url}/calendar/{month}").page) == [_A4[::-1]]


def test_a_printed_month_hides_what_can_be_pressed_and_cuts_no_day(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/calendar/2031/05").page
    page.emulate_media(media="print")
    controls = ".masthead, .tools, .quick-filter, .month-step, .month-today, .week-menu, .month-dots, .footer"
    assert [one.is_visible() for one in page.locator(controls).all()] == [False] * page.locator(controls).count()
    assert page.locator(".print-foot").is_visible()
    heights: list[float] = page.evaluate(
        "[...document.querySelectorAll('.month tbody tr')].map((one) => one.offsetHeight)"
    )
    # A week that is higher than the others has a day that does not fit.
    assert max(heights) - min(heights) <= 1


def test_a_list_is_printed_upright_and_hides_what_can_be_pressed(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/").page
    assert set(sheets(page)) == {_A4}
    page.emulate_media(media="print")
    controls = ".masthead, .tools, .quick-filter, .button, .more-link, .footer-links"
    assert page.locator(controls).count() > 4
    assert not any(one.is_visible() for one in page.locator(controls).all())
    assert page.locator(".entry").first.is_visible()


@pytest.fixture
def phone(demo_server: Server, visit: Visitor) -> Callable[[int], Page]:
    def open_month(width: int) -> Page:
        return visit(demo_server.url + "/calendar/2031/05", viewport={"width": width, "height": 844}).page

    return open_month


@pytest.mark.parametrize("width", [320, 390])
def test_each_day_of_the_dots_can_be_pressed_with_a_finger(phone: Callable[[int], Page], width: int) -> None:
    days = phone(width).locator("a.dots-day")
    assert days.count() == 18
    for day in days.all():
        box = day.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_a_day_of_the_dots_leads_to_itself_in_the_list(phone: Callable[[int], Page]) -> None:
    page = phone(390)
    page.locator('a.dots-day[href="#day-2031-05-28"]').click()
    box = page.locator("#day-2031-05-28").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 844 - box["height"]
    assert page.locator("#day-2031-05-28 .month-name").first.is_visible()


def test_a_desk_has_the_table_alone(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/calendar/2031/05").page
    assert not page.locator(".month-dots").is_visible()
    assert page.locator(".month thead").is_visible()
