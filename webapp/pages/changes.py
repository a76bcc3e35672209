"""The page of recent changes: the latest first, by the UTC day on which they were seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from webapp.domain.change_words import KIND_WORDS
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, ChangeKind, StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.query import Filter, Options, Query, View
from webapp.domain.text import isolated
from webapp.domain.zones import in_zone
from webapp.pages.change_lines import ChangeLine, present_change
from webapp.pages.choices import Choice
from webapp.pages.groups import Heading, day_heading
from webapp.pages.paging import Paging, page_through
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.moments import Moment, present_instant
from webapp.web.addresses import changes_path, entry_path, timeline_path

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ChangesEntry:
    """What changed about one event at one time."""

    at: Moment
    name: str
    path: str
    type_id: int
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class ChangesDay:
    """The changes of one UTC day; `continued` says that an earlier page began it."""

    heading: Heading
    continued: bool
    entries: tuple[ChangesEntry, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page shows.

    `loosened` pairs labels with the addresses that ask for less; it is empty where nothing in particular is asked for.
    `upcoming_path` leads to the upcoming events of the same filter, if there is one.
    """

    days: tuple[ChangesDay, ...]
    choices: tuple[Choice, ...]
    paging: Paging
    zone: ZoneMenu
    loosened: tuple[tuple[str, str], ...]
    upcoming_path: str | None


def present_changes(
    changes: Sequence[StoredChange],
    entries: Mapping[int, StoredEntry],
    *,
    before: StoredChange | None,
    total: int,
    query: Query,
    now: datetime,
) -> ChangesPage:
    """Group one page of changes, given the latest first, by their days; `before` is the change just ahead of them.

    `entries` has the entry of each change, by its id in the store.
    """
    zone = query.view.zone

    def day_of(change: StoredChange) -> date:
        return in_zone(change.seen_at, zone).date()

    days = [
        ChangesDay(day_heading(day), continued=False, entries=tuple(_entries(seen, entries, zone)))
        for day, seen in groupby(changes, day_of)
    ]
    if changes and before is not None and day_of(before) == day_of(changes[0]):
        days[0] = replace(days[0], continued=True)
    return ChangesPage(
        days=tuple(days),
        choices=tuple(_choices(query)),
        paging=page_through(query, count=len(changes), total=total, path_of=changes_path),
        zone=present_zone(query, changes_path, now),
        loosened=tuple(_loosened(query)),
        upcoming_path=timeline_path(Query(query.filter, View(zone=zone))) if query.filter != Filter() else None,
    )


def _entries(
    changes: Iterator[StoredChange], entries: Mapping[int, StoredEntry], zone: ZoneInfo
) -> Iterator[ChangesEntry]:
    for (entry_id, seen_at), together in groupby(changes, lambda change: (change.entry_id, change.seen_at)):
        entry = entries[entry_id].entry
        yield ChangesEntry(
            at=present_instant(seen_at, zone),
            name=isolated(entry.name),
            path=entry_path(entry, zone),
            type_id=entry.type.id,
            lines=tuple(present_change(change.change) for change in together),
        )


def _choices(query: Query) -> Iterator[Choice]:
    def path(*kinds: ChangeKind) -> str:
        return changes_path(replace(query, options=Options(change_kinds=kinds)).at(0))

    chosen = query.options.change_kinds
    is_usual = chosen == DEFAULT_CHANGE_KINDS
    yield Choice("All but edits", path(*DEFAULT_CHANGE_KINDS), is_chosen=is_usual)
    for kind in ChangeKind:
        yield Choice(KIND_WORDS[kind], path(kind), is_chosen=kind in chosen and not is_usual)


def _loosened(query: Query) -> Iterator[tuple[str, str]]:
    kinds = Options(change_kinds=query.options.change_kinds)
    asks_for_kinds, asks_for_entries = kinds != Options(), query.filter != Filter()
    if asks_for_kinds and asks_for_entries:
        yield "The same events, all changes", changes_path(Query(query.filter))
        yield "All events, the same kinds of change", changes_path(Query(options=kinds))
    if asks_for_kinds or asks_for_entries:
        yield "All changes of all events", changes_path(Query())
