"""A list of entries, as the timeline and the archive show it: a page of groups, with its filter and its zone."""

from collections.abc import Callable, Mapping
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
from webapp.pages.groups import Group, group_entries, page_order
from webapp.pages.paging import Paging, page_through, read_page
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.store import Facets, Snapshot

PAGE_SIZE = 25
NO_FACETS = Facets((), (), ())
NO_SLIPS: Mapping[EntryKey, StoredChange] = MappingProxyType({})


class EntriesRead(NamedTuple):
    """A page of what a query finds: the entry just ahead of it, if any, its entries in order, and the total.

    `webcast_count` is how many have a webcast, if that was counted.
    """

    before: Entry | None
    entries: list[Entry]
    total: int
    facets: Facets = NO_FACETS
    slips: Mapping[EntryKey, StoredChange] = NO_SLIPS
    webcast_count: int | None = None


@dataclass(frozen=True, slots=True)
class EntryList:
    """What such a page shows."""

    groups: tuple[Group, ...]
    paging: Paging
    filter: FilterForm
    zone: ZoneMenu
    is_filtered: bool


def read_entries(snapshot: Snapshot, query: Query, scope: Scope, *, moved_since: datetime) -> EntriesRead:
    """Read a page of what a query finds in a scope, with the facets, and the slips that were seen since an instant."""
    asked, view = query.filter, query.view

    def list_rows(limit: int, offset: int) -> list[StoredEntry]:
        return snapshot.list_entries(asked, scope, replace(view, limit=limit, offset=offset))

    before, stored = read_page(view, PAGE_SIZE, list_rows)
    return EntriesRead(
        before=None if before is None else before.entry,
        entries=[known.entry for known in stored],
        total=snapshot.count_entries(asked, scope),
        facets=snapshot.list_facets(asked, scope),
        slips=snapshot.list_slips(stored, since=moved_since),
        # Of all that is over, that would take too long.
        webcast_count=snapshot.count_entries(replace(asked, webcast=True), scope) if scope.over_after else None,
    )


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
    return EntryList(
        groups=group_entries(shown, before=read.before, zone=query.view.zone, now=now, marks=marks, is_past=is_past),
        paging=page_through(query, count=len(read.entries), total=read.total, path_of=path_of),
        filter=present_filter(
            query, read.facets, path=path, total=read.total, webcast_count=read.webcast_count, looser=looser
        ),
        zone=present_zone(query, path_of, now),
        is_filtered=query.filter != Filter(),
    )
