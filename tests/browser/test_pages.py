"""What a visitor meets, in a real Chromium."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Visitor
from tests.browser.judges import PAGES, SCHEMES
from tests.fake_ll2 import FakeLaunchLibrary, make_record
from tests.processes import Server, running_server, wait_until
from tests.soak import length
from webapp.runtime import utc_now

WIDTHS = (320, 390, 768, 1280, 3840)


@pytest.mark.campaign
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_is_silent_and_asks_nobody_else(demo_server: Server, look: Visitor, path: str) -> None:
    found = look(demo_server.url + path)
    found.page.wait_for_load_state("networkidle")
    # Every day each width in one scheme, the next page in the other.
    by_turns = zip(cycle(SCHEMES if PAGES.index(path) % 2 else SCHEMES[::-1]), WIDTHS, strict=False)
    for scheme, width in length(list(by_turns), long=list(product(SCHEMES, WIDTHS))):
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


def test_a_time_is_shown_in_the_readers_zone_and_in_utc_beside_it(sample_server: Server, visit: Visitor) -> None:
    address = sample_server.url + "/events/1211"
    page = visit(address, timezone_id="Asia/Kolkata").page
    page.wait_for_url("**?tz=Asia/Calcutta")  # As Chromium calls it.
    expect(page.locator(".hero-date time")).to_have_text(re.compile(r"2 August 2025,\s+12:42 IST"))
    expect(page.locator(".hero-date .in-utc")).to_have_text("2 August 2025, 07:12 UTC")
    late = visit(address, timezone_id="Pacific/Honolulu").page
    expect(late.locator(".hero-date time")).to_have_text(re.compile(r"1 August 2025,\s+21:12 HST"))


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
        here, there = look(sample_server.url + path).page.locator(".hero-date"), abroad.locator(".hero-date")
        assert (path, there.inner_text()) == (path, here.inner_text())
        assert (path, abroad.locator(".countdown").count()) == (path, 0)


def test_the_countdown_runs_on_the_samples_clock(sample_server: Server, visit: Visitor) -> None:
    page = visit(sample_server.url + "/events/1211").page
    countdown = page.locator(".countdown")
    expect(countdown).to_contain_text("Starts in 13")  # From noon on 19 July to 07:12 on 2 August: 13 days, 19 hours.
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
    found.page.get_by_role("main").get_by_role("link", name="NASA NISAR News Conference", exact=True).click()
    main = found.page.get_by_role("main")
    expect(main).to_contain_text("16:00 UTC")
    expect(main.get_by_role("button", name=re.compile("Play|Share|Copy"))).to_have_count(0)
    expect(main.locator(".countdown")).to_be_hidden()
    link = main.locator('a[href="https://www.youtube.com/watch?v=sLjvAmK_siU"]').first
    expect(link).to_be_visible()


def test_the_keyboard_alone_leads_from_the_timeline_into_a_player(sample_server: Server, visit: Visitor) -> None:
    page = visit(sample_server.url).page
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to main content")
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
    # The first of the 25 is told at length, ahead of the list.
    expect(page.locator(".entry")).to_have_count(24)
    for shown in (49, 62):
        page.get_by_role("link", name="More events").click()
        expect(page.locator(".entry")).to_have_count(shown)
        expect(page).to_have_url(long_server.url + "/")
    expect(page.get_by_role("link", name="More events")).to_have_count(0)
    names = page.locator(".next-up-name, .entry-name").all_inner_texts()
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
    page.evaluate("window.isTheSamePage = true")
    page.locator("#filter-q").press_sequentially("docking")
    status = page.locator("#list-status")
    expect(status).to_have_text("1 event")
    expect(page.locator("#filter-q")).to_be_focused()
    assert page.url == sample_server.url + "/?q=docking"
    assert page.title() == "Upcoming space events, filtered · Perigee"
    assert page.locator('head link[type="application/rss+xml"]').get_attribute("href") == (
        sample_server.url + "/feeds/events.rss?q=docking"
    )
    page.get_by_role("link", name="Clear all").click()
    expect(status).to_have_text("6 events")
    expect(page.locator("#filter-q")).to_be_focused()
    assert page.url == sample_server.url + "/"
    page.get_by_role("link", name="With a webcast").click()
    expect(page.locator(".chip[aria-current]")).to_have_text(re.compile("With a webcast"))
    expect(page.locator(".chip[aria-current]")).to_be_focused()
    assert page.url == sample_server.url + "/?webcast=true"
    page.go_back()
    expect(status).to_have_text("6 events")
    page.go_forward()
    expect(page.locator(".chip[aria-current]")).to_have_count(1)
    assert page.evaluate("window.isTheSamePage") is True
    assert (visited.complaints, visited.foreign) == ([], [])


def test_more_filters_open_below_and_stay_open(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/").page
    page.locator("#filter > summary").click()
    page.locator("#filter-webcast").check()
    expect(page.locator("#filter-show")).to_have_text("Show 1")
    expect(page.locator("#filter")).to_have_attribute("open", "")
    expect(page.locator("#filter-webcast")).to_be_focused()
    page.locator("#filter-show").click()
    expect(page.locator("#filter")).not_to_have_attribute("open", "")
    assert page.url == sample_server.url + "/?webcast=true"


def test_a_filter_that_cannot_be_asked_for_leaves_the_page_as_it_was(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/").page
    before = page.locator("#timeline").inner_text()
    page.context.set_offline(True)
    page.get_by_role("link", name="Spacewalks").click()
    expect(page.get_by_role("alert")).to_contain_text("Couldn’t load that")
    page.locator("#filter > summary").click()
    page.locator("#filter-live").click()
    expect(page.locator("#filter-live")).not_to_be_checked()
    assert (page.url, page.locator("#timeline").inner_text()) == (demo_server.url + "/", before)
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("alert")).to_be_hidden()
    page.wait_for_url("**/?live=true")


def test_where_htmx_does_not_come_links_lead_on_as_they_are(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/about").page
    page.route("**/htmx.min.js", lambda route: route.abort())
    for name, address in (("Spacewalks", "/?type__ids=3"), ("More entries", "/?offset=25")):
        page.goto(demo_server.url + "/")
        page.evaluate("window.isTheSamePage = true")
        page.get_by_role("link", name=name).click()
        page.wait_for_url(demo_server.url + address)
        page.wait_for_load_state()
        assert page.evaluate("window.isTheSamePage") is None


def test_a_long_wait_is_shown(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/").page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/?type__ids=3", hold)
    page.get_by_role("link", name="Spacewalks").click()
    expect(page.locator("#page")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    page.wait_for_url("**/?type__ids=3")
    expect(page.locator("#page")).not_to_have_attribute("aria-busy", "true")


def test_the_filter_works_without_javascript(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/", java_script_enabled=False).page
    page.locator("#filter-q").fill("docking")
    page.keyboard.press("Enter")
    expect(page.locator("#list-status")).to_have_text("1 event")
    page.get_by_role("link", name="Remove: Search: docking").click()
    expect(page.locator("#list-status")).to_have_text("6 events")
    page.locator("#filter > summary").click()
    page.locator("#filter-webcast").check()
    page.get_by_role("button", name="Show 6").click()
    expect(page.locator("#list-status")).to_have_text("1 event")


def test_the_readers_zone_is_asked_for_and_links_carry_it_on(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/", timezone_id="Asia/Tokyo").page
    page.wait_for_url("**/?tz=Asia/Tokyo")
    assert page.locator(".zone-menu > summary").inner_text().split() == ["Time", "zone:", "JST"]
    expect(page.locator(".group-date time").first).to_have_attribute("datetime", "2025-08-02")
    expect(page.locator(".group-relative").first).to_have_text("in 14 days")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "document" else None)
    page.locator(".entry-name a").first.click()
    page.wait_for_url("**/events/**")
    for name in ("Changes", "Calendar", "Horizon", "Upcoming"):
        page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
        expect(page.get_by_role("navigation", name="Main").locator("[aria-current]")).to_have_text(name)
    assert [address for address in asked if "tz=Asia/Tokyo" not in address] == []
    assert page.locator('link[rel="canonical"]').get_attribute("href") == sample_server.url + "/"


def test_a_zone_that_is_chosen_by_hand_is_remembered(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/", timezone_id="Asia/Tokyo").page
    page.wait_for_url("**/?tz=Asia/Tokyo")
    page.locator(".zone-menu > summary").click()
    page.get_by_role("link", name="Show UTC").click()
    page.wait_for_url(sample_server.url + "/")
    page.goto(sample_server.url + "/past")
    assert page.url == sample_server.url + "/past"
    page.locator(".zone-menu > summary").click()
    page.locator("#zone-name").fill("europe/paris")
    page.keyboard.press("Enter")
    page.wait_for_url("**/past?tz=europe%2Fparis")
    page.goto(sample_server.url + "/")
    page.wait_for_url("**/?tz=europe/paris")
    page.locator(".zone-menu > summary").click()
    page.get_by_role("link", name="Show my time zone").click()
    page.wait_for_url("**/?tz=Asia/Tokyo")
    page.goto(sample_server.url + "/horizon")
    page.wait_for_url("**/horizon?tz=Asia/Tokyo")


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Argentina/Buenos_Aires", "Africa/Asmara", "Australia/Eucla"])
def test_whatever_a_browser_calls_its_zone_the_server_knows_it(
    visit: Visitor, sample_server: Server, zone: str
) -> None:
    page = visit(sample_server.url + "/past", timezone_id=zone).page
    page.wait_for_url("**/past?tz=**")
    assert page.locator("h1").inner_text() == "Past space events"


@pytest.mark.parametrize("zone", ["Etc/Unknown", "Mars/Olympus_Mons", "undefined"])
def test_a_browser_that_cannot_tell_its_zone_gets_utc_and_is_offered_none(
    visit: Visitor, sample_server: Server, zone: str
) -> None:
    page = visit(sample_server.url + "/about").page
    page.add_init_script(
        "const { resolvedOptions } = Intl.DateTimeFormat.prototype;"
        "Intl.DateTimeFormat.prototype.resolvedOptions = function () {"
        f"  return {{ ...resolvedOptions.call(this), timeZone: {'undefined' if zone == 'undefined' else repr(zone)} }};"
        "};"
    )
    page.goto(sample_server.url + "/past?tz=Asia/Tokyo")
    page.locator(".zone-menu > summary").click()
    expect(page.get_by_role("link", name="Show UTC")).to_be_visible()
    expect(page.locator("[data-own-zone]")).to_be_hidden()
    page.goto(sample_server.url + "/past")
    assert page.url == sample_server.url + "/past"


def test_a_zone_that_the_server_refuses_is_not_asked_for_again(visit: Visitor, sample_server: Server) -> None:
    """Else it would lock its viewer out of every list. What was asked beside it is shown at once."""
    page = visit(sample_server.url + "/about").page
    page.evaluate("localStorage.setItem('perigee-zone', 'Etc/Unknown')")
    page.goto(sample_server.url + "/past?q=docking")
    page.wait_for_url(sample_server.url + "/past?q=docking")
    expect(page.locator(".zone-menu")).to_be_visible()
    assert page.evaluate("localStorage.getItem('perigee-zone')") is None


def test_a_zone_that_was_mistyped_costs_no_remembered_one(visit: Visitor, sample_server: Server) -> None:
    page = visit(sample_server.url + "/about").page
    page.evaluate("localStorage.setItem('perigee-zone', 'Asia/Tokyo')")
    page.goto(sample_server.url + "/past?tz=Asia/Tokio")
    expect(page.locator(".fault-value")).to_have_text("Asia/Tokio")
    assert page.evaluate("localStorage.getItem('perigee-zone')") == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("event", "zone", "expected"),
    [
        # Half an hour before Europe's clocks go back, and New York, where they have not yet.
        (900327, "Europe/Berlin", "26 October 2031, 02:30 CEST"),
        (900327, "America/New_York", "25 October 2031, 20:30 EDT"),
        # The last half hour of the year in UTC.
        (900330, "Asia/Tokyo", "1 January 2032, 08:30 JST"),
        (900330, "America/Los_Angeles", "31 December 2031, 15:30 PST"),
        # No whole hours, and no letters.
        (900330, "Asia/Kathmandu", "1 January 2032, 05:15 UTC+5:45"),
    ],
)
def test_times_at_the_borders_of_days_clocks_and_years(
    visit: Visitor, demo_server: Server, event: int, zone: str, expected: str
) -> None:
    page = visit(f"{demo_server.url}/events/{event}", timezone_id=zone).page
    page.wait_for_url("**?tz=**")
    assert " ".join((page.locator(".hero-date time").text_content() or "").split()) == expected


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
    _tab_to(page, ".chip[aria-current]")
    page.keyboard.press("Enter")
    page.wait_for_url(demo_server.url + "/")
    expect(page.locator("#filter-webcast")).not_to_be_checked()


def test_the_skip_link_fetches_nothing(visit: Visitor, demo_server: Server) -> None:
    page = visit(demo_server.url + "/").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.resource_type == "fetch" else None)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.wait_for_url("**/#main")
    page.get_by_role("link", name="With a webcast").click()
    page.wait_for_url("**/?webcast=true")
    assert asked == [demo_server.url + "/?webcast=true"]


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no key leads to {selector}")


def test_an_empty_result_offers_what_to_loosen_and_the_head_follows(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/?q=hatch&webcast=true")
    page = found.page
    feed = page.locator('head link[type="text/calendar"]')
    expect(feed).to_have_attribute("href", demo_server.url + "/feeds/events.ics?q=hatch&webcast=true")
    page.get_by_role("link", name="Without “With a webcast”").click()
    expect(page.locator("#list-status")).to_have_text("1 entry")
    expect(feed).to_have_attribute("href", demo_server.url + "/feeds/events.ics?q=hatch")
    assert (page.url, found.complaints) == (demo_server.url + "/?q=hatch", [])


def test_an_event_can_be_handed_on(visit: Visitor, demo_server: Server) -> None:
    found = visit(demo_server.url + "/events/900302", permissions=["clipboard-read", "clipboard-write"])
    page = found.page
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    without = visit(demo_server.url + "/events/900302", java_script_enabled=False).page
    expect(without.get_by_role("link", name="By e-mail")).to_be_visible()
    expect(without.locator("[data-share]")).to_be_hidden()


def test_a_link_that_is_copied_names_a_zone_only_if_that_was_chosen_by_hand(
    visit: Visitor, demo_server: Server
) -> None:
    options = {"permissions": ["clipboard-read", "clipboard-write"], "timezone_id": "Asia/Tokyo"}
    page = visit(demo_server.url + "/events/900302", **options).page
    page.wait_for_url("**?tz=Asia/Tokyo")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    plain = page.locator('link[rel="canonical"]').get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == plain
    page.evaluate("localStorage.setItem('perigee-zone', 'Europe/Paris')")
    page.reload()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{plain}?tz=Europe/Paris"
