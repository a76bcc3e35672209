"""Launches in the calendar and on the horizon: those of a day are drawn, the others are counted."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_id, launch_status
from tests.html import Part, read
from tests.site import Site

MakeSite = Callable[..., Site]


def launch(number: int, net: str, precision_id: int, status_id: int, **record: Any) -> dict[str, Any]:
    known = {"net": net, "net_precision": precision(precision_id), "status": launch_status(status_id)}
    return make_launch(number, **{**known, **record})


RECORDS = [
    launch(1, "2026-02-20T12:00:00Z", 0, 4),
    launch(2, "2026-03-05T12:00:00Z", 1, 1),
    launch(3, "2026-03-20T00:00:00Z", 5, 2),
    launch(4, "2026-03-31T00:00:00Z", 7, 2),
    launch(5, "2026-03-31T00:00:00Z", 7, 2),
    launch(6, "2026-04-30T00:00:00Z", 7, 2),
    launch(7, "2026-12-31T00:00:00Z", 14, 2),
    make_record(1, date="2026-03-31T00:00:00Z", date_precision=precision(7)),
]


def page_of(site: Site, path: str) -> Part:
    status, html = site.get(path)
    assert status == 200
    return read(html)


def test_a_month_has_the_launches_of_its_days_and_counts_the_others(site: MakeSite) -> None:
    page = page_of(site(*RECORDS), "/calendar/2026/03")
    assert page.texts("#day-2026-03-05 .month-name") == ["Meridian 2"]
    assert page.texts("#day-2026-03-20 .month-name") == ["Meridian 3"]
    assert page.texts(".planned-link") == [
        "Also planned in March 2026: 2 launches without a day",
        "Also planned in 2026: 1 launch without a day",
    ]
    assert page.texts(".tools-count") == ["6 entries, 4 without a day"]


def test_a_month_of_the_past_has_outcomes(site: MakeSite) -> None:
    page = page_of(site(*RECORDS), "/calendar/2026/02?kind=launch")
    assert page.texts("#day-2026-02-20 .status") == ["Failure"]
    assert page.texts(".tools-count") == ["2 launches, 1 without a day"]


def test_the_calendar_leads_to_what_was_planned_for_a_month_that_is_over(site: MakeSite) -> None:
    one = site(*RECORDS, launch(8, "2026-01-31T00:00:00Z", 7, 2))
    paths = page_of(one, "/calendar/2026/01").values(".planned-link", "href")
    assert [page_of(one, path).texts(".entry-name") for path in paths] == [["Meridian 8"], ["Meridian 7"]]


def test_on_the_horizon_dated_launches_are_triangles_and_the_others_counts(site: MakeSite) -> None:
    page = page_of(site(*RECORDS), "/horizon")
    marks = {mark["href"].split("/")[2]: mark for mark in page.select(".horizon-mark")}
    assert set(marks) == {launch_id(2), launch_id(3), "1"}
    assert len(marks[launch_id(2)].select("path.horizon-dot")) == 1
    assert page.texts(".horizon-count") == ["2", "1"]
    assert page.texts(".horizon-list > .is-planned .planned-link") == [
        "Also planned in March 2026: 2 launches without a day",
        "Also planned in April 2026: 1 launch without a day",
    ]
    assert page.texts(".horizon-vaguer > summary") == ["Could be any time 1"]
    assert page.texts(".horizon-vaguer .planned-link") == ["Also planned in 2026: 1 launch without a day"]
    assert page.texts(".tools-count") == ["2 dated · 5 that could fall in it"]


@pytest.mark.parametrize("path", ["/horizon", "/calendar/2026/03"])
def test_where_there_are_events_alone_nothing_is_counted(site: MakeSite, path: str) -> None:
    page = page_of(site(RECORDS[-1]), path)
    assert page.select(".planned-link, .horizon-count, .horizon-planned-title") == []


def test_many_launches_of_one_day_all_stand_on_the_horizon(site: MakeSite) -> None:
    many = [launch(number, f"2026-03-05T{number:02}:00:00Z", 1, 1) for number in range(1, 9)]
    assert len(page_of(site(*many), "/horizon").texts(".entry-name")) == 8
