"""The archive: what is over, the latest first, and how often each thing slipped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from webapp.domain.change_words import from_to_words
from webapp.domain.changes import Change, StoredChange
from webapp.domain.entry import Entry, EntryKey
from webapp.domain.query import Filter, Query
from webapp.pages.change_lines import mark_of
from webapp.pages.filters import FilterForm, present_filter
from webapp.pages.timeline import MovedMark, TimelineGroup, ZoneNote, group_entries, page_order, zone_note
from webapp.store import Facets
from webapp.web.addresses import PAST_PATH, past_path


@dataclass(frozen=True, slots=True)
class YearLink:
    """A year, how many events of the filter lie in it, and its path; it leads back to all years where it is chosen."""

    year: int
    count: int
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PastPage:
    """What the archive shows: entries `first` to `last` of `total`; a path is `None` where it would lead nowhere."""

    groups: tuple[TimelineGroup, ...]
    years: tuple[YearLink, ...]
    filter: FilterForm
    zone: ZoneNote
    total: int
    first: int
    last: int
    is_filtered: bool
    more_path: str | None
    start_path: str | None


def present_past(
    entries: Sequence[Entry],
    *,
    before: Entry | None,
    total: int,
    query: Query,
    facets: Facets,
    years: Mapping[int, int],
    slips: Mapping[EntryKey, StoredChange],
) -> PastPage:
    """Group one page of events, given those that ended last first; `before` is the event just ahead of them, if any.

    `years` counts the events of each year, and `slips` has the latest slip of those that ever moved, by their keys.
    """
    zone, offset = query.view.zone, query.view.offset
    in_order = page_order(entries, query.view, is_latest_first=True)
    marks = {key: _count_slips(slip.change) for key, slip in slips.items()}
    last = offset + len(entries)
    return PastPage(
        groups=group_entries(in_order, before=before, zone=zone, marks=marks, month_lead="Sometime in"),
        years=tuple(_present_year(year, count, query) for year, count in years.items()),
        filter=present_filter(query, facets, path=PAST_PATH),
        zone=zone_note(query, past_path),
        total=total,
        first=offset + 1 if entries else 0,
        last=last if entries else 0,
        is_filtered=query.filter != Filter(),
        more_path=past_path(query.at(last)) if entries and last < total else None,
        start_path=past_path(query.at(0)) if offset else None,
    )


def _present_year(year: int, count: int, query: Query) -> YearLink:
    is_chosen = query.filter.years == (year,)
    years = replace(query.filter, years=() if is_chosen else (year,))
    path = past_path(replace(query, filter=years).at(0))
    return YearLink(year, count, path, is_chosen)


def _count_slips(slip: Change) -> MovedMark:
    number = slip.slip_number or 1
    times = {1: "once", 2: "twice"}.get(number, f"{number} times")
    return MovedMark(f"Slipped {times}", from_to_words(slip), mark_of(slip))
