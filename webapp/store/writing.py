"""Writing: upserts of entries as they arrive. What arrives twice changes nothing the second time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, delete, insert, or_, select, update

from webapp.domain.chain import EntryHistory
from webapp.domain.changes import Change, ChangeKind, SlipCount, known_date, numbered
from webapp.domain.clock import believed
from webapp.domain.comparison import compare
from webapp.domain.entry import Entry, EntryKey, EntryKind, ReceivedEntry, StoredEntry
from webapp.domain.text import folded
from webapp.store.browsers import BrowserWriter
from webapp.store.changes import add_changes, count_slips
from webapp.store.clock_repair import repair_instants
from webapp.store.histories import leave, list_chained, take_over
from webapp.store.keys import chunks, give_ids, ids_of
from webapp.store.launches import launch_rows, learn_launch_names, learn_names, searched_text
from webapp.store.notices import NoticeWriter
from webapp.store.pictures import PictureWriter
from webapp.store.reading import Snapshot
from webapp.store.record_modes import RecordMode, modes_of, note_modes
from webapp.store.refusal import RECORD_ERRORS, refusal_of
from webapp.store.repeats import list_concerned, note_repeats
from webapp.store.rows import body_columns, entry_columns
from webapp.store.schema import (
    agencies,
    entries,
    entry_agencies,
    entry_bodies,
    entry_pictures,
    entry_programs,
    entry_texts,
    entry_videos,
    event_types,
    programs,
    rejected_records,
    withdrawals,
)
from webapp.store.state import ChainState, put_chain, update_progress, update_state
from webapp.store.statistics.keeping import count_known, refresh
from webapp.store.syncing import CLOCK_ALERT, LIST_ALERT, SyncWriter
from webapp.store.updates import Update, is_news, is_older, update_of
from webapp.store.websub import HubState, put_hub
from webapp.store.words import index_words, tokens_of

MOST_REJECTED = 1000
"""So many notes of records that could not be understood are kept, the latest."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The result of an upsert: how many entries were new, changed, or nothing new.

    `changes` are those that were stored, each with its entry's key; `refused` are the keys of entries that could
    not be written, each with the reason.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    changes: tuple[tuple[EntryKey, Change], ...] = ()
    refused: tuple[tuple[EntryKey, str], ...] = ()

    def __add__(self, other: "Intake") -> "Intake":
        return Intake(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.changes + other.changes,
            self.refused + other.refused,
        )


class Writer(Snapshot):
    """A write transaction of the store, which sees its own writes."""

    @property
    def sync(self) -> SyncWriter:
        """What the syncing remembers."""
        return SyncWriter(self._connection)

    @property
    def pictures(self) -> PictureWriter:
        """The pictures and cards that are held."""
        return PictureWriter(self._connection)

    @property
    def notices(self) -> NoticeWriter:
        """Subscribers, and what is to be sent to them."""
        return NoticeWriter(self._connection)

    @property
    def browsers(self) -> BrowserWriter:
        """Subscribed browsers, and the keys by which push services know this server."""
        return BrowserWriter(self._connection)

    def put_hub(self, hub: HubState) -> None:
        """Write how the WebSub hub stands."""
        put_hub(self._connection, hub)

    def note_pictured(self, entry_ids: Sequence[int], *, now: datetime) -> None:
        """Note that readers see another picture or card of these entries. That is no change of theirs (SEQUENCE)."""
        if not entry_ids:
            return
        for chunk in chunks(entry_ids):
            written = update(entries).where(entries.c.id.in_(chunk)).values(written=self.state.generation + 1)
            self._connection.execute(written)
        self._raise_generation(now)

    def update_state(self, **changes: Any) -> None:
        """Change fields of the store's state (see `StoreState`), but for the progress."""
        update_state(self._connection, **changes)

    def update_progress(self, kind: EntryKind, **changes: Any) -> None:
        """Change fields of the progress of a kind of entry (see `Progress`)."""
        update_progress(self._connection, kind, **changes)
        reached_at = self.state.progress_of(kind).reached_at
        if "reached_at" in changes and reached_at is not None:
            count_known(self._connection, kind, reached_at)

    def put_chain(self, chain: ChainState) -> None:
        """Write what is known of the source as a link of a chain."""
        put_chain(self._connection, chain)

    def take_over(self, told: Sequence[EntryHistory], *, now: datetime) -> list[EntryKey]:
        """Take over the histories that a chain tells, and give the keys of entries whose history is another by that.

        From then on our own comparison makes no changes of these entries: each was seen further up already.
        """
        changed = take_over(self._connection, told, self.state.generation + 1)
        if changed:
            refresh(self._connection, list(ids_of(self._connection, changed).values()))
            self._selection.forget()
            self._raise_generation(now)
        return changed

    def leave_chain(self) -> None:
        """Let our own comparison make the changes again, of all entries."""
        leave(self._connection)

    def repair_instants(self, now: datetime) -> bool:
        """Repair all instants that cannot be true at `now`, which is known to be right; say if there were any."""
        return repair_instants(self._connection, now)

    def upsert_entries(self, arrived: Sequence[ReceivedEntry], *, now: datetime, is_history: bool = False) -> Intake:
        """Upsert entries, and store what changed about them. A record older than the stored one changes nothing.

        Raises an entry's revision by its changes, and the generation if anything at all is new. Until an import was
        complete, entries that were there before are a baseline and no change; so is all that is new where it
        `is_history`. While an alert says that the source's clock differs from ours, no record counts as older. One that
        cannot be written is refused alone. A record of a lesser mode changes what it holds, and leaves the rest of a
        fuller one as it is.
        """
        savepoint = self._connection.begin_nested()
        try:
            intake = self._upsert_all(arrived, now, is_history=is_history)
        except RECORD_ERRORS as error:
            reason = refusal_of(error)
            if reason is None:
                raise  # All is undone with the transaction. Of a full disk SQLite itself undoes it, savepoint included.
            savepoint.rollback()
            if len(arrived) == 1:
                return Intake(refused=((arrived[0].entry.key, reason),))
        else:
            savepoint.commit()
            return intake
        # Which one it was shows in halves, and in their halves.
        middle = len(arrived) // 2
        halves = (arrived[:middle], arrived[middle:])
        first, second = (self.upsert_entries(half, now=now, is_history=is_history) for half in halves)
        return first + second

    def withdraw(self, key: EntryKey, *, now: datetime) -> Change:
        """Note that the source has withdrawn an entry, which is stored: it stays, marked, and is listed no more."""
        (known,) = self.get_entries(list(ids_of(self._connection, [key]).values()))
        change = Change(ChangeKind.WITHDRAWN, before=known_date(known.entry))
        self._connection.execute(insert(withdrawals).values(entry_id=known.id, withdrawn_at=now))
        self._connection.execute(
            update(entries)
            .where(entries.c.id == known.id)
            .values(self._remember(known, [change], now) | {"written": self.state.generation + 1})
        )
        refresh(self._connection, [known.id])
        self._selection.forget()
        self._raise_generation(now)
        return change

    def note_rejected(self, kind: EntryKind, rejected: Iterable[tuple[str | None, str]], *, now: datetime) -> None:
        """Note records that could not be understood, each source id (if it has one) and why, for earlier notes.

        Only the latest `MOST_REJECTED` notes are kept.
        """
        notes = {(source_id, None if source_id else reason): reason for source_id, reason in rejected}
        rows = [
            {"kind": kind.value, "source_id": source_id, "reason": reason, "seen_at": now}
            for (source_id, _), reason in notes.items()
        ]
        if not rows:
            return
        table = rejected_records.c
        named = [source_id for source_id, _ in notes if source_id is not None]
        nameless = [reason for (source_id, _), reason in notes.items() if source_id is None]
        same = or_(table.source_id.in_(named), and_(table.source_id.is_(None), table.reason.in_(nameless)))
        self._connection.execute(delete(rejected_records).where(table.kind == kind.value, same))
        self._connection.execute(insert(rejected_records), rows)
        kept = select(table.number).order_by(table.number.desc()).limit(MOST_REJECTED)
        self._connection.execute(delete(rejected_records).where(table.number.not_in(kept)))

    def forget_rejected(
        self, kind: EntryKind, source_ids: Sequence[str] = (), *, before: datetime | None = None
    ) -> None:
        """Forget the notes of a kind's records that have been understood since, or were last refused before then."""
        of_kind = delete(rejected_records).where(rejected_records.c.kind == kind.value)
        for chunk in chunks(source_ids):
            self._connection.execute(of_kind.where(rejected_records.c.source_id.in_(chunk)))
        if before is not None:
            self._connection.execute(of_kind.where(rejected_records.c.seen_at < before))

    def _upsert_all(self, arrived: Sequence[ReceivedEntry], now: datetime, *, is_history: bool) -> Intake:
        latest = {received.entry.key: received for received in arrived}
        chained = list_chained(self._connection, latest)
        ids = give_ids(self._connection, latest)
        stored = {known.entry.key: known for known in self.get_entries(list(ids.values()))}
        added = [(ids[key], received) for key, received in latest.items() if key not in stored]
        known = [(received, stored[key]) for key, received in latest.items() if key in stored]
        changed = self._updates(known, now)
        written = [*added, *((one.known.id, one.received) for one in changed)]
        self._learn_names([received.entry for _, received in written])
        changes = [*self._add(added, now, is_history=is_history, chained=chained), *self._change(changed, now, chained)]
        self._index([(entry_id, received.entry) for entry_id, received in written])
        self._selection.forget()
        if written:
            entries_written = {entry_id: received.entry for entry_id, received in written}
            self._note_repeats(entries_written, [one.known.entry for one in changed])
            refresh(self._connection, list(entries_written))
            self._raise_generation(now)
        self.take_over([history for history in chained.values() if history is not None], now=now)
        return Intake(len(added), len(changed), len(arrived) - len(written), tuple(changes))

    @property
    def _is_clock_sure(self) -> bool:
        return CLOCK_ALERT not in self.sync.list_alerts()

    def _raise_generation(self, now: datetime) -> None:
        self.update_state(generation=self.state.generation + 1, committed_at=now)

    def _updates(self, arrived: Sequence[tuple[ReceivedEntry, StoredEntry]], now: datetime) -> list[Update]:
        """Give the updates of stored entries among what arrived, and note how full the records of launches are."""
        sure_at = now if self._is_clock_sure else None
        ids = [known.id for _, known in arrived]
        records, modes = self.get_records(ids), modes_of(self._connection, ids)
        updates, noted = [], dict[int, RecordMode]()
        for received, known in arrived:
            if is_older(received.entry, known.entry, sure_at):
                continue
            update, mode = update_of(received, known, records[known.id], modes.get(known.id))
            is_new = is_news(update, records[known.id])
            if is_new:
                updates.append(update)
            if mode is not None and (is_new or not mode.is_outdated) and mode != modes[known.id]:
                noted[known.id] = mode
        note_modes(self._connection, noted)
        return updates

    def _add(
        self,
        added: Sequence[tuple[int, ReceivedEntry]],
        now: datetime,
        *,
        is_history: bool,
        chained: Collection[EntryKey],
    ) -> list[tuple[EntryKey, Change]]:
        if not added:
            return []
        arrived, generation = [received.entry for _, received in added], self.state.generation + 1
        baseline = {entry.key for entry in arrived} if is_history else self._baseline_of(arrived, now)
        rows, remembered = [], list[tuple[EntryKey, Change]]()
        for entry_id, received in added:
            entry = received.entry
            is_reported = entry.key not in baseline and entry.key not in chained
            rows.append(
                entry_columns(entry)
                | {
                    "id": entry_id,
                    "revision": 1 if is_reported else 0,
                    "first_seen": now,
                    # What was there before us changed when its source says so: a first import is no news.
                    "changed_at": now if is_reported else min(entry.last_updated or now, now),
                    "written": generation,
                }
            )
            if is_reported:
                remembered.append((entry.key, Change(ChangeKind.ADDED, after=known_date(entry))))
        bodies = [{"entry_id": entry_id} | body_columns(received) for entry_id, received in added]
        self._connection.execute(insert(entries), rows)
        self._connection.execute(insert(entry_bodies), bodies)
        ids = {received.entry.key: entry_id for entry_id, received in added}
        launches = [received for _, received in added if received.entry.key.kind is EntryKind.LAUNCH]
        note_modes(self._connection, {ids[one.entry.key]: RecordMode(one.mode) for one in launches})
        for key, change in remembered:
            add_changes(self._connection, ids[key], 0, [change], now)
        return remembered

    def _baseline_of(self, added: Sequence[Entry], now: datetime) -> set[EntryKey]:
        """Give the keys of those new entries that are no news, since they were there before us.

        All are until an import came to the end of the list. Where none was complete yet, so are those that had not been
        updated since the last one: it ought to have met them. Launches that are over are until all of their history has
        been read.
        """
        state, alert = self.state, self.sync.list_alerts().get(LIST_ALERT)
        baseline = set[EntryKey]()
        for entry in added:
            progress = state.progress_of(entry.key.kind)
            imported_at = progress.imported_at
            if entry.key.kind is EntryKind.LAUNCH:
                was_there = progress.history_at is None and entry.is_over(now)
            else:
                is_lacking = alert is not None and alert.well_at is None
                was_there = bool(is_lacking and imported_at and entry.last_updated and entry.last_updated < imported_at)
            if imported_at is None or was_there:
                baseline.add(entry.key)
        return baseline

    def _change(
        self, changed: Sequence[Update], now: datetime, chained: Collection[EntryKey]
    ) -> list[tuple[EntryKey, Change]]:
        slips, generation = count_slips(self._connection, [one.known.id for one in changed]), self.state.generation + 1
        remembered: list[tuple[EntryKey, Change]] = []
        for update_ in changed:
            received, known = update_.received, update_.known
            before = slips.get(known.id, SlipCount())
            changes = [numbered(change, before, known.entry, now) for change in compare(update_.before, received.entry)]
            if known.withdrawn_at is not None:
                changes.insert(0, Change(ChangeKind.RETURNED, after=known_date(received.entry)))
                self._connection.execute(delete(withdrawals).where(withdrawals.c.entry_id == known.id))
            if known.entry.key in chained:
                changes = []
            columns = entry_columns(received.entry) | {"written": generation}
            columns |= self._remember(known, changes, now) if changes else {}
            self._connection.execute(update(entries).where(entries.c.id == known.id).values(columns))
            body = update(entry_bodies).where(entry_bodies.c.entry_id == known.id)
            self._connection.execute(body.values(body_columns(received)))
            remembered += [(known.entry.key, change) for change in changes]
        return remembered

    def _remember(self, known: StoredEntry, changes: Sequence[Change], now: datetime) -> dict[str, Any]:
        """Store changes, and give what they change in the entry's own row."""
        # The clock may have been set back: what has changed once more has not changed earlier. But if it is our clock
        # that is right, one that was ahead noted what is later than now.
        before = believed(known.changed_at, now) if self._is_clock_sure else known.changed_at
        seen_at = max(now, before or now)
        add_changes(self._connection, known.id, known.revision, changes, seen_at)
        return {"revision": known.revision + len(changes), "changed_at": seen_at}

    def _note_repeats(self, written: Mapping[int, Entry], known: Iterable[Entry]) -> None:
        """Note which events are a launch that is stored as well, of those that were written or are beside a launch.

        `known` are the states before, where there were any: a launch has perhaps moved away from its event.
        """
        launches = [entry for entry in (*written.values(), *known) if entry.key.kind is EntryKind.LAUNCH]
        dates = {launch.date for launch in launches if launch.date is not None}
        beside = set(list_concerned(self._connection, dates)) - written.keys()
        events = {id_: entry for id_, entry in written.items() if entry.key.kind is EntryKind.EVENT}
        events |= {event.id: event.entry for event in self.get_entries(list(beside))}
        note_repeats(self._connection, events)

    def _learn_names(self, arrived: Sequence[Entry]) -> None:
        """Keep the names of types, agencies, programs and of what launches name, which the filters show."""
        for table, rows in (
            (event_types, {entry.type.id: asdict(entry.type) for entry in arrived}),
            (agencies, {agency.id: asdict(agency) for entry in arrived for agency in entry.agencies}),
            (programs, {program.id: asdict(program) for entry in arrived for program in entry.programs}),
        ):
            learn_names(self._connection, table, rows)
        learn_launch_names(self._connection, arrived)

    def _index(self, written: Sequence[tuple[int, Entry]]) -> None:
        """Make these entries findable by all that they are filtered by, and by nothing older."""
        rows_of: dict[Table, list[dict[str, Any]]] = {
            entry_agencies: [
                {"entry_id": id_, "agency_id": part.id} for id_, entry in written for part in entry.agencies
            ],
            entry_programs: [
                {"entry_id": id_, "program_id": part.id} for id_, entry in written for part in entry.programs
            ],
            entry_videos: [
                {"entry_id": id_, "position": position, "url": webcast.url}
                for id_, entry in written
                for position, webcast in enumerate(entry.webcasts)
            ],
            entry_texts: [
                {"entry_id": id_, "searched": searched_text(entry), "location": folded(entry.location)}
                for id_, entry in written
            ],
            entry_pictures: [
                {
                    "entry_id": id_,
                    "url": picture.url,
                    "license_name": picture.license_name,
                    "single_use": picture.single_use,
                }
                for id_, entry in written
                if (picture := entry.picture)
            ],
            **launch_rows(written),
        }
        ids = [id_ for id_, _ in written]
        for table, rows in rows_of.items():
            self._connection.execute(delete(table).where(table.c.entry_id.in_(ids)))
            if rows:
                self._connection.execute(insert(table), rows)
        index_words(self._connection, {id_: tokens_of(entry) for id_, entry in written})
