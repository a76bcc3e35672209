"""Reading: one snapshot of the store, in which the generation and all rows belong together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from webapp.domain.changes import StoredChange
from webapp.domain.event import EventType, StoredEvent
from webapp.domain.parameters import Part
from webapp.domain.query import EventQuery
from webapp.domain.scopes import Scope
from webapp.store.changes import count_changes, list_changes, list_history, list_slips
from webapp.store.counting import MANY, Found, find, find_few
from webapp.store.facets import Facets, count_years, list_facets
from webapp.store.paging import choose, order_of
from webapp.store.rows import stored_event
from webapp.store.schema import changes, event_bodies, event_types, events, rejected_records, withdrawals
from webapp.store.state import StoreState, get_state
from webapp.store.syncing import SyncMemory
from webapp.store.turns import next_turn

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
        self._found: dict[tuple[EventQuery, Scope], Found] = {}

    @property
    def state(self) -> StoreState:
        """The store's generation and how syncing stands."""
        return get_state(self._connection)

    def list_events(self, query: EventQuery, scope: Scope) -> list[StoredEvent]:
        """List the events that match, in the query's order or else the timeline's. Honours its limit and offset."""
        return self._load(self._on_page(_events(), query, scope))

    def list_records(self, query: EventQuery, scope: Scope) -> list[tuple[int, str]]:
        """List the same as ids with the records that the source sent."""
        statement = select(events.c.id, event_bodies.c.record).join_from(events, event_bodies)
        return [(row.id, row.record) for row in self._connection.execute(self._on_page(statement, query, scope))]

    def list_marks(self, query: EventQuery, scope: Scope) -> list[Mark]:
        """List what `list_events` lists, in the same order, as no more than marks of it."""
        rows = self._connection.execute(self._on_page(select(events.c.id, events.c.written), query, scope))
        return [Mark(*row) for row in rows]

    def count_events(self, query: EventQuery, scope: Scope) -> int:
        """Count the events that match, whatever the query's limit and offset."""
        return self._find(query, scope).total

    def list_facets(self, query: EventQuery, scope: Scope) -> Facets:
        """List what could be chosen beside this filter, and how many events each choice would show."""
        return list_facets(self._connection, query, scope, lambda one: self._few(one, scope))

    def count_years(self, query: EventQuery, scope: Scope) -> dict[int, int]:
        """Count the events of each year, the latest year first, whichever years the query asks for."""
        return count_years(self._connection, query, scope)

    def next_turn(self, now: datetime, *, before: datetime) -> datetime | None:
        """Give the first instant after `now`, and before the other, at which time alone changes what is upcoming,
        live or past; `None` if there is none.
        """
        return next_turn(self._connection, now, before)

    @property
    def sync(self) -> SyncMemory:
        """What the syncing remembers."""
        return SyncMemory(self._connection)

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

    def list_changes(self, query: EventQuery) -> list[StoredChange]:
        """List the changes of the events that pass the filter, of the query's kinds, the latest first.

        Honours its limit and offset. Withdrawn events are among them.
        """
        return list_changes(self._connection, query)

    def count_changes(self, query: EventQuery) -> int:
        """Count what `list_changes` lists, whatever the query's limit and offset."""
        return count_changes(self._connection, query)

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

    def list_types(self) -> list[EventType]:
        """List the event types that the data have taught us, by name."""
        rows = self._connection.execute(select(event_types).order_by(event_types.c.name, event_types.c.id))
        return [EventType(row.id, row.name) for row in rows]

    def _on_page(self, statement: Select[Any], query: EventQuery, scope: Scope) -> Select[Any]:
        is_filtered = query.without(Part.VIEW, Part.OPTION) != EventQuery()
        found = self._find(query, scope) if is_filtered else MANY
        chosen = choose(query, scope, found, self._connection.dialect.name)
        return statement.join(chosen, chosen.c.id == events.c.id).order_by(chosen.c.place, *order_of(query, scope))

    def _find(self, query: EventQuery, scope: Scope) -> Found:
        asked = (query.without(Part.VIEW, Part.OPTION), scope)
        if asked not in self._found:
            self._found[asked] = find(self._connection, query, scope)
        return self._found[asked]

    def _few(self, query: EventQuery, scope: Scope) -> tuple[int, ...] | None:
        # Where all are counted anyway, that has told them; else counting them would cost more than stopping at many.
        counted = scope.over_after is not None
        return self._find(query, scope).ids if counted else find_few(self._connection, query, scope)

    def _load(self, statement: Select[Any]) -> list[StoredEvent]:
        return [stored_event(row) for row in self._connection.execute(statement).mappings()]


def _events() -> Select[Any]:
    columns = (events, *_BODY, withdrawals.c.withdrawn_at)
    joined = events.join(event_bodies).outerjoin(withdrawals, withdrawals.c.event_id == events.c.id)
    return select(*columns).select_from(joined)


def _chunks(event_ids: Sequence[int]) -> list[Sequence[int]]:
    return [event_ids[start : start + _ID_CHUNK] for start in range(0, len(event_ids), _ID_CHUNK)]
