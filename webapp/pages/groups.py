"""Entries in groups: by the day in a zone, and then by the vaguer ranges that end with those days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry, EntryKey, EntryKind
from webapp.domain.precision import ClockRange, Step
from webapp.domain.query import View
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.domain.zones import in_zone
from webapp.pages.date_reasons import date_reason
from webapp.pages.entry_lines import EntryLine, MovedMark, present_line
from webapp.pages.planned import Place, PlannedLine, place_of

_MOST_LAUNCHES_A_DAY, _LAUNCHES_OF_MANY = 5, 4


@dataclass(frozen=True, slots=True)
class Heading:
    """What a group stands under, in parts: `Saturday`, `2`, `August 2025`, or `Later in`, nothing, `August 2025`.

    `iso` is the date of a day, for a machine. A vague one has its `certainty`, and a `note` that explains it.
    """

    lead: str
    period: str
    number: str = ""
    iso: str | None = None
    note: str = ""
    certainty: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and the entries under it. `continued` says that the page before ended with it.

    `repeated` says that it stood before, elsewhere: an order that was asked for need not go by days. `rest` are
    launches of a day that has many. `planned` are the lines of launches of its own period, `ahead` those that stand
    before it. `end` is the place of its last entry.
    """

    heading: Heading
    continued: bool
    entries: tuple[EntryLine, ...]
    repeated: bool = False
    rest: tuple[EntryLine, ...] = ()
    planned: tuple[PlannedLine, ...] = ()
    ahead: tuple[PlannedLine, ...] = ()
    end: Place | None = None


def group_entries(
    entries: Sequence[Entry], *, before: Entry | None, zone: ZoneInfo, now: datetime,
    marks: Mapping[EntryKey, MovedMark], is_past: bool = False, folds_days: bool = False,
) -> tuple[Group, ...]:  # fmt: skip
    """Group entries, given in order, under their headings; `before` is the one just ahead of them, if any.

    `marks` says of those that moved how they did, by their keys; `is_past` that all of them are over. With `folds_days`
    of many launches on a day only the first few stand at once.
    """
    groups: list[Group] = []
    begun = set() if before is None else {_heading(before, zone, is_past=is_past)}
    for heading, together in groupby(entries, lambda entry: _heading(entry, zone, is_past=is_past)):
        members = list(together)
        first, rest = _part(members) if heading.iso and folds_days else (members, [])
        shown, hidden = (
            tuple(
                present_line(entry, now=now, zone=zone, moved=marks.get(entry.key), is_past=is_past) for entry in part
            )
            for part in (first, rest)
        )
        is_begun, is_first = heading in begun, not groups
        group = Group(heading, is_begun and is_first, shown, is_begun and not is_first, hidden)
        groups.append(replace(group, end=max(place_of(entry) for entry in members)))
        begun.add(heading)
    return tuple(groups)


def with_planned(
    groups: Sequence[Group], planned: Sequence[tuple[Place, PlannedLine]]
) -> tuple[tuple[Group, ...], tuple[PlannedLine, ...]]:
    """Put the lines of periods, given in order, to the groups that they go with or come before; give the rest too."""
    placed: list[Group] = []
    waiting = list(planned)
    for group in groups:
        end = group.end
        ahead = [line for place, line in waiting if end is not None and place < end]
        own = [line for place, line in waiting if place == end]
        waiting = [(place, line) for place, line in waiting if end is None or place > end]
        placed.append(replace(group, ahead=tuple(ahead), planned=tuple(own)))
    return tuple(placed), tuple(line for _, line in waiting)


def _part(members: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """Part a day's entries: of many launches only the first few stand at once."""
    launches = [entry for entry in members if entry.key.kind is EntryKind.LAUNCH]
    if len(launches) <= _MOST_LAUNCHES_A_DAY:
        return list(members), []
    rest = launches[_LAUNCHES_OF_MANY:]
    return [entry for entry in members if entry not in rest], rest


def page_order(entries: Sequence[Entry], view: View, *, is_latest_first: bool = False) -> list[Entry]:
    """Put one page of entries in the order of the days of the view's zone, so that each heading stands once.

    An order that was asked for stays as it is.
    """
    if view.ordering is not None:
        return list(entries)
    return sorted(entries, key=lambda entry: _place(entry, view.zone), reverse=is_latest_first)


def day_of(entry: Entry, zone: ZoneInfo) -> date:
    """Give the day that an entry stands under, the last of its range where that is longer."""
    date_range = entry.date_range
    if isinstance(date_range, ClockRange):
        return in_zone(date_range.start, zone).date()
    return date.max if date_range is None else date_range.last_date


def day_heading(day: date) -> Heading:
    """Give the heading of a day."""
    month = f"{MONTHS[day.month - 1]} {day.year}"
    return Heading(WEEKDAYS[day.weekday()], month, number=str(day.day), iso=day.isoformat())


def _place(entry: Entry, zone: ZoneInfo) -> tuple[bool, date, int]:
    return entry.date_range is None, day_of(entry, zone), 0 if entry.date_range is None else entry.precision.rank


def _heading(entry: Entry, zone: ZoneInfo, *, is_past: bool) -> Heading:
    if entry.date_range is None or entry.date is None:
        return Heading("", "Date to be announced", note=entry.date_reason, certainty=entry.certainty_word)
    if entry.precision.rank == 0:
        return day_heading(day_of(entry, zone))
    leads = {Step.WEEK: "Week of", Step.MONTH: "Sometime in" if is_past else "Later in"}
    return Heading(
        leads.get(entry.precision.step, "Sometime in"),
        entry.precision.label(entry.date).removeprefix("Week of "),
        note=date_reason(entry, is_past=is_past),
        certainty=entry.certainty_word,
    )
