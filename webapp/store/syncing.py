"""The syncing's own memory: who may sync, what was called, how each task stands, and which events are in doubt."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from webapp.domain.clock import believed, latest_believed
from webapp.store.schema import calls, doubts, events, met_events, sync_lease, sync_tasks, withdrawals

LEASE_LASTS = timedelta(seconds=45)
"""How long a lease lasts: longer than any call may take, and short enough to replace a dead holder within a minute."""

LIST_ALERT, CLOCK_ALERT = "list", "clock"
"""The alerts: the source's list was not complete when it was last read, and its clock differs from ours."""

_KEPT = timedelta(days=2)
_LONGEST_RETRY = timedelta(hours=1)
_ALERT = "alert:"  # Begins the names of alerts among those of tasks, in whose table they stand.


@dataclass(frozen=True, slots=True)
class Lease:
    """Who may sync until `expires_at`. The fence rises with every new holder."""

    holder: str
    fence: int
    expires_at: datetime

    def is_in_force(self, now: datetime) -> bool:
        """Whether it still runs. One that would last longer than a lease can was taken by a clock that was ahead."""
        return now < self.expires_at <= latest_believed(now, ahead=LEASE_LASTS)


@dataclass(frozen=True, slots=True)
class TaskState:
    """How one task stands: when it was last tried and last succeeded, and if it fails, how often, why, until when."""

    tried_at: datetime | None = None
    succeeded_at: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    fault: str | None = None

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
    """What is not as it should be though no call failed, in words.

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
        """Who may sync, or last might."""
        row = self._connection.execute(select(sync_lease)).mappings().one_or_none()
        return Lease(row["holder"], row["fence"], row["expires_at"]) if row else None

    def list_tasks(self) -> dict[str, TaskState]:
        """Give how each task stands, by its name; those never tried are left out."""
        return {name: task for name, task in self._rows().items() if not name.startswith(_ALERT)}

    def list_alerts(self) -> dict[str, Alert]:
        """Give the alerts that stand, by their names."""
        return {
            name.removeprefix(_ALERT): Alert(row.fault or "", row.succeeded_at)
            for name, row in self._rows().items()
            if name.startswith(_ALERT)
        }

    def _rows(self) -> dict[str, TaskState]:
        rows = self._connection.execute(select(sync_tasks).order_by(sync_tasks.c.task)).mappings()
        return {row["task"]: TaskState(**{key: row[key] for key in row if key != "task"}) for row in rows}

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

    def list_doubts(self) -> list[tuple[int, datetime, datetime | None]]:
        """List events in doubt, the longest first: id, since when, and when the source last stood by it."""
        rows = self._connection.execute(select(doubts).order_by(doubts.c.since, doubts.c.event_id))
        return [(row.event_id, row.since, row.asked_at) for row in rows]

    def list_dates_between(self, first: datetime, last: datetime, precision_ids: Sequence[int]) -> list[datetime]:
        """List the dates, from `first` to `last` and rising, of events that are known this precisely."""
        statement = (
            select(events.c.sort_date)
            .where(events.c.sort_date.between(first, last), events.c.precision_id.in_(precision_ids))
            .where(events.c.id.not_in(select(withdrawals.c.event_id)))
            .order_by(events.c.sort_date)
        )
        return list(self._connection.execute(statement).scalars())

    def count_live(self) -> int:
        """Count the events that are live now."""
        statement = select(func.count()).select_from(events).where(events.c.webcast_live.is_(True))
        return self._connection.execute(
            statement.where(events.c.id.not_in(select(withdrawals.c.event_id)))
        ).scalar_one()

    def list_ids_from(self, date: datetime | None) -> set[int]:
        """List the ids of all events that are not withdrawn, or of those with a date at `date` or after."""
        statement = select(events.c.id).where(events.c.id.not_in(select(withdrawals.c.event_id)))
        if date is not None:
            statement = statement.where(events.c.date >= date)
        return set(self._connection.execute(statement).scalars())

    def list_met(self) -> set[int]:
        """List the ids that the import under way has met."""
        return set(self._connection.execute(select(met_events.c.event_id)).scalars())


class SyncWriter(SyncMemory):
    """The same, to be written to."""

    def put_lease(self, lease: Lease) -> None:
        """Say who may sync."""
        if self._connection.execute(update(sync_lease).values(asdict(lease))).rowcount == 0:
            self._connection.execute(insert(sync_lease).values(id=1, **asdict(lease)))

    def update_task(self, task: str, **changes: Any) -> None:
        """Change fields of how a task stands (see `TaskState`)."""
        state = replace(self._rows().get(task, TaskState()), **changes)
        statement = update(sync_tasks).where(sync_tasks.c.task == task).values(asdict(state))
        if self._connection.execute(statement).rowcount == 0:
            self._connection.execute(insert(sync_tasks).values(task=task, **asdict(state)))

    def raise_alert(self, name: str, words: str, *, well_at: datetime | None = None) -> None:
        """Say what is not as it should be, in place of what was said of it before."""
        self.update_task(_ALERT + name, fault=words, succeeded_at=well_at)

    def clear_alert(self, name: str) -> None:
        """Note that all is well again."""
        self._connection.execute(delete(sync_tasks).where(sync_tasks.c.task == _ALERT + name))

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

    def close_open_calls(self, *, now: datetime, fault: str) -> None:
        """Note of calls of which nothing was heard any more what became of them."""
        unfinished = update(calls).where(calls.c.finished_at.is_(None))
        self._connection.execute(unfinished.values(finished_at=now, fault=fault))

    def doubt(self, missing: Iterable[int], *, now: datetime) -> None:
        """Put events in doubt that are not already."""
        known = {event_id for event_id, _, _ in self.list_doubts()}
        rows = [{"event_id": event_id, "since": now} for event_id in sorted(set(missing) - known)]
        if rows:
            self._connection.execute(insert(doubts), rows)

    def settle(self, event_ids: Iterable[int]) -> None:
        """Take events out of doubt: a list has them, or they are withdrawn."""
        doubted = {event_id for event_id, _, _ in self.list_doubts()}
        for event_id in doubted.intersection(event_ids):
            self._connection.execute(delete(doubts).where(doubts.c.event_id == event_id))

    def note_asked(self, event_id: int, *, now: datetime) -> None:
        """Note that the source stands by an event that is in doubt."""
        self._connection.execute(update(doubts).where(doubts.c.event_id == event_id).values(asked_at=now))

    def defer(self, event_id: int, *, now: datetime) -> None:
        """Put an event at the end of those in doubt: asking for it told nothing."""
        deferred = update(doubts).where(doubts.c.event_id == event_id).values(since=now, asked_at=None)
        self._connection.execute(deferred)

    def meet(self, event_ids: Iterable[int]) -> None:
        """Note whom the import under way has met."""
        new = sorted(set(event_ids) - self.list_met())
        if new:
            self._connection.execute(insert(met_events), [{"event_id": event_id} for event_id in new])

    def forget_met(self) -> None:
        """Forget whom the import has met: a new one begins."""
        self._connection.execute(delete(met_events))
