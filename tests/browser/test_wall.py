"""The wall display in a browser: it fits its screen, can be read from afar, and keeps itself up to date."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Put, Visitor
from tests.browser.judges import ask_axe
from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.processes import Server, running_server
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.runtime import utc_now

LARGE, SMALL = (1920, 1080), (1280, 720)
SCREENS = (LARGE, SMALL, (1080, 1920), (2560, 1080), (1024, 768))
NOBODY = "http://127.0.0.1:9/"
LONG = "SpaceX Crew-13 Dragon Endurance Post-Splashdown News Conference with NASA, ESA, JAXA and Roscosmos at Johnson"
PLACE = "Payload Hazardous Servicing Facility, Kennedy Space Center, Merritt Island, Florida, United States of America"

CUT = """() => [...document.querySelectorAll(".wall > *, .wall-words > *, .wall-row, .wall-foot, .wall-foot > *")]
    .map((one) => [one.className || one.id, one.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0)
    .filter(([, box]) => box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
    .map(([name]) => name)"""
"""Gives what does not lie wholly on the screen."""

OVERLAPS = """() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    const pairs = [[".wall-clock", ".wall-words"], [".wall-picture", ".wall-words"], [".wall-words", ".wall-foot"],
        [".wall-then", ".wall-foot"], ...[2, 3, 4, 5, 6].map((place) =>
            [`.wall-row:nth-child(${place - 1}) .wall-what`, `.wall-row:nth-child(${place}) .wall-what`])];
    return pairs.filter(([above, below]) => box(above).bottom > box(below).top + 1);
}"""
"""Gives which of what stands above others reaches into them."""

SMALL_TEXT = """(least) => [...document.body.querySelectorAll("*")]
    .filter((one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== ""))
    .filter((one) => one.checkVisibility() && one.closest(".visually-hidden, noscript, .picture-caption") === null)
    .map((one) => [one.textContent.trim(), parseFloat(getComputedStyle(one).fontSize)])
    .filter(([, size]) => size < least)"""
"""Gives the texts that are set smaller than so many pixels; whose a picture is need not be read from afar."""

CUT_DATES = """(days) => {
    const when = document.querySelector(".wall-row:nth-child(2) .wall-when");
    return days.filter((day) => {
        when.querySelector("time").firstChild.data = `${day} `;
        return when.scrollHeight > when.clientHeight;
    });
}"""
"""Gives those of these days which leave no line for the time below them."""


def event(number: int, date: datetime, **more: Any) -> Record:
    given = {"name": f"Event {number}", "webcast_live": False, "last_updated": stamp(utc_now()), **more}
    return make_record(number, date=stamp(date), date_precision=precision(1), **given)


def screen(size: tuple[int, int]) -> dict[str, Any]:
    return {"viewport": {"width": size[0], "height": size[1]}}


def fits(page: Page) -> bool:
    """Whether the page needs no scroll bar."""
    return bool(
        page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight].join()"
            " === [innerWidth, innerHeight].join()"
        )
    )


@pytest.fixture
def wall_server(tmp_path: Path, live_store: Put) -> Iterator[Server]:
    """Run a server with seven entries whose names are as long as any; a launch among them is on hold."""
    now = utc_now()
    live_store(
        *(event(each, now + timedelta(days=each), name=f"{each} {LONG}", location=PLACE) for each in range(1, 7)),
        make_launch(
            7, name=f"Falcon Heavy | {LONG}", net=stamp(now + timedelta(days=2)), net_precision=precision(2),
            status=launch_status(5),
        ),
        reached_at=now - timedelta(hours=3),
    )  # fmt: skip
    with running_server(tmp_path, PERIGEE_LL2_URL=NOBODY) as server:
        yield server


@pytest.mark.service
def test_the_longest_names_and_every_warning_fit_the_screen(wall_server: Server, visit: Visitor) -> None:
    page = begin(visit, wall_server, "/wall?tz=Asia/Kathmandu", timezone_id="Asia/Kathmandu")
    expect(page.locator(".banner.is-stale")).to_be_visible()
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(page.locator("#wall-lost")).to_be_visible()
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        assert (width, fits(page), page.evaluate(CUT), page.evaluate(OVERLAPS)) == (width, True, [], [])
    page.set_viewport_size({"width": 1920, "height": 1080})
    assert page.evaluate(SMALL_TEXT, 44) == []
    shorts = [month[:3] for month in MONTHS]
    days = [f"{name[:3]} 30 {month}" for name in WEEKDAYS for month in shorts] + [
        f"30 {month} 2044" for month in shorts
    ]
    assert page.evaluate(CUT_DATES, days) == []


def test_text_is_large_enough_for_three_metres(demo_server: Server, visit: Visitor) -> None:
    for path in ("/wall", "/wall?q=nothing-at-all", "/wall?colour=red", "/wall?kind=launch"):
        found = visit(demo_server.url + path, **screen(LARGE))
        found.page.wait_for_load_state("networkidle")
        assert (path, found.page.evaluate(SMALL_TEXT, 44), fits(found.page)) == (path, [], True)
        expect(found.page.locator(".banner")).to_contain_text("This is a demo")
        assert (found.complaints, found.foreign) == ([], [])


@pytest.mark.parametrize("size", SCREENS)
def test_the_demo_fits_every_screen(demo_server: Server, visit: Visitor, size: tuple[int, int]) -> None:
    page = visit(demo_server.url + "/wall", **screen(size)).page
    expect(page.locator("#wall-time")).to_be_visible()
    assert (fits(page), page.evaluate(CUT), page.evaluate(OVERLAPS)) == (True, [], [])
    picture = page.locator(".wall-picture").bounding_box()
    assert picture
    assert picture["width"] / picture["height"] == pytest.approx(1.5, abs=0.02)


def test_a_phone_shows_it_in_one_column(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/wall", viewport={"width": 390, "height": 844}).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = [page.locator(name).bounding_box() for name in (".wall-clock", ".wall-picture", ".wall-words", ".wall-then")]
    heights = [box["y"] for box in tops if box]
    assert heights == sorted(heights)


def test_axe_finds_no_violation_on_a_large_screen(demo_server: Server, look: Visitor) -> None:
    page = look(demo_server.url + "/wall", bypass_csp=True).page
    assert ask_axe(page) == []
    page.emulate_media(forced_colors="active")
    expect(page.locator(".wall-name")).to_be_visible()


def test_the_list_is_reached_by_keyboard(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/wall?kind=launch", **screen(SMALL)).page
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Show as a list":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(demo_server.url + "/?kind=launch")


def begin(visit: Visitor, server: Server, path: str = "/wall", **options: Any) -> Page:
    """Open a wall display whose clock a test moves on."""
    page = visit(server.url + "/about", **screen(SMALL), **options).page
    page.clock.install()
    page.goto(server.url + path)
    expect(page.locator("#wall-updated")).to_have_text("Updated 0 s ago")
    return page


def requests_of(page: Page) -> list[Request]:
    """Give a list that from now on every request of the page is added to."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.on("request", note)
    return asked


def let_a_minute_pass(page: Page) -> None:
    page.wait_for_timeout(1500)  # The server looks once a second whether anything has changed.
    page.clock.fast_forward(61_000)


@pytest.mark.service
def test_it_follows_what_changes_and_asks_with_the_etag(tmp_path: Path, live_store: Put, visit: Visitor) -> None:
    live_store(*(event(number, utc_now() + timedelta(days=number)) for number in (1, 2)))
    with running_server(tmp_path, PERIGEE_LL2_URL=NOBODY) as server:
        page = begin(visit, server)
        asked = requests_of(page)
        page.clock.fast_forward(12_000)
        expect(page.locator("#wall-updated")).to_have_text("Updated 12 s ago")
        assert asked == []
        live_store(event(3, utc_now() + timedelta(hours=2), name="Sooner than all"))
        let_a_minute_pass(page)
        expect(page.locator(".wall-name")).to_have_text("Sooner than all")
        expect(page.locator(".wall-row-name")).to_have_text(["Event 1", "Event 2"])
        expect(page.locator(".countdown")).to_contain_text("Starts in")
        assert [request.url for request in asked] == [server.url + "/wall"]
        assert asked[0].all_headers()["if-none-match"].startswith('"')
        live_store(event(3, utc_now() - timedelta(minutes=9), name="Sooner than all", webcast_live=True))
        let_a_minute_pass(page)
        expect(page.locator(".wall-lead .badge")).to_have_text("Live")
        expect(page.locator("#announcer")).to_have_text("Sooner than all is live")


@pytest.mark.service
def test_a_server_that_is_gone_is_told_and_what_was_there_stays(
    tmp_path: Path, live_store: Put, visit: Visitor
) -> None:
    live_store(*(event(number, utc_now() + timedelta(days=number)) for number in (1, 2)))
    with running_server(tmp_path, PERIGEE_LL2_URL=NOBODY) as server:
        page = begin(visit, server)
        expect(page.locator("#wall-lost")).to_be_hidden()
        page.context.set_offline(True)
        page.clock.fast_forward(61_000)
        expect(page.locator("#wall-lost")).to_contain_text("Can’t reach the server. You see the data of ")
        page.context.set_offline(False)
        page.clock.fast_forward(61_000)
        expect(page.locator("#wall-lost")).to_be_hidden()
    page.clock.fast_forward(61_000)
    expect(page.locator("#wall-lost")).to_be_visible()
    expect(page.locator("#wall-updated")).to_have_text("Updated 1 minute ago")
    expect(page.locator(".wall-name")).to_have_text("Event 1")
    assert fits(page)


def test_the_clock_ticks_in_the_viewers_zone(demo_server: Server, visit: Visitor) -> None:
    page = begin(visit, demo_server, "/wall?tz=Asia/Kathmandu", timezone_id="Asia/Kathmandu")
    clock = page.locator("#wall-time")
    before = datetime.strptime(clock.inner_text(), "%H:%M")  # noqa: DTZ007 - a clock time alone
    page.clock.fast_forward(60_000)
    after = (before + timedelta(minutes=1)).strftime("%H:%M")
    expect(clock).to_have_text(after)
    in_utc = (before + timedelta(minutes=1) - timedelta(hours=5, minutes=45)).strftime("%H:%M")
    expect(page.locator(".wall-zone")).to_contain_text(f"UTC+5:45 {in_utc} UTC")


def test_a_hidden_tab_asks_nothing_until_it_is_seen_again(demo_server: Server, visit: Visitor) -> None:
    page = begin(visit, demo_server)
    asked = requests_of(page)
    turn = """(state) => {
        Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(turn, "hidden")
    page.clock.fast_forward(600_000)
    expect(page.locator("#wall-updated")).to_have_text("Updated 10 minutes ago")
    assert asked == []
    page.evaluate(turn, "visible")
    expect(page.locator("#wall-updated")).to_have_text("Updated 0 s ago")
    assert [request.url for request in asked] == [demo_server.url + "/wall"]


def test_without_scripts_there_is_no_clock_and_all_else(demo_server: Server, visit: Visitor) -> None:
    page = visit(demo_server.url + "/wall", java_script_enabled=False, **screen(LARGE)).page
    expect(page.locator(".wall-name")).to_be_visible()
    expect(page.locator(".wall-row")).to_have_count(6)
    expect(page.locator("#wall-time")).to_be_hidden()
