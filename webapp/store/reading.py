"""Reading: one snapshot of the store, in which the generation and all rows belong together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from webapp.domain.event import EventType, StoredEvent
from webapp.domain.query import EventQuery, Scope
from webapp.store.rows import stored_event
from webapp.store.schema import event_types, events, rejected_records, timeline_order
from webapp.store.selection import matches
from webapp.store.state import StoreState, get_state

_ID_CHUNK = 500  # SQLite builds exist that take no more than 999 parameters in a statement.
_SHOWN = [column for column in events.c if column is not events.c.record]


class Snapshot:
    """What the store holds at one moment. Good only inside the `with` that opened it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def state(self) -> StoreState:
        """The store's generation and how syncing stands."""
        return get_state(self._connection)

    def list_events(self, query: EventQuery, scope: Scope) -> list[StoredEvent]:
        """List the events that match, in timeline order: undated ones last. Honours the query's limit and offset."""
        statement = select(*_SHOWN).where(matches(query, scope)).order_by(*timeline_order)
        return self._load(statement.limit(query.limit).offset(query.offset or None))

    def count_events(self, query: EventQuery, scope: Scope) -> int:
        """Count the events that match, whatever the query's limit and offset."""
        statement = select(func.count()).select_from(events).where(matches(query, scope))
        return self._connection.execute(statement).scalar_one()

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
            stored
            for chunk in _chunks(event_ids)
            for stored in self._load(select(*_SHOWN).where(events.c.id.in_(chunk)))
        ]

    def get_records(self, event_ids: Sequence[int]) -> dict[int, str]:
        """Give the records of those of these events that are stored, as the source sent them, by id."""
        return {
            row.id: row.record
            for chunk in _chunks(event_ids)
            for row in self._connection.execute(select(events.c.id, events.c.record).where(events.c.id.in_(chunk)))
        }

    def list_types(self) -> list[EventType]:
        """List the event types that the data have taught us, by name."""
        rows = self._connection.execute(select(event_types).order_by(event_types.c.name, event_types.c.id))
        return [EventType(row.id, row.name) for row in rows]

    def _load(self, statement: Select[Any]) -> list[StoredEvent]:
        return [stored_event(row) for row in self._connection.execute(statement).mappings()]


def _chunks(event_ids: Sequence[int]) -> list[Sequence[int]]:
    return [event_ids[start : start + _ID_CHUNK] for start in range(0, len(event_ids), _ID_CHUNK)]
