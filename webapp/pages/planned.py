"""Launches whose date is a placeholder: in a timeline one line for each period, which leads to them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail
from webapp.domain.precision import precision_of
from webapp.domain.query import Query
from webapp.domain.text import isolated
from webapp.pages.entry_lines import EntryLine, present_line
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.store import UNDATED_RANK, Period
from webapp.web.addresses import planned_path, timeline_path


class Place(NamedTuple):
    """Where in the timeline's order something stands: by the last date of its range, the narrower range first."""

    last_date: date
    rank: int


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """The line of a period: its words, such as `December 2026`, how many launches it has, and where they are.

    Without any date there are no words.

    `key` names it among all lines; `is_day` says that the period is a day, which is not confirmed.
    """

    key: str
    period: str
    count: int
    path: str
    is_day: bool


@dataclass(frozen=True, slots=True)
class RocketGroup:
    """Launches of one rocket; `rocket` is empty where it is not known."""

    rocket: str
    entries: tuple[EntryLine, ...]


@dataclass(frozen=True, slots=True)
class PlannedPage:
    """What the page of a period shows: its line, and its launches by rocket. `timeline_path` leads back."""

    line: PlannedLine
    groups: tuple[RocketGroup, ...]
    zone: ZoneMenu
    timeline_path: str


def place_of(entry: Entry) -> Place:
    """Give the place of an entry; one without a date comes after all others."""
    known = entry.date_range
    return Place(date.max, UNDATED_RANK) if known is None else Place(known.last_date, entry.precision.rank)


def planned_between(
    periods: Sequence[Period], before: Entry | None, last: Entry | None, query: Query
) -> list[tuple[Place, PlannedLine]]:
    """Give the lines of a page of the timeline with their places: after its entry `before`, and up to its `last`.

    Without the one they begin with the timeline, without the other they go on to its end.
    """
    start, end = (None if one is None else place_of(one) for one in (before, last))
    placed = [(Place(period.last_date, period.rank), period) for period in periods]
    return [
        (place, present_planned(period, query))
        for place, period in placed
        if (start is None or place >= start) and (end is None or place < end)
    ]


def present_planned(period: Period, query: Query) -> PlannedLine:
    """Say what the line of a period shows."""
    words = "" if period.date is None else precision_of(period.precision_id).label(period.date)
    return PlannedLine(
        key=f"planned-{period.first_date}-{period.last_date}",
        period=words.removeprefix("Morning of ").removeprefix("Afternoon of ") if period.rank == 0 else _within(words),
        count=period.count,
        path=planned_path(period.first_date, period.last_date, query),
        is_day=period.rank == 0,
    )


def present_planned_page(entries: Sequence[Entry], period: Period, *, query: Query, now: datetime) -> PlannedPage:
    """Show the launches of a period, by their rockets."""

    def path_of(other: Query) -> str:
        return planned_path(period.first_date, period.last_date, other)

    return PlannedPage(
        line=present_planned(replace(period, count=len(entries)), query),
        groups=tuple(_by_rocket(entries, query.view.zone, now)),
        zone=present_zone(query, path_of, now),
        timeline_path=timeline_path(query),
    )


def _by_rocket(entries: Sequence[Entry], zone: ZoneInfo, now: datetime) -> Iterator[RocketGroup]:
    in_order = sorted(entries, key=lambda entry: (_rocket(entry).casefold(), entry.name.casefold()))
    for rocket, members in groupby(in_order, _rocket):
        yield RocketGroup(isolated(rocket), tuple(present_line(entry, now=now, zone=zone) for entry in members))


def _rocket(entry: Entry) -> str:
    detail = entry.detail
    return detail.rocket.full_name if isinstance(detail, LaunchDetail) and detail.rocket else ""


def _within(words: str) -> str:
    """Put the words of a period into a sentence: `the week of 4 January 2027`."""
    return f"the {words[0].lower()}{words[1:]}" if words.startswith("Week of ") else words
