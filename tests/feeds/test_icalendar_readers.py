import json
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import ics
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.browser.judges import judge, program
from tests.factories import hostile_texts, make_info, published_lists
from tests.feeds.expected import feed_id, title
from tests.feeds.writing import write_feed
from webapp.domain.durations import usual_duration
from webapp.domain.entry import Entry
from webapp.domain.parameters import Vague
from webapp.domain.precision import ClockRange
from webapp.feeds.about import PublishedEntry
from webapp.feeds.facts import facts_of, provenance_of, webcasts_of
from webapp.feeds.formats import ICALENDAR
from webapp.feeds.options import CalendarOptions

LAST_DATE, LAST_SECOND = date.max, datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
vagues = st.sampled_from(Vague)


def render(entries: Sequence[PublishedEntry], vague: Vague = Vague.OMIT) -> bytes:
    return write_feed(ICALENDAR, entries, make_info(), CalendarOptions(vague))


def uid(event: Entry) -> str:
    return f"{feed_id(event)}@perigee.invalid"


def dated(entries: Sequence[PublishedEntry]) -> list[PublishedEntry]:
    """What a calendar can place, in the order in which it does."""
    return sorted(
        (published for published in entries if published.stored.entry.date),
        key=lambda published: published.stored.id,
    )


def starts_and_ends(event: Entry, vague: Vague) -> tuple[date, date | None]:
    """The first instant or date, and the exclusive end; none where nothing later can be written."""
    date_range = event.date_range
    assert date_range is not None
    if isinstance(date_range, ClockRange):
        length = usual_duration(event.type.id)
        end = date_range.start + length if LAST_SECOND - date_range.start > length else LAST_SECOND
        return date_range.start, None if end == date_range.start else end
    last = date_range.first_date if vague is Vague.MARKER and event.precision.rank > 1 else date_range.last_date
    if last < LAST_DATE:
        return date_range.first_date, last + timedelta(days=1)
    return date_range.first_date, None if date_range.first_date == LAST_DATE else LAST_DATE


def texts(published: PublishedEntry) -> tuple[str, str, str]:
    """Summary, location and description."""
    event = published.stored.entry
    name = title(event)
    summary = f"{name} ({event.date_words})" if event.precision.rank else name
    facts = [f"{label}: {value}" for label, value in facts_of(published)]
    watch = [f"Watch: {title}\n{url}" for title, url in webcasts_of(published.stored)]
    end = f"{published.page_url}\n{provenance_of(published.stored)}"
    blocks = ["\n".join(facts + watch), event.description.strip(), end]
    return summary, event.location, "\n\n".join(filter(None, blocks))


@settings(max_examples=30, deadline=None)
@given(published_lists(), vagues)
def test_any_entries_are_read_back_by_icalendar(entries: list[PublishedEntry], vague: Vague) -> None:
    calendar = Calendar.from_ical(render(entries, vague))
    found: list[Any] = calendar.walk("VEVENT")
    assert [component.errors for component in (calendar, *calendar.walk())] == [[]] * (1 + len(calendar.walk()))
    assert [str(one["UID"]) for one in found] == [uid(published.stored.entry) for published in dated(entries)]
    for one, published in zip(found, dated(entries), strict=True):
        stored, (start, end) = published.stored, starts_and_ends(published.stored.entry, vague)
        assert (one["DTSTART"].dt, one["DTEND"].dt if "DTEND" in one else None) == (start, end)
        assert (one["DTSTAMP"].dt, one["LAST-MODIFIED"].dt) == (stored.changed_at, stored.changed_at)
        assert (int(one["SEQUENCE"]), str(one["URL"])) == (stored.revision, published.page_url)
        assert (str(one["SUMMARY"]), str(one.get("LOCATION", "")), str(one["DESCRIPTION"])) == texts(published)
        categories = [stored.entry.type.name, *(program.name for program in stored.entry.programs)]
        assert [str(name) for name in one["CATEGORIES"].cats] == [name for name in dict.fromkeys(categories) if name]


# As a reader, the library takes a literal backslash before one of these letters for a line break.
misread = re.compile(r"\\+(?=[nNrR])")


@settings(max_examples=15, deadline=None)
@given(published_lists(hostile_texts(3).map(lambda text: misread.sub("", text))), vagues)
def test_any_entries_are_read_back_by_ics(entries: list[PublishedEntry], vague: Vague) -> None:
    found = {one.uid: one for one in ics.Calendar(render(entries, vague).decode()).events}
    expected = {uid(published.stored.entry): published for published in dated(entries)}
    assert found.keys() == expected.keys()
    for key, published in expected.items():
        one = found[key]
        start, end = starts_and_ends(published.stored.entry, vague)
        assert one.all_day == (not isinstance(start, datetime))
        assert as_date(one.begin.datetime, one.all_day) == start
        assert end is None or as_date(one.end.datetime, one.all_day) == end
        assert (one.last_modified.datetime, one.created.datetime) == (published.stored.changed_at,) * 2
        assert (one.name, one.location or "", one.description) == texts(published)


def as_date(moment: datetime, all_day: bool) -> date:  # noqa: FBT001 - a fact, no switch
    return moment.date() if all_day else moment


@settings(max_examples=6, deadline=None)
@given(st.lists(st.tuples(published_lists(), vagues), min_size=5, max_size=10))
def test_any_entries_are_read_back_by_ical_js(calendars: list[tuple[list[PublishedEntry], Vague]]) -> None:
    """A parser of another house and another language."""
    library, node = judge("ical.js/dist/ical.es5.cjs"), program("node")
    given = json.dumps([render(entries, vague).decode() for entries, vague in calendars])
    reader = Path(__file__).with_name("read_with_icaljs.cjs")
    done = subprocess.run([node, reader, library], input=given, capture_output=True, text=True, check=True)
    for found, (entries, vague) in zip(json.loads(done.stdout), calendars, strict=True):
        assert [one["uid"] for one in found] == [uid(published.stored.entry) for published in dated(entries)]
        for one, published in zip(found, dated(entries), strict=True):
            start, end = starts_and_ends(published.stored.entry, vague)
            assert (one["dtstart"], one["dtend"]) == (spelled(start), None if end is None else spelled(end))
            assert (one["summary"], one["location"] or "", one["description"]) == texts(published)


def spelled(moment: date) -> str:
    """As iCalendar spells a date, or an instant in UTC."""
    if isinstance(moment, datetime):
        moment = moment.replace(microsecond=0, tzinfo=None)
        return re.sub("[-:]", "", moment.isoformat()) + "Z"
    return moment.isoformat().replace("-", "")
