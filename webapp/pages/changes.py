"""The page of changes: a summary of a period, and every change in it, the latest first, by the day it was seen on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from webapp.domain.change_words import KIND_WORDS
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, QUIET_CHANGE_KINDS, ChangeKind, StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.query import Filter, Options, Query, View
from webapp.domain.text import isolated
from webapp.domain.words import list_words
from webapp.domain.zones import in_zone
from webapp.pages.change_lines import ListedChange, present_listed
from webapp.pages.change_summary import ChangeSummary, Tally, present_summary
from webapp.pages.groups import Heading, day_heading
from webapp.pages.paging import Paging, page_through
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.choices import Choice
from webapp.rendering.moments import Moment, present_instant
from webapp.web.addresses import changes_path, entry_path, timeline_path

PAGE_SIZE = 50
EVERY_KIND = tuple(ChangeKind)
TABS = {
    "Moved": (ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER),
    "New": (ChangeKind.ADDED, ChangeKind.RETURNED),
    "Webcasts": (ChangeKind.WEBCAST_ADDED, ChangeKind.GONE_LIVE, ChangeKind.ENDED),
    "Withdrawn": (ChangeKind.WITHDRAWN,),
    "All": DEFAULT_CHANGE_KINDS,
}
"""The change kinds of each tab. All leaves the quiet ones out, as the feeds do, until they are asked for."""

_PERIODS = {1: "24 hours", 7: "7 days", 30: "30 days", None: "All time"}


@dataclass(frozen=True, slots=True)
class ChangesEntry:
    """What changed about one event at one time."""

    at: Moment
    name: str
    path: str
    type_id: int
    lines: tuple[ListedChange, ...]


@dataclass(frozen=True, slots=True)
class ChangesDay:
    """The changes of one day; `continued` says that an earlier page began it."""

    heading: Heading
    continued: bool
    entries: tuple[ChangesEntry, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page shows.

    `edits` is the choice to see the quiet kinds too, edits above all, where all others are shown. `kind_words` names
    kinds that are no tab. `loosened` pairs labels with the addresses that ask for less; it is empty where nothing in
    particular is asked for. `upcoming_path` leads to the upcoming entries of the same filter, if there is one, and
    `unfiltered_path` to the changes of all.
    """

    summary: ChangeSummary
    tabs: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    edits: Choice | None
    kind_words: str
    days: tuple[ChangesDay, ...]
    paging: Paging
    zone: ZoneMenu
    loosened: tuple[tuple[str, str], ...]
    upcoming_path: str | None
    unfiltered_path: str


def present_changes(
    changes: Sequence[StoredChange],
    entries: Mapping[int, StoredEntry],
    *,
    before: StoredChange | None,
    tally: Tally,
    query: Query,
    now: datetime,
) -> ChangesPage:
    """Group one page of changes, given the latest first, by their days; `before` is the change just ahead of them.

    `entries` has the entry of each change, by its id in the store.
    """
    kinds, asked = query.options.change_kinds, query.filter
    is_all = set(kinds) >= set(DEFAULT_CHANGE_KINDS)
    is_tab = is_all or kinds in TABS.values()
    total = sum(tally.listed[kind] for kind in kinds)
    return ChangesPage(
        summary=present_summary(tally, query),
        tabs=tuple(_tabs(query, tally)),
        periods=tuple(_periods(query)),
        edits=_edits(query, tally) if is_all else None,
        kind_words="" if is_tab else list_words([KIND_WORDS[kind] for kind in kinds]),
        days=tuple(_days(changes, entries, before, query, now)),
        paging=page_through(query, count=len(changes), total=total, path_of=changes_path),
        zone=present_zone(query, changes_path, now),
        loosened=tuple(_loosened(query)),
        upcoming_path=timeline_path(Query(asked, View(zone=query.view.zone))) if asked != Filter() else None,
        unfiltered_path=changes_path(replace(query, filter=Filter()).at(0)),
    )


def _days(
    changes: Sequence[StoredChange], entries: Mapping[int, StoredEntry], before: StoredChange | None, query: Query,
    now: datetime,
) -> Iterator[ChangesDay]:  # fmt: skip
    def day_of(change: StoredChange) -> date:
        return in_zone(_seen_at(change, now), query.view.zone).date()

    begun = None if before is None else day_of(before)
    for place, (day, seen) in enumerate(groupby(changes, day_of)):
        is_continued = place == 0 and day == begun
        yield ChangesDay(day_heading(day), is_continued, tuple(_entries(seen, entries, query, now)))


def _entries(
    changes: Iterator[StoredChange], entries: Mapping[int, StoredEntry], query: Query, now: datetime
) -> Iterator[ChangesEntry]:
    zone = query.view.zone
    for (entry_id, seen_at), together in groupby(changes, lambda change: (change.entry_id, _seen_at(change, now))):
        entry = entries[entry_id].entry
        yield ChangesEntry(
            at=present_instant(seen_at, zone),
            name=isolated(entry.name),
            path=entry_path(entry, zone),
            type_id=entry.type.id,
            lines=tuple(present_listed(change.change, zone, now) for change in together),
        )


def _seen_at(change: StoredChange, now: datetime) -> datetime:
    # Another process's clock may be a little ahead: what was seen was seen by now.
    return min(change.seen_at, now)


def _tabs(query: Query, tally: Tally) -> Iterator[Choice]:
    chosen = query.options.change_kinds
    for words, kinds in TABS.items():
        is_chosen = set(chosen) >= set(kinds) if kinds == DEFAULT_CHANGE_KINDS else chosen == kinds
        count = sum(tally.listed[kind] for kind in (chosen if is_chosen else kinds))
        yield Choice(words, _path(query, kinds), is_chosen, count)


def _edits(query: Query, tally: Tally) -> Choice:
    is_chosen = set(QUIET_CHANGE_KINDS) <= set(query.options.change_kinds)
    path = _path(query, DEFAULT_CHANGE_KINDS if is_chosen else EVERY_KIND)
    return Choice("Edits", path, is_chosen, sum(tally.listed[kind] for kind in QUIET_CHANGE_KINDS))


def _periods(query: Query) -> Iterator[Choice]:
    chosen = query.view.since
    periods = _PERIODS if chosen in _PERIODS else {chosen: f"{chosen} days", **_PERIODS}
    for days, words in periods.items():
        yield Choice(words, changes_path(_looking_back(query, days)), days == chosen)


def _path(query: Query, kinds: tuple[ChangeKind, ...]) -> str:
    return changes_path(replace(query, options=Options(change_kinds=kinds)).at(0))


def _looking_back(query: Query, days: int | None) -> Query:
    return replace(query, view=replace(query.view, since=days, offset=0))


def _loosened(query: Query) -> Iterator[tuple[str, str]]:
    looser = {
        "Any time": _looking_back(query, None),
        "Any kind of change": replace(query, options=Options()).at(0),
        "Any event": replace(query, filter=Filter()).at(0),
    }
    paths = {words: changes_path(one) for words, one in looser.items()}
    asked = [(words, path) for words, path in paths.items() if path != changes_path(query.at(0))]
    yield from asked
    if len(asked) > 1:
        yield "All changes of all events", changes_path(Query(view=View(zone=query.view.zone)))
