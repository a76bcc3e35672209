import re

import pytest
from hypothesis import given, settings

from tests.factories import events, make_entry
from tests.fake_ll2.launches import launch_id
from tests.keys import event_key, launch_key
from webapp.domain.entry import Entry
from webapp.domain.query import Query
from webapp.web.addresses import entry_ical_path, entry_path, entry_slug, record_path, timeline_path


@pytest.mark.parametrize(
    ("pairs", "path"),
    [
        ([], "/"),
        ([("type__ids", "8,2"), ("offset", "25")], "/?type__ids=2,8&offset=25"),
        ([("past", "7"), ("vague", "span")], "/"),
        ([("program", "17"), ("vague", "marker"), ("limit", "10")], "/?program=17&limit=10"),
    ],
)
def test_the_timeline_shows_the_query_without_what_only_feeds_understand(
    pairs: list[tuple[str, str]], path: str
) -> None:
    assert timeline_path(Query.parse(pairs)) == path


@pytest.mark.parametrize(
    ("slug", "name", "path"),
    [
        ("crew-11-docking", "Crew-11 Docking", "/events/7/crew-11-docking"),
        ("Crew-11_Docking", "", "/events/7/crew-11_docking"),
        ("", "SpaceX Crew-11: Docking & more", "/events/7/spacex-crew-11-docking-more"),
        ("---", "Événement Ünïcode", "/events/7/evenement-unicode"),
        ("../../etc", "x", "/events/7/etc"),
        ('"><script>', "x", "/events/7/script"),
        ("", "虚构事件", "/events/7"),
        ("", "", "/events/7"),
    ],
)
def test_an_event_has_one_address(slug: str, name: str, path: str) -> None:
    assert entry_path(make_entry(key=event_key(7), slug=slug, name=name)) == path


def test_a_slug_is_not_endless() -> None:
    assert entry_slug(make_entry(slug="a" * 500)) == "a" * 100


@settings(max_examples=25)
@given(events())
def test_any_events_address_needs_no_escaping(event: Entry) -> None:
    assert re.fullmatch(r"/events/\d+(/[a-z0-9_-]{1,100})?", entry_path(event), re.ASCII)


def test_a_launch_has_addresses_among_launches() -> None:
    launch = make_entry(key=launch_key(7), slug="carrier-meridian")
    assert entry_path(launch) == f"/launches/{launch_id(7)}/carrier-meridian"
    assert entry_ical_path(launch) == f"/launches/{launch_id(7)}.ics"
    assert record_path(launch) == f"/2.3.0/launches/{launch_id(7)}/?format=api"
