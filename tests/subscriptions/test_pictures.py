"""Pictures in the feeds that are served: there once they are held, and no change of their entries."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import icalendar
import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.records import precision
from tests.feeds.readers import read_xml
from tests.pictured import FILES, image_record, put_picture
from tests.site import Site

MakeSite = Callable[..., Site]
ADDRESS = "https://events.example.org"
PICTURE = f"{ADDRESS}/pictures/{FILES[8].path}"
PATHS = ["/feeds/events.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json", "/events/1.ics"]


@pytest.fixture
def one(site: MakeSite) -> Site:
    values = {"date": stamp(NOW + timedelta(days=1)), "date_precision": precision(1), "image": image_record()}
    return site(*(make_record(number, **values) for number in (1, 2)), PERIGEE_PUBLIC_URL=ADDRESS)


@pytest.mark.parametrize("path", PATHS)
def test_a_feed_names_a_picture_from_when_it_is_held(one: Site, clock: ManualClock, path: str) -> None:
    before = one.client.get(path)
    assert PICTURE not in unfolded(before.text)
    put_picture(one.store, clock(), [1])
    after = one.client.get(path)
    assert PICTURE in unfolded(after.text)
    assert before.headers["ETag"] != after.headers["ETag"]


@pytest.mark.parametrize("path", ["/feeds/changes.rss", "/feeds/changes.atom", "/feeds/changes.json"])
def test_changes_have_the_picture_of_their_entry(one: Site, clock: ManualClock, path: str) -> None:
    put_picture(one.store, clock(), [1])
    clock.advance(timedelta(days=1))
    one.put(make_record(3, name="New", date=stamp(NOW + timedelta(days=9)), image=image_record()), now=clock())
    assert PICTURE in one.get(path)[1]


def test_only_what_is_pictured_is_written_anew(one: Site, clock: ManualClock) -> None:
    before = items(one)
    put_picture(one.store, clock(), [1])
    after = items(one)
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True]


def test_a_new_picture_is_no_change_of_its_entry(one: Site, clock: ManualClock) -> None:
    before, dates = events(one), feed_dates(one)
    clock.advance(timedelta(hours=5))
    put_picture(one.store, clock(), [1, 2])
    after = events(one)
    assert [event["IMAGE"].params["DISPLAY"] for event in after] == ["FULLSIZE", "FULLSIZE"]
    for old, new in zip(before, after, strict=True):
        for name in ("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART"):
            assert old[name].to_ical() == new[name].to_ical()
    assert feed_dates(one) == dates
    assert json.loads(one.get("/feeds/changes.json")[1])["items"] == []


@pytest.mark.parametrize("policy", ["licensed", "all", "off"])
def test_the_owners_choice_holds_in_feeds(site: MakeSite, clock: ManualClock, policy: str) -> None:
    date = stamp(NOW + timedelta(days=1))
    one = site(make_record(1, date=date, image=image_record("Unknown")), PERIGEE_PICTURES=policy)
    put_picture(one.store, clock(), [1])
    assert ("/pictures/" in one.get("/feeds/events.rss")[1]) == (policy == "all")


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def items(one: Site) -> list[Any]:
    found: list[Any] = json.loads(one.get("/feeds/events.json")[1])["items"]
    return found


def events(one: Site) -> list[Any]:
    return icalendar.Calendar.from_ical(one.get("/feeds/events.ics")[1]).walk("VEVENT")


def feed_dates(one: Site) -> list[tuple[str, str]]:
    return [(found.published, found.updated) for found in read_xml(one.client.get("/feeds/events.atom").data).entries]
