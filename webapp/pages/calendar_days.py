"""The days of a month, in weeks, each with what happens on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from webapp.domain.entry import Entry
from webapp.domain.precision import DateRange
from webapp.domain.query import Query, View
from webapp.domain.words import WEEKDAYS, day_words
from webapp.domain.zones import in_zone
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.groups import day_of
from webapp.pages.months import Month
from webapp.pages.narrower_filters import known_to_the_day, within_days
from webapp.web.addresses import past_path, timeline_path

A_HANDFUL = 5
"""So many entries of a day are shown; of more, one less and how many more there are."""

_MOST_DOTS = 3
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Rest:
    """How many entries of a day are not shown, and the path of the list that has them."""

    count: int
    path: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the grid. `words` name it in full; one that is `outside` belongs to a neighbouring month.

    `total` is how many entries it has; `entries` are the first of them.
    """

    iso: str
    number: int
    weekday: str
    words: str
    is_today: bool
    is_outside: bool
    total: int
    entries: tuple[EntryLine, ...]
    rest: Rest | None

    @property
    def dots(self) -> tuple[EntryLine, ...]:
        """The entries that have a dot where there is only room for dots."""
        return self.entries[:_MOST_DOTS]

    @property
    def has_more_than_dots(self) -> bool:
        """Whether there are more."""
        return self.total > _MOST_DOTS


def days_of(month: Month, entries: Sequence[Entry], query: Query) -> dict[date, list[Entry]]:
    """Give the entries of each day of the month, in the order of their clock times."""
    found: dict[date, list[Entry]] = {}
    for entry in entries:
        if entry.date_range is not None and entry.precision.rank == 0:
            day = day_of(entry, query.view.zone)
            if month.first <= day <= month.last:
                found.setdefault(day, []).append(entry)
    return {day: sorted(members, key=_by_clock) for day, members in found.items()}


def _by_clock(entry: Entry) -> tuple[bool, str]:
    # What has a clock time comes first, by that; then what has none, as in every list.
    start = "" if isinstance(entry.date_range, DateRange) or entry.date is None else entry.date.isoformat()
    return not start, start


def present_weeks(
    month: Month, by_day: Mapping[date, Sequence[Entry]], now: datetime, query: Query
) -> Iterator[tuple[Day, ...]]:
    """Give the weeks of a month, each of seven days with their entries; the first and last are whole too."""
    begin = month.first - timedelta(days=(month.first.weekday() - query.view.week.weekday) % _WEEK)
    while begin <= month.last:
        days = [begin + timedelta(days=place) for place in range(_WEEK)]
        yield tuple(_day(day, month, by_day.get(day, ()), now, query) for day in days)
        begin += timedelta(days=_WEEK)


def _day(day: date, month: Month, entries: Sequence[Entry], now: datetime, query: Query) -> Day:
    shown = entries if len(entries) <= A_HANDFUL else entries[: A_HANDFUL - 1]
    return Day(
        iso=day.isoformat(),
        number=day.day,
        weekday=WEEKDAYS[day.weekday()],
        words=day_words(day),
        is_today=day == in_zone(now, query.view.zone).date(),
        is_outside=not month.first <= day <= month.last,
        total=len(entries),
        entries=tuple(present_line(entry, now=now, zone=query.view.zone) for entry in shown),
        rest=None if shown is entries else _rest(day, entries, len(entries) - len(shown), now, query),
    )


def _rest(day: date, entries: Sequence[Entry], count: int, now: datetime, query: Query) -> Rest:
    """Lead to the list of a day: among what is past if all of the day is, else among what is upcoming."""
    path_of = past_path if all(_is_over(entry, now) for entry in entries) else timeline_path
    # Lists take days in UTC: those that a day of the zone reaches into.
    first, last = (datetime.combine(day, at, query.view.zone).astimezone(UTC).date() for at in (time.min, time.max))
    asked = known_to_the_day(within_days(query.filter, first=first, last=last))
    return Rest(count, path_of(Query(asked, View(zone=query.view.zone))))


def _is_over(entry: Entry, now: datetime) -> bool:
    return entry.date_range is not None and entry.date_range.over_at <= now
