import re
from collections.abc import Callable

from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.pages.test_views import plain
from tests.site import Site
from webapp.feeds.formats import EVENT_FORMATS

MakeSite = Callable[..., Site]
RECORDS = (
    make_record(1, name="One", type={"id": 3, "name": "EVA"}, date="2026-03-02T22:00:00Z", date_precision=precision(1)),
    make_record(2, name="Two", date="2026-03-03T00:00:00Z", date_precision=precision(5)),
    make_record(3, name="Three", date="2026-03-31T00:00:00Z", date_precision=precision(7)),
    make_record(4, name="Four", date="2026-03-10T00:00:00Z", date_precision=precision(6)),
    make_record(5, name="Five", date=None, date_precision=None),
)  # fmt: skip


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
    assert "3 upcoming events; 2 more are left out, being too vague for a calendar." in plain(html)
    calendar = one.get("/feeds/events.ics")[1]
    assert re.findall(r"SUMMARY:(.*)\r", calendar) == ["One", "Two", "Four (Week of 9 March 2026)"]


def test_options_change_the_preview_and_every_address(site: MakeSite) -> None:
    one = site(*RECORDS, PERIGEE_PUBLIC_URL="https://events.example.org")
    _, html = one.get("/subscribe?vague=marker&alarm=15&q=three&tz=Europe/Paris")
    assert preview(html) == ["Three (March 2026) 1 March 2026, all day"]
    asked = "q=three&vague=marker&alarm=15"
    page = read(html)
    assert page.values('link[rel="alternate"]', "href") == [
        f"https://events.example.org/feeds/events.{form.suffix}?{asked}" for form in EVENT_FORMATS
    ]
    assert page.select(f'[value="https://events.example.org/feeds/events.ics?{asked}"]') != []
    assert page.select(".qr") != []
    assert page.values("option[selected]", "value") == ["marker", "15"]


def test_on_loopback_the_page_says_who_cannot_come(site: MakeSite) -> None:
    _, html = site(*RECORDS).get("/subscribe")
    assert "cannot reach this one: localhost works only on your local network." in plain(html)
    assert read(html).texts("button[disabled]") == [
        "Google Calendar", "Outlook.com", "Outlook for work",
    ]  # fmt: skip
    assert 'class="qr"' not in html


def test_presets_are_ready_and_the_chosen_one_is_marked(site: MakeSite) -> None:
    record = make_record(
        1, date="2026-03-02T12:00:00Z", agencies=[{"id": 44, "name": "NASA"}], program=[{"id": 17, "name": "Stations"}]
    )
    _, html = site(record).get("/subscribe?type__ids=3")
    presets = read(html).select("a.preset[data-swap]")
    assert [(preset["href"], preset.text) for preset in presets] == [
        ("/subscribe", "All space events"),
        ("/subscribe?type__ids=2,4,8,13,25,29", "Dockings and undockings"),
        ("/subscribe?type__ids=3", "Spacewalks"),
        ("/subscribe?type__ids=7,9", "Landings"),
        ("/subscribe?type__ids=16,23", "Flybys and orbit insertions"),
        ("/subscribe?type__ids=20", "Briefings"),
        ("/subscribe?type__ids=5,10,14,18,19,21,22,30", "Tests"),
        ("/subscribe?webcast=true", "With webcast"),
        ("/subscribe?program=17", "Program: Stations"),
        ("/subscribe?agency__ids=44", "Agency: NASA"),
    ]
    assert [preset.text for preset in presets if "aria-current" in preset] == ["Spacewalks"]


def test_a_choice_that_nothing_fits_is_still_worth_taking(site: MakeSite) -> None:
    _, html = site(*RECORDS).get("/subscribe?q=nothing")
    assert "No upcoming events. It is still worth taking" in plain(html)
