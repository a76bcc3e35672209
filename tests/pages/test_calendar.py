from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.site import Site
from webapp.domain.entry import Entry
from webapp.domain.parameters import WeekStart
from webapp.domain.precision import ClockRange
from webapp.domain.query import Query
from webapp.ll2.parse import parse_event
from webapp.pages.calendar import MonthPage, present_month
from webapp.pages.months import Month
from webapp.store import Facets

MakeSite = Callable[..., Site]
MARCH = Month(2026, 3)
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Pacific/Chatham")


def event(number: int, date: str | None, precision_id: int | None, **more: Any) -> Entry:
    kind = None if precision_id is None else precision(precision_id)
    return parse_event(make_record(number, date=date, date_precision=kind, **more))


def lay_out(
    month: Month, *events: Entry, zone: str = "UTC", week: str = "monday", now: datetime = NOW, **asked: str
) -> MonthPage:
    query = Query.parse([("tz", zone), ("week", week), *asked.items()])
    return present_month(month, events, now=now, query=query, facets=Facets((), (), ()))


def links(html: str) -> list[str]:
    found = read(html).values('#page [href^="/events/"]', "href")
    return list(dict.fromkeys(found))


def days_of(page: MonthPage) -> dict[str, list[int]]:
    return {day.iso: [number_of(one.path) for one in day.entries] for week in page.weeks for day in week if day.entries}


def number_of(path: str) -> int:
    return int(path.partition("?")[0].split("/")[2])


@pytest.mark.parametrize(
    ("week", "first", "last", "name"),
    [
        ("monday", "2026-02-23", "2026-04-05", "Monday"),
        ("sunday", "2026-03-01", "2026-04-04", "Sunday"),
        ("saturday", "2026-02-28", "2026-04-03", "Saturday"),
    ],
)
def test_weeks_begin_on_the_day_that_is_chosen(week: str, first: str, last: str, name: str) -> None:
    page = lay_out(MARCH, week=week)
    assert (page.weeks[0][0].iso, page.weeks[-1][-1].iso, page.weekdays[0]) == (first, last, name)
    assert {len(one) for one in page.weeks} == {7}
    assert [day.number for one in page.weeks for day in one if not day.is_outside] == list(range(1, 32))
    assert [day.iso for one in page.weeks for day in one if day.is_today] == ["2026-03-01"]
    assert [choice.words for choice in page.week_choices if choice.is_chosen] == [name]
    assert page.week_start == name


def test_clock_times_stand_on_the_zones_day_and_days_stay_what_they_are() -> None:
    border = [
        event(1, "2026-03-01T02:00:00Z", 1),
        event(2, "2026-03-31T23:30:00Z", 1),
        event(3, "2026-03-01T00:00:00Z", 5),
    ]
    assert days_of(lay_out(MARCH, *border)) == {"2026-03-01": [1, 3], "2026-03-31": [2]}
    assert days_of(lay_out(MARCH, *border, zone="America/New_York")) == {"2026-03-01": [3], "2026-03-31": [2]}
    assert days_of(lay_out(MARCH, *border, zone="Europe/Paris")) == {"2026-03-01": [1, 3]}
    assert days_of(lay_out(Month(2026, 4), *border, zone="Europe/Paris")) == {"2026-04-01": [2]}
    assert days_of(lay_out(Month(2026, 2), *border, zone="America/New_York")) == {"2026-02-28": [1]}


def test_what_is_vaguer_than_a_day_stands_in_the_tray_of_each_month_that_it_reaches() -> None:
    vague = [
        event(1, "2026-03-30T00:00:00Z", 6),
        event(2, "2026-03-01T00:00:00Z", 7),
        event(3, "2026-03-01T00:00:00Z", 8),
    ]
    page = lay_out(MARCH, *vague)
    assert [(group.words, [number_of(one.path) for one in group.entries]) for group in page.vague] == [
        ("Week of 30 March 2026", [1]),
        ("March 2026", [2]),
        ("Q1 2026", [3]),
    ]
    assert {entry.time for group in page.vague for entry in group.entries} == {None}
    assert [group.words for group in lay_out(Month(2026, 4), *vague).vague] == ["Week of 30 March 2026"]
    assert [group.words for group in lay_out(Month(2026, 1), *vague).vague] == ["Q1 2026"]


MOMENTS = st.datetimes(datetime(2026, 2, 20), datetime(2026, 4, 10), timezones=st.just(UTC))  # noqa: DTZ001 - aware by it


@given(
    st.lists(st.tuples(MOMENTS, st.integers(0, 16)), max_size=12), st.sampled_from(ZONES), st.sampled_from(WeekStart)
)
def test_whatever_reaches_into_the_month_is_there_once(
    drawn: list[tuple[datetime, int]], zone: str, week: WeekStart
) -> None:
    events = [event(number, f"{at:%Y-%m-%dT%H:%M:%SZ}", kind) for number, (at, kind) in enumerate(drawn, 1)]
    page = lay_out(MARCH, *events, zone=zone, week=week.value)
    shown = [number for numbers in days_of(page).values() for number in numbers]
    rest = sum(day.rest.count for one in page.weeks for day in one if day.rest is not None)
    shown += [number_of(one.path) for group in page.vague for one in group.entries]
    expected = [one.key.json_id for one in events if reaches(one, ZoneInfo(zone))]
    assert len(set(shown)) == len(shown)
    assert set(shown) <= set(expected)
    assert page.total == len(expected) == len(shown) + rest


def reaches(one: Entry, zone: ZoneInfo) -> bool:
    date_range = one.date_range
    if isinstance(date_range, ClockRange):
        return f"{date_range.start.astimezone(zone):%Y-%m}" == "2026-03"
    return date_range is not None and date_range.first_date <= MARCH.last and date_range.last_date >= MARCH.first


@pytest.mark.parametrize(
    ("month", "by", "expected"),
    [(Month(2026, 1), -1, Month(2025, 12)), (Month(2025, 12), 1, Month(2026, 1)), (MARCH, 12, Month(2027, 3))],
)
def test_months_follow_one_another_over_the_years(month: Month, by: int, expected: Month) -> None:
    assert month.moved(by) == expected


def test_the_calendar_ends_where_it_ends() -> None:
    assert lay_out(Month(1957, 1)).previous is None
    assert lay_out(Month(2100, 12)).next is None


def test_today_is_a_day_of_this_page_or_leads_to_its_month() -> None:
    assert lay_out(MARCH).today_path == "#day-2026-03-01"
    assert lay_out(MARCH, zone="Pacific/Honolulu", now=NOW.replace(hour=1)).today_path == (
        "/calendar/2026/02?tz=Pacific/Honolulu"
    )
    assert lay_out(Month(2026, 5), q="a").today_path == "/calendar/2026/03?q=a"


@pytest.mark.parametrize(("count", "shown", "more"), [(5, 5, None), (6, 4, 2), (40, 4, 36)])
def test_of_more_than_a_handful_a_day_shows_the_first(count: int, shown: int, more: int | None) -> None:
    events = [event(number, f"2026-03-20T10:{number:02}:00Z", 1) for number in range(count, 0, -1)]
    page = lay_out(MARCH, *events)
    (day,) = [day for week in page.weeks for day in week if day.entries]
    assert days_of(page) == {"2026-03-20": list(range(1, shown + 1))}
    assert (day.total, None if day.rest is None else day.rest.count) == (count, more)
    assert (len(day.dots), day.has_more_than_dots) == (3, True)


@pytest.mark.parametrize(
    ("zone", "day", "path"),
    [
        ("UTC", 20, "/?precision=day&from=2026-03-20&to=2026-03-20"),
        # The day of a zone reaches into two days in UTC.
        ("America/New_York", 20, "/?precision=day&from=2026-03-20&to=2026-03-21&tz=America/New_York"),
        ("Asia/Tokyo", 20, "/?precision=day&from=2026-03-19&to=2026-03-20&tz=Asia/Tokyo"),
        ("UTC", 1, "/?precision=day&from=2026-03-01&to=2026-03-01"),
        ("UTC", 10, "/past?precision=day&from=2026-03-10&to=2026-03-10"),
    ],
)
def test_the_rest_of_a_day_leads_to_its_list(zone: str, day: int, path: str) -> None:
    now = NOW if day == 1 else datetime(2026, 3, 15, tzinfo=UTC)
    events = [event(number, f"2026-03-{day:02}T10:{number:02}:00Z", 1) for number in range(10, 20)]
    page = lay_out(MARCH, *events, zone=zone, now=now)
    assert [each.rest.path for week in page.weeks for each in week if each.rest is not None] == [path]


def test_the_rest_of_a_day_keeps_the_filter() -> None:
    events = [event(number, f"2026-03-20T10:{number:02}:00Z", 1) for number in range(10, 20)]
    page = lay_out(MARCH, *events, q="a", precision="minute", to="2026-03-25", week="sunday")
    (rest,) = [day.rest for week in page.weeks for day in week if day.rest is not None]
    assert rest.path == "/?q=a&precision=minute&from=2026-03-20&to=2026-03-20"


def test_a_period_of_many_is_folded() -> None:
    many = [event(number, "2026-03-01T00:00:00Z", 7) for number in range(1, 7)]
    page = lay_out(MARCH, *many, event(7, "2026-03-01T00:00:00Z", 8))
    assert [(group.words, len(group.entries), group.is_open) for group in page.vague] == [
        ("March 2026", 6, False),
        ("Q1 2026", 1, True),
    ]
    assert (page.total, page.vague_count) == (7, 7)


def test_the_page_shows_the_month_its_neighbours_and_the_tray(site: MakeSite) -> None:
    one = site(
        make_record(1, date="2026-03-05T12:00:00Z", date_precision=precision(1), name="Five <b>"),
        make_record(2, date="2026-03-01T00:00:00Z", date_precision=precision(7)),
        make_record(3, date="2026-02-28T23:30:00Z", date_precision=precision(1)),
        make_record(4, date="2026-05-01T00:00:00Z", date_precision=precision(5)),
    )
    status, html = one.get("/calendar/2026/03")
    assert status == 200
    assert [link.split("/")[2] for link in links(html)] == ["1", "2"]
    assert "Five &lt;b&gt;" in html
    page = read(html)
    assert page.only("#list-status").text == "2 events, 1 without a day"
    assert [(step["href"], step.only(".visually-hidden").text) for step in page.select(".month-step")] == [
        ("/calendar/2026/02", "February 2026"),
        ("/calendar/2026/04", "April 2026"),
    ]
    assert page.only("#week-menu summary").text == "Week starts Mon"
    assert [link.split("/")[2] for link in links(one.get("/calendar/2026/03?tz=Asia/Tokyo")[1])] == ["3", "1", "2"]
    empty = one.get("/calendar/2031/07")[1]
    assert '<meta name="robots" content="noindex">' in empty
    assert read(empty).only("#list-status").text == "No events"


def test_each_day_with_dots_leads_to_itself_in_the_list(site: MakeSite) -> None:
    days = [(3, 1), (4, 3), (5, 4), (6, 9)]
    records = [
        make_record(100 * day + number, date=f"2026-03-{day:02}T12:{number:02}:00Z", date_precision=precision(1))
        for day, count in days
        for number in range(count)
    ]
    page = read(site(*records).get("/calendar/2026/03")[1])
    dots = page.select("a.dots-day")
    assert [(one["href"], one.only(".visually-hidden").text) for one in dots] == [
        ("#day-2026-03-03", "3 March 2026, 1 event"),
        ("#day-2026-03-04", "4 March 2026, 3 events"),
        ("#day-2026-03-05", "5 March 2026, 4 events"),
        ("#day-2026-03-06", "6 March 2026, 9 events"),
    ]
    assert [(len(one.select(".dot")), one.only(".dots").text) for one in dots] == [(1, ""), (3, ""), (3, "+"), (3, "+")]
    assert {one["href"].removeprefix("#") for one in dots} <= set(page.values("td.day[id]", "id"))
    assert page.texts(".day-rest") == ["5 more , 6 March 2026"]


def test_the_foot_of_the_printed_page_says_zone_day_and_address(site: MakeSite) -> None:
    page = read(site(make_record(1)).get("/calendar/2026/03?tz=Europe/Paris")[1])
    assert page.only(".print-foot").text == (
        "Data from Launch Library by The Space Devs. Times in Europe/Paris (CET). "
        "Printed 1 March 2026, dates may have moved since. http://localhost/calendar/2026/03"
    )


def test_every_address_of_a_month_leads_to_one(site: MakeSite) -> None:
    one = site(make_record(1))
    found = {
        path: one.client.get(path).headers.get("Location")
        for path in ("/calendar/", "/calendar", "/calendar/2026/3?q=a", "/calendar/?tz=Pacific/Kiritimati")
    }
    assert found == {
        "/calendar/": "/calendar/2026/03",
        "/calendar": "/calendar/2026/03",
        "/calendar/2026/3?q=a": "/calendar/2026/03?q=a",
        "/calendar/?tz=Pacific/Kiritimati": "/calendar/2026/03?tz=Pacific/Kiritimati",
    }


@pytest.mark.parametrize("month", ["2026/13", "2026/00", "1956/12", "2101/01", "a/b", "-1/1"])
def test_what_is_no_month_of_the_calendar_is_not_found(site: MakeSite, month: str) -> None:
    status, html = site(make_record(1)).get(f"/calendar/{month}")
    assert (status, "All upcoming events" in html) == (404, True)


def test_a_filter_and_dates_narrow_the_month(site: MakeSite) -> None:
    days = [make_record(day, date=f"2026-03-{day:02}T12:00:00Z", date_precision=precision(1)) for day in range(1, 31)]
    one = site(*days)
    html = one.get("/calendar/2026/03?from=2026-03-10&to=2026-03-12")[1]
    assert [link.split("/")[2] for link in links(html)] == ["10", "11", "12"]
    assert len(links(one.get("/calendar/2026/03")[1])) == 30
