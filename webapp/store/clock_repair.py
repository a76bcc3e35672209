"""Clock repair: instants of the future, which a clock that was ahead wrote into the store, are found and corrected."""

from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from webapp.domain.clock import latest_believed
from webapp.store.notices import NoticeWriter
from webapp.store.schema import calls, changes, doubts, entries, rejected_records, withdrawals
from webapp.store.state import ELSEWHERE, get_state, update_progress, update_state
from webapp.store.statistics.keeping import rebuild
from webapp.store.syncing import SyncMemory, SyncWriter

_SEEN = (
    (changes, "seen_at"), (withdrawals, "withdrawn_at"), (doubts, "since"), (doubts, "asked_at"),
    (rejected_records, "seen_at"),
)  # fmt: skip


def latest_instant(connection: Connection) -> datetime | None:
    """Give the latest instant at which, as the store's memory has it, something was done; `None` in an empty one."""
    state, tasks = get_state(connection), SyncMemory(connection).list_tasks().values()
    noted = [state.committed_at, state.reached_at, state.failing_since]
    for progress in state.progress.values():
        noted += [progress.imported_at, progress.import_started_at, progress.reached_at]
        noted += [progress.swept_at, progress.sweep_started_at, progress.history_at]
    noted += [moment for task in tasks for moment in (task.tried_at, task.succeeded_at)]
    noted.append(connection.execute(select(func.max(calls.c.called_at))).scalar())
    return max((moment for moment in noted if moment is not None), default=None)


def repair_instants(connection: Connection, now: datetime) -> bool:
    """Repair all instants that cannot be true at `now`, and say whether there were any.

    Whatever was seen was seen at the latest `now`. When calls went out and tasks were done is not known any more, and
    is forgotten. Only for a clock that is known to be right: one that is behind would forge history.
    """
    latest = latest_instant(connection)
    if latest is None or latest <= latest_believed(now):
        return False
    if _repair_history(connection, now):
        update_state(connection, generation=get_state(connection).generation + 1, committed_at=now)
    _repair_sync_memory(connection, now)
    # By when the source was reached, too, it is told what came of a date.
    rebuild(connection)
    NoticeWriter(connection).repair_instants(now)
    return True


def _repair_history(connection: Connection, now: datetime) -> bool:
    """Repair what readers are shown, and say whether there was anything."""
    limit, written = latest_believed(now), {"written": get_state(connection).generation + 1}
    repaired = 0
    for table, name, more in (
        (entries, "first_seen", written), (entries, "changed_at", written), *((*one, {}) for one in _SEEN),
    ):  # fmt: skip
        statement = update(table).where(table.c[name] > limit).values({name: now} | more)
        repaired += connection.execute(statement).rowcount
    return repaired > 0


def _repair_sync_memory(connection: Connection, now: datetime) -> None:
    is_future = calls.c.called_at > latest_believed(now)
    # The call that is under way goes out now; its answer is what brings us here.
    connection.execute(update(calls).where(is_future, calls.c.finished_at.is_(None)).values(called_at=now))
    connection.execute(delete(calls).where(is_future))
    memory = SyncWriter(connection)
    for name, task in memory.list_tasks().items():
        memory.update_task(name, **asdict(task.believed(now)))
    state = get_state(connection).believed(now)
    scalars = (field.name for field in fields(state) if field.name not in ELSEWHERE)
    update_state(connection, **{name: getattr(state, name) for name in scalars})
    for kind, progress in state.progress.items():
        update_progress(connection, kind, **asdict(progress))
