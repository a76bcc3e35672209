import re
from collections.abc import Callable

import pytest

from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.pages.test_views import plain
from tests.site import Site
from webapp.feeds.formats import EVENT_FORMATS

MakeSite = Callable[..., Site]
DOCKING = {"id": 2, "name": "Docking"}
RECORDS = (
    make_record(1, name="One", type={"id": 3, "name": "EVA"}, date="2026-03-02T22:00:00Z", date_precision=precision(1)),
    make_record(2, name="Two", type=DOCKING, date="2026-03-03T00:00:00Z", date_precision=precision(5)),
    make_record(3, name="Three", type=DOCKING, date="2026-03-31T00:00:00Z", date_precision=precision(7)),
    make_record(4, name="Four", type=DOCKING, date="2026-03-10T00:00:00Z", date_precision=precision(6)),
    make_record(5, name="Five", type=DOCKING, date=None, date_precision=None),
)
PUBLIC = "https://events.example.org"


def preview(html: str) -> list[str]:
    return read(html).texts("li.preview-entry")


def test_the_preview_is_what_a_calendar_gets(site: MakeSite) -> None:
    one = site(*RECORDS)
    _, html = one.get("/subscribe")
    assert preview(html) == [
        "One 2 March 2026, 22:00 to 3 March 2026, 04:30 UTC",
        "Two 3 March 2026, all day",
        "Four (Week of 9 March 2026) 9 March 2026 to 15 March 2026, all day",
    ]
    assert read(html).texts("#preview-title") == ["Preview"]
    assert "2 events without a firm date are left out." in plain(html)
    assert read(html).texts("#list-status") == ["5 upcoming events"]
    calendar = one.get("/feeds/events.ics")[1]
    assert re.findall(r"SUMMARY:(.*)\r", calendar) == ["One", "Two", "Four (Week of 9 March 2026)"]


@pytest.mark.parametrize(
    ("asked", "title", "left_out"),
    [
        ("vague=span", "Preview: the next 3 of 4", ["1 event without a firm date is left out."]),
        ("q=two", "Preview", []),
        ("precision=day", "Preview", []),
    ],
)
def test_it_says_how_many_there_are_and_how_many_are_left_out(
    site: MakeSite, asked: str, title: str, left_out: list[str]
) -> None:
    page = read(site(*RECORDS).get(f"/subscribe?{asked}")[1])
    assert (page.texts("#preview-title"), page.texts(".subscribing .is-quiet")) == ([title], left_out)


def test_the_preview_is_told_in_the_readers_zone_and_no_feed_is(site: MakeSite) -> None:
    _, html = site(*RECORDS, PERIGEE_PUBLIC_URL=PUBLIC).get("/subscribe?tz=America/New_York")
    page = read(html)
    assert preview(html)[:2] == ["One 2 March 2026, 17:00 to 23:30 EST", "Two 3 March 2026, all day"]
    assert page.values(".preview-entry a", "href")[0].endswith("?tz=America/New_York")
    assert page.texts("#zone-menu > summary") == ["Time zone: EST"]
    assert page.values('#filter-form [type="hidden"]', "value") == ["America/New_York"]
    assert page.values("#address", "value") == [f"{PUBLIC}/feeds/events.ics"]
    assert page.values('link[rel="canonical"]', "href") == [f"{PUBLIC}/subscribe"]


def test_a_night_on_which_the_clocks_change_has_both_labels(site: MakeSite) -> None:
    walk = make_record(
        1, name="One", type={"id": 3, "name": "EVA"}, date="2026-03-08T03:00:00Z", date_precision=precision(1)
    )
    _, html = site(walk).get("/subscribe?tz=America/New_York")
    assert preview(html) == ["One 7 March 2026, 22:00 EST to 8 March 2026, 05:30 EDT"]


def test_options_change_the_preview_and_every_address(site: MakeSite) -> None:
    one = site(*RECORDS, PERIGEE_PUBLIC_URL=PUBLIC)
    _, html = one.get("/subscribe?vague=marker&alarm=15&q=three&tz=Europe/Paris")
    assert preview(html) == ["Three (March 2026) 1 March 2026, all day"]
    asked = "q=three&vague=marker&alarm=15"
    page = read(html)
    assert page.values('link[rel="alternate"]', "href") == [
        f"{PUBLIC}/feeds/events.{form.suffix}?{asked}" for form in EVENT_FORMATS
    ]
    assert page.values("a.take-button", "href") == [f"webcal://events.example.org/feeds/events.ics?{asked}"]
    assert (
        page.only("#address")["value"]
        == page.only("[data-copy]")["data-address"]
        == f"{PUBLIC}/feeds/events.ics?{asked}"
    )
    assert page.select(".qr") != []
    assert page.values("option[selected]", "value") == ["15", "marker"]


def test_the_options_are_closed_until_one_is_chosen(site: MakeSite) -> None:
    one = site(*RECORDS)
    for asked, is_open in (
        ("", False),
        ("?type__ids=3&tz=Europe/Paris", False),
        ("?busy=true", True),
        ("?past=9", True),
    ):
        options = read(one.get(f"/subscribe{asked}")[1]).only("#calendar-options")
        assert ("open" in options) is is_open, asked
    fields = read(one.get("/subscribe?past=9&busy=true&cancelled=drop&alarm=7")[1])
    assert fields.values("#option-past", "value") == ["9"]
    assert ["checked" in fields.only(one) for one in ("#option-busy", "#option-cancelled")] == [True, True]
    assert fields.texts("#option-alarm option") == [
        "None", "5 minutes before", "7 minutes before", "15 minutes before", "30 minutes before", "1 hour before",
        "1 day before",
    ]  # fmt: skip
    assert fields.texts("#option-vague option") == [
        "Leave out", "Show on the first possible day", "Show across the whole period",
    ]  # fmt: skip


def test_the_parts_stand_in_the_order_of_their_use(site: MakeSite) -> None:
    page = read(site(*RECORDS, PERIGEE_PUBLIC_URL=PUBLIC).get("/subscribe")[1])
    parts = ".chips, .take-button, #address, .clients, .preview, #calendar-options, .link-list, .qr-figure"
    assert [one["id"] if "id" in one else one["class"].split()[-1] for one in page.select(parts)] == [
        "chips", "take-button", "address", "clients", "preview", "calendar-options", "link-list", "qr-figure",
    ]  # fmt: skip


def test_on_loopback_the_page_says_who_cannot_come(site: MakeSite) -> None:
    _, html = site(*RECORDS).get("/subscribe")
    page = read(html)
    words = "Google Calendar and Outlook can’t reach this server: localhost works only on your local network."
    assert words in plain(html)
    assert page.texts(".client > span:first-child") == ["Google Calendar", "Outlook.com", "Outlook for work"]
    assert page.texts(".client > a") == ["Download .ics", "Notices", "Wall display"]
    assert 'class="qr"' not in html


def test_programs_on_the_web_are_links_where_they_can_reach_us(site: MakeSite) -> None:
    page = read(site(*RECORDS, PERIGEE_PUBLIC_URL=PUBLIC).get("/subscribe")[1])
    assert page.texts(".client > a") == [
        "Google Calendar",
        "Outlook.com",
        "Outlook for work",
        "Download .ics",
        "Notices",
        "Wall display",
    ]
    assert "can’t reach" not in page.text


def chips(html: str) -> dict[str, str]:
    return {chip.text: chip["href"] for chip in read(html).select(".chips a[id]")}


def test_choices_combine(site: MakeSite) -> None:
    one = site(*RECORDS)
    dockings = chips(one.get("/subscribe?tz=Europe/Paris")[1])["Dockings 4"]
    assert dockings == "/subscribe?type__ids=2,4,8,13,25,29&tz=Europe/Paris"
    both = chips(one.get(dockings)[1])["Spacewalks 1"]
    assert both == "/subscribe?type__ids=2,3,4,8,13,25,29&tz=Europe/Paris"
    page = read(one.get(both)[1])
    assert page.texts(".chips [aria-current]") == ["Spacewalks 1", "Dockings 4"]
    assert page.only("#address")["value"].endswith("/feeds/events.ics?type__ids=2,3,4,8,13,25,29")
    assert chips(one.get(both)[1])["Dockings 4"] == "/subscribe?type__ids=3&tz=Europe/Paris"


def test_programs_and_agencies_are_among_more_choices(site: MakeSite) -> None:
    record = make_record(
        1, date="2026-03-02T12:00:00Z", agencies=[{"id": 44, "name": "NASA"}], program=[{"id": 17, "name": "Stations"}]
    )
    page = read(site(record).get("/subscribe?program=17")[1])
    assert page.texts("#filter > summary") == ["More choices"]
    assert "open" not in page.only("#filter")
    assert page.texts("#choices-program .choice-name, #choices-agency__ids .choice-name") == ["NASA", "Stations"]
    assert page.texts(".chip.is-chosen") == ["Remove: Stations"]
    assert "Subscribe to these" not in page.text


def test_a_choice_that_nothing_fits_can_be_subscribed_to_all_the_same(site: MakeSite) -> None:
    _, html = site(*RECORDS).get("/subscribe?q=nothing")
    assert "You can subscribe anyway: your calendar fills as soon as something matches." in plain(html)
    assert read(html).texts("#list-status") == ["0 upcoming events"]
