"""The wall display: what stands on it, in which words, and for which filter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.html import Part, read
from tests.site import Site
from webapp.domain.query import Query
from webapp.ll2.parse import parse_event
from webapp.pages.wall import WallRow, present_wall

MakeSite = Callable[..., Site]


def event(number: int, date: datetime, precision_id: int = 1, **more: Any) -> Record:
    """One of precision, named after its number."""
    return make_record(number, **{"name": f"Event {number}", "date": stamp(date), "webcast_live": False, **more},
                       date_precision=precision(precision_id))  # fmt: skip


def launch(number: int, date: datetime, status: int = 1, **more: Any) -> Record:
    return make_launch(number, net=stamp(date), net_precision=precision(1), status=launch_status(status), **more)


def wall(one: Site, query: str = "") -> Part:
    status, html = one.get(f"/wall{query}")
    assert status == 200
    return read(html)


def row_of(record: Record, zone: str = "UTC") -> WallRow:
    """Give the row of an event that follows another."""
    first = parse_event(event(99, NOW + timedelta(minutes=1)))
    page = present_wall([first, parse_event(record)], query=Query.parse([("tz", zone)]), now=NOW)
    (row,) = page.rows
    return row


def test_what_is_next_stands_at_length_and_six_after_it(site: MakeSite) -> None:
    page = wall(site(*(event(number, NOW + timedelta(hours=number)) for number in range(1, 10))))
    assert page.texts(".wall-name") == ["Event 1"]
    assert page.texts(".wall-row-name") == [f"Event {number}" for number in range(2, 8)]
    assert page.values(".countdown", "data-at") == ["2026-03-01T10:30:00Z"]
    assert page.texts(".wall-date") == ["1 March 2026, 10:30 UTC"]
    assert page.texts(".wall-lead")[0].startswith("Next ")


def test_what_is_live_comes_before_what_is_next(site: MakeSite) -> None:
    live = event(3, NOW - timedelta(minutes=20), webcast_live=True)
    page = wall(site(event(1, NOW + timedelta(minutes=5)), live, event(2, NOW - timedelta(minutes=30))))
    assert page.texts(".wall-name") == ["Event 3"]
    assert page.texts(".wall-lead .badge") == ["Live"]
    assert page.values("#wall-next", "data-state") == ["live"]
    assert "Event 3" not in page.texts(".wall-row-name")


def test_how_a_launch_stands_is_said_as_on_other_pages(site: MakeSite) -> None:
    page = wall(site(launch(5, NOW + timedelta(minutes=30), status=5), launch(6, NOW + timedelta(hours=3))))
    assert page.texts(".wall-lead .status") == ["On hold"]
    assert page.texts(".countdown") == ["The countdown is stopped"]
    assert page.texts(".wall-row .status") == ["Go"]


@pytest.mark.parametrize(
    ("precision_id", "date", "day", "clock"),
    [
        (0, "2026-03-02T12:00:05Z", "Mon 2 Mar", "12:00:05"),
        (1, "2026-03-02T12:00:00Z", "Mon 2 Mar", "12:00"),
        (1, "2026-12-24T12:00:00Z", "24 Dec 2026", "12:00"),
        (2, "2026-03-02T12:00:00Z", "Mon 2 Mar", "about 12:00"),
        (3, "2026-03-02T00:00:00Z", "Mon 2 Mar", "Morning"),
        (5, "2026-03-02T00:00:00Z", "Mon 2 Mar", "No time yet"),
        (6, "2026-03-09T00:00:00Z", "Week of 9 Mar 2026", ""),
        (7, "2026-03-31T00:00:00Z", "Mar 2026", ""),
        (13, "2026-12-31T00:00:00Z", "The second half of 2026", ""),
        (None, None, "Date to be announced", ""),
    ],
)
def test_a_row_says_no_more_of_a_date_than_is_known(
    precision_id: int | None, date: str | None, day: str, clock: str
) -> None:
    kind = None if precision_id is None else precision(precision_id)
    row = row_of(make_record(1, date=date, date_precision=kind, webcast_live=False))
    assert (row.day, row.clock) == (day, clock)


def test_days_and_times_are_those_of_the_zone(site: MakeSite) -> None:
    row = row_of(event(1, datetime.fromisoformat("2026-03-02T23:30:00+00:00")), "Asia/Tokyo")
    assert (row.day, row.clock) == ("Tue 3 Mar", "08:30")
    page = wall(site(event(1, NOW + timedelta(hours=1))), "?tz=Asia/Tokyo")
    assert page.texts(".wall-date") == ["1 March 2026, 19:30 JST"]
    assert page.texts(".wall-zone") == ["Times in JST"]
    assert page.values("#wall", "data-zone") == ["Asia/Tokyo"]
    assert page.values(".wall-foot a", "href")[-1] == "/?tz=Asia/Tokyo"


def test_it_takes_the_filter_of_any_page(site: MakeSite) -> None:
    one = site(event(1, NOW + timedelta(hours=1)), launch(6, NOW + timedelta(hours=3)))
    page = wall(one, "?kind=launch&limit=1&offset=3&ordering=-date")
    assert page.texts(".wall-name") == ["Meridian 6"]
    assert page.values(".wall-foot a", "href")[-1] == "/?kind=launch"
    assert page.values('link[rel="canonical"]', "href") == ["http://localhost/wall?kind=launch"]
    assert wall(one, "?q=nothing").texts(".wall-none") == ["Nothing upcoming matches"]


def test_what_it_cannot_understand_is_answered_as_elsewhere(site: MakeSite) -> None:
    one = site(event(1, NOW + timedelta(hours=1)))
    assert one.get("/wall?type__ids=x")[0] == 400
    assert wall(one, "?colour=red").texts(".ignored") == ["Ignored part of the link: colour"]


def test_launches_without_a_day_crowd_nothing_out(site: MakeSite) -> None:
    vague = [
        make_launch(number, net="2026-03-31T00:00:00Z", net_precision=precision(7), status=launch_status(2))
        for number in range(10, 20)
    ]
    one = site(*vague, event(1, datetime.fromisoformat("2026-04-02T12:00:00+00:00")))
    page = wall(one)
    assert (page.texts(".wall-name"), page.texts(".wall-row-name")) == (["Event 1"], [])
    assert len(wall(one, "?kind=launch").texts(".wall-row-name")) == 6


def test_it_is_read_again_each_minute_without_scripts(site: MakeSite) -> None:
    page = wall(site(event(1, NOW + timedelta(hours=1))))
    assert page.values('head noscript meta[http-equiv="refresh"]', "content") == ["60"]
    assert page.select("header, nav") == []
    assert page.texts(".wall-foot noscript") == [", updated 1 March 2026, 09:30 UTC ."]


def test_old_data_are_told_and_the_demo_and_the_sample_are_named(site: MakeSite) -> None:
    one = site(event(1, NOW + timedelta(hours=9)))
    one.clock.advance(timedelta(hours=3))
    assert wall(one).texts(".banner.is-stale strong") == ["This data may be out of date."]
    assert len(wall(site(sample=True)).texts(".banner strong")) == 1


def test_whoever_subscribes_finds_it(site: MakeSite) -> None:
    one = site(event(1, NOW + timedelta(hours=1)))
    html = one.get("/subscribe?type__ids=2&tz=Asia/Tokyo&alarm=15")[1]
    assert "/wall?type__ids=2&tz=Asia/Tokyo" in read(html).values(".client a", "href")
