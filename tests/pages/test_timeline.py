from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from webapp.domain.entry import Entry
from webapp.domain.instants import iso_utc
from webapp.domain.query import Query
from webapp.ll2.parse import parse_event
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.entry_list import EntriesRead
from webapp.pages.groups import Group, Heading
from webapp.pages.paging import Paging
from webapp.pages.timeline import TimelinePage, present_timeline
from webapp.rendering.moments import Moment, present_entry_time

NO_MONTH = "No month announced yet."
FISCAL = "US fiscal year: 1 October to 30 September."


def event(number: int, date: str | None, precision_id: int | None, **more: Any) -> Entry:
    kind = None if precision_id is None else precision(precision_id)
    return parse_event(make_record(number, date=date, date_precision=kind, **more))


def page_of(
    entries: Sequence[Entry], *, before: Entry | None = None, total: int | None = None, query: Query | None = None
) -> TimelinePage:
    read = EntriesRead(before, list(entries), len(entries) if total is None else total)
    return present_timeline(read, query=query or Query(), now=NOW)


def groups_of(*entries: Entry, query: Query | None = None) -> tuple[Group, ...]:
    """Give the groups of a list that leaves none of them out, since its first page is another."""
    asked = (query or Query()).at(1)
    return page_of(entries, total=len(entries) + 1, query=asked).list.groups


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (0, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (1, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (2, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (3, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (4, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (5, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
        (6, Heading("Week of", "9 November 2026", note="No day announced yet.", certainty="month")),
        (7, Heading("Later in", "November 2026", note="No day announced yet.", certainty="month")),
        (8, Heading("Sometime in", "Q1 2026", note=NO_MONTH, certainty="year")),
        (11, Heading("Sometime in", "Q4 2026", note=NO_MONTH, certainty="year")),
        (12, Heading("Sometime in", "the first half of 2026", note=NO_MONTH, certainty="year")),
        (13, Heading("Sometime in", "the second half of 2026", note=NO_MONTH, certainty="year")),
        (14, Heading("Sometime in", "2026", note=NO_MONTH, certainty="year")),
        (15, Heading("Sometime in", "FY 2027", note=FISCAL, certainty="year")),
        (16, Heading("Sometime in", "the 2020s", note="No year announced yet.", certainty="year")),
        (None, Heading("Sunday", "November 2026", number="15", iso="2026-11-15")),
    ],
)
def test_each_precision_stands_under_its_own_kind_of_heading(precision_id: int | None, expected: Heading) -> None:
    groups = groups_of(event(1, "2026-11-15T10:20:30Z", precision_id))
    assert [group.heading for group in groups] == [expected]


def test_an_event_without_a_date_is_to_be_announced() -> None:
    (group,) = groups_of(event(1, None, None))
    assert group.heading == Heading("", "Date to be announced", note="No date announced yet.", certainty="unknown")
    assert group.entries[0].certainty == "unknown"


def test_an_entry_says_what_is_known() -> None:
    found = present_line(
        event(7, "2026-11-15T10:20:30Z", 1, name=" Two\r\nlines ", slug="two-lines", location=None, webcast_live=True),
        now=NOW,
    )
    assert found == EntryLine(
        key="event-7",
        path="/events/7/two-lines",
        name="Two lines",
        type_id=found.type_id,
        type_name=found.type_name,
        place="",
        certainty="exact",
        time=Moment("2026-11-15T10:20:00Z", "15 November 2026", "10:20"),
        when="15 November 2026, 10:20 UTC",
        has_webcast=bool(event(7, None, None).webcasts),
        state="on_air",
    )


@pytest.mark.parametrize("precision_id", [3, 4, 5, 6, 7, 8, 12, 14, 15, 16, None, 77])
def test_no_clock_time_without_a_clock_precision(precision_id: int | None) -> None:
    kind = None if precision_id is None else {"id": precision_id}
    assert present_entry_time(parse_event(make_record(1, date="2026-11-15T10:20:30Z", date_precision=kind))) is None


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (0, Moment("2026-11-15T10:20:30Z", "15 November 2026", "10:20:30")),
        (1, Moment("2026-11-15T10:20:00Z", "15 November 2026", "10:20")),
        (2, Moment("2026-11-15T10:00:00Z", "NET 15 November 2026", "10:00", is_about=True)),
    ],
)
def test_a_clock_time_is_cut_to_its_precision(precision_id: int, expected: Moment) -> None:
    assert present_entry_time(event(1, "2026-11-15T10:20:30Z", precision_id)) == expected


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (3, "Morning"),
        (4, "Afternoon"),
        (5, "No time yet"),
        (None, "No time yet"),
        (6, "Week of 9 November 2026"),
        (7, "November 2026"),
        (13, "The second half of 2026"),
        (16, "The 2020s"),
    ],
)
def test_words_stand_where_there_is_no_clock_time(precision_id: int | None, expected: str) -> None:
    assert present_line(event(1, "2026-11-15T10:20:30Z", precision_id), now=NOW).when == expected


def test_paths_lead_on_and_back_and_keep_the_query() -> None:
    query = Query.parse([("type__ids", "2"), ("limit", "2"), ("offset", "4")])
    events = [event(5, "2026-11-15T10:00:00Z", 1), event(6, "2026-11-15T11:00:00Z", 1)]
    page = page_of(events, total=9, query=query)
    assert page.list.is_filtered
    assert page.list.paging == Paging(
        total=9,
        first=5,
        last=6,
        more_path="/?type__ids=2&limit=2&offset=6",
        start_path="/?type__ids=2&limit=2",
    )
    assert page.list.paging.rest == 3
    assert page_of(events, total=6, query=query).list.paging.more_path is None


def test_other_pages_are_asked_for_the_same_filter_and_zone() -> None:
    query = Query.parse([("type__ids", "2"), ("tz", "Asia/Tokyo"), ("offset", "4")])
    page = page_of([], total=4, query=query)
    assert page.changed_path == "/changes?type__ids=2&tz=Asia/Tokyo"
    assert page.past_path == "/past?type__ids=2&tz=Asia/Tokyo"


def test_a_heading_that_an_earlier_page_began_is_continued() -> None:
    first, second = event(1, "2026-11-15T10:00:00Z", 1), event(2, "2026-11-15T11:00:00Z", 1)
    third = event(3, "2026-11-16T11:00:00Z", 1)
    query = Query.parse([("offset", "1")])
    page = page_of([second, third], before=first, total=3, query=query)
    assert [(group.heading.iso, group.continued) for group in page.list.groups] == [
        ("2026-11-15", True),
        ("2026-11-16", False),
    ]


def test_an_empty_page_counts_nothing() -> None:
    page = page_of([])
    assert (page.list.groups, page.list.paging, page.list.is_filtered) == ((), Paging(0, 0, 0, None, None), False)


def test_an_instant_is_spelled_to_the_second() -> None:
    assert iso_utc(datetime.fromisoformat("2026-01-02T03:04:05.678+00:00")) == "2026-01-02T03:04:05Z"


def days_in(zone: str, *events: Entry) -> list[tuple[str | None, list[str]]]:
    return [
        (
            group.heading.iso or group.heading.period,
            [entry.time.words if entry.time else entry.when for entry in group.entries],
        )
        for group in groups_of(*events, query=Query.parse([("tz", zone)]))
    ]


def test_clock_times_stand_under_the_day_of_the_zone_and_days_stay_what_they_are() -> None:
    year_end = [
        event(1, "2026-12-31T00:00:00Z", 5),
        event(2, "2026-12-31T23:30:00Z", 1),
        event(3, "2027-01-01T00:00:00Z", 7),
    ]
    unknown = "No time yet"
    assert days_in("UTC", *year_end) == [
        ("2026-12-31", [unknown, "31 December 2026, 23:30 UTC"]),
        ("January 2027", ["January 2027"]),
    ]
    assert days_in("Europe/Paris", *year_end) == [
        ("2026-12-31", [unknown]),
        ("2027-01-01", ["1 January 2027, 00:30 CET"]),
        ("January 2027", ["January 2027"]),
    ]
    assert days_in("Pacific/Kiritimati", *year_end)[1] == ("2027-01-01", ["1 January 2027, 13:30 UTC+14"])
    assert days_in("America/New_York", *year_end)[0] == ("2026-12-31", [unknown, "31 December 2026, 18:30 EST"])


def test_within_a_page_events_stand_in_the_order_of_the_zones_days() -> None:
    later, earlier = event(1, "2026-12-30T23:30:00Z", 1), event(2, "2026-12-30T00:00:00Z", 5)
    assert days_in("Europe/Paris", later, earlier) == [
        ("2026-12-30", ["No time yet"]),
        ("2026-12-31", ["31 December 2026, 00:30 CET"]),
    ]


def test_the_hour_that_daylight_saving_repeats_is_told_apart_by_its_label() -> None:
    repeated = [event(1, "2026-10-25T00:30:00Z", 1), event(2, "2026-10-25T01:30:00Z", 1)]
    assert days_in("Europe/Paris", *repeated) == [
        ("2026-10-25", ["25 October 2026, 02:30 CEST", "25 October 2026, 02:30 CET"])
    ]


def test_an_hour_known_in_utc_is_no_whole_hour_everywhere() -> None:
    assert days_in("Asia/Kathmandu", event(1, "2026-10-25T07:12:00Z", 2)) == [
        ("2026-10-25", ["NET 25 October 2026, 12:45 UTC+5:45"])
    ]


def test_what_is_live_comes_first_and_else_the_next_event() -> None:
    two = [event(1, "2026-12-30T23:30:00Z", 1), event(2, "2026-12-31T00:00:00Z", 1, webcast_live=True)]
    page = page_of(two)
    assert page.next_up is not None
    assert page.next_up.entry == present_line(two[1], now=NOW)
    assert [entry.path for group in page.list.groups for entry in group.entries] == [present_line(two[0], now=NOW).path]
    page = page_of(two[:1])
    assert page.next_up is not None
    assert page.next_up.entry == present_line(two[0], now=NOW)
    assert page.list.groups == ()
    assert page_of([]).next_up is None
    assert page_of(two, total=27, query=Query.parse([("offset", "25")])).next_up is None
    assert page_of(two, query=Query.parse([("ordering", "-date")])).next_up is None


def test_what_comes_first_is_told_in_the_zone_and_in_utc_beside_it() -> None:
    one = event(1, "2026-12-30T23:30:00Z", 1)
    told = {zone: page_of([one], query=Query.parse([("tz", zone)])).next_up for zone in ("UTC", "Asia/Tokyo")}
    assert {zone: (next_up.date_words, next_up.utc_words) for zone, next_up in told.items() if next_up} == {
        "UTC": ("30 December 2026, 23:30 UTC", ""),
        "Asia/Tokyo": ("31 December 2026, 08:30 JST", "30 December 2026, 23:30 UTC"),
    }
    vague = page_of([event(2, "2026-12-01T00:00:00Z", 7)], query=Query.parse([("tz", "Asia/Tokyo")])).next_up
    assert vague is not None
    assert (vague.date_words, vague.utc_words) == ("December 2026", "")
