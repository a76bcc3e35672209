"""What is told as a change is what pages, feeds and calendars show, and nothing else is."""

from dataclasses import replace

import pytest

from tests.clock import NOW
from tests.factories import make_stored
from tests.whole_entry import varied, whole_with
from webapp.domain.entry import Entry
from webapp.domain.parameters import Vague
from webapp.domain.reported_fields import FIELDS, Reported
from webapp.feeds.about import PublishedEntry
from webapp.feeds.icalendar import render_entry
from webapp.feeds.items import entry_item
from webapp.feeds.options import CalendarOptions
from webapp.pages.detail import present_detail
from webapp.pages.entry_lines import present_line
from webapp.web.addresses import entry_path

SHOWN = [(kind, name) for kind, listed in FIELDS.items() for name in listed]
# They stand at the foot of the page, as facts of the record: which it is, when it was touched, where its picture is.
OF_THE_RECORD = {(Entry, "key"), (Entry, "last_updated"), (Entry, "picture")}
# What the JSON feed says of a launch to programs is the record's, as in the API.
FOR_PROGRAMS = {"launch"}


def shown(event: Entry) -> list[object]:
    stored = make_stored(event)
    page_url = "https://space.example" + entry_path(event)
    published = PublishedEntry(stored, page_url)
    item = entry_item(published)
    return [
        present_detail(stored, [], now=NOW, page_url=page_url),
        present_line(event, now=NOW),
        replace(item, facts={name: value for name, value in item.facts.items() if name not in FOR_PROGRAMS}),
        render_entry(published, CalendarOptions(vague=Vague.SPAN)),
    ]


@pytest.mark.parametrize(
    ("kind", "name"),
    [one for one in SHOWN if one not in OF_THE_RECORD],
)
def test_a_field_is_told_if_it_is_shown_and_only_then(kind: type, name: str) -> None:
    is_shown = shown(varied(kind, name)) != shown(whole_with(kind))
    assert is_shown == isinstance(FIELDS[kind][name], Reported)
