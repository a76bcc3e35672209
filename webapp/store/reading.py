"""Reading: a snapshot is one read transaction, in which the generation and all rows belong together."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from webapp.domain.chain import EntryHistory
from webapp.domain.changes import ChangeKind, StoredChange
from webapp.domain.entry import EntryKey, EntryKind, StoredEntry
from webapp.domain.precision import Step
from webapp.domain.query import Filter, View
from webapp.domain.scopes import EVERYTHING, Scope
from webapp.store.browsers import BrowserMemory
from webapp.store.changes import (
    count_changes,
    get_changes,
    list_changes,
    list_changes_after,
    list_history,
    list_slips,
)
from webapp.store.clock_repair import latest_instant
from webapp.store.expiry import next_expiry
from webapp.store.histories import HistoryPlace, list_histories
from webapp.store.keys import chunks, ids_of
from webapp.store.notices import NoticeMemory
from webapp.store.pictures import PictureMemory
from webapp.store.rows import stored_entry, stored_record
from webapp.store.schema import changes, entries, entry_bodies, entry_keys, rejected_records, withdrawals
from webapp.store.selection import Facets, Period, Selection
from webapp.store.selection.conditions import in_ids, matching
from webapp.store.state import StoreState, get_state
from webapp.store.statistics.reading import Statistics
from webapp.store.syncing import SyncMemory
from webapp.store.vocabularies import Vocabulary, list_terms
from webapp.store.websub import HubState, get_hub

WHOLE = View()
"""The view that a list has where none is asked for: all of it, in the timeline's order."""

_BODY = (entry_bodies.c.type_name, entry_bodies.c.description, entry_bodies.c.duration, entry_bodies.c.parts)
_RECORD = (entry_bodies.c.record, entry_bodies.c.compressed)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds: entries that stand, entries that were withdrawn, and changes of all kinds.

    `launches` is how many of those that stand are launches.
    """

    entries: int
    withdrawn: int
    changes: int
    launches: int = 0

    @property
    def events(self) -> int:
        """How many of those that stand are events."""
        return self.entries - self.launches


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be understood: its id, if it has one, why, and when it was last seen, in UTC."""

    kind: EntryKind
    source_id: str | None
    reason: str
    seen_at: datetime


class EntryVersion(NamedTuple):
    """The version of an entry: the generation in which it was last written. The same version has the same data."""

    entry_id: int
    generation: int


class Snapshot:
    """A snapshot: what the store holds at one moment. Good only inside the `with` that opened it.

    With `kinds`, entries of others are as if they were not stored.
    """

    def __init__(self, connection: Connection, kinds: Collection[EntryKind] | None = None) -> None:
        self._connection = connection
        is_narrowed = kinds is not None and any(kind not in kinds for kind in get_state(connection).progress)
        self._kinds = tuple(kinds or ()) if is_narrowed else ()
        self._selection = Selection(connection, self._kinds)

    @property
    def state(self) -> StoreState:
        """The store's generation and sync status."""
        return get_state(self._connection)

    def list_entries(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[StoredEntry]:
        """List the entries that match, in the view's order or else the timeline's, from its offset on, to its limit."""
        return self._load(self._selection.select_page(asked, scope, view, _entries()))

    def list_records(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[tuple[int, str]]:
        """List the same as ids of the store with the records that the source sent."""
        records = select(entries.c.id, *_RECORD).join_from(entries, entry_bodies)
        page = self._selection.select_page(asked, scope, view, records)
        return [(row["id"], stored_record(row)) for row in self._connection.execute(page).mappings()]

    def list_versions(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[EntryVersion]:
        """List the versions of what `list_entries` lists, in the same order."""
        versions = select(entries.c.id, entries.c.written)
        page = self._selection.select_page(asked, scope, view, versions)
        return [EntryVersion(*row) for row in self._connection.execute(page)]

    def count_entries(self, asked: Filter, scope: Scope) -> int:
        """Count the entries that match."""
        return self._selection.count(asked, scope)

    def count_kinds(self, asked: Filter, scope: Scope) -> Counter[EntryKind]:
        """Count the entries that match by their kind, whichever kinds the filter asks for."""
        return self._selection.count_kinds(asked, scope)

    def has_any_launch(self) -> bool:
        """Say whether launches are stored, withdrawn ones among them."""
        return self._selection.has_any_launch()

    def list_facets(self, asked: Filter, scope: Scope) -> Facets:
        """List what could be chosen beside this filter, and how many entries each choice would show."""
        return self._selection.list_facets(asked, scope)

    def list_chosen(self, asked: Filter) -> Facets:
        """Name what this filter chooses, and count nothing."""
        return self._selection.list_chosen(asked)

    def count_years(self, asked: Filter, scope: Scope) -> dict[int, int]:
        """Count the entries of each year, the latest year first, whichever years the filter asks for."""
        return self._selection.count_years(asked, scope)

    def count_months(self, asked: Filter, scope: Scope) -> dict[int, int]:
        """Count the entries of each month, 1 to 12, in all years that the filter asks for, whichever months it does."""
        return self._selection.count_months(asked, scope)

    def count_periods(self, asked: Filter, scope: Scope) -> list[Period]:
        """Count the entries by the date range that they share, in the timeline's order."""
        return self._selection.count_periods(asked, scope)

    def next_expiry(self, now: datetime, *, before: datetime) -> datetime | None:
        """Give the first instant after `now`, and before the other, at which time alone changes what is upcoming,
        live or past; `None` if there is none.
        """
        return next_expiry(self._connection, now, before)

    def list_terms(self, vocabulary: Vocabulary) -> list[dict[str, Any]]:
        """List the terms of a vocabulary that launches have been seen to use, by id."""
        return list_terms(self._connection, vocabulary)

    @property
    def sync(self) -> SyncMemory:
        """What the syncing remembers."""
        return SyncMemory(self._connection)

    @property
    def pictures(self) -> PictureMemory:
        """The pictures and cards that are held."""
        return PictureMemory(self._connection)

    @property
    def statistics(self) -> Statistics:
        """The ledger of dates, slips and launches."""
        return Statistics(self._connection, self._kinds)

    @property
    def notices(self) -> NoticeMemory:
        """Subscribers, and what is to be sent to them."""
        return NoticeMemory(self._connection)

    @property
    def browsers(self) -> BrowserMemory:
        """Subscribed browsers, and the keys by which push services know this server."""
        return BrowserMemory(self._connection)

    @property
    def hub(self) -> HubState | None:
        """The WebSub hub, as it stands; `None` before one was first named."""
        return get_hub(self._connection)

    def latest_instant(self) -> datetime | None:
        """Give the latest instant at which, as the store has it, something was done: to come, if a clock was ahead."""
        return latest_instant(self._connection)

    def count_all(self) -> Counts:
        """Count everything that is stored."""
        stored, withdrawn, changed = (
            self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (entries, withdrawals, changes)
        )
        launches = self._selection.count(Filter(kinds=(EntryKind.LAUNCH,)), EVERYTHING)
        return Counts(stored - withdrawn, withdrawn, changed, launches)

    def count_rejected(self) -> int:
        """Count what `list_rejected` lists."""
        return self._connection.execute(select(func.count()).select_from(rejected_records)).scalar_one()

    def list_rejected(self, *, limit: int | None = None) -> list[Rejected]:
        """List the records that could not be understood when they were last seen, by when that was."""
        statement = select(rejected_records).order_by(rejected_records.c.number).limit(limit)
        rows = self._connection.execute(statement).mappings()
        return [Rejected(EntryKind(row["kind"]), row["source_id"], row["reason"], row["seen_at"]) for row in rows]

    def count_nameless(self, kind: EntryKind) -> int:
        """Count those of a kind that have no id of their own."""
        of_kind = rejected_records.c.kind == kind.value, rejected_records.c.source_id.is_(None)
        statement = select(func.count()).select_from(rejected_records).where(*of_kind)
        return self._connection.execute(statement).scalar_one()

    def list_history(self, key: EntryKey) -> list[StoredChange]:
        """List all changes of one entry, the latest first."""
        if not self._is_shown(key):
            return []
        entry_id = ids_of(self._connection, [key]).get(key)
        return [] if entry_id is None else list_history(self._connection, entry_id)

    def list_changes(
        self, asked: Filter, kinds: Sequence[ChangeKind], *, since: datetime | None = None, limit: int | None = None,
        offset: int = 0,
    ) -> list[StoredChange]:  # fmt: skip
        """List the changes, of these kinds, of the entries that pass the filter, the latest first.

        Withdrawn entries are among them. With `since`, only what was seen then or after.
        """
        return list_changes(self._connection, asked, kinds, since=since, limit=limit, offset=offset, shown=self._kinds)

    def count_changes(self, asked: Filter, *, since: datetime | None = None) -> Counter[ChangeKind]:
        """Count what `list_changes` lists without a limit, by kind."""
        return count_changes(self._connection, asked, since, self._kinds)

    def list_histories(self, after: HistoryPlace, *, limit: int) -> list[tuple[HistoryPlace, EntryHistory]]:
        """List the histories of entries, withdrawn ones among them, from a place on, each with its own place."""
        return list_histories(self._connection, after, limit=limit, kinds=self._kinds or tuple(EntryKind))

    def list_changes_after(self, number: int) -> list[StoredChange]:
        """List all changes with a greater number, the earliest first."""
        return list_changes_after(self._connection, number)

    def get_changes(self, numbers: Sequence[int]) -> list[StoredChange]:
        """Give those of these changes that are stored, the earliest first."""
        return get_changes(self._connection, numbers)

    def filter_ids(self, asked: Filter, entry_ids: Collection[int]) -> set[int]:
        """Give those of these entries that pass the filter: withdrawn ones too, and no event that is a launch."""
        scope = Scope(withdrawn=True, kinds=self._kinds, without_repeats=True)
        dialect = self._connection.dialect.name
        is_meant = in_ids(entries.c.id, entry_ids, dialect), matching(asked, scope, dialect, correlated=True)
        return set(self._connection.execute(select(entries.c.id).where(*is_meant)).scalars())

    def list_starting(self, after: datetime, until: datetime) -> list[StoredEntry]:
        """List the entries whose date lies after one instant and not after the other, if it is known to the hour."""
        to_the_hour = entries.c.precision_order <= Step.HOUR.order
        return self._load(_entries().where(entries.c.sort_date > after, entries.c.sort_date <= until, to_the_hour))

    def list_slips(self, stored: Sequence[StoredEntry], *, since: datetime) -> dict[EntryKey, StoredChange]:
        """Give the latest slip of each of these entries that was seen at `since` or after."""
        slips = list_slips(self._connection, [known.id for known in stored], since)
        return {known.entry.key: slips[known.id] for known in stored if known.id in slips}

    def get_entry(self, key: EntryKey) -> StoredEntry | None:
        """Give one entry."""
        if not self._is_shown(key):
            return None
        return next(iter(self.get_entries(list(ids_of(self._connection, [key]).values()))), None)

    def get_entries(self, entry_ids: Sequence[int]) -> list[StoredEntry]:
        """Give those of these entries that are stored, in no particular order."""
        return [
            stored for chunk in chunks(entry_ids) for stored in self._load(_entries().where(entries.c.id.in_(chunk)))
        ]

    def get_records(self, entry_ids: Sequence[int]) -> dict[int, str]:
        """Give the records of those of these entries that are stored, as the source sent them, by id."""
        columns = (entry_bodies.c.entry_id, *_RECORD)
        return {
            row["entry_id"]: stored_record(row)
            for chunk in chunks(entry_ids)
            for row in self._connection.execute(select(*columns).where(entry_bodies.c.entry_id.in_(chunk))).mappings()
        }

    def _is_shown(self, key: EntryKey) -> bool:
        return key.kind in (self._kinds or EntryKind)

    def _load(self, statement: Select[Any]) -> list[StoredEntry]:
        return [stored_entry(row) for row in self._connection.execute(statement).mappings()]


def _entries() -> Select[Any]:
    columns = (entries, *_BODY, withdrawals.c.withdrawn_at, entry_keys.c.kind, entry_keys.c.source_id)
    joined = (
        entries.join(entry_bodies)
        .outerjoin(withdrawals, withdrawals.c.entry_id == entries.c.id)
        .outerjoin(entry_keys, entry_keys.c.entry_id == entries.c.id)
    )
    return select(*columns).select_from(joined)
