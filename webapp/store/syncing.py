"""The state of syncing in the store: the lease, calls, tasks, alerts, and which entries are in doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from webapp.domain.clock import believed, latest_believed
from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.precision import Step
from webapp.store.keys import chunks, ids_of, key_of, of_kinds
from webapp.store.record_modes import list_partial, note_asked, note_outdated
from webapp.store.schema import (
    calls,
    contact_gaps,
    doubts,
    entries,
    entry_keys,
    met_keys,
    sync_alerts,
    sync_lease,
    sync_tasks,
    withdrawals,
)
from webapp.store.statistics.keeping import refresh_within

LEASE_LASTS = timedelta(seconds=45)
"""How long a lease lasts: longer than any call may take, and short enough to replace a dead holder within a minute."""

LIST_ALERT, CLOCK_ALERT = "list", "clock"
"""The alerts: the source's list was not complete when it was last read, and its clock differs from ours."""

_KEPT = timedelta(days=2)
_LONGEST_RETRY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Lease:
    """The lease: who may sync until `expires_at`. The fence is a number that rises with every new holder."""

    holder: str
    fence: int
    expires_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        """Whether it still runs. One that would last longer than a lease can was taken by a clock that was ahead."""
        return now < self.expires_at <= latest_believed(now, ahead=LEASE_LASTS)


@dataclass(frozen=True, slots=True)
class TaskState:
    """The state of a task: when it was last tried and last succeeded, and if it fails, how often, why, until when.

    `page_size` is how many records to ask for at a time, once a full page took too long. `is_requested` says that
    another process has asked for the task to be done now.
    """

    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    fault: str | None = None
    page_size: int | None = None
    is_requested: bool = False

    def believed(self, now: datetime) -> "TaskState":
        """Give the state as it can be believed at `now`: what was noted by a clock that was ahead is unknown."""
        return replace(
            self,
            tried_at=believed(self.tried_at, now),
            succeeded_at=believed(self.succeeded_at, now),
            retry_at=believed(self.retry_at, now, ahead=_LONGEST_RETRY),
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert: what is not as it should be though no call failed, in words.

    `well_at` is when it was last known to be well, or `None` if it never was.
    """

    words: str
    well_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the source. `outcome` says what came of it, `fault` what went wrong; neither while it is open."""

    number: int
    called_at: datetime
    task: str
    reason: str
    finished_at: datetime | None
    outcome: str | None
    fault: str | None


class SyncMemory:
    """What the syncing remembers, as one transaction sees it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def lease(self) -> Lease | None:
        """The lease, in force or not; `None` if there never was one."""
        row = self._connection.execute(select(sync_lease)).mappings().one_or_none()
        return Lease(row["holder"], row["fence"], row["expires_at"]) if row else None

    def list_tasks(self) -> dict[str, TaskState]:
        """Give how each task stands, by its name; those never tried are left out."""
        rows = self._connection.execute(select(sync_tasks).order_by(sync_tasks.c.task)).mappings()
        return {row["task"]: TaskState(**{key: row[key] for key in row if key != "task"}) for row in rows}

    def list_alerts(self) -> dict[str, Alert]:
        """Give the alerts that stand, by their names."""
        rows = self._connection.execute(select(sync_alerts).order_by(sync_alerts.c.name))
        return {row.name: Alert(row.words, row.well_at) for row in rows}

    def list_calls(
        self, *, since: datetime | None = None, until: datetime | None = None, limit: int | None = None
    ) -> list[Call]:
        """List calls, the latest first: those after `since` and not after `until`, `limit` at most."""
        statement = select(calls).order_by(calls.c.called_at.desc(), calls.c.number.desc()).limit(limit)
        if since is not None:
            statement = statement.where(calls.c.called_at > since)
        if until is not None:
            statement = statement.where(calls.c.called_at <= until)
        return [Call(**row) for row in self._connection.execute(statement).mappings()]

    def list_doubts(self) -> list[tuple[EntryKey, datetime, datetime | None]]:
        """List entries in doubt, the longest first: key, since when, and when the source last stood by it."""
        statement = (
            select(doubts, entry_keys.c.kind, entry_keys.c.source_id)
            .outerjoin(entry_keys, entry_keys.c.entry_id == doubts.c.entry_id)
            .order_by(doubts.c.since, doubts.c.entry_id)
        )
        rows = self._connection.execute(statement)
        return [(key_of(row.entry_id, row.kind, row.source_id), row.since, row.asked_at) for row in rows]

    def list_dates_between(
        self, kind: EntryKind, first: datetime, last: datetime, precision_ids: Sequence[int]
    ) -> list[datetime]:
        """List the dates, from `first` to `last` and rising, of a kind's entries that are known this precisely.

        Launches with an outcome are not among them.
        """
        statement = (
            select(entries.c.sort_date)
            .where(entries.c.sort_date.between(first, last), entries.c.precision_id.in_(precision_ids))
            .where(of_kinds([kind]), entries.c.id.not_in(select(withdrawals.c.entry_id)))
            # A launch with an outcome is over as its date begins, all others later than that.
            .where(entries.c.range_over_at > entries.c.sort_date)
            .order_by(entries.c.sort_date)
        )
        return list(self._connection.execute(statement).scalars())

    def count_live(self, kind: EntryKind, *, over_after: datetime | None = None) -> int:
        """Count the entries of a kind that are live now; with `over_after`, of those only that are over later."""
        statement = select(func.count()).select_from(entries).where(entries.c.webcast_live.is_(True), of_kinds([kind]))
        if over_after is not None:
            statement = statement.where(entries.c.range_over_at > over_after)
        return self._connection.execute(
            statement.where(entries.c.id.not_in(select(withdrawals.c.entry_id)))
        ).scalar_one()

    def list_timed_launches(self, first: datetime) -> set[EntryKey]:
        """List the keys of launches with a clock time at `first` or later, which are not withdrawn."""
        statement = (
            select(entry_keys.c.entry_id, entry_keys.c.kind, entry_keys.c.source_id)
            .join(entries, entries.c.id == entry_keys.c.entry_id)
            .where(entries.c.sort_date >= first, entries.c.precision_order <= Step.HOUR.order)
            .where(entries.c.id.not_in(select(withdrawals.c.entry_id)))
        )
        return {key_of(*row) for row in self._connection.execute(statement)}

    def list_partial(self, *, dated_after: datetime, asked_before: datetime, limit: int) -> list[EntryKey]:
        """List the launches whose record is not full, or outdated; see `webapp.store.record_modes`."""
        return list_partial(self._connection, dated_after=dated_after, asked_before=asked_before, limit=limit)

    def list_gaps(self, kind: EntryKind) -> list[tuple[datetime, datetime]]:
        """List when nothing of a kind came from the source for hours: from when until when, the earliest first."""
        statement = select(contact_gaps).where(contact_gaps.c.kind == kind.value).order_by(contact_gaps.c.number)
        return [(row.began_at, row.ended_at) for row in self._connection.execute(statement)]

    def list_keys_from(self, kind: EntryKind, date: datetime | None) -> set[EntryKey]:
        """List the keys of a kind's entries that are not withdrawn: all, or those with a date at `date` or after."""
        statement = (
            select(entries.c.id, entry_keys.c.kind, entry_keys.c.source_id)
            .outerjoin(entry_keys, entry_keys.c.entry_id == entries.c.id)
            .where(entries.c.id.not_in(select(withdrawals.c.entry_id)))
        )
        if date is not None:
            statement = statement.where(entries.c.date >= date)
        keys = (key_of(*row) for row in self._connection.execute(statement))
        return {key for key in keys if key.kind is kind}

    def list_met(self, kind: EntryKind) -> set[EntryKey]:
        """List the keys that the import of a kind that is under way has met."""
        statement = select(met_keys.c.source_id).where(met_keys.c.kind == kind.value)
        return {EntryKey(kind, source_id) for source_id in self._connection.execute(statement).scalars()}


class SyncWriter(SyncMemory):
    """The same, to be written to."""

    def put_lease(self, lease: Lease) -> None:
        """Write the lease."""
        if self._connection.execute(update(sync_lease).values(asdict(lease))).rowcount == 0:
            self._connection.execute(insert(sync_lease).values(id=1, **asdict(lease)))

    def update_task(self, task: str, **changes: Any) -> None:
        """Change fields of how a task stands (see `TaskState`)."""
        state = replace(self.list_tasks().get(task, TaskState()), **changes)
        statement = update(sync_tasks).where(sync_tasks.c.task == task).values(asdict(state))
        if self._connection.execute(statement).rowcount == 0:
            self._connection.execute(insert(sync_tasks).values(task=task, **asdict(state)))

    def raise_alert(self, name: str, words: str, *, well_at: datetime | None = None) -> None:
        """Raise an alert, in place of the one of that name before."""
        self.clear_alert(name)
        self._connection.execute(insert(sync_alerts).values(name=name, words=words, well_at=well_at))

    def clear_alert(self, name: str) -> None:
        """Clear an alert: all is well again."""
        self._connection.execute(delete(sync_alerts).where(sync_alerts.c.name == name))

    def open_call(self, task: str, reason: str, *, now: datetime) -> int:
        """Note that a call is about to go out, and forget those of long ago. Gives its number."""
        self._connection.execute(delete(calls).where(calls.c.called_at < now - _KEPT))
        made = insert(calls).values(called_at=now, task=task, reason=reason).returning(calls.c.number)
        number: int = self._connection.execute(made).scalar_one()
        return number

    def close_call(self, number: int, *, now: datetime, outcome: str | None = None, fault: str | None = None) -> None:
        """Note what came of a call."""
        values = {"finished_at": now, "outcome": outcome, "fault": fault}
        self._connection.execute(update(calls).where(calls.c.number == number).values(values))

    def forget_call(self, number: int) -> None:
        """Forget a call of which nothing came that is worth keeping."""
        self._connection.execute(delete(calls).where(calls.c.number == number))

    def close_open_calls(self, *, now: datetime, fault: str) -> None:
        """Close the calls that were left open by a process that ended, with what became of them."""
        unfinished = update(calls).where(calls.c.finished_at.is_(None))
        self._connection.execute(unfinished.values(finished_at=now, fault=fault))

    def doubt(self, missing: Iterable[EntryKey], *, now: datetime) -> None:
        """Put entries in doubt that are not already."""
        new = set(missing) - {key for key, _, _ in self.list_doubts()}
        rows = [{"entry_id": entry_id, "since": now} for entry_id in sorted(ids_of(self._connection, new).values())]
        if rows:
            self._connection.execute(insert(doubts), rows)

    def settle(self, keys: Iterable[EntryKey]) -> None:
        """Take entries out of doubt: a list has them, or they are withdrawn."""
        settled = {key for key, _, _ in self.list_doubts()}.intersection(keys)
        for entry_id in ids_of(self._connection, settled).values():
            self._connection.execute(delete(doubts).where(doubts.c.entry_id == entry_id))

    def note_outdated(self, keys: Iterable[EntryKey], *, asked_before: datetime) -> None:
        """Note that the source says something else of these launches by now, but for those asked for since then."""
        note_outdated(self._connection, ids_of(self._connection, keys).values(), asked_before)

    def note_asked_for_details(self, keys: Iterable[EntryKey], *, now: datetime) -> None:
        """Note that the full records of these launches were asked for."""
        note_asked(self._connection, ids_of(self._connection, keys).values(), now)

    def add_gap(self, kind: EntryKind, began_at: datetime, ended_at: datetime) -> None:
        """Keep for ever that nothing of a kind came from the source for so long: what stood then counts nowhere."""
        self._connection.execute(insert(contact_gaps).values(kind=kind.value, began_at=began_at, ended_at=ended_at))
        refresh_within(self._connection, kind, began_at, ended_at)

    def note_asked(self, key: EntryKey, *, now: datetime) -> None:
        """Note that the source stands by an entry that is in doubt."""
        self._update_doubt(key, asked_at=now)

    def defer(self, key: EntryKey, *, now: datetime) -> None:
        """Put an entry at the end of those in doubt: asking for it gave no answer."""
        self._update_doubt(key, since=now, asked_at=None)

    def _update_doubt(self, key: EntryKey, **values: datetime | None) -> None:
        for entry_id in ids_of(self._connection, [key]).values():
            self._connection.execute(update(doubts).where(doubts.c.entry_id == entry_id).values(values))

    def meet(self, keys: Iterable[EntryKey]) -> None:
        """Note the keys that the import under way has met."""
        wanted = set(keys)
        for kind in EntryKind:
            source_ids = sorted(key.source_id for key in wanted if key.kind is kind)
            for chunk in chunks(source_ids):
                of_kind = select(met_keys.c.source_id).where(met_keys.c.kind == kind.value)
                known = set(self._connection.execute(of_kind.where(met_keys.c.source_id.in_(chunk))).scalars())
                rows = [{"kind": kind.value, "source_id": source_id} for source_id in chunk if source_id not in known]
                if rows:
                    self._connection.execute(insert(met_keys), rows)

    def forget_met(self, kind: EntryKind) -> None:
        """Forget the keys that the import of a kind has met: a new one begins."""
        self._connection.execute(delete(met_keys).where(met_keys.c.kind == kind.value))
