"""One history of an event: what changed, and what Launch Library's editors wrote, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from webapp.domain.changes import Change, ChangeKind, StoredChange
from webapp.domain.entry import Entry, Update
from webapp.domain.query import Query, View
from webapp.domain.text import isolated, paragraphs, shortened
from webapp.domain.words import MOST_LISTED
from webapp.domain.zones import UTC_ZONE
from webapp.pages.change_lines import present_change
from webapp.pages.paging import Paging, page_through
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.moments import Moment, present_instant
from webapp.web.addresses import entry_path, history_path

_LONGEST_UPDATE = 5_000
_PAGE_SIZE = 50
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry: `kind` is a change's, or `update`; `mark` is the drawing that stands for it.

    `at` is when a change was seen here, or an update was written; `None` where nobody said. An update has its `author`
    and the address (`url`) where it was said.
    """

    kind: str
    mark: str
    at: Moment | None
    paragraphs: list[list[str]]
    author: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Some entries of a history in a row, and how many it has in all."""

    entries: tuple[HistoryEntry, ...]
    total: int


def present_history(
    changes: Sequence[StoredChange], updates: Sequence[Update], *, offset: int = 0, limit: int = MOST_LISTED,
    zone: ZoneInfo = UTC_ZONE,
) -> History:  # fmt: skip
    """Merge changes and updates, the latest first; those that nobody dated come last. Gives a part of them.

    Times are those of the zone.
    """
    shown = [item for item in changes if item.change != _UPDATES_EDITED]
    dated: list[tuple[datetime, int, int, StoredChange | Update]] = [
        (item.seen_at, 1, item.number, item) for item in shown
    ]
    dated += [(item.created_on or _LONG_AGO, 0, item.id, item) for item in updates]
    dated.sort(key=lambda item: item[:3], reverse=True)
    return History(tuple(_present(item, zone) for *_, item in dated[offset : offset + limit]), len(dated))


def _present(item: StoredChange | Update, zone: ZoneInfo) -> HistoryEntry:
    if isinstance(item, Update):
        return _present_update(item, zone)
    return _present_change(replace(item, change=_without_updates(item.change)), zone)


# The updates stand in the same history, each as itself.
_UPDATES = "updates"
_UPDATES_EDITED = Change(ChangeKind.EDITED, fields=(_UPDATES,))


def _without_updates(change: Change) -> Change:
    return replace(change, fields=tuple(field for field in change.fields if field != _UPDATES))


def _present_change(stored: StoredChange, zone: ZoneInfo) -> HistoryEntry:
    line = present_change(stored.change, zone)
    return HistoryEntry(line.kind, line.mark, present_instant(stored.seen_at, zone), [[line.words]])


def _present_update(update: Update, zone: ZoneInfo) -> HistoryEntry:
    at = None if update.created_on is None else present_instant(update.created_on, zone)
    return HistoryEntry(
        "update",
        "update",
        at,
        paragraphs(shortened(update.comment, _LONGEST_UPDATE)),
        isolated(update.author),
        update.url,
    )


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """What the page of a whole history shows."""

    name: str
    entry_path: str
    history: History
    paging: Paging
    zone: ZoneMenu


def present_history_page(entry: Entry, changes: Sequence[StoredChange], *, query: Query, now: datetime) -> HistoryPage:
    """Show the page of an entry's history that a query asks for."""
    zone, offset = query.view.zone, query.view.offset
    history = present_history(changes, entry.updates, offset=offset, limit=_PAGE_SIZE, zone=zone)

    def path_of(other: Query) -> str:
        return history_path(entry, other.view.offset, other.view.zone)

    return HistoryPage(
        name=isolated(entry.name),
        entry_path=entry_path(entry, zone),
        history=history,
        paging=page_through(query, count=len(history.entries), total=history.total, path_of=path_of),
        zone=present_zone(Query(view=View(zone=zone)), path_of, now),
    )
