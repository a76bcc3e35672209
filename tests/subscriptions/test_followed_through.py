"""What a subscriber sees of an event as it moves, is renamed, is withdrawn and comes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import feedparser
import icalendar
import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import Record, make_record
from tests.fake_ll2.records import precision
from tests.site import Site

MakeSite = Callable[..., Site]
FIRST = {"date": "2026-03-10T12:00:00Z", "date_precision": precision(1), "name": "Meridian 7 Docking"}
FORMATS = ("rss", "atom", "json")


def entry(site: Site) -> dict[str, Any]:
    """Give the one entry of the calendar, by the names of its properties."""
    calendar: Any = icalendar.Calendar.from_ical(site.get("/feeds/events.ics?past=30")[1])
    (event,) = calendar.walk("VEVENT")
    names = ("UID", "SEQUENCE", "STATUS", "SUMMARY", "DTSTART", "LAST-MODIFIED")
    return {name: event[name].to_ical().decode() for name in names}


def ids(site: Site, path: str) -> list[str]:
    """Give the ids of a feed's items, the first first."""
    status, text = site.get(path)
    assert status == 200
    if path.endswith(".json"):
        return [one["id"] for one in site.client.get(path).get_json(force=True)["items"]]
    return [one.id for one in feedparser.parse(text).entries]


def titles(site: Site) -> list[str]:
    return [one.title for one in feedparser.parse(site.get("/feeds/changes.rss")[1]).entries]


def test_a_slip_a_new_name_a_withdrawal_and_a_return(site: MakeSite, clock: ManualClock) -> None:
    one = site(make_record(7, **FIRST))
    events = {form: ids(one, f"/feeds/events.{form}") for form in FORMATS}
    at_first = entry(one)
    assert (at_first["UID"], at_first["SEQUENCE"]) == ("ll2-event-7@perigee.invalid", "0")
    assert [ids(one, f"/feeds/changes.{form}") for form in FORMATS] == [[], [], []]

    def step(act: Callable[[], None]) -> dict[str, Any]:
        """Let an hour pass and something happen; give what the calendar has of it, once the feeds have told of it."""
        changes_before = [ids(one, f"/feeds/changes.{form}") for form in FORMATS]
        before = entry(one)
        clock.advance(timedelta(hours=1))
        act()
        after = entry(one)
        assert after["UID"] == before["UID"]
        assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
        assert after["LAST-MODIFIED"] == f"{clock():%Y%m%dT%H%M%SZ}" > before["LAST-MODIFIED"]
        for form, known in zip(FORMATS, changes_before, strict=True):
            new, *rest = ids(one, f"/feeds/changes.{form}")
            assert rest == known
            assert new.endswith(f"ll2-event-7-{after['SEQUENCE']}")
        return after

    def put(**changed: Any) -> Callable[[], None]:
        record: Record = make_record(7, **(FIRST | changed))
        return lambda: one.put(record | {"last_updated": f"{clock():%Y-%m-%dT%H:%M:%SZ}"})

    slipped = step(put(date="2026-03-12T08:30:00Z"))
    assert (slipped["DTSTART"], slipped["STATUS"]) == ("20260312T083000Z", "CONFIRMED")
    assert titles(one)[0] == (
        "Meridian 7 Docking: delayed by 1 d 20 h 30 min, "
        "from 10 March 2026, 12:00 UTC to 12 March 2026, 08:30 UTC (first date change)"
    )
    renamed = step(put(date="2026-03-12T08:30:00Z", name="Meridian 7 meets the Station", slug="meridian-7-docking"))
    assert renamed["SUMMARY"] == "Meridian 7 meets the Station"
    assert {form: ids(one, f"/feeds/events.{form}") for form in FORMATS} == events
    gone = step(lambda: one.withdraw(7))
    assert (gone["STATUS"], gone["SUMMARY"]) == ("CANCELLED", "Cancelled: Meridian 7 meets the Station")
    assert [ids(one, f"/feeds/events.{form}") for form in FORMATS] == [[], [], []]
    assert one.get("/feeds/events.ics?cancelled=drop")[1].count("BEGIN:VEVENT") == 0
    back = step(put(date="2026-03-12T08:30:00Z", name="Meridian 7 meets the Station", slug="meridian-7-docking"))
    assert (back["STATUS"], back["SUMMARY"]) == ("CONFIRMED", "Meridian 7 meets the Station")
    assert {form: ids(one, f"/feeds/events.{form}") for form in FORMATS} == events


def test_what_was_withdrawn_is_told_for_two_weeks(site: MakeSite, clock: ManualClock) -> None:
    one = site(make_record(7, date="2026-09-01T12:00:00Z"))
    one.withdraw(7)
    clock.advance(timedelta(days=13))
    assert one.get("/feeds/events.ics")[1].count("STATUS:CANCELLED") == 1
    clock.advance(timedelta(days=2))
    assert one.get("/feeds/events.ics")[1].count("BEGIN:VEVENT") == 0


@pytest.mark.parametrize(
    ("query", "alarms", "transparency"),
    [
        ("", [], {"TRANSPARENT"}),
        ("?alarm=15", ["-PT15M"], {"TRANSPARENT"}),
        ("?busy=true&vague=span", [], {"OPAQUE", "TRANSPARENT"}),
    ],
)
def test_alarms_are_for_clock_times_and_busy_reaches_no_further_than_a_day(
    site: MakeSite, query: str, alarms: list[str], transparency: set[str]
) -> None:
    one = site(
        make_record(7, **FIRST),
        make_record(8, date="2026-03-11T00:00:00Z", date_precision=precision(5)),
        make_record(9, date="2026-04-30T00:00:00Z", date_precision=precision(7)),
    )
    calendar: Any = icalendar.Calendar.from_ical(one.get("/feeds/events.ics" + query)[1])
    assert [alarm["TRIGGER"].to_ical().decode() for alarm in calendar.walk("VALARM")] == alarms
    assert {str(event["TRANSP"]) for event in calendar.walk("VEVENT")} == transparency


def test_changes_are_told_by_kind_and_by_filter(site: MakeSite) -> None:
    one = site(make_record(7, **FIRST), make_record(8, **FIRST | {"name": "Other"}))
    one.put(make_record(7, **FIRST | {"date": "2026-03-12T08:30:00Z", "last_updated": "2026-02-28T00:00:00Z"}))
    one.put(make_record(8, **FIRST | {"name": "Another", "last_updated": "2026-02-28T00:00:00Z"}))
    assert ids(one, "/feeds/changes.rss") == ["perigee-rss:ll2-event-8-1", "perigee-rss:ll2-event-7-1"]
    assert ids(one, "/feeds/changes.rss?kind=slipped") == ["perigee-rss:ll2-event-7-1"]
    assert ids(one, "/feeds/changes.rss?id=8") == ["perigee-rss:ll2-event-8-1"]
    assert ids(one, "/feeds/changes.rss?change=slipped") == ["perigee-rss:ll2-event-7-1"]
    assert one.get("/feeds/changes.rss?kind=odd")[0] == 400
    assert one.get("/feeds/changes.rss?change=slipped,event")[0] == 400
