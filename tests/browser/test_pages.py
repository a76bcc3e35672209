"""What a visitor meets, in a real Chromium."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.judges import PAGES, SCHEMES
from tests.fake_ll2 import FakeLaunchLibrary, make_record
from tests.processes import Server, running_server, wait_until
from webapp.runtime import utc_now

WIDTHS = (320, 390, 768, 1280, 3840)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_is_silent_and_asks_nobody_else(demo_server: Server, look: Visitor, path: str) -> None:
    found = look(demo_server.url + path)
    found.page.wait_for_load_state("networkidle")
    for scheme, width in product(SCHEMES, WIDTHS):
        found.page.emulate_media(color_scheme=scheme)
        found.page.set_viewport_size({"width": width, "height": 800})
        fits = (scheme, width, found.page.evaluate("document.documentElement.scrollWidth"))
        assert fits == (scheme, width, width)
    # That the page itself is an error is no complaint of the page's.
    complaints = [message for message in found.complaints if "the server responded with a status of 4" not in message]
    assert (complaints, found.foreign) == ([], [])


@pytest.mark.parametrize(("path", "status"), [("/?limit=-1", 400), ("/nowhere", 404), ("/events/999999", 404)])
def test_an_error_page_offers_a_way_on(sample_server: Server, visit: Visitor, path: str, status: int) -> None:
    found = visit(sample_server.url)
    answer = found.page.goto(sample_server.url + path)
    assert answer is not None
    assert answer.status == status
    found.page.get_by_role("main").get_by_role("link", name="All upcoming events").click()
    expect(found.page).to_have_url(sample_server.url + "/")


def test_a_time_is_shown_in_utc_and_beside_it_in_the_viewers_zone(sample_server: Server, visit: Visitor) -> None:
    address = sample_server.url + "/events/1211"
    main = visit(address, timezone_id="Asia/Kolkata").page.get_by_role("main")
    expect(main.locator(".hero")).to_contain_text("07:12 UTC")
    expect(main.locator(".hero")).to_contain_text("2 Aug, 12:42")
    late = visit(address, timezone_id="Pacific/Honolulu").page.get_by_role("main")
    expect(late.locator(".hero")).to_contain_text("1 Aug, 21:12")


def test_a_viewer_in_utc_sees_it_once(sample_server: Server, visit: Visitor) -> None:
    found = visit(sample_server.url + "/events/1211")
    expect(found.page.locator(".countdown")).to_be_visible()
    assert found.page.locator(".hero").inner_text().count("07:12") == 1


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Tokyo"])
def test_a_date_without_a_time_is_the_same_everywhere(
    sample_server: Server, look: Visitor, visit: Visitor, zone: str
) -> None:
    abroad = visit(sample_server.url, timezone_id=zone).page
    for path in ("/events/1212", "/events/1016", "/events/362"):
        abroad.goto(sample_server.url + path)
        here, there = look(sample_server.url + path).page.locator(".hero"), abroad.locator(".hero")
        assert (path, there.inner_text()) == (path, here.inner_text())
        assert (path, there.locator(".countdown").count()) == (path, 0)


def test_the_countdown_runs_on_the_samples_clock(sample_server: Server, visit: Visitor) -> None:
    page = visit(sample_server.url + "/events/1211").page
    countdown = page.locator(".countdown")
    expect(countdown).to_be_visible()
    expect(countdown).to_contain_text("13")  # From noon on 19 July to 07:12 on 2 August: 13 days and 19 hours.
    first = countdown.inner_text()
    expect(countdown).not_to_have_text(first, timeout=3000)


def test_a_player_loads_only_when_play_is_pressed(sample_server: Server, visit: Visitor) -> None:
    found = visit(sample_server.url + "/events/1216")
    found.page.wait_for_load_state("networkidle")
    assert found.foreign == []
    assert found.page.locator("iframe").count() == 0
    found.page.route("https://**", lambda asked: asked.fulfill(body="<!doctype html>", content_type="text/html"))
    found.page.get_by_role("button", name="Play").first.click()
    frame = found.page.locator("iframe")
    expect(frame).to_have_attribute("src", "https://www.youtube-nocookie.com/embed/sLjvAmK_siU?autoplay=1&rel=0")
    expect(frame).to_have_attribute("referrerpolicy", "strict-origin-when-cross-origin")
    allowed = (frame.get_attribute("allow") or "").split("; ")
    assert sorted(allowed) == ["autoplay", "encrypted-media", "fullscreen", "picture-in-picture"]
    found.page.wait_for_load_state("networkidle")
    assert found.foreign == ["https://www.youtube-nocookie.com/embed/sLjvAmK_siU?autoplay=1&rel=0"]
    assert found.complaints == []


def test_without_javascript_everything_is_there(sample_server: Server, visit: Visitor) -> None:
    found = visit(sample_server.url, java_script_enabled=False)
    found.page.locator("#timeline").get_by_role("link", name="NASA NISAR News Conference").click()
    main = found.page.get_by_role("main")
    expect(main).to_contain_text("16:00 UTC")
    expect(main.get_by_role("button")).to_have_count(0)
    expect(main.locator(".countdown")).to_be_hidden()
    link = main.locator('a[href="https://www.youtube.com/watch?v=sLjvAmK_siU"]').first
    expect(link).to_be_visible()


def test_the_keyboard_alone_leads_from_the_timeline_into_a_player(sample_server: Server, visit: Visitor) -> None:
    page = visit(sample_server.url).page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if "NASA NISAR" in page.locator(":focus").inner_text():
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/events/1216/**")
    button = page.get_by_role("button", name="Play").first
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("iframe")).to_have_count(1)


@pytest.fixture(scope="module")
def long_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that has imported 63 upcoming events from a Launch Library."""
    first = utc_now() + timedelta(days=30)
    dates = [(first + timedelta(hours=9 * number)).isoformat() for number in range(1, 64)]
    records = [make_record(number, date=date) for number, date in enumerate(dates, 1)]
    data = Path(tmp_path_factory.mktemp("long"))
    with FakeLaunchLibrary(records) as fake, running_server(data, PERIGEE_LL2_URL=fake.url) as server:
        wait_until(lambda: "This is a sample" not in requests.get(server.url, timeout=10).text)
        yield server


def test_more_adds_the_next_events_in_place(long_server: Server, visit: Visitor) -> None:
    found = visit(long_server.url)
    page = found.page
    expect(page.locator(".entry")).to_have_count(25)
    for shown in (50, 63):
        page.get_by_role("link", name="More events").click()
        expect(page.locator(".entry")).to_have_count(shown)
        expect(page).to_have_url(long_server.url + "/")
    expect(page.get_by_role("link", name="More events")).to_have_count(0)
    names = page.locator(".entry-name").all_inner_texts()
    assert len(set(names)) == 63
    assert found.complaints == []


def test_more_works_without_javascript(long_server: Server, visit: Visitor) -> None:
    page = visit(long_server.url, java_script_enabled=False).page
    page.get_by_role("link", name="More events").click()
    expect(page).to_have_url(long_server.url + "/?offset=25")
    expect(page.locator(".entry")).to_have_count(25)


def test_the_filter_shows_each_change_in_place_and_keeps_the_focus(visit: Visitor, sample_server: Server) -> None:
    visited = visit(sample_server.url + "/")
    page = visited.page
    page.locator("#filter > summary").click()
    page.evaluate("window.isTheSamePage = true")
    page.locator("#filter-q").press_sequentially("docking")
    expect(page.locator("#timeline .entry")).to_have_count(1)
    expect(page.locator("#filter-q")).to_be_focused()
    expect(page.locator("#timeline-status")).to_have_text("Showing 1 to 1 of 1")
    assert page.url == sample_server.url + "/?q=docking"
    assert page.title() == "Upcoming space events, filtered · Perigee"
    assert page.locator("#subscribe a", has_text="RSS").get_attribute("href") == (
        sample_server.url + "/feeds/events.rss?q=docking"
    )
    page.get_by_role("link", name="Remove: Words: docking").click()
    expect(page.locator("#timeline .entry")).to_have_count(6)
    expect(page.locator("#filter > summary")).to_be_focused()
    assert page.url == sample_server.url + "/"
    page.locator("#filter-webcast").check()
    expect(page.locator(".chip:not(.is-clear)")).to_have_text("Remove: With a webcast")
    assert page.url == sample_server.url + "/?webcast=true"
    page.go_back()
    expect(page.locator("#timeline .entry")).to_have_count(6)
    page.go_forward()
    expect(page.locator(".chip:not(.is-clear)")).to_have_count(1)
    assert page.evaluate("window.isTheSamePage") is True
    assert (visited.complaints, visited.foreign) == ([], [])


def test_the_filter_works_without_javascript(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/", java_script_enabled=False).page
    page.locator("#filter > summary").click()
    page.locator("#filter-q").fill("docking")
    page.get_by_role("button", name="Show these events").click()
    expect(page.locator("#timeline .entry")).to_have_count(1)
    page.get_by_role("link", name="Remove: Words: docking").click()
    expect(page.locator("#timeline .entry")).to_have_count(6)


def test_the_viewers_zone_is_one_tap_away_and_remembered(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/", timezone_id="Asia/Tokyo").page
    page.get_by_role("link", name="Show Asia/Tokyo").click()
    page.wait_for_url("**/?tz=Asia/Tokyo")
    assert "Days and times in Asia/Tokyo" in page.locator(".zone-note").inner_text()
    expect(page.locator(".local-time")).to_have_count(0)
    expect(page.locator(".group-date time").first).to_have_attribute("datetime", "2025-07-22")
    expect(page.locator(".group-relative").first).to_have_text("in 3 days")
    page.goto(sample_server.url + "/")
    page.wait_for_url("**/?tz=Asia/Tokyo")
    page.get_by_role("link", name="Show UTC").click()
    page.wait_for_url(sample_server.url + "/")
    page.reload()
    assert page.url == sample_server.url + "/"


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Argentina/Buenos_Aires", "Africa/Asmara", "Australia/Eucla"])
def test_whatever_a_browser_calls_its_zone_the_server_knows_it(
    visit: Visitor, sample_server: Server, zone: str
) -> None:
    page = visit(sample_server.url + "/past", timezone_id=zone).page
    page.locator(".zone-note a").click()
    page.wait_for_url("**/past?tz=**")
    assert page.locator("h1").inner_text() == "Past space events"


@pytest.mark.parametrize("zone", ["Etc/Unknown", "Mars/Olympus_Mons", "undefined"])
def test_a_browser_that_cannot_tell_its_zone_offers_none(visit: Visitor, sample_server: Server, zone: str) -> None:
    page = visit(sample_server.url + "/about").page
    page.add_init_script(
        "const { resolvedOptions } = Intl.DateTimeFormat.prototype;"
        "Intl.DateTimeFormat.prototype.resolvedOptions = function () {"
        f"  return {{ ...resolvedOptions.call(this), timeZone: {'undefined' if zone == 'undefined' else repr(zone)} }};"
        "};"
    )
    page.goto(sample_server.url + "/past")
    expect(page.locator(".zone-note[data-offered]")).to_have_count(1)
    assert page.locator(".zone-note p").inner_text() == "Days and times in UTC"


def test_a_remembered_zone_that_is_refused_is_forgotten(visit: Visitor, sample_server: Server) -> None:
    """Else it would lock its viewer out of every list. What was asked beside it is shown at once."""
    page = visit(sample_server.url + "/about").page
    page.evaluate("localStorage.setItem('perigee-zone', 'Etc/Unknown')")
    page.goto(sample_server.url + "/past?q=docking")
    expect(page.locator(".zone-note[data-offered]")).to_have_count(1)
    assert page.url == sample_server.url + "/past?q=docking"
    assert page.evaluate("localStorage.getItem('perigee-zone')") is None


def test_a_zone_that_was_mistyped_costs_no_remembered_one(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/about").page
    page.evaluate("localStorage.setItem('perigee-zone', 'Asia/Tokyo')")
    page.goto(sample_server.url + "/past?tz=Asia/Tokio")
    expect(page.locator(".fault-value")).to_have_text("Asia/Tokio")
    assert page.evaluate("localStorage.getItem('perigee-zone')") == "Asia/Tokyo"


# Of the three, one is not at whole hours, one turns its clocks back on 26 October 2031, one is a day behind or ahead.
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "Europe/Berlin", "Pacific/Honolulu"])
def test_the_browser_and_the_server_tell_the_same_time(visit: Visitor, demo_server: Server, zone: str) -> None:
    """What scripts write beside UTC is what the page says in that zone, across a change of clocks and a year's end."""
    asked = visit(f"{demo_server.url}/about", timezone_id="UTC", java_script_enabled=False).page
    local = visit(f"{demo_server.url}/about", timezone_id=zone).page
    for offset in (0, 25):
        asked.goto(f"{demo_server.url}/?offset={offset}&tz={zone}")
        local.goto(f"{demo_server.url}/?offset={offset}")
        expect(local.locator(".local-time").first).to_be_visible()
        by_server = _clocks(asked, ".entry-clock")
        by_script = _clocks(local, ".local-time")
        assert len(by_server) >= 3
        assert {path: clock for path, clock in by_script.items() if path in by_server} == by_server


def _clocks(page: Page, selector: str) -> dict[str, str]:
    """Give the clock time that each entry of the timeline tells, by its path."""
    found: dict[str, str] = page.evaluate(
        r"""(selector) => Object.fromEntries([...document.querySelectorAll(".entry")]
            .map((entry) => [entry.querySelector("h3 a").pathname, entry.querySelector(selector)?.textContent])
            .filter(([, text]) => text !== undefined)
            .map(([path, text]) => [path, text.match(/\d\d:\d\d(:\d\d)?/)[0]]))""",
        selector,
    )
    return found


@pytest.mark.parametrize(
    ("event", "zone", "expected"),
    [
        # Half an hour before Europe's clocks go back, and New York, where they have not yet.
        (900327, "Europe/Berlin", "26 Oct, 02:30 CEST"),
        (900327, "America/New_York", "25 Oct, 20:30 UTC-4"),
        # The last half hour of the year in UTC.
        (900330, "Asia/Tokyo", "1 Jan, 08:30 UTC+9"),
        (900330, "America/Los_Angeles", "31 Dec, 15:30 UTC-8"),
    ],
)
def test_times_at_the_borders_of_days_clocks_and_years(
    visit: Visitor, demo_server: Server, event: int, zone: str, expected: str
) -> None:
    page = visit(f"{demo_server.url}/events/{event}", timezone_id=zone).page
    expect(page.locator(".hero .local-time")).to_have_text(expected)


def test_the_keyboard_alone_filters_and_takes_a_filter_away(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/").page
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    _tab_to(page, "#filter > summary")
    page.keyboard.press("Enter")
    _tab_to(page, "#filter-webcast")
    page.keyboard.press("Space")
    page.wait_for_url("**/?webcast=true")
    expect(page.locator("#filter-webcast")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    _tab_to(page, ".chip", backwards=True)
    page.keyboard.press("Enter")
    page.wait_for_url(demo_server.url + "/")


def test_the_skip_link_fetches_nothing(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.wait_for_url("**/#main")
    page.locator("#filter > summary").click()
    page.locator("#filter-webcast").check()
    page.wait_for_url("**/?webcast=true")
    assert asked == [demo_server.url + "/?webcast=true"]
    expect(page.locator("#filter")).to_have_attribute("open", "")


def _tab_to(page: Page, selector: str, *, backwards: bool = False) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"no key leads to {selector}")


def test_an_empty_result_offers_what_to_loosen_and_the_head_follows(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/?q=hatch&webcast=true")
    page = found.page
    feed = page.locator('head link[type="text/calendar"]')
    expect(feed).to_have_attribute("href", demo_server.url + "/feeds/events.ics?q=hatch&webcast=true")
    page.get_by_role("link", name="Without “With a webcast”").click()
    expect(page.locator("#timeline .entry")).to_have_count(1)
    expect(feed).to_have_attribute("href", demo_server.url + "/feeds/events.ics?q=hatch")
    assert (page.url, found.complaints) == (demo_server.url + "/?q=hatch", [])


def test_an_event_can_be_handed_on(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/events/900302", permissions=["clipboard-read", "clipboard-write"])
    page = found.page
    page.get_by_role("button", name="Copy its address").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    without = visit(demo_server.url + "/events/900302", java_script_enabled=False).page
    expect(without.get_by_role("link", name="By e-mail")).to_be_visible()
    expect(without.locator("[data-share]")).to_be_hidden()


def test_the_preview_of_a_subscription_follows_each_choice(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/subscribe?type__ids=7")
    page = found.page
    expect(page.locator(".preview-entry")).to_have_count(0)
    page.locator("#option-vague").focus()
    page.locator("#option-vague").select_option("span")
    expect(page.locator(".preview-entry").first).to_contain_text("all day")
    expect(page.locator("#option-vague")).to_be_focused()
    assert page.url == demo_server.url + "/subscribe?type__ids=7&vague=span"
    address = demo_server.url + "/feeds/events.ics?type__ids=7&vague=span"
    expect(page.locator("#address")).to_have_value(address)
    expect(page.locator('head link[type="text/calendar"]')).to_have_attribute("href", address)
    page.get_by_role("link", name="Spacewalks").click()
    expect(page.locator(".preset[aria-current]")).to_have_text("Spacewalks")
    assert (found.complaints, found.foreign) == ([], [])


def test_a_subscription_is_chosen_without_javascript(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/subscribe?type__ids=7", java_script_enabled=False).page
    page.locator("#option-vague").select_option("marker")
    page.get_by_role("button", name="Use these").click()
    expect(page.locator("#address")).to_have_value(demo_server.url + "/feeds/events.ics?type__ids=7&vague=marker")
