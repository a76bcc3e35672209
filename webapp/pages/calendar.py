"""A month: its days in weeks, with what happens on each, and beside them what is only known more vaguely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from webapp.domain.entry import Entry
from webapp.domain.parameters import WeekStart
from webapp.domain.precision import DateRange
from webapp.domain.query import Filter, Query
from webapp.domain.words import MONTHS, WEEKDAYS, day_words
from webapp.domain.zones import in_zone
from webapp.pages.choices import Choice
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.groups import day_of
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.store import Facets
from webapp.web.addresses import calendar_path

FIRST_YEAR, LAST_YEAR = 1957, 2100
"""The years that have a calendar: from the first satellite on."""

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year that has a calendar."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.moved(1).first - _DAY

    @property
    def words(self) -> str:
        """Its name and year: `March 2026`."""
        return f"{MONTHS[self.number - 1]} {self.year}"

    @property
    def is_known(self) -> bool:
        """Whether there is such a month, in a year that has a calendar."""
        return FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= len(MONTHS)

    def moved(self, by: int) -> "Month":
        """Give the month that comes so many months later."""
        years, month = divmod(self.number - 1 + by, len(MONTHS))
        return Month(self.year + years, month + 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid. `words` name it in full; one that is `outside` belongs to a neighbouring month."""

    iso: str
    number: int
    weekday: str
    words: str
    is_today: bool
    is_outside: bool
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class VagueGroup:
    """What is known to lie in a longer range that reaches into the month: the range in words, and why it is vague."""

    words: str
    note: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class MonthPage:
    """What a month's page shows. A path is `None` at an end of the calendar; `total` counts what the month holds."""

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]
    vague: tuple[VagueGroup, ...]
    total: int
    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    this_month: str | None
    week_choices: tuple[Choice, ...]
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


def present_month(month: Month, entries: Sequence[Entry], *, now: datetime, query: Query, facets: Facets) -> MonthPage:
    """Lay out a month; `entries`, in timeline order, may hold more than it does."""
    today = in_zone(now, query.view.zone).date()
    placed = [
        (day_of(entry, query.view.zone), entry)
        for entry in entries
        if entry.date_range is not None and entry.precision.rank == 0
    ]
    inside = [(day, entry) for day, entry in placed if month.first <= day <= month.last]
    vague = tuple(_vague(month, entries, query, now))
    present = Month(today.year, today.month)
    return MonthPage(
        title=month.words,
        weekdays=tuple(WEEKDAYS[(query.view.week.weekday + place) % _WEEK] for place in range(_WEEK)),
        weeks=tuple(_weeks(month, inside, now, query)),
        vague=vague,
        total=len(inside) + sum(len(group.entries) for group in vague),
        previous=_link(month.moved(-1), query),
        next=_link(month.moved(1), query),
        this_month=None if month == present else calendar_path(present.year, present.number, query),
        week_choices=tuple(_week_choice(start, month, query) for start in WeekStart),
        filter=present_filter(query, facets, path=calendar_path(month.year, month.number, Query())),
        zone=present_zone(query, lambda other: calendar_path(month.year, month.number, other), now),
        is_filtered=query.filter != Filter(),
    )


def _weeks(
    month: Month, placed: Sequence[tuple[date, Entry]], now: datetime, query: Query
) -> Iterator[tuple[Day, ...]]:
    begin = month.first - timedelta(days=(month.first.weekday() - query.view.week.weekday) % _WEEK)
    while begin <= month.last:
        days = [begin + timedelta(days=place) for place in range(_WEEK)]
        yield tuple(_day(day, month, [entry for at, entry in placed if at == day], now, query) for day in days)
        begin += timedelta(days=_WEEK)


def _day(day: date, month: Month, entries: Sequence[Entry], now: datetime, query: Query) -> Day:
    return Day(
        iso=day.isoformat(),
        number=day.day,
        weekday=WEEKDAYS[day.weekday()],
        words=day_words(day),
        is_today=day == in_zone(now, query.view.zone).date(),
        is_outside=not month.first <= day <= month.last,
        entries=tuple(present_line(entry, now=now, zone=query.view.zone) for entry in sorted(entries, key=_by_clock)),
    )


def _by_clock(entry: Entry) -> tuple[bool, str]:
    # What has a clock time comes first, by that; then what has none, as in every list.
    start = "" if isinstance(entry.date_range, DateRange) or entry.date is None else entry.date.isoformat()
    return not start, start


def _vague(month: Month, entries: Sequence[Entry], query: Query, now: datetime) -> Iterator[VagueGroup]:
    reaching = [
        entry
        for entry in entries
        if isinstance(entry.date_range, DateRange)
        and entry.precision.rank > 0
        and entry.date_range.first_date <= month.last
        and entry.date_range.last_date >= month.first
    ]
    for (words, note), members in groupby(reaching, lambda entry: (entry.date_words, entry.date_reason)):
        yield VagueGroup(words, note, tuple(present_line(entry, now=now, zone=query.view.zone) for entry in members))


def _link(month: Month, query: Query) -> tuple[str, str] | None:
    return (month.words, calendar_path(month.year, month.number, query)) if month.is_known else None


def _week_choice(start: WeekStart, month: Month, query: Query) -> Choice:
    path = calendar_path(month.year, month.number, replace(query, view=replace(query.view, week=start)))
    return Choice(WEEKDAYS[start.weekday], path, start is query.view.week)
