"""What happens while one looks: an entry goes on air, goes live and ends, and the page follows by itself."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Put, Visitor
from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import Server, running_server
from webapp.runtime import utc_now


def docking(date: datetime, **more: object) -> Record:
    return make_record(1, name="Alpha docks", date=stamp(date), date_precision=precision(1), **more)


@pytest.fixture
def live_server(tmp_path: Path, live_store: Put) -> Iterator[Server]:
    live_store(docking(utc_now() + timedelta(hours=1)), make_record(2, date=stamp(utc_now() + timedelta(days=40))))
    with running_server(tmp_path, PERIGEE_LL2_URL="http://127.0.0.1:9/") as server:
        yield server


def let_a_minute_pass(page: Page) -> None:
    page.wait_for_timeout(1500)  # The server looks once a second whether anything has changed.
    page.clock.fast_forward(61_000)


@pytest.mark.service
def test_pages_follow_an_entry_on_air_and_live(live_server: Server, live_store: Put, visit: Visitor) -> None:
    pages = [visit(live_server.url + "/about").page for _ in range(2)]
    for page, path in zip(pages, ("/", "/events/1"), strict=True):
        page.clock.install()
        page.goto(live_server.url + path)
        told = page.locator("[data-entry]:has(.countdown)")
        expect(told.locator(".countdown")).to_contain_text("Starts in")
        expect(told.locator(".badge")).to_have_count(0)
    soon = utc_now() + timedelta(minutes=50)
    live_store(docking(soon, webcast_live=True, last_updated=stamp(utc_now())))
    for page in pages:
        let_a_minute_pass(page)
        told = page.locator("[data-entry]:has(.countdown)")
        expect(told.locator(".badge")).to_have_text("On air")
        expect(told.locator(".countdown")).to_contain_text("Webcast running · starts in")
        expect(page.locator("#announcer")).to_have_text("The webcast of Alpha docks has started")
    past = utc_now() - timedelta(minutes=12)
    live_store(docking(past, webcast_live=True, last_updated=stamp(utc_now() + timedelta(seconds=1))))
    for page in pages:
        let_a_minute_pass(page)
        told = page.locator("[data-entry]:has(.countdown)")
        expect(told.locator(".badge")).to_have_text("Live")
        expect(told.locator(".countdown")).to_contain_text("Started 1")  # By the clock of the page, which runs ahead.
        expect(page.locator("#announcer")).to_have_text("Alpha docks is live")


@pytest.mark.service
def test_what_is_live_is_upcoming_and_nowhere_in_the_past(live_server: Server, live_store: Put, visit: Visitor) -> None:
    live_store(docking(utc_now() - timedelta(hours=2), webcast_live=True, last_updated=stamp(utc_now())))
    page = visit(live_server.url + "/past").page
    expect(page.locator("#list-status")).to_have_text("0 events")
    page.goto(live_server.url + "/")
    expect(page.locator(".next-up-name")).to_have_text("Alpha docks")
    live_store(docking(utc_now() - timedelta(hours=2), last_updated=stamp(utc_now() + timedelta(seconds=1))))
    page.wait_for_timeout(1500)
    page.goto(live_server.url + "/past?limit=24")  # An address that the browser has not kept.
    expect(page.locator(".entry-name")).to_have_text("Alpha docks")


@pytest.mark.service
def test_a_line_says_now_among_what_is_today(live_server: Server, live_store: Put, visit: Visitor) -> None:
    midday = datetime.fromisoformat(f"{utc_now():%Y-%m-%d}T12:00:00+00:00")
    live_store(
        make_record(3, date=stamp(midday), date_precision=precision(5)),
        make_record(4, date=stamp(midday), date_precision=precision(5)),
    )
    page = visit(live_server.url + "/about").page
    page.wait_for_timeout(1500)
    page.clock.install(time=midday)
    page.goto(live_server.url + "/")
    expect(page.locator(".now-line")).to_have_text("Now 12:00")
    page.clock.fast_forward(60_000)
    expect(page.locator(".now-line")).to_have_text("Now 12:01")
