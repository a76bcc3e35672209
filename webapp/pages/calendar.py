"""A month: its days in weeks, with what happens on each, and beside them what is only known more vaguely."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from webapp.domain.entry import Entry, EntryKind
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.parameters import WeekStart
from webapp.domain.precision import DateRange
from webapp.domain.query import Filter, Query
from webapp.domain.words import WEEKDAYS, day_words
from webapp.domain.zones import in_zone
from webapp.pages.calendar_days import A_HANDFUL, Day, days_of, present_weeks
from webapp.pages.date_reasons import date_reason
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.months import Month
from webapp.pages.planned import PlannedLine, present_planned
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.choices import Choice
from webapp.store import Facets, Period
from webapp.web.addresses import calendar_path


@dataclass(frozen=True, slots=True)
class VagueGroup:
    """What is known to lie in a longer range that reaches into the month: the range in words, and why it is vague."""

    words: str
    note: str
    entries: tuple[EntryLine, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is shown unfolded."""
        return len(self.entries) <= A_HANDFUL


@dataclass(frozen=True, slots=True)
class MonthPage:
    """What a month's page shows. A path is `None` at an end of the calendar; `total` counts what the month holds, of
    which `vague_count` have no day: those of `vague`, and the launches of `planned`. `noun` says what all of it is.

    `today_path` leads to today: within this page, if it is in the month. `week_start` is the day on which weeks begin;
    `made_on` is the day, in the page's zone, on which all of this was so.
    """

    title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Day, ...], ...]
    vague: tuple[VagueGroup, ...]
    planned: tuple[PlannedLine, ...]
    vague_count: int
    noun: str
    total: int
    previous: tuple[str, str] | None
    next: tuple[str, str] | None
    today_path: str
    week_start: str
    week_choices: tuple[Choice, ...]
    made_on: str
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


def present_month(
    month: Month,
    entries: Sequence[Entry],
    *,
    now: datetime,
    query: Query,
    facets: Facets,
    periods: Sequence[Period] = (),
) -> MonthPage:
    """Lay out a month; `entries`, in timeline order, may hold more than it does.

    `periods` count launches whose date is a placeholder; those of a day stand on it.
    """
    today = in_zone(now, query.view.zone).date()
    by_day = days_of(month, entries, query)
    vague = tuple(_vague(month, entries, query, now))
    planned = tuple(present_planned(period, query) for period in periods if period.rank > 0 and _reaches(period, month))
    vague_count = sum(len(group.entries) for group in vague) + sum(line.count for line in planned)
    total = sum(map(len, by_day.values())) + vague_count
    return MonthPage(
        title=month.words,
        weekdays=tuple(WEEKDAYS[(query.view.week.weekday + place) % len(WEEKDAYS)] for place in range(len(WEEKDAYS))),
        weeks=tuple(present_weeks(month, by_day, now, query)),
        vague=vague,
        planned=planned,
        vague_count=vague_count,
        noun=_noun(entries, planned),
        total=total,
        previous=_link(month.moved(-1), query),
        next=_link(month.moved(1), query),
        today_path=_today_path(today, month, query),
        week_start=WEEKDAYS[query.view.week.weekday],
        week_choices=tuple(_week_choice(start, month, query) for start in WeekStart),
        made_on=day_words(today),
        filter=present_filter(query, facets, path=calendar_path(month.year, month.number, Query()), total=total),
        zone=present_zone(query, lambda other: calendar_path(month.year, month.number, other), now),
        is_filtered=query.filter != Filter(),
    )


def _vague(month: Month, entries: Sequence[Entry], query: Query, now: datetime) -> Iterator[VagueGroup]:
    reaching = [
        entry
        for entry in entries
        if isinstance(entry.date_range, DateRange)
        and entry.precision.rank > 0
        and entry.date_range.first_date <= month.last
        and entry.date_range.last_date >= month.first
    ]

    def words_of(entry: Entry) -> tuple[str, str]:
        return entry.date_words, date_reason(entry, is_past=state_of(entry, now) is EntryState.ENDED)

    for (words, note), members in groupby(reaching, words_of):
        yield VagueGroup(words, note, tuple(present_line(entry, now=now, zone=query.view.zone) for entry in members))


def _reaches(period: Period, month: Month) -> bool:
    return period.first_date <= month.last and period.last_date >= month.first


def _noun(entries: Sequence[Entry], planned: Sequence[PlannedLine]) -> str:
    kinds = {entry.key.kind for entry in entries} | ({EntryKind.LAUNCH} if planned else set())
    return next(iter(kinds)).value if len(kinds) == 1 else "entry" if kinds else EntryKind.EVENT.value


def _link(month: Month, query: Query) -> tuple[str, str] | None:
    return (month.words, calendar_path(month.year, month.number, query)) if month.is_known else None


def _today_path(today: date, month: Month, query: Query) -> str:
    present = Month(today.year, today.month)
    return f"#day-{today.isoformat()}" if month == present else calendar_path(present.year, present.number, query)


def _week_choice(start: WeekStart, month: Month, query: Query) -> Choice:
    path = calendar_path(month.year, month.number, replace(query, view=replace(query.view, week=start)))
    return Choice(WEEKDAYS[start.weekday], path, start is query.view.week)
