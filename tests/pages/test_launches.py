"""Pages, feeds and calendars take launches as they take events."""

import pytest

from tests.clock import NOW
from tests.factories import make_stored
from tests.fake_ll2 import make_launch, make_record
from tests.fake_ll2.launches import launch_id
from webapp.domain.parameters import Vague
from webapp.domain.zones import UTC_ZONE
from webapp.feeds.about import PublishedEntry
from webapp.feeds.icalendar import render_entry
from webapp.feeds.items import entry_item
from webapp.feeds.options import CalendarOptions
from webapp.ll2.parse import parse_event
from webapp.ll2.parse_launch import parse_launch
from webapp.pages.detail import present_detail
from webapp.pages.entry_lines import present_line
from webapp.pages.particulars import present_particulars
from webapp.pages.related import present_mission, present_related
from webapp.web.addresses import entry_path


@pytest.mark.parametrize("number", range(1, 19))
def test_a_launch_is_shown_everywhere(number: int) -> None:
    entry = parse_launch(make_launch(number))
    stored = make_stored(entry)
    page_url = f"https://space.example{entry_path(entry)}"
    assert page_url == f"https://space.example/launches/{launch_id(number)}/carrier-meridian-{number}"
    published = PublishedEntry(stored, page_url)
    assert present_detail(stored, [], now=NOW, page_url=page_url).name == entry.name
    assert present_line(entry, now=NOW).name == f"Meridian {number}"
    assert entry_item(published).url == page_url
    assert f"URL:{page_url}" in render_entry(published, CalendarOptions(vague=Vague.SPAN))


def test_its_particulars_begin_with_what_only_launches_have() -> None:
    titles = [group.title for group in present_particulars(parse_launch(make_launch(1)))]
    assert titles == ["Rocket", "Mission", "Orbit", "Launch provider", "Mission patch", "Agencies", "Program"]


def test_a_launch_is_the_first_step_of_its_mission() -> None:
    launch = parse_launch(make_launch(1, net="2026-05-01T12:00:00Z"))
    reference = {"id": launch_id(1), "name": launch.name}
    docking = parse_event(make_record(1, date="2026-05-02T12:00:00Z", launches=[reference], program=[]))
    other = parse_launch(make_launch(2, net="2026-05-02T12:00:00Z"))
    steps = present_mission(docking, [launch, docking, other], UTC_ZONE)
    assert [(step.name, step.is_itself) for step in steps] == [("Meridian 1", False), (docking.name, True)]
    assert steps == tuple(present_mission(docking, [other, launch], UTC_ZONE))
    related = present_related(launch, [docking, other], UTC_ZONE)
    assert [(one.name, one.reason) for one in related] == [("Meridian 2", "day")]
