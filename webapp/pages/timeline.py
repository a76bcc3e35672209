"""The timeline: upcoming events by day, and then by the vaguer ranges that end with those days."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType
from zoneinfo import ZoneInfo

from webapp.domain.change_words import from_to_words, moved_words
from webapp.domain.changes import Change, StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.precision import Certainty, ClockRange
from webapp.domain.query import Filter, Query, View
from webapp.domain.text import isolated
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.domain.zones import UTC_ZONE, in_zone
from webapp.pages.change_lines import mark_of
from webapp.pages.countdown import CountdownClock, present_countdown
from webapp.pages.filters import NOT_COUNTED, FilterForm, present_filter
from webapp.rendering.moments import Moment, present_entry_time
from webapp.store import Facets
from webapp.web.addresses import changes_path, entry_path, timeline_path

PAGE_SIZE = 25
SLIPS_ARE_MARKED_FOR = timedelta(days=7)
NO_FACETS = Facets((), (), ())
NO_SLIPS: Mapping[EntryKey, StoredChange] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Heading:
    """What a group stands under, in parts: `Saturday`, `2`, `August 2025`, or `Later in`, nothing, `August 2025`.

    `note` explains a vague one. `iso` is the date of a day, for a machine.
    """

    lead: str
    period: str
    number: str = ""
    note: str = ""
    iso: str | None = None


@dataclass(frozen=True, slots=True)
class MovedMark:
    """That an event has moved of late: how far in a few words, from when to when, and the drawing (`icon-<mark>`)."""

    words: str
    from_to: str
    mark: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event in the timeline. `time` is `None` unless its date carries a clock time; then `when` stands for it.

    `moved` tells of its latest slip, if that was seen within the week. `certainty` is `exact`, `hour`, `day`, `month`,
    `year` or `unknown`.
    """

    path: str
    name: str
    type_id: int
    type_name: str
    place: str
    certainty: str
    time: Moment | None
    when: str
    has_webcast: bool
    is_live: bool
    moved: MovedMark | None = None


@dataclass(frozen=True, slots=True)
class NextUp:
    """What comes first, told at length: what is live, or else the next event. `countdown` only where it is honest."""

    entry: TimelineEntry
    date_words: str
    countdown: CountdownClock | None


@dataclass(frozen=True, slots=True)
class ZoneNote:
    """In which zone a page tells days and times; `utc_path` leads to the same in UTC, unless that is what is told.

    A form that asks for another leads to `path` and carries the pairs of `hidden` along.
    """

    name: str
    utc_path: str | None
    path: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TimelineGroup:
    """A heading and the entries under it. `continued` says that the page before ended with it.

    `repeated` says that it stood before, elsewhere: an order that was asked for need not go by days.
    """

    heading: Heading
    continued: bool
    entries: tuple[TimelineEntry, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """What the timeline shows: entries `first` to `last` of `total`; a path is `None` where it would lead nowhere.

    `changed_path` leads to the changes of the same filter.
    """

    groups: tuple[TimelineGroup, ...]
    next_up: NextUp | None
    filter: FilterForm
    zone: ZoneNote
    total: int
    first: int
    last: int
    is_filtered: bool
    changed_path: str
    more_path: str | None
    start_path: str | None


def present_timeline(
    entries: Sequence[Entry],
    *,
    before: Entry | None,
    total: int,
    query: Query,
    facets: Facets = NO_FACETS,
    slips: Mapping[EntryKey, StoredChange] = NO_SLIPS,
    looser: Mapping[Filter, int] = NOT_COUNTED,
) -> TimelinePage:
    """Group one page of events, given in timeline order; `before` is the event just ahead of them, if any.

    `slips` has the latest slip of those that moved of late, by their keys; `looser` how many looser filters find.
    """
    in_order = page_order(entries, query.view)
    marks = {key: present_slip(slip.change) for key, slip in slips.items()}
    zone, offset = query.view.zone, query.view.offset
    last = offset + len(entries)
    return TimelinePage(
        groups=group_entries(in_order, before=before, zone=zone, marks=marks),
        next_up=_next_up(in_order, zone) if offset == 0 else None,
        filter=present_filter(query, facets, path="/", looser=looser),
        zone=zone_note(query, timeline_path),
        total=total,
        first=offset + 1 if entries else 0,
        last=last if entries else 0,
        is_filtered=query.filter != Filter(),
        changed_path=changes_path(Query(query.filter)),
        more_path=timeline_path(query.at(last)) if entries and last < total else None,
        start_path=timeline_path(query.at(0)) if offset else None,
    )


def group_entries(
    entries: Sequence[Entry], *, before: Entry | None, zone: ZoneInfo, marks: Mapping[EntryKey, MovedMark],
    month_lead: str = "Later in",
) -> tuple[TimelineGroup, ...]:  # fmt: skip
    """Group events, given in order, under their headings; `before` is the one just ahead of them, if any.

    `marks` says of those that moved how they did, by their keys; `month_lead` what stands before the name of a month.
    """
    groups: list[TimelineGroup] = []
    begun = set() if before is None else {_heading(before, zone, month_lead)}
    for heading, members in groupby(entries, lambda entry: _heading(entry, zone, month_lead)):
        shown = tuple(present_entry(entry, zone=zone, moved=marks.get(entry.key)) for entry in members)
        is_begun, is_first = heading in begun, not groups
        groups.append(
            TimelineGroup(heading, is_begun and is_first, shown, repeated=is_begun and not is_first),
        )
        begun.add(heading)
    return tuple(groups)


def _next_up(entries: Sequence[Entry], zone: ZoneInfo) -> NextUp | None:
    first = next((entry for entry in entries if entry.webcast_live), next(iter(entries), None))
    if first is None:
        return None
    return NextUp(present_entry(first, zone=zone), first.date_words_in(zone), present_countdown(first))


def zone_note(query: Query, path_of: Callable[[Query], str]) -> ZoneNote:
    """Say in which zone a page tells days and times; `path_of` gives its address for a query."""
    in_utc = replace(query, view=replace(query.view, zone=UTC_ZONE))
    path, _, _ = path_of(in_utc).partition("?")
    name = str(query.view.zone).replace("_", " ")
    return ZoneNote(name, None if query == in_utc else path_of(in_utc), path, tuple(in_utc.to_pairs()))


def present_entry(entry: Entry, *, zone: ZoneInfo = UTC_ZONE, moved: MovedMark | None = None) -> TimelineEntry:
    """Say of an event what its line in a list shows, clock times in this zone."""
    return TimelineEntry(
        path=entry_path(entry),
        name=isolated(entry.name),
        type_id=entry.type.id,
        type_name=isolated(entry.type.name),
        place=isolated(entry.location),
        certainty=entry.certainty_word,
        time=present_entry_time(entry, zone),
        when=_when(entry),
        has_webcast=bool(entry.webcasts),
        is_live=entry.webcast_live,
        moved=moved,
    )


def day_heading(day: date) -> Heading:
    """Give the heading of a day."""
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return Heading(WEEKDAYS[day.weekday()], month, number=str(day.day), iso=day.isoformat())


def present_slip(slip: Change) -> MovedMark:
    """Say how far a slip went."""
    return MovedMark(moved_words(slip), from_to_words(slip), mark_of(slip))


def _when(entry: Entry) -> str:
    """Say what stands where a clock time would: under a day, that there is none yet; elsewhere the date."""
    if entry.precision.certainty is not Certainty.DAY or entry.date is None:
        return entry.date_words
    half = {3: "Morning, time", 4: "Afternoon, time"}.get(entry.precision.id or 0, "Time")
    return f"{half} not yet known"


def page_order(entries: Sequence[Entry], view: View, *, is_latest_first: bool = False) -> list[Entry]:
    """Put one page of events in the order of the days of the view's zone, so that each heading stands once.

    An order that was asked for stays as it is.
    """
    if view.ordering is not None:
        return list(entries)
    return sorted(entries, key=lambda entry: _place(entry, view.zone), reverse=is_latest_first)


def _place(entry: Entry, zone: ZoneInfo) -> tuple[bool, date, int]:
    return entry.date_range is None, day_of(entry, zone), 0 if entry.date_range is None else entry.precision.rank


def day_of(entry: Entry, zone: ZoneInfo) -> date:
    """Give the day that an event stands under, the last of its range where that is longer."""
    date_range = entry.date_range
    if isinstance(date_range, ClockRange):
        return in_zone(date_range.start, zone).date()
    return date.max if date_range is None else date_range.last_date


def _heading(entry: Entry, zone: ZoneInfo, month_lead: str) -> Heading:
    if entry.date_range is None or entry.date is None:
        return Heading("", "Date to be announced", note=entry.date_reason)
    label = entry.precision.label(entry.date)
    match entry.precision.rank:
        case 0:
            return day_heading(day_of(entry, zone))
        case 1:
            return Heading("Week of", label.removeprefix("Week of "), note=entry.date_reason)
        case 2:
            return Heading(month_lead, label, note=entry.date_reason)
        case _:
            return Heading("Sometime in", label, note=entry.date_reason)
