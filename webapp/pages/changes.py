"""The page of recent changes: the latest first, by the UTC day on which they were seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from webapp.domain.change_words import KIND_WORDS
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, ChangeKind, StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.query import Filter, Options, Query
from webapp.domain.text import isolated
from webapp.pages.change_lines import ChangeLine, present_change
from webapp.pages.timeline import Heading, day_heading
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
class KindChoice:
    """A kind of change to choose, with the address that shows it alone; the first choice shows all but edits."""

    label: str
    path: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the page shows: changes `first` to `last` of `total`; a path is `None` where it would lead nowhere.

    `loosened` pairs labels with the addresses that ask for less; it is empty where nothing in particular is asked for.
    `upcoming_path` leads to the upcoming events of the same filter, if there is one.
    """

    days: tuple[ChangesDay, ...]
    choices: tuple[KindChoice, ...]
    total: int
    first: int
    last: int
    loosened: tuple[tuple[str, str], ...]
    upcoming_path: str | None
    more_path: str | None
    start_path: str | None


def present_changes(
    changes: Sequence[StoredChange],
    entries: Mapping[int, StoredEntry],
    *,
    before: StoredChange | None,
    total: int,
    query: Query,
) -> ChangesPage:
    """Group one page of changes, given the latest first, by their days; `before` is the change just ahead of them.

    `entries` has the entry of each change, by its id in the store.
    """
    grouped = groupby(changes, lambda change: change.seen_at.date())
    days = [
        ChangesDay(day_heading(day), continued=False, entries=tuple(_entries(seen, entries))) for day, seen in grouped
    ]
    if changes and before is not None and before.seen_at.date() == changes[0].seen_at.date():
        days[0] = replace(days[0], continued=True)
    last = query.view.offset + len(changes)
    return ChangesPage(
        days=tuple(days),
        choices=tuple(_choices(query)),
        total=total,
        first=query.view.offset + 1 if changes else 0,
        last=last if changes else 0,
        loosened=tuple(_loosened(query)),
        upcoming_path=timeline_path(Query(query.filter)) if query.filter != Filter() else None,
        more_path=changes_path(query.at(last)) if changes and last < total else None,
        start_path=changes_path(query.at(0)) if query.view.offset else None,
    )


def _entries(changes: Iterator[StoredChange], entries: Mapping[int, StoredEntry]) -> Iterator[ChangesEntry]:
    for (entry_id, seen_at), together in groupby(changes, lambda change: (change.entry_id, change.seen_at)):
        entry = entries[entry_id].entry
        yield ChangesEntry(
            at=present_instant(seen_at),
            name=isolated(entry.name),
            path=entry_path(entry),
            type_id=entry.type.id,
            lines=tuple(present_change(change.change) for change in together),
        )


def _choices(query: Query) -> Iterator[KindChoice]:
    def path(*kinds: ChangeKind) -> str:
        return changes_path(replace(query, options=Options(change_kinds=kinds)).at(0))

    chosen = query.options.change_kinds
    is_usual = chosen == DEFAULT_CHANGE_KINDS
    yield KindChoice("All but edits", path(*DEFAULT_CHANGE_KINDS), is_chosen=is_usual)
    for kind in ChangeKind:
        yield KindChoice(KIND_WORDS[kind], path(kind), is_chosen=kind in chosen and not is_usual)


def _loosened(query: Query) -> Iterator[tuple[str, str]]:
    kinds = Options(change_kinds=query.options.change_kinds)
    asks_for_kinds, asks_for_entries = kinds != Options(), query.filter != Filter()
    if asks_for_kinds and asks_for_entries:
        yield "The same events, all changes", changes_path(Query(query.filter))
        yield "All events, the same kinds of change", changes_path(Query(options=kinds))
    if asks_for_kinds or asks_for_entries:
        yield "All changes of all events", changes_path(Query())
