"""A whole Perigee below a path, behind a proxy of either sort, seen with a browser."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import feedparser
import pytest
import requests
from icalendar import Calendar
from playwright.sync_api import Response, expect

from tests.browser.conftest import Put, Visitor
from tests.crawl import Answer, crawl
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import free_port, running_server
from tests.proxy import running_proxy
from webapp.runtime import utc_now

pytestmark = pytest.mark.service


@pytest.fixture(params=[True, False], ids=["the path is taken off", "the path is left on"])
def address(request: pytest.FixtureRequest, tmp_path: Path, live_store: Put) -> Iterator[str]:
    """Give the public address, with a slash at its end."""
    soon = utc_now() + timedelta(hours=1)
    live_store(
        make_record(1, name="Alpha docks", date=stamp(soon), date_precision=precision(1)),
        make_record(2, date=stamp(soon + timedelta(days=40))),
    )
    port, base_path = free_port(), "/raumf%C3%A4hre/b.c"
    public = f"http://127.0.0.1:{port}{base_path}/"
    with (
        running_server(tmp_path, PERIGEE_LL2_URL="http://127.0.0.1:9/", PERIGEE_PUBLIC_URL=public) as server,
        running_proxy(port, base_path, server.url, strips=request.param),
    ):
        yield public


def ask(address: str) -> Answer:
    answer = requests.get(address, timeout=30, allow_redirects=False)
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    return Answer(answer.status_code, kind, answer.content, answer.headers.get("Location", ""))


def test_every_link_and_every_feed_leads_on_inside(address: str) -> None:
    seen = crawl(
        [address, address.rstrip("/"), f"{address}robots.txt", f"{address}sitemap.xml"], ask, most=3, inside=address
    )
    assert {one: answer.status for one, answer in seen.items() if answer.status not in {200, 301, 302}} == {}
    assert len(seen) > 40
    feed = feedparser.parse(requests.get(f"{address}feeds/events.atom", timeout=30).content)
    links = [link.href for link in (*feed.feed.links, *(link for entry in feed.entries for link in entry.links))]
    calendar = Calendar.from_ical(requests.get(f"{address}feeds/events.ics", timeout=30).content)
    links += [str(event["URL"]) for event in calendar.walk("VEVENT")]
    assert f"{address}events/1/" in " ".join(links)
    assert [link for link in links if link.startswith("http://127.0.0.1") and not link.startswith(address)] == []


def test_pages_work_without_a_failed_request(address: str, visit: Visitor) -> None:
    visited = visit(address)
    page, failed = visited.page, list[str]()

    def note(response: Response) -> None:
        if response.status >= 400 or not response.url.startswith(address):
            failed.append(response.url)

    page.on("response", note)
    page.reload()
    page.locator("a[data-swap][id^=quick-]").first.click()
    page.wait_for_url(f"{address}?*")
    expect(page.locator(".masthead-nav a[data-subscribe]")).to_have_attribute(
        "href", f"{urlsplit(address).path}subscribe{urlsplit(page.url).query and '?' + urlsplit(page.url).query}"
    )
    page.goto(f"{address}calendar/")
    shown = page.url
    page.locator("#month-next").click()
    page.wait_for_url(lambda url: url != shown and url.startswith(f"{address}calendar/"))
    page.goto(f"{address}subscribe")
    expect(page.locator(".take-button")).to_have_attribute(
        "href", f"webcal{address.removeprefix('http')}feeds/events.ics"
    )
    page.goto(f"{address}wall")
    page.clock.install()
    page.goto(f"{address}wall")
    with page.expect_response(f"{address}wall"):
        page.clock.fast_forward(61_000)
    assert (failed, visited.complaints, visited.foreign) == ([], [], [])
