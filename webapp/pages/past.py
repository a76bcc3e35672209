"""The archive: what is over, the latest first, how often each thing moved, and how much there is of each year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.domain.change_words import from_to_words
from webapp.domain.changes import Change
from webapp.domain.query import Query, View
from webapp.domain.words import MONTHS
from webapp.pages.change_lines import mark_of
from webapp.pages.entry_lines import MovedMark
from webapp.pages.entry_list import EntriesRead, EntryList, present_list
from webapp.rendering.choices import Choice
from webapp.web.addresses import past_path, timeline_path

_MONTHS = range(1, len(MONTHS) + 1)
_HIGHEST = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A year or a month as a bar. `step` is its height, 1 to 5, or 0 where there is nothing: then it leads nowhere."""

    choice: Choice
    step: int


@dataclass(frozen=True, slots=True)
class PastPage:
    """What the archive shows. `months` are those of the one year that is chosen; none otherwise.

    `upcoming_path` leads to what is upcoming of the same filter, in any year.
    """

    list: EntryList
    years: tuple[Bar, ...]
    months: tuple[Bar, ...]
    upcoming_path: str


def present_past(
    read: EntriesRead, *, query: Query, now: datetime, years: Mapping[int, int], months: Mapping[int, int]
) -> PastPage:
    """Show a page of entries, given those that ended last first.

    `years` counts the entries of each year; `months` those of each month, where one year is chosen.
    """
    elsewhere = replace(query.filter, years=(), months=())
    return PastPage(
        list=present_list(
            read,
            query=query,
            now=now,
            path_of=past_path,
            marks={key: _count_moves(slip.change, query.view.zone) for key, slip in read.slips.items()},
            is_past=True,
        ),
        years=_bars(years, lambda year: _year(year, query)),
        months=_bars(dict.fromkeys(_MONTHS, 0) | dict(months), lambda month: _month(month, query)) if months else (),
        upcoming_path=timeline_path(Query(elsewhere, View(zone=query.view.zone))),
    )


def _bars(counts: Mapping[int, int], present: Callable[[int], Choice]) -> tuple[Bar, ...]:
    most = max(counts.values(), default=0)
    # Rounded up, so that whatever there is can be seen.
    return tuple(Bar(replace(present(one), count=count), -(-count * _HIGHEST // most)) for one, count in counts.items())


def _year(year: int, query: Query) -> Choice:
    is_chosen = query.filter.years == (year,)
    return Choice(str(year), _path(query, years=() if is_chosen else (year,), months=()), is_chosen)


def _month(month: int, query: Query) -> Choice:
    is_chosen = query.filter.months == (month,)
    months = () if is_chosen else (month,)
    return Choice(MONTHS[month - 1], _path(query, years=query.filter.years, months=months), is_chosen)


def _path(query: Query, *, years: tuple[int, ...], months: tuple[int, ...]) -> str:
    return past_path(replace(query, filter=replace(query.filter, years=years, months=months)).at(0))


def _count_moves(slip: Change, zone: ZoneInfo) -> MovedMark:
    number = slip.slip_number or 1
    times = {1: "once", 2: "twice"}.get(number, f"{number} times")
    return MovedMark(f"Moved {times}", from_to_words(slip, zone), mark_of(slip))
