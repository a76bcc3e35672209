"""A list of entries, as the timeline and the archive show it: a page of groups, with its filter and its zone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from webapp.domain.changes import StoredChange
from webapp.domain.entry import Entry, EntryKey, StoredEntry
from webapp.domain.query import Filter, Query
from webapp.domain.scopes import Scope
from webapp.pages.entry_lines import MovedMark
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.groups import Group, group_entries, page_order, with_planned
from webapp.pages.kind_switch import ONLY_EVENTS, KindCounts, count_kinds, kind_switch, noun_of
from webapp.pages.paging import Paging, page_through, read_page
from webapp.pages.planned import PlannedLine, planned_between
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.choices import Choice
from webapp.store import Facets, Period, Snapshot

PAGE_SIZE = 25
_MOST_UNFOLDED = 5
NO_FACETS = Facets((), (), ())
NO_SLIPS: Mapping[EntryKey, StoredChange] = MappingProxyType({})


class EntriesRead(NamedTuple):
    """A page of what a query finds: the entry just ahead of it, if any, its entries in order, and the total.

    `total` counts those that stand by themselves, `whole` all that match: with those that are folded into `periods`.
    `webcast_count` is how many have a webcast, if that was counted; `kinds` counts the kinds.
    """

    before: Entry | None
    entries: list[Entry]
    total: int
    facets: Facets = NO_FACETS
    slips: Mapping[EntryKey, StoredChange] = NO_SLIPS
    webcast_count: int | None = None
    periods: Sequence[Period] = ()
    kinds: KindCounts = ONLY_EVENTS

    @property
    def whole(self) -> int:
        """How many entries match, those in the periods among them."""
        return self.total + sum(period.count for period in self.periods)


@dataclass(frozen=True, slots=True)
class EntryList:
    """What such a page shows: `noun` says what it holds, `event`, `launch` or `entry`; `total` how many match in all.

    `planned` are the lines of periods that come after all groups. `switch` are the choices between the kinds; none
    where there are no launches.
    """

    groups: tuple[Group, ...]
    planned: tuple[PlannedLine, ...]
    noun: str
    total: int
    switch: tuple[Choice, ...]
    paging: Paging
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


def read_entries(snapshot: Snapshot, query: Query, scope: Scope, *, moved_since: datetime) -> EntriesRead:
    """Read a page of what a query finds in a scope, with the facets, and the slips that were seen since an instant.

    What is upcoming is folded: launches whose date is a placeholder are counted by their periods. An order that was
    asked for need not go by periods, and a few are no trouble to read.
    """
    asked, view = query.filter, query.view
    kinds = count_kinds(snapshot, asked, scope)
    may_fold = scope.over_after is not None and view.ordering is None and kinds.launches > _MOST_UNFOLDED
    periods = _fold(snapshot, asked, scope) if may_fold else []
    single = replace(scope, placeholders=False) if periods else scope

    def list_rows(limit: int, offset: int) -> list[StoredEntry]:
        return snapshot.list_entries(asked, single, replace(view, limit=limit, offset=offset))

    before, stored = read_page(view, PAGE_SIZE, list_rows)
    return EntriesRead(
        before=None if before is None else before.entry,
        entries=[known.entry for known in stored],
        total=snapshot.count_entries(asked, single),
        facets=snapshot.list_facets(asked, scope),
        slips=snapshot.list_slips(stored, since=moved_since),
        # Of all that is over, that would take too long.
        webcast_count=snapshot.count_entries(replace(asked, webcast=True), scope) if scope.over_after else None,
        periods=periods,
        kinds=kinds,
    )


def _fold(snapshot: Snapshot, asked: Filter, scope: Scope) -> list[Period]:
    folded = replace(scope, placeholders=True)
    count = snapshot.count_entries(asked, folded)
    return snapshot.count_periods(asked, folded) if count > _MOST_UNFOLDED else []


def present_list(
    read: EntriesRead, *, query: Query, now: datetime, path_of: Callable[[Query], str],
    marks: Mapping[EntryKey, MovedMark], left_out: EntryKey | None = None, is_past: bool = False,
    looser: Mapping[Filter, int] | None = None,
) -> EntryList:  # fmt: skip
    """Group a page of entries; `path_of` gives its address for a query.

    `marks` says of those that moved how they did; the entry `left_out` stands elsewhere on the page. Where all of them
    are over (`is_past`), the latest come first. `looser` has how many entries looser filters find.
    """
    in_order = page_order(read.entries, query.view, is_latest_first=is_past)
    shown = [entry for entry in in_order if entry.key != left_out]
    path, _, _ = path_of(Query()).partition("?")
    paging = page_through(query, count=len(read.entries), total=read.total, path_of=path_of)
    groups = group_entries(
        shown, before=read.before, zone=query.view.zone, now=now, marks=marks, is_past=is_past,
        folds_days=query.view.ordering is None,
    )  # fmt: skip
    last = read.entries[-1] if paging.more_path else None
    groups, planned = with_planned(groups, planned_between(read.periods, read.before, last, query))
    return EntryList(
        groups=groups,
        planned=planned,
        noun=noun_of(query.filter, read.kinds),
        total=read.whole,
        switch=kind_switch(query, read.kinds, path_of),
        paging=paging,
        filter=present_filter(
            query,
            read.facets,
            path=path,
            total=read.whole,
            webcast_count=read.webcast_count,
            looser=looser,
            has_switch=True,
        ),
        zone=present_zone(query, path_of, now),
        is_filtered=query.filter != Filter(),
    )
