"""Reading: one snapshot of the store, in which the generation and all rows belong together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from webapp.domain.event import EventType, StoredEvent
from webapp.domain.parameters import Part
from webapp.domain.query import EventQuery
from webapp.domain.scopes import Scope
from webapp.store.paging import MANY, Found, choose, find, order_of
from webapp.store.rows import stored_event
from webapp.store.schema import event_bodies, event_types, events, rejected_records
from webapp.store.state import StoreState, get_state

_ID_CHUNK = 500  # SQLite builds exist that take no more than 999 parameters in a statement.
_BODY = (event_bodies.c.type_name, event_bodies.c.description, event_bodies.c.duration, event_bodies.c.parts)


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

    def count_events(self, query: EventQuery, scope: Scope) -> int:
        """Count the events that match, whatever the query's limit and offset."""
        return self._find(query, scope).total

    def count_all_events(self) -> int:
        """Count every event that is stored."""
        return self._connection.execute(select(func.count()).select_from(events)).scalar_one()

    def count_rejected(self) -> int:
        """Count the records of the latest import that could not be understood."""
        return self._connection.execute(select(func.count()).select_from(rejected_records)).scalar_one()

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
        return statement.join(chosen, chosen.c.id == events.c.id).order_by(chosen.c.place, *order_of(query))

    def _find(self, query: EventQuery, scope: Scope) -> Found:
        asked = (query.without(Part.VIEW, Part.OPTION), scope)
        if asked not in self._found:
            self._found[asked] = find(self._connection, query, scope)
        return self._found[asked]

    def _load(self, statement: Select[Any]) -> list[StoredEvent]:
        return [stored_event(row) for row in self._connection.execute(statement).mappings()]


def _events() -> Select[Any]:
    return select(events, *_BODY).join_from(events, event_bodies)


def _chunks(event_ids: Sequence[int]) -> list[Sequence[int]]:
    return [event_ids[start : start + _ID_CHUNK] for start in range(0, len(event_ids), _ID_CHUNK)]
