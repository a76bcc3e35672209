"""One history of an event: what changed, and what Launch Library's editors wrote, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from webapp.domain.changes import Change, ChangeKind, StoredChange
from webapp.domain.event import Update
from webapp.domain.text import one_line, paragraphs
from webapp.edge.moments import Moment, present_instant
from webapp.pages.change_lines import present_change

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


def present_history(changes: Sequence[StoredChange], updates: Sequence[Update]) -> tuple[HistoryEntry, ...]:
    """Merge changes and updates, the latest first; those that nobody dated come last."""
    told = [replace(one, change=_without_updates(one.change)) for one in changes if one.change != _UPDATES_EDITED]
    dated = [(one.seen_at, 1, one.number, _present_change(one)) for one in told]
    dated += [(one.created_on or _LONG_AGO, 0, one.id, _present_update(one)) for one in updates]
    return tuple(entry for *_, entry in sorted(dated, key=lambda one: one[:3], reverse=True))


# The updates stand in the same history, each as itself.
_UPDATES = "updates"
_UPDATES_EDITED = Change(ChangeKind.EDITED, fields=(_UPDATES,))


def _without_updates(change: Change) -> Change:
    return replace(change, fields=tuple(field for field in change.fields if field != _UPDATES))


def _present_change(stored: StoredChange) -> HistoryEntry:
    line = present_change(stored.change)
    return HistoryEntry(line.kind, line.mark, present_instant(stored.seen_at), [[line.words]])


def _present_update(update: Update) -> HistoryEntry:
    at = None if update.created_on is None else present_instant(update.created_on)
    return HistoryEntry("update", "update", at, paragraphs(update.comment), one_line(update.author), update.url)
