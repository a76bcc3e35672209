"""What stands under one heading stands together: a thousand events of every precision, on timeline and archive."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import reference
from tests.clock import NOW, ManualClock
from tests.every_precision import records_of_every_precision
from tests.factories import dates, make_entry, precision_ids
from tests.keys import event_key
from tests.pages.test_views import plain
from tests.site import Site, make_site
from tests.test_parity import read_page
from webapp.domain.entry import Entry
from webapp.domain.query import Query, View
from webapp.domain.scopes import past_scope, upcoming_scope
from webapp.pages.groups import group_entries, page_order
from webapp.settings import Settings

RECORDS = records_of_every_precision(NOW)
KNOWN = [reference.known(record) for record in RECORDS]
SCOPES = {"/": upcoming_scope(NOW), "/past": past_scope(NOW)}
ZONES = ("UTC", "Pacific/Kiritimati", "America/Los_Angeles")
CONTINUED = " , continued"
GROUP = re.compile(
    r'<section class="group[^"]*"(?: data-day="[^"]*")?( aria-labelledby="[^"]*")?>.*?<h2[^>]*>(.*?)</h2>', re.DOTALL
)


class Group(NamedTuple):
    """The heading of a group, and whether the group is a landmark by that name."""

    heading: str
    is_landmark: bool


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("groups")
    site = make_site(Settings.load({"PERIGEE_DATA_DIR": str(folder / "data")}), ManualClock(), RECORDS)
    yield site
    site.close()


def pages(site: Site, path: str) -> Iterator[tuple[list[Group], list[int]]]:
    """Give the groups and the ids of each page, from this one on."""
    following: str | None = path
    while following:
        status, html = site.get(following)
        assert status == 200
        ids, following = read_page(html)
        yield (
            [Group(plain(heading), bool(label)) for label, heading in GROUP.findall(html)],
            [int(number) for number in ids],
        )


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


@pytest.mark.parametrize("path", SCOPES)
def test_the_order_goes_by_the_end_of_what_a_date_means(crowded: Site, path: str) -> None:
    ids = [number for _, found in pages(crowded, f"{path}?limit=100") for number in found]
    assert ids == reference.ids_of(KNOWN, SCOPES[path], View())
    ends = {one.id: one.last_date for one in KNOWN}
    known_ends = [end for number in ids if (end := ends[number])]
    assert known_ends == sorted(known_ends, reverse=path == "/past")


@pytest.mark.parametrize("path", SCOPES)
def test_a_heading_stands_once_and_on_a_later_page_only_where_that_goes_on_with_it(crowded: Site, path: str) -> None:
    headings: list[str] = []
    for groups, _ in pages(crowded, path):
        first, *others = [group.heading for group in groups]
        if first.endswith(CONTINUED):
            assert headings[-1] == first.removesuffix(CONTINUED)
        else:
            headings.append(first)
        headings += others
    assert repeated(headings) == []
    assert len(headings) > 100


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("path", SCOPES)
def test_a_heading_stands_once_on_a_page_in_any_zone(crowded: Site, path: str, zone: str) -> None:
    for groups, _ in pages(crowded, f"{path}?limit=100&tz={zone}"):
        assert repeated(group.heading for group in groups) == []


@pytest.mark.parametrize("ordering", ["date", "-date", "last_updated", "-last_updated"])
@pytest.mark.parametrize("path", SCOPES)
def test_an_order_that_is_asked_for_is_kept_and_no_landmark_is_named_twice(
    crowded: Site, path: str, ordering: str
) -> None:
    query = Query.parse([("ordering", ordering)])
    found = list(pages(crowded, f"{path}?limit=100&ordering={ordering}&tz=Pacific/Kiritimati"))
    for groups, _ in found:
        assert repeated(group.heading for group in groups if group.is_landmark) == []
    ids = [number for _, listed in found for number in listed]
    assert ids == reference.ids_of(KNOWN, SCOPES[path], query.view)


EVENTS = st.lists(st.builds(make_entry, date=st.none() | dates(), precision_id=precision_ids()), max_size=12)


@pytest.mark.parametrize("is_latest_first", [False, True])
@given(events=EVENTS, zone=st.sampled_from(ZONES))
def test_no_heading_stands_twice_whatever_the_dates(*, is_latest_first: bool, events: list[Entry], zone: str) -> None:
    query = Query.parse([("tz", zone)])
    in_order = page_order(events, query.view, is_latest_first=is_latest_first)
    groups = group_entries(in_order, before=None, zone=ZoneInfo(zone), now=NOW, marks={})
    assert [group.heading for group in groups if group.repeated or group.continued] == []
    assert sum(len(group.entries) for group in groups) == len(events)


def test_a_day_of_another_zone_does_not_stand_on_both_sides_of_the_month_that_ends_between() -> None:
    evening = make_entry(key=event_key(1), date=NOW.replace(month=3, day=31, hour=20), precision_id=1)
    month = make_entry(key=event_key(2), date=NOW.replace(month=3, day=31), precision_id=7)
    morning = make_entry(key=event_key(3), date=NOW.replace(month=4, day=1, hour=2), precision_id=1)
    for events, is_latest_first in (((evening, month, morning), False), ((morning, month, evening), True)):
        query = Query.parse([("tz", "Asia/Tokyo")])
        in_order = page_order(events, query.view, is_latest_first=is_latest_first)
        groups = group_entries(in_order, before=None, zone=query.view.zone, now=NOW, marks={})
        found = [(group.heading.period, len(group.entries)) for group in groups]
        assert found == [("March 2026", 1), ("April 2026", 2)][:: -1 if is_latest_first else 1]
