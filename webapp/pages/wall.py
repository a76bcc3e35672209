"""The wall display: a clock, what comes first at length, and the next few, to be read from across a room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry
from webapp.domain.pictures import ShownPicture
from webapp.domain.query import Filter, Query, View
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.domain.zones import in_zone
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.groups import day_of, page_order
from webapp.pages.timeline import NextUp, first_to_show, present_next
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.web.addresses import timeline_path, wall_path

_MOST_ROWS = 6
_SHORT = {month: month[:3] for month in MONTHS}
_YEAR_IS_PLAIN_FOR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class WallRow:
    """One of the next few entries: its day and its clock time, in short.

    `clock` says in words that there is no time, and nothing where the date is vaguer than a day: `day` is all of it.
    """

    entry: EntryLine
    day: str
    clock: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """What a wall display shows. `list_path` leads to the timeline of the same filter."""

    next_up: NextUp | None
    rows: tuple[WallRow, ...]
    zone: ZoneMenu
    list_path: str
    is_filtered: bool


def first_on_wall(entries: Sequence[Entry], query: Query, now: datetime) -> Entry | None:
    """Give the entry that is shown at length: what is under way, or else what comes first."""
    return first_to_show(page_order(entries, View(zone=query.view.zone)), now)


def present_wall(
    entries: Sequence[Entry], *, query: Query, now: datetime, picture: ShownPicture | None = None
) -> WallPage:
    """Show the first of these entries, or what is under way, at length, and the next few as rows.

    `picture` is that of the first.
    """
    zone, in_order = query.view.zone, page_order(entries, View(zone=query.view.zone))
    first = first_on_wall(entries, query, now)
    rest = [entry for entry in in_order if entry is not first][:_MOST_ROWS]
    return WallPage(
        next_up=None if first is None else present_next(first, zone, now, picture=picture),
        rows=tuple(_present_row(entry, zone, now) for entry in rest),
        zone=present_zone(query, wall_path, now),
        list_path=timeline_path(Query(query.filter, View(zone=zone))),
        is_filtered=query.filter != Filter(),
    )


def _present_row(entry: Entry, zone: ZoneInfo, now: datetime) -> WallRow:
    line = present_line(entry, now=now, zone=zone)
    if entry.date_range is None or entry.precision.rank > 0:
        return WallRow(line, _short_months(entry.date_words), "")
    day = _short_day(day_of(entry, zone), in_zone(now, zone).date())
    if line.time is None:
        return WallRow(line, day, line.when)
    return WallRow(line, day, f"about {line.time.clock}" if line.time.is_about else line.time.clock)


def _short_day(day: date, today: date) -> str:
    """Say a day in short: by its weekday within half a year, and farther off by its year."""
    month = _SHORT[MONTHS[day.month - 1]]
    if abs(day - today) > _YEAR_IS_PLAIN_FOR:
        return f"{day.day} {month} {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {month}"


def _short_months(words: str) -> str:
    return " ".join(_SHORT.get(word, word) for word in words.split())
