from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.html import read
from tests.pages.test_timeline import event
from tests.pages.test_views import links, plain
from tests.site import Site
from webapp.domain.entry import Entry
from webapp.domain.parameters import WeekStart
from webapp.domain.precision import ClockRange
from webapp.domain.query import Query
from webapp.pages.calendar import Month, MonthPage, present_month
from webapp.store import Facets

MakeSite = Callable[..., Site]
MARCH = Month(2026, 3)
ZONES = ("UTC", "Europe/Paris", "America/New_York", "Pacific/Kiritimati", "Pacific/Chatham")


def lay_out(month: Month, *events: Entry, zone: str = "UTC", week: str = "monday") -> MonthPage:
    query = Query.parse([("tz", zone), ("week", week)])
    return present_month(month, events, today=date(2026, 3, 1), query=query, facets=Facets((), (), ()))


def days_of(page: MonthPage) -> dict[str, list[int]]:
    return {day.iso: [number_of(one.path) for one in day.entries] for week in page.weeks for day in week if day.entries}


def number_of(path: str) -> int:
    return int(path.split("/")[2])


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
    shown += [number_of(one.path) for group in page.vague for one in group.entries]
    assert sorted(shown) == [one.key.json_id for one in events if reaches(one, ZoneInfo(zone))]
    assert page.total == len(shown)


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
    assert "2 events" in plain(html)
    assert read(html).values("#month-previous, #month-next", "href") == [
        "/calendar/2026/02",
        "/calendar/2026/04",
    ]
    assert [link.split("/")[2] for link in links(one.get("/calendar/2026/03?tz=Asia/Tokyo")[1])] == ["3", "1", "2"]
    empty = one.get("/calendar/2031/07")[1]
    assert ('<meta name="robots" content="noindex">' in empty, "No events" in plain(empty)) == (True, True)


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
