"""The archive: what is over, the latest first, and how often each thing moved."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.domain.change_words import from_to_words
from webapp.domain.changes import Change
from webapp.domain.query import Query, View
from webapp.pages.change_lines import mark_of
from webapp.pages.choices import Choice
from webapp.pages.entry_lines import MovedMark
from webapp.pages.entry_list import EntriesRead, EntryList, present_list
from webapp.web.addresses import past_path, timeline_path


@dataclass(frozen=True, slots=True)
class PastPage:
    """What the archive shows. Each of the `years` counts its entries; `largest` is the largest of these counts.

    `upcoming_path` leads to what is upcoming of the same filter, in any year.
    """

    list: EntryList
    years: tuple[Choice, ...]
    largest: int
    upcoming_path: str


def present_past(read: EntriesRead, *, query: Query, now: datetime, years: Mapping[int, int]) -> PastPage:
    """Show a page of entries, given those that ended last first; `years` counts the entries of each year."""
    return PastPage(
        list=present_list(
            read,
            query=query,
            now=now,
            path_of=past_path,
            marks={key: _count_moves(slip.change) for key, slip in read.slips.items()},
            month_lead="Sometime in",
            is_latest_first=True,
        ),
        years=tuple(_present_year(year, count, query) for year, count in years.items()),
        largest=max(years.values(), default=0),
        upcoming_path=timeline_path(Query(replace(query.filter, years=(), months=()), View(zone=query.view.zone))),
    )


def _present_year(year: int, count: int, query: Query) -> Choice:
    is_chosen = query.filter.years == (year,)
    years = replace(query.filter, years=() if is_chosen else (year,))
    path = past_path(replace(query, filter=years).at(0))
    return Choice(str(year), path, is_chosen, count)


def _count_moves(slip: Change) -> MovedMark:
    number = slip.slip_number or 1
    times = {1: "once", 2: "twice"}.get(number, f"{number} times")
    return MovedMark(f"Moved {times}", from_to_words(slip), mark_of(slip))
