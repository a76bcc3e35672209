"""Entries for tests: one plain event to vary, and hypothesis strategies for whatever the parser may let through."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.keys import event_key, launch_key
from webapp.domain.entry import LAUNCH_TYPE, Agency, Entry, EntryKind, EventDetail, EventType, Program, StoredEntry
from webapp.domain.launch import LaunchDetail, LaunchStatus, LaunchWindow, Mission, Orbit, Pad, Place, Rocket
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import clean_text, one_line
from webapp.domain.webcasts import Webcast
from webapp.feeds.about import FeedInfo, PublishedEntry
from webapp.store.keys import FIRST_GIVEN_ID

DOCKING = EventType(2, "Docking")
CHANGED_AT = datetime(2026, 2, 20, 18, 45, tzinfo=UTC)

PLAIN_EVENT = Entry(
    key=event_key(1),
    name="Meridian 1 Docking",
    slug="meridian-1-docking",
    type=DOCKING,
    date=datetime(2026, 3, 14, 7, 12, 53, tzinfo=UTC),
    precision_id=1,
    description="",
    location="",
    webcast_live=False,
    picture=None,
    webcasts=(),
    links=(),
    updates=(),
    agencies=(),
    programs=(),
    last_updated=None,
    detail=EventDetail(),
)
PLAIN_WEBCAST = Webcast(
    url="https://www.youtube.com/watch?v=a1B2c3D4e5F",
    title="Meridian 1 docks",
    publisher="Meridian",
    kind_id=1,
    kind_name="Official Webcast",
    language="English",
    language_code="en",
    priority=10,
    live=False,
    start=None,
    end=None,
)


def make_entry(**overrides: Any) -> Entry:
    """Give a docking on 14 March 2026 at 07:12:53 UTC, known to the minute and bare of all else."""
    return replace(PLAIN_EVENT, **overrides)


PLAIN_LAUNCH = replace(
    PLAIN_EVENT,
    key=launch_key(1),
    name="Carrier | Meridian 1",
    slug="carrier-meridian-1",
    type=LAUNCH_TYPE,
    detail=LaunchDetail(status=LaunchStatus(1, "Go for Launch", "Go")),
)


def make_launch_entry(detail: LaunchDetail | None = None, **overrides: Any) -> Entry:
    """Give a launch at the time of `make_entry`, which is Go and bare of all else, or has this detail."""
    return replace(PLAIN_LAUNCH, detail=detail or PLAIN_LAUNCH.detail, **overrides)


def make_webcast(**overrides: Any) -> Webcast:
    """Give an official webcast on YouTube that is not live."""
    return replace(PLAIN_WEBCAST, **overrides)


def make_stored(event: Entry = PLAIN_EVENT, **overrides: Any) -> StoredEntry:
    """Give the entry as the store knows one that has never changed."""
    is_event = event.key.kind is EntryKind.EVENT
    entry_id = int(event.key.source_id) if is_event else FIRST_GIVEN_ID - 1 + int(event.key.source_id[-12:])
    stored = StoredEntry(id=entry_id, entry=event, revision=0, first_seen=CHANGED_AT, changed_at=CHANGED_AT)
    return replace(stored, **overrides)


HOSTILE_SCRAPS = (
    "<script>alert(1)</script>", "&amp;", "&#0;", "]]>", '"', "'", "\\", "\\n", "\\\\", ";", ",", ":", "\r\n", "\r",
    "\n", "\n\n", "\t", "\x00", "\x0b", "\x0c", "\x1b", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\ud800", "\ufffe",
    "\uffff", "\ufeff", "\u202e", "\u200d", "e\u0301", "👩🏽‍🚀", "\U0010ffff", "END:VEVENT", "BEGIN:VALARM", " ",
    "%0d%0a", "虚构事件", "выдуманное", "حدث", "אירוע", "कार्यक्रम", "เหตุการณ์", "事件イベント", "이벤트", "Événement",
)  # fmt: skip
"""Scraps of text that break something somewhere, and words in many scripts."""


def hostile_texts(max_size: int = 6) -> st.SearchStrategy[str]:
    """Text as it may arrive: scraps and any characters, lone surrogates and control characters among them."""
    return st.lists(st.sampled_from(HOSTILE_SCRAPS) | st.text(max_size=4), max_size=max_size).map("".join)


HOSTILE_TEXTS = hostile_texts()


def dates() -> st.SearchStrategy[datetime]:
    """Any instant from year 1 to 9999, in whole seconds, and often the last or the first of a period."""
    instants = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
    borders = st.builds(
        lambda year, month, step: datetime(year, month, 1, tzinfo=UTC) + step * timedelta(seconds=1),
        st.integers(2, 9999),
        st.sampled_from((1, 4, 7, 10)),
        st.sampled_from((-1, 0, 1)),
    )
    ends = st.sampled_from((datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)))
    return instants | borders | ends


def precision_ids() -> st.SearchStrategy[int | None]:
    """Each of the seventeen, none at all, and ids that nobody has documented."""
    return st.none() | st.integers(0, 16) | st.sampled_from((-1, 17, LARGEST_ID))


def webcasts(texts: st.SearchStrategy[str] = HOSTILE_TEXTS) -> st.SearchStrategy[Webcast]:
    """Webcasts of every kind, their texts hostile."""
    lines = texts.map(one_line)
    return st.builds(
        Webcast,
        url=st.sampled_from(
            (
                "https://youtu.be/a1B2c3D4e5F?t=90",
                "http://plus.nasa.gov/video/a,b;c/",
                "https://example.org/%C3%A9?q=1&amp;r='2'",
            )
        ),
        title=lines,
        publisher=lines,
        kind_id=st.sampled_from((0, 1, 3, 6, 99)),
        kind_name=lines,
        language=lines,
        language_code=st.just("en"),
        priority=st.integers(0, 3),
        live=st.booleans(),
        start=st.none() | dates(),
        end=st.none() | dates(),
    )


def events(texts: st.SearchStrategy[str] = HOSTILE_TEXTS) -> st.SearchStrategy[Entry]:
    """Events of any date and precision, their texts hostile, though cleaned as the parser cleans them."""
    lines = texts.map(one_line)
    return st.builds(
        Entry,
        key=st.integers(1, LARGEST_ID).map(event_key),
        name=lines.filter(bool),
        slug=st.sampled_from(("", "meridian-1-docking", "A_b-C")),
        type=st.builds(EventType, st.integers(1, 31), lines.filter(bool)),
        date=st.none() | dates(),
        precision_id=precision_ids(),
        description=texts.map(clean_text),
        location=lines,
        webcast_live=st.booleans(),
        picture=st.none(),
        webcasts=st.lists(webcasts(texts), max_size=2).map(tuple),
        links=st.just(()),
        updates=st.just(()),
        agencies=st.lists(st.builds(Agency, st.integers(1, 99), lines, lines), max_size=2).map(tuple),
        programs=st.lists(st.builds(Program, st.integers(1, 99), lines), max_size=2).map(tuple),
        last_updated=st.none() | dates(),
        detail=st.builds(EventDetail, duration=st.sampled_from((None, "PT1H5M30S"))),
    )


def launches(texts: st.SearchStrategy[str] = HOSTILE_TEXTS) -> st.SearchStrategy[Entry]:
    """Launches of any date, precision and status, their texts hostile, though cleaned as the parser cleans them."""
    return st.builds(
        lambda entry, number, detail: replace(entry, key=launch_key(number), type=LAUNCH_TYPE, detail=detail),
        events(texts),
        st.integers(1, 10**9),
        _launch_details(texts),
    )


def _launch_details(texts: st.SearchStrategy[str]) -> st.SearchStrategy[LaunchDetail]:
    lines, some_id = texts.map(one_line), st.none() | st.integers(1, 99)
    orbits = st.builds(Orbit, some_id, lines.filter(bool), lines)
    places = st.builds(Place, some_id, lines.filter(bool), st.sampled_from(("", "America/New_York")))
    windows = st.tuples(dates(), dates()).map(lambda ends: LaunchWindow(min(ends), max(ends)))
    return st.builds(
        LaunchDetail,
        status=st.none() | st.builds(LaunchStatus, st.integers(1, 12), lines, lines),
        window=st.none() | windows,
        rocket=st.none() | st.builds(Rocket, some_id, lines.filter(bool), lines.filter(bool), st.just(())),
        mission=st.none() | st.builds(Mission, lines, lines, st.none() | orbits),
        pad=st.none() | st.builds(Pad, some_id, lines, st.none() | places),
        provider_id=some_id,
        probability=st.none() | st.integers(0, 100),
        weather_concerns=lines,
        outcome_reason=texts.map(clean_text),
    )


def stored_entries(texts: st.SearchStrategy[str] = HOSTILE_TEXTS) -> st.SearchStrategy[StoredEntry]:
    """Such events and launches with what the store adds to them."""
    instants = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
    entries = events(texts) | launches(texts)
    return st.builds(make_stored, entries, revision=st.integers(0, 99), first_seen=instants, changed_at=instants)


def published_lists(texts: st.SearchStrategy[str] = HOSTILE_TEXTS) -> st.SearchStrategy[list[PublishedEntry]]:
    """A few such entries as feeds publish them, no id twice."""
    one = stored_entries(texts).map(make_published)
    return st.lists(one, max_size=3, unique_by=lambda published: published.stored.id)


def make_published(stored: StoredEntry) -> PublishedEntry:
    """Give the entry as feeds publish it, its page on space.example."""
    key = stored.entry.key
    return PublishedEntry(stored, f"https://space.example/{key.kind.plural}/{key.source_id}?a=1&b=2,3;4")


def make_info(**overrides: Any) -> FeedInfo:
    """Give what a feed says of itself, with characters that need escaping."""
    info = FeedInfo(
        title="Space events, & more; all",
        description='All <b>events</b>\nand "more"',
        self_url="https://space.example/feeds/events?type__ids=2,8&past=7",
        page_url="https://space.example/?type__ids=2,8",
        updated=CHANGED_AT,
    )
    return replace(info, **overrides)
