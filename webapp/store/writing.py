"""Writing: taking in events as they arrive. Whatever arrives twice changes nothing the second time."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, insert, select, update

from webapp.domain.event import Event, ReceivedEvent, StoredEvent
from webapp.domain.text import folded
from webapp.store.reading import Snapshot
from webapp.store.rows import body_columns, event_columns
from webapp.store.schema import (
    agencies,
    event_agencies,
    event_bodies,
    event_programs,
    event_texts,
    event_types,
    event_videos,
    events,
    programs,
    rejected_records,
)
from webapp.store.state import update_state
from webapp.store.words import index_words, tokens_of


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of events that arrived: how many were new, changed, or nothing new."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Intake") -> "Intake":
        return Intake(self.added + other.added, self.changed + other.changed, self.unchanged + other.unchanged)


class Writer(Snapshot):
    """The right to change the store, for the length of one transaction. It sees its own writes."""

    def update_state(self, **changes: Any) -> None:
        """Change fields of the store's state (see `StoreState`)."""
        update_state(self._connection, **changes)

    def upsert_events(self, arrived: Sequence[ReceivedEvent], *, now: datetime) -> Intake:
        """Take in events. A record older than the one that is stored never overwrites it.

        Raises the generation if anything changed, and an event's revision if a reader could see that it did.
        """
        latest = {received.event.id: received for received in arrived}
        stored = {known.event.id: known for known in self.get_events(list(latest))}
        records = self.get_records(list(stored))
        added = [received for event_id, received in latest.items() if event_id not in stored]
        changed = [
            (received, stored[event_id])
            for event_id, received in latest.items()
            if event_id in stored and _is_news(received, stored[event_id].event, records[event_id])
        ]
        self._learn_names([received.event for received in [*added, *(received for received, _ in changed)]])
        self._add(added, now)
        for received, known in changed:
            self._change(received, known, now)
        self._index([*added, *(received for received, _ in changed)])
        intake = Intake(len(added), len(changed), len(arrived) - len(added) - len(changed))
        self._found.clear()
        if intake.added or intake.changed:
            self.update_state(generation=self.state.generation + 1, committed_at=now)
        return intake

    def note_rejected(self, rejected: Iterable[tuple[int | None, str]], *, now: datetime) -> None:
        """Note records that could not be understood: each id, if it has one, and why."""
        rows = [{"event_id": event_id, "reason": reason, "seen_at": now} for event_id, reason in rejected]
        if rows:
            self._connection.execute(insert(rejected_records), rows)

    def forget_rejected(self) -> None:
        """Forget the records that could not be understood: a new import begins."""
        self._connection.execute(delete(rejected_records))

    def _add(self, added: Sequence[ReceivedEvent], now: datetime) -> None:
        if not added:
            return
        rows = [
            # An event that was there before us changed when its source says so: a first import is no news.
            event_columns(one.event)
            | {"revision": 0, "first_seen": now, "changed_at": min(one.event.last_updated or now, now)}
            for one in added
        ]
        self._connection.execute(insert(events), rows)
        self._connection.execute(insert(event_bodies), [body_columns(one) for one in added])

    def _change(self, received: ReceivedEvent, stored: StoredEvent, now: datetime) -> None:
        columns, event_id = event_columns(received.event), received.event.id
        if _as_readers_see(received.event) != _as_readers_see(stored.event):
            columns |= {"revision": stored.revision + 1, "changed_at": max(now, stored.changed_at)}
        self._connection.execute(update(events).where(events.c.id == event_id).values(columns))
        body = update(event_bodies).where(event_bodies.c.event_id == event_id)
        self._connection.execute(body.values(body_columns(received)))

    def _learn_names(self, arrived: Sequence[Event]) -> None:
        """Keep the names of types, agencies and programs, which the filters show."""
        self._learn(event_types, {event.type.id: asdict(event.type) for event in arrived})
        self._learn(agencies, {agency.id: asdict(agency) for event in arrived for agency in event.agencies})
        self._learn(programs, {program.id: asdict(program) for event in arrived for program in event.programs})

    def _learn(self, table: Table, rows: dict[int, dict[str, Any]]) -> None:
        found = self._connection.execute(select(table).where(table.c.id.in_(rows))).mappings()
        known = {row["id"]: dict(row) for row in found}
        for part_id, row in rows.items():
            if part_id not in known:
                self._connection.execute(insert(table).values(row))
            elif known[part_id] != row:
                self._connection.execute(update(table).where(table.c.id == part_id).values(row))

    def _index(self, received: Sequence[ReceivedEvent]) -> None:
        """Make these events findable by agency, program, video, name, location and words, and by nothing older."""
        every = [one.event for one in received]
        ids = [event.id for event in every]
        for table, rows in (
            (event_agencies, [{"event_id": one.id, "agency_id": part.id} for one in every for part in one.agencies]),
            (event_programs, [{"event_id": one.id, "program_id": part.id} for one in every for part in one.programs]),
            (
                event_videos,
                [
                    {"event_id": one.id, "position": position, "url": webcast.url}
                    for one in every
                    for position, webcast in enumerate(one.webcasts)
                ],
            ),
            (
                event_texts,
                [{"event_id": one.id, "name": folded(one.name), "location": folded(one.location)} for one in every],
            ),
        ):
            self._connection.execute(delete(table).where(table.c.event_id.in_(ids)))
            if rows:
                self._connection.execute(insert(table), rows)
        index_words(self._connection, {event.id: tokens_of(event) for event in every})


def _is_news(received: ReceivedEvent, stored: Event, record: str) -> bool:
    arrived = received.event
    if arrived.last_updated and stored.last_updated and arrived.last_updated < stored.last_updated:
        return False
    return arrived != stored or _without_address(received.record) != _without_address(record)


def _as_readers_see(event: Event) -> Event:
    return replace(event, last_updated=None)


def _without_address(record: str) -> dict[str, object]:
    # The record's own address names whichever host was asked: another host is no other event.
    return {key: value for key, value in json.loads(record).items() if key != "url"}
