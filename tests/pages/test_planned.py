"""Launches of which no day is known: folded in the timeline, a line for each period, which leads to them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.catalogue import precision, program
from tests.fake_ll2.launches import launch_status
from tests.html import Part, read
from tests.site import Site

MakeSite = Callable[..., Site]
MONTH, QUARTER_2, DAY = precision(7), precision(9), precision(5)


def planned(number: int, net: str | None = "2026-04-30T00:00:00Z", known: Any = MONTH, **record: Any) -> dict[str, Any]:
    status = {"status": launch_status(2), "program": []}
    return make_launch(number, **{**status, "net": net, "net_precision": known, **record})


def dated(number: int, net: str, **record: Any) -> dict[str, Any]:
    return make_launch(number, **{"net": net, "net_precision": precision(1), "status": launch_status(1), **record})


def page_of(site: Site, path: str = "/") -> Part:
    status, html = site.get(path)
    assert status == 200
    return read(html)


MANY = [planned(number) for number in range(1, 7)]


def test_launches_without_a_day_are_one_line_for_each_period(site: MakeSite) -> None:
    quarter = [planned(number, "2026-06-30T00:00:00Z", QUARTER_2) for number in (7, 8)]
    day = planned(9, "2026-03-20T00:00:00Z", DAY)
    one = site(*MANY, *quarter, day, dated(10, "2026-03-02T12:00:00Z"), dated(11, "2026-05-02T12:00:00Z"))
    page = page_of(one)
    assert page.texts(".planned-link") == [
        "Also planned for 20 March 2026: 1 launch to be confirmed",
        "Also planned in April 2026: 6 launches without a day",
        "Also planned in Q2 2026: 2 launches without a day",
    ]
    assert page.texts(".next-up-name") == ["Meridian 10"]
    assert page.texts(".entry-name") == ["Meridian 11"]
    assert page.texts(".tools-count") == ["11 entries"]
    # The first two come before the day in May, the last after it.
    order = [part["class"].split()[-1] for part in page.select("#timeline > .group")]
    assert order == ["is-planned", "group", "is-planned"]


def test_a_line_stands_with_the_events_of_its_own_period(site: MakeSite) -> None:
    event = make_record(1, date="2026-04-30T00:00:00Z", date_precision=MONTH)
    first = make_record(2, date="2026-03-02T00:00:00Z", date_precision=DAY)
    page = page_of(site(*MANY, event, first))
    (group,) = page.select(".group.is-vague")
    assert group.texts(".planned-link") == ["Also planned in April 2026: 6 launches without a day"]
    assert page.select(".group.is-planned") == []


def test_a_few_are_not_folded(site: MakeSite) -> None:
    page = page_of(site(*MANY[:5], dated(10, "2026-03-02T12:00:00Z")))
    assert page.select(".planned-link") == []
    assert len(page.select(".entry-name")) == 5


def test_in_an_order_that_was_asked_for_nothing_is_folded(site: MakeSite) -> None:
    page = page_of(site(*MANY), "/?ordering=-last_updated")
    assert page.select(".planned-link") == []
    assert len(page.select(".entry-name")) == 6


def test_each_page_has_the_lines_of_its_part_of_time(site: MakeSite) -> None:
    days = [dated(100 + number, f"2026-{4 + number // 20:02}-{1 + number % 20:02}T12:00:00Z") for number in range(40)]
    later = [planned(number, "2026-12-31T00:00:00Z") for number in (7, 8)]
    one = site(*MANY, *later, *days)
    lines, path, pages = [], "/", 0
    while path:
        page = page_of(one, path)
        lines.append(page.texts(".planned-link"))
        more = page.values("#more-link", "href")
        path = more[0] if more else ""
        pages += 1
    assert lines == [
        ["Also planned in April 2026: 6 launches without a day"],
        ["Also planned in December 2026: 2 launches without a day"],
    ]
    assert pages == 2


def test_a_line_leads_to_its_launches_by_rocket(site: MakeSite) -> None:
    one = site(*MANY, planned(7, "2026-06-30T00:00:00Z", QUARTER_2), make_record(1, date="2026-04-02T00:00:00Z"))
    (path, _) = page_of(one, "/?tz=Asia/Tokyo&kind=launch").values(".planned-link", "href")
    assert path == "/planned/2026-04-01/2026-04-30?kind=launch&tz=Asia/Tokyo"
    page = page_of(one, path)
    assert page.texts("#planned > summary") == ["Also planned in April 2026: 6 launches without a day"]
    assert page.texts(".planned-name") == ["Falcon 9 Block 5", "Soyuz 2.1a/Fregat-M", "Starship V3"]
    assert sorted(page.texts(".entry-name")) == [f"Meridian {number}" for number in range(1, 7)]
    assert page.select(".entry .glyph") == []


@pytest.mark.parametrize("period", ["2026-04-01/2026-04-29", "2026-04-01/x", "x/2026-04-30", "2026-05-01/2026-05-31"])
def test_a_period_that_has_none_is_not_found(site: MakeSite, period: str) -> None:
    assert site(*MANY).get(f"/planned/{period}")[0] == 404


def test_the_filter_holds_for_the_lines_too(site: MakeSite) -> None:
    other = [planned(number, program=[program(17)]) for number in range(11, 19)]
    one = site(*MANY, *other)
    assert page_of(one).texts(".planned-link") == ["Also planned in April 2026: 14 launches without a day"]
    page = page_of(one, "/?program=17")
    assert page.texts(".planned-link") == ["Also planned in April 2026: 8 launches without a day"]
    assert len(page_of(one, page.values(".planned-link", "href")[0]).texts(".entry-name")) == 8
    assert page_of(one, "/?kind=event").select(".planned-link") == []


def test_launches_without_any_date_come_last(site: MakeSite) -> None:
    undated = [planned(number, None) for number in (11, 12)]
    one = site(*MANY, *undated, make_record(1, date=None, date_precision=None))
    page = page_of(one)
    assert page.texts(".planned-link") == [
        "Also planned in April 2026: 6 launches without a day",
        "Also planned: 2 launches without a date",
    ]
    path = page.values(".planned-link", "href")[1]
    listed = page_of(one, path)
    assert listed.texts("h1") == ["Planned, without a date"]
    assert sorted(listed.texts(".entry-name")) == ["Meridian 11", "Meridian 12"]


def test_of_many_launches_on_a_day_four_stand_and_the_rest_opens(site: MakeSite) -> None:
    same_day = [dated(number, f"2026-03-05T{number:02}:00:00Z") for number in range(1, 8)]
    event = make_record(1, date="2026-03-05T23:00:00Z", date_precision=precision(1))
    first = make_record(2, date="2026-03-02T23:00:00Z", date_precision=precision(1))
    page = page_of(site(*same_day, event, first))
    (group,) = page.select('.group[data-day="2026-03-05"]')
    assert group.texts(".group-entries .entry-name") == [
        *(f"Meridian {number}" for number in range(1, 5)),
        event["name"],
    ]
    assert group.texts(".group-rest > summary") == ["3 more launches that day"]
    assert group.texts(".group-rest .entry-name") == [f"Meridian {number}" for number in range(5, 8)]


def test_five_launches_on_a_day_all_stand(site: MakeSite) -> None:
    same_day = [dated(number, f"2026-03-05T{number:02}:00:00Z") for number in range(1, 6)]
    first = make_record(2, date="2026-03-02T23:00:00Z", date_precision=precision(1))
    page = page_of(site(*same_day, first))
    assert len(page.texts(".entry-name")) == 5
    assert page.select(".group-rest") == []
