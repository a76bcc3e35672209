"""Repeats: events that are a launch which is stored as well. Lists show the launch alone."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from webapp.domain.entry import LAUNCH_TYPE, Entry, EntryKey, EntryKind, EventDetail
from webapp.store.keys import chunks, ids_of, of_kinds
from webapp.store.schema import entries, repeated_launches

SAME_WITHIN = timedelta(hours=1)
"""An event of the type of launches that names one within this time of its own is that launch."""


def list_concerned(connection: Connection, dates: Collection[datetime]) -> list[int]:
    """List the ids of the events that launches of these dates could be: of their type, and within the hour."""
    if not dates:
        return []
    ordered = sorted(dates)
    of_type = entries.c.type_id == LAUNCH_TYPE.id, of_kinds([EntryKind.EVENT])
    rows = connection.execute(select(entries.c.id, entries.c.sort_date).where(*of_type))
    return [row.id for row in rows if _is_any_near(ordered, row.sort_date)]


def note_repeats(connection: Connection, events: Mapping[int, Entry]) -> None:
    """Note which of these events are a launch that is stored as well, and that the others are none."""
    named = {event_id: _named(event) for event_id, event in events.items()}
    ids = ids_of(connection, {key for keys in named.values() for key in keys})
    dates = _dates_of(connection, list(ids.values()))
    repeated = [
        {"entry_id": event_id}
        for event_id, keys in named.items()
        if _is_any_same([dates.get(ids[key]) for key in keys if key in ids], events[event_id].date)
    ]
    for chunk in chunks(list(events)):
        connection.execute(delete(repeated_launches).where(repeated_launches.c.entry_id.in_(chunk)))
    if repeated:
        connection.execute(insert(repeated_launches), repeated)


def _named(event: Entry) -> list[EntryKey]:
    if event.type.id != LAUNCH_TYPE.id or not isinstance(event.detail, EventDetail):
        return []
    return [EntryKey(EntryKind.LAUNCH, launch.id.lower()) for launch in event.detail.launches]


def _dates_of(connection: Connection, launch_ids: Sequence[int]) -> dict[int, datetime | None]:
    columns = select(entries.c.id, entries.c.date)
    rows = (row for chunk in chunks(launch_ids) for row in connection.execute(columns.where(entries.c.id.in_(chunk))))
    return {row.id: row.date for row in rows}


def _is_any_near(ordered: Sequence[datetime], date: datetime) -> bool:
    place = bisect_left(ordered, date)
    return _is_any_same(ordered[max(place - 1, 0) : place + 1], date)


def _is_any_same(launches: Sequence[datetime | None], date: datetime | None) -> bool:
    return date is not None and any(launch is not None and abs(launch - date) <= SAME_WITHIN for launch in launches)
