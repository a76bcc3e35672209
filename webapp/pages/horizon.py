"""The horizon: what lies ahead as one drawing, in which a vague date is as long as what it may mean, and as a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from webapp.domain.changes import StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.parameters import Span
from webapp.domain.query import Filter, Query, View
from webapp.domain.zones import in_zone
from webapp.pages.entry_lines import present_slip
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.groups import Group, day_of, group_entries
from webapp.pages.horizon_axis import Axis, Tick
from webapp.pages.horizon_drawing import Drawing, PlacedEntry, draw, place_entries
from webapp.pages.horizon_geometry import Strip, strip_of
from webapp.pages.horizon_planned import HorizonPlanned, present_horizon_planned
from webapp.pages.narrower_filters import within_days
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.choices import Choice
from webapp.store import Facets, Period
from webapp.web.addresses import horizon_path, timeline_path

_MONTH_RANK = 2


class HorizonCounts(NamedTuple):
    """How many upcoming entries the filter finds: in all; with a date; before the axis ends; of these with a day."""

    total: int
    with_date: int
    inside: int
    inside_with_day: int


@dataclass(frozen=True, slots=True)
class HorizonList:
    """A part of the list: groups of entries, how many entries they have, and their strips by the key of their line."""

    groups: tuple[Group, ...]
    count: int
    strips: Mapping[str, Strip]


@dataclass(frozen=True, slots=True)
class HorizonPage:
    """What the page shows: the drawing, and the same as a list.

    The list has by day what is `dated`, then what is known to the week or the month, then what is `vaguer`; `planned`
    are launches of which no day is known, which are counted alone. `now_share` is where the present instant is on the
    strips. `later` counts what only begins after the span, which `later_path` leads to, `undated` what has no date.
    `dated_count` and `possible_count` count what has a day in the span, and what may fall in it; `left_out` is how many
    of them the list has no room for.
    """

    span_words: str
    drawing: Drawing
    ticks: tuple[Tick, ...]
    now_share: str
    dated: HorizonList
    by_month: HorizonList
    vaguer: HorizonList
    planned: HorizonPlanned
    zooms: tuple[Choice, ...]
    dated_count: int
    possible_count: int
    later: int
    later_path: str
    undated: int
    left_out: int
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


def present_horizon(
    entries: Sequence[Entry],
    *,
    now: datetime,
    query: Query,
    facets: Facets,
    slips: Mapping[EntryKey, StoredChange],
    counts: HorizonCounts,
    periods: Sequence[Period] = (),
) -> HorizonPage:
    """Draw entries that have a date and may begin before the axis ends.

    `slips` has the latest slip of those that moved of late, by their keys; `periods` count the launches of which no day
    is known, which are not among the entries.
    """
    axis = axis_of(query, now)
    planned = present_horizon_planned(periods, axis, query)
    placed = place_entries(entries, axis, slips)
    left_out = counts.inside - len(entries)
    left_out_with_day = counts.inside_with_day - sum(entry.precision.rank == 0 for entry in entries)
    dated = [one for one in placed if one.entry.precision.rank == 0]
    vague = [one for one in placed if one.entry.precision.rank > 0]
    return HorizonPage(
        span_words=axis.span.value,
        drawing=draw(dated, vague, axis, now),
        ticks=axis.ticks(),
        now_share=axis.share(axis.since(now)),
        dated=_list(dated, axis, now),
        by_month=_list([one for one in vague if one.entry.precision.rank <= _MONTH_RANK], axis, now),
        vaguer=_list([one for one in vague if one.entry.precision.rank > _MONTH_RANK], axis, now),
        planned=planned,
        zooms=tuple(_zoom(span, query) for span in Span),
        dated_count=len(dated) + left_out_with_day,
        possible_count=len(vague) + left_out - left_out_with_day + planned.count,
        later=counts.with_date - left_out - len(placed),
        later_path=timeline_path(_after(axis, query)),
        undated=counts.total - counts.with_date,
        left_out=left_out,
        filter=present_filter(query, facets, path="/horizon", total=len(placed) + left_out + planned.count),
        zone=present_zone(query, horizon_path, now),
        is_filtered=query.filter != Filter(),
    )


def axis_of(query: Query, now: datetime) -> Axis:
    """Give the axis of a query: from today on, as it is in the query's zone."""
    return Axis(in_zone(now, query.view.zone).date(), query.view.span, query.view.zone)


def filter_inside(axis: Axis, asked: Filter) -> Filter:
    """Narrow a filter to what may begin before the axis ends: in any zone, so that it may find a day more."""
    return within_days(asked, last=axis.end)


def _zoom(span: Span, query: Query) -> Choice:
    path = horizon_path(replace(query, view=replace(query.view, span=span)))
    return Choice(span.value.capitalize(), path, span is query.view.span)


def _after(axis: Axis, query: Query) -> Query:
    """Give the query of what reaches beyond the axis."""
    return Query(within_days(query.filter, first=axis.end), View(zone=query.view.zone))


def _list(placed: Sequence[PlacedEntry], axis: Axis, now: datetime) -> HorizonList:
    in_order = sorted(placed, key=lambda one: _order(one, axis))
    marks = {one.entry.key: present_slip(one.slip.change, axis.zone) for one in in_order if one.slip is not None}
    groups = group_entries([one.entry for one in in_order], before=None, zone=axis.zone, now=now, marks=marks)
    lines = [line for group in groups for line in group.entries]
    strips = {line.key: strip_of(axis, one.reach, one.earlier) for line, one in zip(lines, in_order, strict=True)}
    return HorizonList(groups, len(lines), strips)


def _order(placed: PlacedEntry, axis: Axis) -> tuple[object, ...]:
    """Put days in their order, what has a clock time first; and each length of period by itself."""
    entry, (first, last) = placed.entry, placed.reach
    if entry.precision.rank == 0:
        return day_of(entry, axis.zone), first != last, first, entry.precision.id or 0
    return entry.precision.rank, first, last
