"""Reading: one snapshot of the store, in which the generation and all rows belong together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from webapp.domain.changes import ChangeKind, StoredChange
from webapp.domain.event import StoredEvent
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope
from webapp.store.changes import count_changes, list_changes, list_history, list_slips
from webapp.store.counting import MANY, Found, find, find_few
from webapp.store.facets import Facets, count_years, list_facets
from webapp.store.mending import latest_instant
from webapp.store.paging import choose, order_of
from webapp.store.rows import stored_event
from webapp.store.schema import changes, event_bodies, events, rejected_records, withdrawals
from webapp.store.state import StoreState, get_state
from webapp.store.syncing import SyncMemory
from webapp.store.turns import next_turn

WHOLE = View()
"""The view that a list has where none is asked for: all of it, in the timeline's order."""

_ID_CHUNK = 500  # SQLite builds exist that take no more than 999 parameters in a statement.
_BODY = (event_bodies.c.type_name, event_bodies.c.description, event_bodies.c.duration, event_bodies.c.parts)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds: events that stand, events that were withdrawn, and changes of all kinds."""

    events: int
    withdrawn: int
    changes: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be understood: its id, if it has one, why, and when it was last seen, in UTC."""

    event_id: int | None
    reason: str
    seen_at: datetime


class Mark(NamedTuple):
    """That an event is there, and in which generation it was last written: until that changes, nothing of it does."""

    event_id: int
    written: int


class Snapshot:
    """What the store holds at one moment. Good only inside the `with` that opened it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._found: dict[tuple[Filter, Scope], Found] = {}

    @property
    def state(self) -> StoreState:
        """The store's generation and how syncing stands."""
        return get_state(self._connection)

    def list_events(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[StoredEvent]:
        """List the events that match, in the view's order or else the timeline's, from its offset on, to its limit."""
        return self._load(self._on_page(_events(), asked, scope, view))

    def list_records(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[tuple[int, str]]:
        """List the same as ids with the records that the source sent."""
        statement = select(events.c.id, event_bodies.c.record).join_from(events, event_bodies)
        return [(row.id, row.record) for row in self._connection.execute(self._on_page(statement, asked, scope, view))]

    def list_marks(self, asked: Filter, scope: Scope, view: View = WHOLE) -> list[Mark]:
        """List what `list_events` lists, in the same order, as no more than marks of it."""
        rows = self._connection.execute(self._on_page(select(events.c.id, events.c.written), asked, scope, view))
        return [Mark(*row) for row in rows]

    def count_events(self, asked: Filter, scope: Scope) -> int:
        """Count the events that match."""
        return self._find(asked, scope).total

    def list_facets(self, asked: Filter, scope: Scope) -> Facets:
        """List what could be chosen beside this filter, and how many events each choice would show."""
        return list_facets(self._connection, asked, scope, lambda one: self._few(one, scope))

    def count_years(self, asked: Filter, scope: Scope) -> dict[int, int]:
        """Count the events of each year, the latest year first, whichever years the filter asks for."""
        return count_years(self._connection, asked, scope)

    def next_turn(self, now: datetime, *, before: datetime) -> datetime | None:
        """Give the first instant after `now`, and before the other, at which time alone changes what is upcoming,
        live or past; `None` if there is none.
        """
        return next_turn(self._connection, now, before)

    @property
    def sync(self) -> SyncMemory:
        """What the syncing remembers."""
        return SyncMemory(self._connection)

    def latest_instant(self) -> datetime | None:
        """Give the latest instant at which, as the store has it, something was done. One to come betrays a clock."""
        return latest_instant(self._connection)

    def count_all(self) -> Counts:
        """Count everything that is stored."""
        stored, withdrawn, changed = (
            self._connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (events, withdrawals, changes)
        )
        return Counts(stored - withdrawn, withdrawn, changed)

    def count_rejected(self) -> int:
        """Count what `list_rejected` lists."""
        return self._connection.execute(select(func.count()).select_from(rejected_records)).scalar_one()

    def list_rejected(self, *, limit: int | None = None) -> list[Rejected]:
        """List the records that could not be understood when they were last seen, by when that was."""
        statement = select(rejected_records).order_by(rejected_records.c.number).limit(limit)
        rows = self._connection.execute(statement).mappings()
        return [Rejected(row["event_id"], row["reason"], row["seen_at"]) for row in rows]

    def list_history(self, event_id: int) -> list[StoredChange]:
        """List all changes of one event, the latest first."""
        return list_history(self._connection, event_id)

    def list_changes(
        self, asked: Filter, kinds: Sequence[ChangeKind], *, limit: int | None = None, offset: int = 0
    ) -> list[StoredChange]:
        """List the changes, of these kinds, of the events that pass the filter, the latest first.

        Withdrawn events are among them.
        """
        return list_changes(self._connection, asked, kinds, limit=limit, offset=offset)

    def count_changes(self, asked: Filter, kinds: Sequence[ChangeKind]) -> int:
        """Count what `list_changes` lists without a limit."""
        return count_changes(self._connection, asked, kinds)

    def list_slips(self, event_ids: Sequence[int], *, since: datetime) -> dict[int, StoredChange]:
        """Give the latest slip of each of these events that was seen at `since` or after."""
        return list_slips(self._connection, event_ids, since)

    def get_event(self, event_id: int) -> StoredEvent | None:
        """Give one event by its LL2 id."""
        return next(iter(self.get_events([event_id])), None)

    def get_events(self, event_ids: Sequence[int]) -> list[StoredEvent]:
        """Give those of these events that are stored, in no particular order."""
        return [
            stored for chunk in _chunks(event_ids) for stored in self._load(_events().where(events.c.id.in_(chunk)))
        ]

    def get_records(self, event_ids: Sequence[int]) -> dict[int, str]:
        """Give the records of those of these events that are stored, as the source sent them, by id."""
        columns = (event_bodies.c.event_id, event_bodies.c.record)
        return {
            row.event_id: row.record
            for chunk in _chunks(event_ids)
            for row in self._connection.execute(select(*columns).where(event_bodies.c.event_id.in_(chunk)))
        }

    def _on_page(self, statement: Select[Any], asked: Filter, scope: Scope, view: View) -> Select[Any]:
        found = MANY if asked == Filter() else self._find(asked, scope)
        chosen = choose(asked, scope, view, found, self._connection.dialect.name)
        return statement.join(chosen, chosen.c.id == events.c.id).order_by(chosen.c.place, *order_of(view, scope))

    def _find(self, asked: Filter, scope: Scope) -> Found:
        key = (asked, scope)
        if key not in self._found:
            self._found[key] = find(self._connection, asked, scope)
        return self._found[key]

    def _few(self, asked: Filter, scope: Scope) -> tuple[int, ...] | None:
        # Where all are counted anyway, that has told them; else counting them would cost more than stopping at many.
        counted = scope.over_after is not None
        return self._find(asked, scope).ids if counted else find_few(self._connection, asked, scope)

    def _load(self, statement: Select[Any]) -> list[StoredEvent]:
        return [stored_event(row) for row in self._connection.execute(statement).mappings()]


def _events() -> Select[Any]:
    columns = (events, *_BODY, withdrawals.c.withdrawn_at)
    joined = events.join(event_bodies).outerjoin(withdrawals, withdrawals.c.event_id == events.c.id)
    return select(*columns).select_from(joined)


def _chunks(event_ids: Sequence[int]) -> list[Sequence[int]]:
    return [event_ids[start : start + _ID_CHUNK] for start in range(0, len(event_ids), _ID_CHUNK)]
