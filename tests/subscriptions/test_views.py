import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import icalendar
import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.feeds.readers import check_json_feed, read_xml
from tests.site import Site
from webapp.web.content_encoding import SMALLEST

MakeSite = Callable[..., Site]
CHANGES = ["/feeds/changes.rss", "/feeds/changes.atom", "/feeds/changes.json"]
FEEDS = [
    ("/feeds/events.ics", "text/calendar; charset=utf-8"),
    ("/feeds/events.rss", "application/rss+xml; charset=utf-8"),
    ("/feeds/events.atom", "application/atom+xml; charset=utf-8"),
    ("/feeds/events.json", "application/feed+json; charset=utf-8"),
]
PATHS = [path for path, _ in FEEDS]


def dates(ical: str) -> dict[str, str]:
    """Give each event's start and end by its UID."""
    components: list[Any] = icalendar.Calendar.from_ical(ical).walk("VEVENT")
    return {
        str(event["UID"]): " ".join(event[name].to_ical().decode() for name in ("DTSTART", "DTEND"))
        for event in components
    }


def test_the_samples_calendar_leaves_out_what_is_coarser_than_a_week(site: MakeSite) -> None:
    _, text = site(sample=True).get("/feeds/events.ics")
    assert dates(text) == {
        "ll2-event-1209@perigee.invalid": "20250714T111500Z 20250714T114500Z",
        "ll2-event-1211@perigee.invalid": "20250802T071200Z 20250802T081200Z",
        "ll2-event-1212@perigee.invalid": "20250805 20250806",
        "ll2-event-1213@perigee.invalid": "20250714T083000Z 20250714T093000Z",
        "ll2-event-1214@perigee.invalid": "20250715T093100Z 20250715T103100Z",
        "ll2-event-1215@perigee.invalid": "20250717T150000Z 20250717T160000Z",
        "ll2-event-1216@perigee.invalid": "20250721T160000Z 20250721T170000Z",
    }


def test_coarse_dates_are_spans_or_markers_on_request(site: MakeSite) -> None:
    one = site(sample=True)
    spans, markers = (
        dates(one.get("/feeds/events.ics?vague=span")[1]),
        dates(one.get("/feeds/events.ics?vague=marker")[1]),
    )
    coarse = ["ll2-event-362@perigee.invalid", "ll2-event-414@perigee.invalid", "ll2-event-1016@perigee.invalid"]
    assert [spans[uid] for uid in coarse] == ["20250101 20260101", "20250101 20260101", "20250801 20250901"]
    assert [markers[uid] for uid in coarse] == ["20250101 20250102", "20250101 20250102", "20250801 20250802"]


def test_the_samples_rss_says_each_date_in_words(site: MakeSite) -> None:
    feed = feedparser.parse(site(sample=True).get("/feeds/events.rss")[1])
    assert [entry.title for entry in feed.entries] == [
        "SpaceX AX-4 Crew Hatch Close – 14 July 2025, 08:30 UTC",
        "SpaceX AX-4 Crew Dragon Undocking – 14 July 2025, 11:15 UTC",
        "SpaceX AX-4 Crew Dragon Splashdown – 15 July 2025, 09:31 UTC",
        "NASA TRACERS Media Teleconference – 17 July 2025, 15:00 UTC",
        "NASA NISAR News Conference – 21 July 2025, 16:00 UTC",
        "SpaceX Crew-11 Crew Dragon Docking – 2 August 2025, 07:12 UTC",
        "SpaceX Crew-10 Crew Dragon Undocking – 5 August 2025",
        "Juice Venus Flyby – August 2025",
        "SNC-1 Dream Chaser Berthing – 2025",
        "Boeing Starliner-1 Undocking – 2025",
    ]
    assert feed.feed.title == "Space events (sample of July 2025)"


@pytest.mark.parametrize(("path", "content_type"), FEEDS)
def test_the_headers_that_clients_need(site: MakeSite, clock: ManualClock, path: str, content_type: str) -> None:
    clock.now = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    one = site(make_record(7))
    clock.advance(timedelta(seconds=1))
    answer = one.client.get(path)
    assert {
        name: answer.headers[name]
        for name in ("Content-Type", "Access-Control-Allow-Origin", "Content-Disposition", "Last-Modified")
    } == {
        "Content-Type": content_type,
        "Access-Control-Allow-Origin": "*",
        "Content-Disposition": "inline",
        "Last-Modified": "Mon, 01 Mar 2027 09:30:00 GMT",
    }
    assert answer.headers["Cache-Control"].startswith("public, max-age=300")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers.get("Vary") == ("Accept-Encoding" if len(answer.data) >= SMALLEST else None)
    head = one.client.head(path)
    for each in (answer, head):
        each.headers.pop("Date", None)  # A second may have passed.
    assert (head.data, dict(head.headers)) == (b"", dict(answer.headers))


@pytest.mark.parametrize("path", PATHS)
def test_a_poll_that_finds_nothing_new_costs_a_304(site: MakeSite, clock: ManualClock, path: str) -> None:
    clock.now = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
    one = site(make_record(7, date="2027-03-02T00:00:00Z"))
    assert "Last-Modified" not in one.client.get(path).headers, "its second is not over: more may change in it"
    clock.advance(timedelta(seconds=1))
    first = one.client.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    clock.advance(timedelta(minutes=10))
    assert not etag.startswith("W/")

    def status(**headers: str) -> int:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return one.client.get(path, headers=given).status_code

    assert status(If_None_Match=etag) == 304
    assert status(If_Modified_Since=modified) == 304
    assert status(If_None_Match='"another"', If_Modified_Since=modified) == 200, "If-None-Match wins"
    assert status(If_None_Match=etag, If_Modified_Since="Mon, 01 Jan 2001 00:00:00 GMT") == 304
    one.put(make_record(8, date="2027-03-03T00:00:00Z"))
    assert status(If_None_Match=etag) == 200
    assert status(If_Modified_Since=modified) == 200


@pytest.mark.parametrize("path", PATHS)
def test_the_same_data_give_the_same_bytes_all_day(site: MakeSite, clock: ManualClock, path: str) -> None:
    one = site(make_record(7, date="2026-03-01T12:00:00Z"))
    first = one.client.get(path).data
    clock.now = clock.now.replace(hour=23, minute=59)
    assert one.client.get(path).data == first


@pytest.mark.parametrize("path", PATHS)
def test_past_events_stay_thirty_days_or_as_many_as_asked(site: MakeSite, path: str) -> None:
    def found(query: str) -> list[int]:
        text = one.get(path + query)[1]
        return [
            number
            for number in (1, 2, 3)
            if f"ll2-event-{number}@" in text or f"ll2-event-{number}<" in text or f'll2-event-{number}"' in text
        ]

    one = site(
        make_record(1, date="2026-01-15T12:00:00Z"),
        make_record(2, date="2026-02-15T12:00:00Z"),
        make_record(3, date="2026-04-01T12:00:00Z"),
    )
    assert (found(""), found("?past=0"), found("?past=90")) == ([2, 3], [3], [1, 2, 3])


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_takes_the_pages_query_and_ignores_its_view(site: MakeSite, path: str) -> None:
    one = site(
        make_record(1, date="2026-04-01T12:00:00Z", type={"id": 2, "name": "Docking"}),
        make_record(2, date="2026-04-02T12:00:00Z", type={"id": 3, "name": "EVA"}),
    )
    status, text = one.get(f"{path}?type__ids=2&limit=1&offset=50")
    assert status == 200
    assert ("ll2-event-1" in text, "ll2-event-2" in text) == (True, False)
    assert f"http://localhost{path}?type__ids=2" in text.replace("\r\n ", "")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "named"), [("?type__ids=x", "type__ids"), ("?past=-1", "past"), ("?vague=1", "vague")]
)
def test_bad_input_is_answered_in_plain_text_that_names_the_parameter(
    site: MakeSite, path: str, query: str, named: str
) -> None:
    answer = site(make_record(1)).client.get(path + query)
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    lines = answer.get_data(as_text=True).splitlines()
    assert lines[2].startswith(f"{named}: ")


@pytest.mark.parametrize("path", [*PATHS, *CHANGES, "/feeds.opml"])
def test_before_the_first_import_a_feed_is_unavailable_and_never_empty(site: MakeSite, path: str) -> None:
    answer = site(PERIGEE_PUBLIC_URL="https://events.example.org").client.get(path)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert answer.content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize("path", [*PATHS[1:], *CHANGES])
def test_a_filter_that_matches_nothing_is_a_valid_empty_feed(site: MakeSite, path: str) -> None:
    answer = site(make_record(7)).client.get(path + "?q=nothing")
    assert answer.status_code == 200
    if path.endswith(".json"):
        document = json.loads(answer.data)
        check_json_feed(document)
        assert document["items"] == []
    else:
        assert read_xml(answer.data).entries == []


@pytest.mark.parametrize("path", [*PATHS, *CHANGES])
def test_while_the_source_is_down_the_same_bytes_go_out(site: MakeSite, path: str) -> None:
    one = site(make_record(7, date="2026-03-10T12:00:00Z"))
    before = one.client.get(path)
    with one.store.write() as writer:
        writer.update_state(failing_since=one.clock() - timedelta(days=2), failures=99, fault="It does not answer")
    after = one.client.get(path)
    assert (after.status_code, after.data, after.headers["ETag"]) == (200, before.data, before.headers["ETag"])


@pytest.mark.parametrize("path", [*PATHS, *CHANGES, "/feeds.opml"])
def test_head_is_get_without_its_body(site: MakeSite, path: str) -> None:
    one = site(make_record(7, date="2026-03-10T12:00:00Z"))
    got, head = one.client.get(path), one.client.head(path)
    for each in (got, head):
        each.headers.pop("Date", None)  # A second may have passed.
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(got.headers))


def test_a_filter_that_matches_nothing_is_a_valid_calendar(site: MakeSite) -> None:
    status, text = site(make_record(1)).get("/feeds/events.ics?type__ids=9999")
    assert status == 200
    calendar = icalendar.Calendar.from_ical(text)
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


def test_an_event_without_a_date_is_in_rss_and_in_no_calendar(site: MakeSite) -> None:
    one = site(make_record(1, date=None, name="Someday"), make_record(2, date="2026-04-01T00:00:00Z"))
    assert list(dates(one.get("/feeds/events.ics?vague=span")[1])) == ["ll2-event-2@perigee.invalid"]
    assert [entry.title for entry in feedparser.parse(one.get("/feeds/events.rss")[1]).entries][-1] == (
        "Someday – Date to be announced"
    )


def test_a_slip_keeps_the_uid_and_raises_the_sequence(site: MakeSite, clock: ManualClock) -> None:
    one = site(make_record(1, date="2026-04-01T12:00:00Z", last_updated="2026-02-01T00:00:00Z"))
    clock.advance(timedelta(hours=2))
    one.put(make_record(1, date="2026-04-03T12:00:00Z", last_updated="2026-03-01T11:00:00Z"))
    event: Any
    (event,) = icalendar.Calendar.from_ical(one.get("/feeds/events.ics")[1]).walk("VEVENT")
    assert (str(event["UID"]), event["SEQUENCE"]) == ("ll2-event-1@perigee.invalid", 1)
    assert event["DTSTART"].to_ical() == b"20260403T120000Z"
    assert event["LAST-MODIFIED"].to_ical() == event["DTSTAMP"].to_ical() == b"20260301T113000Z"


def test_the_public_address_is_in_every_link(site: MakeSite) -> None:
    one = site(make_record(1, date="2026-04-01T12:00:00Z"), PERIGEE_PUBLIC_URL="https://events.example.org")
    text = one.get("/feeds/events.ics", Host="10.1.2.3")[1].replace("\r\n ", "")
    assert "10.1.2.3" not in text
    assert "URL:https://events.example.org/events/1/meridian-1-docking" in text.splitlines()


def test_precision_is_never_betrayed_by_a_midnight(site: MakeSite) -> None:
    records = [
        make_record(number + 1, date="2026-05-31T00:00:00Z", date_precision=precision(number))
        for number in range(3, 17)
    ]
    text = site(*records).get("/feeds/events.ics?vague=span")[1]
    assert len(dates(text)) == 14
    assert "T000000Z" not in "".join(dates(text).values())


@pytest.mark.parametrize("path", PATHS)
def test_a_parameter_that_is_not_known_is_ignored_and_named(site: MakeSite, path: str) -> None:
    answer = site(make_record(7)).client.get(path + "?typ__ids=2")
    assert answer.headers["Perigee-Ignored-Parameters"] == "typ__ids"
    text = answer.get_data(as_text=True).replace("\r\n ", "")
    assert "Ignored part of this feed’s link: typ__ids." in text


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_minds_no_bad_value_of_what_it_ignores(site: MakeSite, path: str) -> None:
    one = site(make_record(7, date="2026-04-01T12:00:00Z"))
    assert one.get(path + "?limit=200&offset=x&mode=odd") == one.get(path)


def test_a_withdrawn_event_is_cancelled_in_calendars_and_absent_from_readers(site: MakeSite) -> None:
    one = site(make_record(7, date="2026-03-02T12:00:00Z"), make_record(8, date="2026-03-02T12:00:00Z"))
    one.withdraw(7)
    calendar: Any = icalendar.Calendar.from_ical(one.get("/feeds/events.ics")[1])
    assert {str(event["UID"]): (str(event["STATUS"]), int(event["SEQUENCE"])) for event in calendar.walk("VEVENT")} == {
        "ll2-event-7@perigee.invalid": ("CANCELLED", 1),
        "ll2-event-8@perigee.invalid": ("CONFIRMED", 0),
    }
    feed = feedparser.parse(one.get("/feeds/events.rss")[1])
    assert [entry.link.split("/")[4] for entry in feed.entries] == ["8"]


def test_one_event_is_a_calendar_of_its_own_however_vague(site: MakeSite) -> None:
    one = site(
        make_record(7, date="2026-03-10T12:00:00Z", date_precision=precision(1), name="Seven\nup"),
        make_record(8, date="2026-03-01T00:00:00Z", date_precision=precision(7)),
        make_record(9, date=None),
    )
    answer = one.client.get("/events/7.ics")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert list(dates(answer.get_data(as_text=True))) == ["ll2-event-7@perigee.invalid"]
    assert "X-WR-CALNAME:Seven up\r\n" in answer.get_data(as_text=True)
    assert dates(one.get("/events/8.ics")[1]) == {"ll2-event-8@perigee.invalid": "20260301 20260401"}
    assert (one.get("/events/9.ics")[0], dates(one.get("/events/9.ics")[1])) == (200, {})
    missing = one.client.get("/events/10.ics")
    assert (missing.status_code, missing.content_type) == (404, "text/plain; charset=utf-8")
    assert one.client.get("/events/x.ics").status_code == 404
