import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import make_entry, make_info, make_published, make_stored, make_webcast, published_lists
from tests.feeds.writing import write_feed
from tests.keys import event_key
from webapp import __version__
from webapp.domain.entry import EventType, Program
from webapp.domain.parameters import Vague
from webapp.feeds.about import PublishedEntry
from webapp.feeds.formats import ICALENDAR
from webapp.feeds.icalendar import join_calendar, render_entry, write_calendar_entry
from webapp.feeds.options import CalendarOptions

ROOT = Path(__file__).parents[2]
HEAD = rf"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Perigee//Space events {__version__}//EN
CALSCALE:GREGORIAN
NAME:Space events\, & more\; all
X-WR-CALNAME:Space events\, & more\; all
DESCRIPTION:All <b>events</b>\nand "more"
X-WR-CALDESC:All <b>events</b>\nand "more"
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
COLOR:midnightblue
SOURCE;VALUE=URI:https://space.example/feeds/events?type__ids=2,8&past=7
URL:https://space.example/?type__ids=2,8
LAST-MODIFIED:20260220T184500Z
"""
EVENT = r"""BEGIN:VEVENT
UID:ll2-event-7@perigee.invalid
DTSTAMP:20260220T184500Z
LAST-MODIFIED:20260220T184500Z
SEQUENCE:3
DTSTART:20260314T071200Z
DTEND:20260314T081200Z
SUMMARY:Meridian\, 1\; "docks"
STATUS:CONFIRMED
TRANSP:TRANSPARENT
CATEGORIES:Docking,A\, B
COLOR:steelblue
CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Webcast:https://plus.nasa.gov/a,b;
 c
DESCRIPTION:When: 14 March 2026\, 07:12 UTC. Known to the minute.\nType: Do
 cking\nWhere: Orbit\; low\nPrograms: A\, B\, Docking\nWatch: Meridian-1-do
 cks\nhttps://plus.nasa.gov/a\,b\;c\n\nOne\ntwo \\n three\n\nhttps://space.
 example/events/7?a=1&b=2\,3\;4\nSource: Launch Library 2 by The Space Devs
 \, event 7. Last changed 20 February 2026\, 18:45 UTC.
LOCATION:Orbit\; low
URL:https://space.example/events/7?a=1&b=2,3;4
END:VEVENT
"""
ZONE = """BEGIN:VTIMEZONE
TZID:Etc/UTC
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0000
TZOFFSETTO:+0000
TZNAME:UTC
END:STANDARD
END:VTIMEZONE
"""
TAIL = "END:VCALENDAR\n"
FULL = make_entry(
    key=event_key(7),
    name='Meridian, 1; "docks"',
    location="Orbit; low",
    description="\nOne\ntwo \\n three\n",
    webcasts=(make_webcast(url="https://plus.nasa.gov/a,b;c", title="Meridian-1-docks"),),
    programs=(Program(1, "A, B"), Program(2, ""), Program(3, "Docking")),
)


def render(entries: Sequence[PublishedEntry], vague: Vague = Vague.OMIT) -> bytes:
    return write_feed(ICALENDAR, entries, make_info(), CalendarOptions(vague))


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def properties(vague: Vague = Vague.OMIT, **overrides: Any) -> dict[str, str]:
    """Name with parameters, and value, of each property of one event."""
    lines = render_entry(make_published(make_stored(make_entry(**overrides))), CalendarOptions(vague))
    return dict(line.split(":", 1) for line in lines[1:-1])


def when(vague: Vague = Vague.OMIT, **overrides: Any) -> dict[str, str]:
    found = properties(vague, **overrides)
    return {name: value for name, value in found.items() if name.startswith(("DTSTART", "DTEND", "STATUS", "TRANSP"))}


def test_a_calendar_is_written_to_the_letter() -> None:
    assert render([make_published(make_stored(FULL, revision=3))]) == crlf(HEAD + EVENT + TAIL)


def test_a_calendar_without_events_holds_a_time_zone() -> None:
    assert render([]) == crlf(HEAD + ZONE + TAIL)


@pytest.mark.parametrize("minutes", [0, 15, 40320])
def test_an_alarm_is_written_to_the_letter(minutes: int) -> None:
    alarm = rf"""BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Meridian\, 1\; "docks"
TRIGGER:-PT{minutes}M
END:VALARM
END:VEVENT
"""
    entries = [make_published(make_stored(FULL, revision=3))]
    written = write_feed(ICALENDAR, entries, make_info(), CalendarOptions(alarm=minutes))
    assert written == crlf(HEAD + EVENT.replace("END:VEVENT\n", alarm) + TAIL)


@given(
    entries=published_lists(),
    vague=st.sampled_from(Vague),
    is_busy=st.booleans(),
    alarm=st.none() | st.integers(0, 50_000),
)
def test_what_options_share_makes_the_same_calendar(
    entries: Sequence[PublishedEntry], vague: Vague, *, is_busy: bool, alarm: int | None
) -> None:
    # Where coarse dates are left out, they are not asked for.
    kept = [one for one in entries if vague is not Vague.OMIT or one.stored.entry.precision.rank <= 1]
    options = CalendarOptions(vague, alarm, is_busy)
    in_order = sorted(kept, key=lambda one: one.stored.id)
    alone = [write_calendar_entry(published, options) for published in in_order]
    assert join_calendar(alone, make_info(), options) == write_feed(ICALENDAR, kept, make_info(), options)


def test_an_event_without_a_date_has_no_place_in_a_calendar() -> None:
    undated = make_published(make_stored(make_entry(key=event_key(8), date=None)))
    assert render([undated]) == render([])
    assert render([undated, make_published(make_stored(FULL, revision=3))]) == crlf(HEAD + EVENT + TAIL)
    with pytest.raises(ValueError, match=r"^event 8 has no date$"):
        render_entry(undated, CalendarOptions(Vague.SPAN))


def timed(status: str, start: str, end: str) -> dict[str, str]:
    return {"DTSTART": start, "DTEND": end, "STATUS": status, "TRANSP": "TRANSPARENT"}


def days(start: str, end: str) -> dict[str, str]:
    rest = {"STATUS": "TENTATIVE", "TRANSP": "TRANSPARENT"}
    return {"DTSTART;VALUE=DATE": start, "DTEND;VALUE=DATE": end, **rest}


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (0, timed("CONFIRMED", "20260314T071253Z", "20260314T081253Z")),
        (1, timed("CONFIRMED", "20260314T071200Z", "20260314T081200Z")),
        (2, timed("TENTATIVE", "20260314T070000Z", "20260314T080000Z")),
        (3, days("20260314", "20260315")),
        (4, days("20260314", "20260315")),
        (5, days("20260314", "20260315")),
        (6, days("20260309", "20260316")),
        (7, days("20260301", "20260401")),
        (11, days("20261001", "20270101")),
        (12, days("20260101", "20260701")),
        (14, days("20260101", "20270101")),
        (15, days("20251001", "20261001")),
        (16, days("20200101", "20300101")),
        (None, days("20260314", "20260315")),
        (99, days("20260314", "20260315")),
    ],
)
def test_an_entry_covers_its_window_and_gives_a_time_only_where_there_is_one(
    precision_id: int | None, expected: dict[str, str]
) -> None:
    assert when(Vague.SPAN, precision_id=precision_id) == expected


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (1, timed("CONFIRMED", "20260314T071200Z", "20260314T081200Z")),
        (5, days("20260314", "20260315")),
        (6, days("20260309", "20260316")),
        (7, days("20260301", "20260302")),
        (16, days("20200101", "20200102")),
    ],
)
def test_a_marker_stands_on_the_first_day_of_what_is_coarser_than_a_week(
    precision_id: int, expected: dict[str, str]
) -> None:
    assert when(Vague.MARKER, precision_id=precision_id) == expected


def test_an_entry_lasts_as_long_as_its_type_usually_does() -> None:
    spacewalk = when(type=EventType(3, "EVA"), date=datetime(2026, 3, 14, 20, tzinfo=UTC))
    assert spacewalk == timed("CONFIRMED", "20260314T200000Z", "20260315T023000Z")


@pytest.mark.parametrize(
    ("precision_id", "expected"),
    [
        (0, {"DTSTART": "99991231T235959Z", "STATUS": "CONFIRMED", "TRANSP": "TRANSPARENT"}),
        (1, timed("CONFIRMED", "99991231T235900Z", "99991231T235959Z")),
        (5, {"DTSTART;VALUE=DATE": "99991231", "STATUS": "TENTATIVE", "TRANSP": "TRANSPARENT"}),
        (7, days("99991201", "99991231")),
    ],
)
def test_an_end_that_cannot_be_later_is_left_out(precision_id: int, expected: dict[str, str]) -> None:
    assert when(Vague.SPAN, precision_id=precision_id, date=datetime.max.replace(tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("precision_id", "summary"),
    [
        (1, "Meridian 1 Docking"),
        (3, "Meridian 1 Docking"),
        (5, "Meridian 1 Docking"),
        (6, "Meridian 1 Docking (Week of 9 March 2026)"),
        (7, "Meridian 1 Docking (March 2026)"),
        (13, "Meridian 1 Docking (The second half of 2026)"),
        (None, "Meridian 1 Docking"),
    ],
)
def test_what_no_single_day_can_hold_says_in_its_name_when_it_is(precision_id: int | None, summary: str) -> None:
    assert properties(Vague.SPAN, precision_id=precision_id)["SUMMARY"] == summary


def test_the_conference_is_the_webcast_to_watch_first() -> None:
    later = make_webcast(url="https://x.com/i/1", kind_id=3, kind_name="Unofficial Webcast", priority=0)
    found = properties(webcasts=(later, make_webcast()))
    assert found["CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Webcast"] == make_webcast().url


@settings(max_examples=30, deadline=None)
@given(published_lists(), st.sampled_from(Vague), st.integers())
def test_the_bytes_are_sound_and_the_same_in_any_order(entries: list[PublishedEntry], vague: Vague, seed: int) -> None:
    written = render(entries, vague)
    rest = written.replace(b"\r\n", b"")
    assert (rest.count(b"\r"), rest.count(b"\n"), written[-2:]) == (0, 0, b"\r\n")
    assert [line for line in written.split(b"\r\n") if len(line) > 75] == []
    assert render(random.Random(seed).sample(entries, len(entries)), vague) == written  # noqa: S311 - no secret


SAMPLE_RENDERER = """
import hashlib, json, sys
from pathlib import Path
from datetime import UTC, datetime
from webapp.domain.entry import StoredEntry
from webapp.domain.parameters import Vague
from webapp.feeds.about import FeedInfo, PublishedEntry
from webapp.feeds.formats import ICALENDAR
from webapp.feeds.options import CalendarOptions
from webapp.ll2.parse import parse_page
moment = datetime(2025, 7, 19, 12, tzinfo=UTC)
page = parse_page(json.loads(Path("webapp/sync/sample-events.json").read_text("utf-8")))
entries = [received.entry for received in page.received]
stored = [StoredEntry(entry.key.json_id, entry, 0, moment, moment) for entry in entries]
published = [PublishedEntry(one, "https://space.example/") for one in stored]
info = FeedInfo("Events", "", "https://space.example/", "https://space.example/", moment)
options = CalendarOptions(Vague.SPAN)
written = ICALENDAR.join([ICALENDAR.write_entry(one, options) for one in published], info, options)
print(json.dumps([written.count(b"BEGIN:VEVENT"), hashlib.sha256(written).hexdigest()]))
"""


def test_every_process_writes_the_same_bytes() -> None:
    found = []
    for seed in ("1", "2"):
        environ = os.environ | {"PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SAMPLE_RENDERER]
        answer = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, check=True, text=True)
        found.append(json.loads(answer.stdout))
    assert found[0][0] == 10
    assert found[0] == found[1]
