"""The page that says how syncing stands, in words for visitors and as JSON for programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp import __version__
from webapp.edge.moments import Moment, iso_utc, present_instant
from webapp.store import Call, Counts, Rejected, Snapshot, StoreState, TaskState

_HOUR = timedelta(hours=1)
_LATEST = 10

TASK_WORDS = {
    "upcoming": "Upcoming events",
    "changed": "Events that changed",
    "import": "All events, a page at a time",
    "details": "One event in doubt",
    "throttle": "How many calls are allowed",
}
"""What each task of the syncing is called."""

FREE_TASKS = frozenset({"throttle"})
"""The tasks whose calls cost nothing of the budget."""


@dataclass(frozen=True, slots=True)
class Status:
    """How syncing stands, all of one moment. `trouble` is what keeps this process from writing to the store."""

    state: StoreState
    counts: Counts
    tasks: dict[str, TaskState]
    calls: tuple[Call, ...]
    calls_last_hour: int
    rejected: tuple[Rejected, ...]
    doubts: int
    is_held: bool
    is_sample: bool
    trouble: str | None
    now: datetime


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call: when, for what, why, and what came of it; `is_fault` where nothing good did."""

    at: Moment
    task: str
    reason: str
    outcome: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows: sentences first, then tables. `faults` pairs what failed with why."""

    sentences: tuple[str, ...]
    reached: Moment | None
    next_call: Moment | None
    next_task: str
    faults: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    calls: tuple[CallLine, ...]
    rejected: tuple[tuple[str, str], ...]


def gather(snapshot: Snapshot, *, now: datetime, is_sample: bool, trouble: str | None) -> Status:
    """Read how syncing stands."""
    memory = snapshot.sync
    recent = memory.list_calls(since=now - _HOUR)
    lease = memory.lease
    return Status(
        state=snapshot.state,
        counts=snapshot.count_all(),
        tasks=memory.list_tasks(),
        calls=tuple(memory.list_calls(limit=_LATEST)),
        calls_last_hour=sum(call.task not in FREE_TASKS for call in recent),
        rejected=tuple(snapshot.list_rejected()),
        doubts=len(memory.list_doubts()),
        is_held=lease is not None and lease.expires_at > now,
        is_sample=is_sample,
        trouble=trouble,
        now=now,
    )


def present_status(status: Status) -> StatusPage:
    """Say what the page shows."""
    state = status.state
    return StatusPage(
        sentences=tuple(_sentences(status)),
        reached=_optional(state.reached_at),
        next_call=_optional(state.next_call_at) if status.is_held else None,
        next_task=TASK_WORDS.get(state.next_call or "", ""),
        faults=tuple(_faults(status)),
        figures=tuple(_figures(status)),
        calls=tuple(_present_call(call) for call in status.calls),
        rejected=tuple((_record(one), one.reason) for one in status.rejected),
    )


def status_document(status: Status) -> dict[str, Any]:
    """Give all of it for programs; instants are ISO 8601 in UTC, or null."""
    state = status.state
    return {
        "version": __version__,
        "edition": "sample" if status.is_sample else "real",
        "generation": state.generation,
        "committed_at": _iso(state.committed_at),
        "reached_at": _iso(state.reached_at),
        "age_seconds": None if state.reached_at is None else round((status.now - state.reached_at).total_seconds()),
        "imported_at": _iso(state.imported_at),
        "is_syncing": status.is_held,
        "failing_since": _iso(state.failing_since),
        "failures": state.failures,
        "fault": state.fault,
        "trouble": status.trouble,
        "paused_until": _iso(state.paused_until),
        "next_call": {"at": _iso(state.next_call_at), "task": state.next_call},
        "budget": {"calls_last_hour": status.calls_last_hour, "hourly_limit": state.hourly_limit},
        "counts": asdict(status.counts) | {"rejected": len(status.rejected), "doubted": status.doubts},
        "tasks": {name: _task_document(task) for name, task in sorted(status.tasks.items())},
        "calls": [_call_document(call) for call in status.calls],
        "rejected": [
            {"event_id": one.event_id, "reason": one.reason, "seen_at": _iso(one.seen_at)} for one in status.rejected
        ],
    }


def _sentences(status: Status) -> Iterator[str]:
    if status.state.imported_at is None:
        yield "The first import from Launch Library is not complete yet."
    if status.is_sample:
        yield "Until it is, a sample is shown." if status.state.imported_at is None else "A sample is shown."
    if not status.is_held:
        yield "Nothing is syncing at the moment: what is shown stays as it is until something does."
    elif status.state.failing_since is None and not status.trouble:
        yield "Syncing goes as planned."
    if status.state.failing_since is not None or status.trouble:
        yield "Something fails at the moment. What is shown is kept, and the next attempt comes by itself."


def _faults(status: Status) -> Iterator[tuple[str, str]]:
    if status.trouble:
        yield "The store", status.trouble
    for name, task in sorted(status.tasks.items()):
        if task.fault is not None:
            times = "" if task.failures == 1 else f" ({task.failures} times in a row)"
            yield TASK_WORDS.get(name, name), task.fault + times


def _figures(status: Status) -> Iterator[tuple[str, str]]:
    state, counts = status.state, status.counts
    limit = "" if state.hourly_limit is None else f"; Launch Library leaves us {state.hourly_limit}"
    yield "Calls in the last hour", f"{status.calls_last_hour}{limit}"
    if state.paused_until is not None and state.paused_until > status.now:
        yield "No call before", present_instant(state.paused_until).words
    if state.failing_since is not None:
        yield "Failing since", present_instant(state.failing_since).words
    if state.imported_at is not None:
        yield "All events last met", present_instant(state.imported_at).words
    yield "Events", f"{counts.events:,}"
    yield "Withdrawn events", f"{counts.withdrawn:,}"
    yield "Changes remembered", f"{counts.changes:,}"
    yield "Events in doubt", f"{status.doubts:,}"
    yield "Records refused", f"{len(status.rejected):,}"
    changed = "" if state.committed_at is None else f", since {present_instant(state.committed_at).words}"
    yield "Generation of the data", f"{state.generation:,}{changed}"
    yield "Perigee", __version__


def _present_call(call: Call) -> CallLine:
    outcome = call.fault or call.outcome or "under way"
    at, task = present_instant(call.called_at), TASK_WORDS.get(call.task, call.task)
    return CallLine(at, task, call.reason, outcome, is_fault=call.fault is not None)


def _record(rejected: Rejected) -> str:
    return "A record without an id" if rejected.event_id is None else f"Record {rejected.event_id}"


def _task_document(task: TaskState) -> dict[str, Any]:
    return {
        "tried_at": _iso(task.tried_at),
        "succeeded_at": _iso(task.succeeded_at),
        "failures": task.failures,
        "retry_at": _iso(task.retry_at),
        "fault": task.fault,
    }


def _call_document(call: Call) -> dict[str, Any]:
    return {
        "called_at": _iso(call.called_at),
        "finished_at": _iso(call.finished_at),
        "task": call.task,
        "reason": call.reason,
        "outcome": call.outcome,
        "fault": call.fault,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else iso_utc(moment)


def _optional(moment: datetime | None) -> Moment | None:
    return None if moment is None else present_instant(moment)
