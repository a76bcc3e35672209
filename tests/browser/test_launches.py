"""Pages with as many launches as there really are: they fit, please the judges, and weigh little."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import brotli
import pytest
import requests
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.judges import ask_axe, ask_checker
from tests.browser.test_journeys import PHONE, Thumb
from tests.fake_ll2.launches import launch_id
from tests.html import read
from tests.many_launches import CREWED, FAILED, FLYING, LISTED, ON_HOLD, WITH_WEATHER, running_launch_server
from tests.processes import Server
from tests.soak import every_day

pytestmark = pytest.mark.browser

HEAVIEST = 30_000
WIDTHS = (320, 390, 768, 1280)
LAUNCHES = [f"/launches/{launch_id(number)}" for number in (FLYING, ON_HOLD, FAILED, CREWED, WITH_WEATHER)]
LISTS = ["/", "/?kind=launch", "/?is_crewed=true", "/horizon", "/horizon?span=year", "/wall", "/past", "/subscribe",
         "/changes", "/status", "/events/1"]  # fmt: skip


@pytest.fixture(scope="module")
def launch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_launch_server(Path(tmp_path_factory.mktemp("launches"))) as server:
        yield server


def planned_path(server: Server) -> str:
    """Give the address of the first period that the timeline folds."""
    return read(requests.get(server.url + "/", timeout=10).text).values(".planned-link", "href")[0]


def pages(server: Server) -> list[str]:
    now = datetime.now(UTC)
    return [*LISTS, *LAUNCHES, planned_path(server), f"/calendar/{now.year}/{now.month:02}"]


def test_every_page_fits(launch_server: Server, look: Visitor) -> None:
    for path in pages(launch_server):
        page = look(launch_server.url + path).page
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (path, width, wide) == (path, width, width)
        ids: list[str] = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize("path", every_day([*LISTS[:4], *LAUNCHES], one_of=2))
def test_axe_finds_no_violation(launch_server: Server, look: Visitor, path: str) -> None:
    page = look(launch_server.url + path, bypass_csp=True).page
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert ask_axe(page) == []


def test_axe_finds_no_violation_where_a_period_is_open(launch_server: Server, look: Visitor) -> None:
    page = look(launch_server.url + "/", bypass_csp=True).page
    page.locator(".planned-link").first.click()
    expect(page.locator("#planned")).to_be_visible()
    assert ask_axe(page) == []
    assert ask_axe(look(launch_server.url + planned_path(launch_server), bypass_csp=True).page) == []


def test_the_nu_html_checker_finds_nothing(launch_server: Server, tmp_path: Path) -> None:
    assert ask_checker(launch_server.url, pages(launch_server), tmp_path) == []


def test_the_timeline_is_light_and_begins_with_the_next_seven_days(launch_server: Server) -> None:
    answer = requests.get(launch_server.url + "/", headers={"Accept-Encoding": "br"}, stream=True, timeout=10)
    body = answer.raw.read(decode_content=False)
    assert answer.headers["Content-Encoding"] == "br"
    assert len(body) < HEAVIEST
    page = read(brotli.decompress(body).decode())
    assert page.texts(".kind-switch a")[2] == f"Launches {LISTED}"
    days = [group["data-day"] for group in page.select("#timeline > .group") if "data-day" in group]
    today = datetime.now(UTC).date()
    assert {(today + timedelta(days=ahead)).isoformat() for ahead in (2, 3, 4, 5, 6, 7)} <= set(days)
    assert days == sorted(days)


def test_a_period_opens_in_place_and_closes_again(launch_server: Server, visit: Visitor) -> None:
    visited = visit(launch_server.url + "/", **PHONE)
    page = visited.page
    page.wait_for_url("**/?tz=America/New_York")
    line = page.locator(".planned-link").first
    words, path = line.inner_text(), line.get_attribute("href")
    line.tap()
    summary = page.locator("#planned > summary")
    expect(summary).to_be_focused()
    assert summary.inner_text() == words
    assert page.locator("#planned .entry").count() > 5
    assert page.url.endswith("/?tz=America/New_York")
    summary.tap()
    expect(page.locator("#planned .entry").first).not_to_be_visible()
    assert visited.complaints == []
    plain = visit(launch_server.url + "/?tz=America/New_York", **PHONE, java_script_enabled=False).page
    plain.locator(".planned-link").first.tap()
    expect(plain.locator("#planned .entry").first).to_be_visible()
    assert plain.url == launch_server.url + (path or "")


def test_when_is_the_next_crewed_launch_and_does_its_docking_follow(launch_server: Server, visit: Visitor) -> None:
    page = visit(launch_server.url + "/", **PHONE).page
    page.wait_for_url("**/?tz=America/New_York")
    thumb = Thumb(page)
    chip = page.get_by_role("link", name="Crewed")
    assert thumb.is_on_screen(chip)
    thumb.tap(chip)
    page.wait_for_url("**is_crewed=true**")
    date = page.locator(".next-up-date time")
    expect(page.locator(".next-up-name")).to_have_text("Meridian 4")
    expect(date).to_contain_text("E")  # EST or EDT: the reader's own.
    assert thumb.is_on_screen(date)
    thumb.tap(page.locator(".next-up-name a"))
    steps = page.locator(".mission li")
    expect(steps).to_have_count(3)
    assert [step.split("\n")[0] for step in steps.all_inner_texts()] == [
        "Meridian 4",
        "Meridian 4 Docking",
        "Meridian 4 Hatch Opening",
    ]
    assert thumb.taps == 2


def test_what_is_in_flight_or_on_hold_is_said_without_colour(launch_server: Server, visit: Visitor) -> None:
    options: dict[str, Any] = {"forced_colors": "active"}
    page = visit(launch_server.url + LAUNCHES[0], **options).page
    shown = page.locator(".event-type .status")
    expect(shown).to_have_text("In flight")
    assert json.loads(page.evaluate("JSON.stringify(matchMedia('(forced-colors: active)').matches)"))
    page.goto(launch_server.url + LAUNCHES[1])
    expect(page.locator(".event-type .status")).to_have_text("On hold")
    expect(page.locator(".countdown")).to_have_text("The countdown is stopped")
