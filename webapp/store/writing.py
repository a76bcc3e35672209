"""Writing: taking in events as they arrive. Whatever arrives twice changes nothing the second time."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, delete, insert, or_, select, update

from webapp.domain.changes import Change, ChangeKind, known_date, numbered
from webapp.domain.clock import believed
from webapp.domain.comparison import compare
from webapp.domain.event import Event, ReceivedEvent, StoredEvent
from webapp.domain.text import folded
from webapp.store.changes import add_changes, count_slips
from webapp.store.mending import mend_instants
from webapp.store.reading import Snapshot
from webapp.store.refusal import RECORD_ERRORS, refusal_of
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
    withdrawals,
)
from webapp.store.state import update_state
from webapp.store.syncing import CLOCK_ALERT, LIST_ALERT, SyncWriter
from webapp.store.words import index_words, tokens_of

MOST_REJECTED = 1000
"""So many notes of records that could not be understood are kept, the latest."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of events that arrived: how many were new, changed, or nothing new.

    `changes` are those that were remembered, each with its event's id; `refused` are the ids of events that could not
    be written, each with the reason.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    changes: tuple[tuple[int, Change], ...] = ()
    refused: tuple[tuple[int, str], ...] = ()

    def __add__(self, other: "Intake") -> "Intake":
        return Intake(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.changes + other.changes,
            self.refused + other.refused,
        )


class Writer(Snapshot):
    """The right to change the store, for the length of one transaction. It sees its own writes."""

    @property
    def sync(self) -> SyncWriter:
        """What the syncing remembers."""
        return SyncWriter(self._connection)

    def update_state(self, **changes: Any) -> None:
        """Change fields of the store's state (see `StoreState`)."""
        update_state(self._connection, **changes)

    def mend_instants(self, now: datetime) -> bool:
        """Set right all instants that cannot be true at `now`, which is known to be right; say if there were any."""
        return mend_instants(self._connection, now)

    def upsert_events(self, arrived: Sequence[ReceivedEvent], *, now: datetime) -> Intake:
        """Take in events, and remember what changed about them. A record older than the stored one changes nothing.

        Raises an event's revision by its changes, and the generation if anything at all is new. Until an import was
        complete, events that were there before are a baseline and no change. While an alert says that the source's
        clock differs from ours, no record counts as older. One that cannot be written is refused alone.
        """
        try:
            with self._connection.begin_nested():
                return self._upsert_all(arrived, now)
        except RECORD_ERRORS as error:
            reason = refusal_of(error)
            if reason is None:
                raise
            if len(arrived) == 1:
                return Intake(refused=((arrived[0].event.id, reason),))
        # Which one it was shows in halves, and in their halves.
        middle = len(arrived) // 2
        return self.upsert_events(arrived[:middle], now=now) + self.upsert_events(arrived[middle:], now=now)

    def withdraw(self, event_id: int, *, now: datetime) -> Change:
        """Note that the source has withdrawn an event: it stays, marked, and is listed no more."""
        known = self.get_events([event_id])[0]
        change = Change(ChangeKind.WITHDRAWN, before=known_date(known.event))
        self._connection.execute(insert(withdrawals).values(event_id=event_id, withdrawn_at=now))
        self._connection.execute(
            update(events)
            .where(events.c.id == event_id)
            .values(self._remember(known, [change], now) | {"written": self.state.generation + 1})
        )
        self._found.clear()
        self._raise_generation(now)
        return change

    def note_rejected(self, rejected: Iterable[tuple[int | None, str]], *, now: datetime) -> None:
        """Note records that could not be understood, each id (if it has one) and why, in place of earlier notes.

        Only the latest `MOST_REJECTED` notes are kept.
        """
        notes = {event_id if event_id is not None else reason: (event_id, reason) for event_id, reason in rejected}
        rows = [{"event_id": event_id, "reason": reason, "seen_at": now} for event_id, reason in notes.values()]
        if not rows:
            return
        table = rejected_records.c
        named = [event_id for event_id, _ in notes.values() if event_id is not None]
        nameless = [reason for event_id, reason in notes.values() if event_id is None]
        same = or_(table.event_id.in_(named), and_(table.event_id.is_(None), table.reason.in_(nameless)))
        self._connection.execute(delete(rejected_records).where(same))
        self._connection.execute(insert(rejected_records), rows)
        kept = select(table.number).order_by(table.number.desc()).limit(MOST_REJECTED)
        self._connection.execute(delete(rejected_records).where(table.number.not_in(kept)))

    def forget_rejected(self, event_ids: Collection[int] = (), *, before: datetime | None = None) -> None:
        """Forget the notes of records that have been understood since, or were last refused before then."""
        if event_ids:
            self._connection.execute(delete(rejected_records).where(rejected_records.c.event_id.in_(event_ids)))
        if before is not None:
            self._connection.execute(delete(rejected_records).where(rejected_records.c.seen_at < before))

    def _upsert_all(self, arrived: Sequence[ReceivedEvent], now: datetime) -> Intake:
        latest = {received.event.id: received for received in arrived}
        stored = {known.event.id: known for known in self.get_events(list(latest))}
        records = self.get_records(list(stored))
        added = [received for event_id, received in latest.items() if event_id not in stored]
        sure_at = now if self._is_clock_sure else None
        changed = [
            (received, stored[event_id])
            for event_id, received in latest.items()
            if event_id in stored and _is_news(received, stored[event_id], records[event_id], sure_at)
        ]
        self._learn_names([received.event for received in [*added, *(received for received, _ in changed)]])
        found = [*self._add(added, now), *self._change(changed, now)]
        self._index([*added, *(received for received, _ in changed)])
        self._found.clear()
        if added or changed:
            self._raise_generation(now)
        return Intake(len(added), len(changed), len(arrived) - len(added) - len(changed), tuple(found))

    @property
    def _is_clock_sure(self) -> bool:
        return CLOCK_ALERT not in self.sync.list_alerts()

    def _raise_generation(self, now: datetime) -> None:
        self.update_state(generation=self.state.generation + 1, committed_at=now)

    def _add(self, added: Sequence[ReceivedEvent], now: datetime) -> list[tuple[int, Change]]:
        if not added:
            return []
        baseline = self._baseline_of(added)
        told = {
            one.event.id: Change(ChangeKind.ADDED, after=known_date(one.event))
            for one in added
            if one.event.id not in baseline
        }
        rows = [
            # An event that was there before us changed when its source says so: a first import is no news.
            event_columns(one.event)
            | {
                "revision": 0 if one.event.id in baseline else 1,
                "first_seen": now,
                "changed_at": min(one.event.last_updated or now, now) if one.event.id in baseline else now,
                "written": self.state.generation + 1,
            }
            for one in added
        ]
        self._connection.execute(insert(events), rows)
        self._connection.execute(insert(event_bodies), [body_columns(one) for one in added])
        for event_id, change in told.items():
            add_changes(self._connection, event_id, 0, [change], now)
        return list(told.items())

    def _baseline_of(self, added: Sequence[ReceivedEvent]) -> set[int]:
        """Give the ids of those new events that are no news, since they were there before us.

        All are until an import came to the end of the list. Where none was complete yet, so are those that had not been
        updated since the last one: it ought to have met them.
        """
        imported_at, alert = self.state.imported_at, self.sync.list_alerts().get(LIST_ALERT)
        if imported_at is None:
            return {one.event.id for one in added}
        if alert is None or alert.well_at is not None:
            return set()
        return {one.event.id for one in added if one.event.last_updated and one.event.last_updated < imported_at}

    def _change(self, changed: Sequence[tuple[ReceivedEvent, StoredEvent]], now: datetime) -> list[tuple[int, Change]]:
        slips = count_slips(self._connection, [known.event.id for _, known in changed])
        told: list[tuple[int, Change]] = []
        for received, known in changed:
            event_id = known.event.id
            found = [numbered(change, slips.get(event_id, 0)) for change in compare(known.event, received.event)]
            if known.withdrawn_at is not None:
                found.insert(0, Change(ChangeKind.RETURNED, after=known_date(received.event)))
                self._connection.execute(delete(withdrawals).where(withdrawals.c.event_id == event_id))
            columns = event_columns(received.event) | {"written": self.state.generation + 1}
            columns |= self._remember(known, found, now) if found else {}
            self._connection.execute(update(events).where(events.c.id == event_id).values(columns))
            body = update(event_bodies).where(event_bodies.c.event_id == event_id)
            self._connection.execute(body.values(body_columns(received)))
            told += [(event_id, change) for change in found]
        return told

    def _remember(self, known: StoredEvent, found: Sequence[Change], now: datetime) -> dict[str, Any]:
        """Remember changes, and give what they change in the event's own row."""
        # The clock may have been set back: what has changed once more has not changed earlier. But if it is our clock
        # that is right, one that was ahead noted what is later than now.
        before = believed(known.changed_at, now) if self._is_clock_sure else known.changed_at
        seen_at = max(now, before or now)
        add_changes(self._connection, known.event.id, known.revision, found, seen_at)
        return {"revision": known.revision + len(found), "changed_at": seen_at}

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


def _is_news(received: ReceivedEvent, stored: StoredEvent, record: str, sure_at: datetime | None) -> bool:
    """Whether what arrived is another record, and no older one; that is told only at an instant that is sure."""
    arrived, known = received.event, stored.event
    known_at = believed(known.last_updated, sure_at) if sure_at else None
    if arrived.last_updated and known_at and arrived.last_updated < known_at:
        return False
    if stored.withdrawn_at is not None or arrived != known:
        return True
    return _without_address(received.record) != _without_address(record)


def _without_address(record: str) -> dict[str, object]:
    # The record's own address names whichever host was asked: another host is no other event.
    return {key: value for key, value in json.loads(record).items() if key != "url"}
