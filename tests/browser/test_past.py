"""The archive on a phone: from years to months by bars, in place."""

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.processes import Server

PHONE = {"width": 390, "height": 844}


def test_a_year_opens_its_months_in_place_and_closes_them_again(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/past", viewport=PHONE, has_touch=True)
    page = found.page
    page.evaluate("window.isTheSamePage = true")
    years, months = (page.get_by_role("navigation", name=name) for name in ("Years", "Months"))
    everything = page.locator("#list-status").inner_text()
    expect(months).to_have_count(0)
    years.get_by_role("link", name="2030").click()
    expect(months.get_by_role("listitem")).to_have_count(12)
    expect(page.locator("#year-2030")).to_be_focused()
    expect(page.locator(".group-relative").first).to_contain_text("days ago")
    assert page.url == demo_server.url + "/past?year=2030"
    months.get_by_role("link", name="December").click()
    expect(months.locator("[aria-current]")).to_contain_text("Dec")
    expect(page.locator(".group-date").first).to_contain_text("December 2030")
    assert page.url == demo_server.url + "/past?month=12&year=2030"
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    years.get_by_role("link", name="2030").click()
    expect(months).to_have_count(0)
    expect(page.locator("#list-status")).to_have_text(everything)
    assert page.evaluate("window.isTheSamePage")
    assert (found.complaints, found.foreign) == ([], [])
