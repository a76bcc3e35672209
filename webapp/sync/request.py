"""A request to sync now, which one process makes of another that holds the lease, through the store."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.clock import Clock
from webapp.domain.entry import EntryKind
from webapp.domain.words import due_words
from webapp.store import Call, Snapshot, Store
from webapp.sync.situation import REQUESTED
from webapp.sync.watch import Line, call_line

_LOOK_AGAIN_SECONDS = 0.5
_TAKEN_UP_WITHIN = timedelta(seconds=15)
"""How long the holder of the lease may take to look for a request, or to make the next call of it."""

_GIVEN_UP_AFTER = timedelta(minutes=1)
"""How long nothing at all may be heard of it: a call takes 40 seconds at most."""

_FEW_CALLS = 50


class RequestUnmetError(Exception):
    """A request that was not met, or not yet; the message says why, and what becomes of it."""


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """A request to sync now: of whom, which tasks, and the last call that was finished before it was made."""

    holder: str
    tasks: Collection[str]
    after_call: int


def request_sync(store: Store, clock: Clock, kinds: Sequence[EntryKind] | None) -> SyncRequest | None:
    """Ask whoever holds the lease for what is new of these kinds, or of all that it syncs; `None` if nobody holds it.

    It looks for requests every five seconds at least. Raises `StoreUnavailableError`.
    """
    with store.write() as writer:
        lease = writer.sync.lease
        if lease is None or not lease.is_in_force(clock()):
            return None
        wanted = kinds or list(writer.state.progress) or list(EntryKind)
        tasks = [task.value for kind in wanted for task in REQUESTED[kind]]
        for task in tasks:
            writer.sync.update_task(task, is_requested=True)
        finished = (call.number for call in writer.sync.list_calls() if call.finished_at is not None)
        return SyncRequest(lease.holder, tasks, max(finished, default=0))


def follow(
    request: SyncRequest, store: Store, clock: Clock, tell: Callable[[Line], object], pause: Callable[[float], object]
) -> None:
    """Wait until a request is met; `tell` is given a line for each call. `pause` waits for so many seconds.

    Raises `RequestUnmetError` once that will take longer, or a call that was asked for fails, and
    `StoreUnavailableError`.
    """
    told, heard_at = request.after_call, clock()
    while True:
        with store.read() as snapshot:
            calls = [call for call in reversed(snapshot.sync.list_calls(limit=_FEW_CALLS)) if call.number > told]
            tasks = snapshot.sync.list_tasks()
            unmet = _why_unmet(request, snapshot, calls, heard_at=heard_at, now=clock())
        for call in calls:
            heard_at = clock()
            if call.finished_at is not None:
                tell(call_line(call))
                told = call.number
        if unmet is not None:
            raise RequestUnmetError(unmet)
        if not any(tasks[task].is_requested for task in request.tasks):
            return
        pause(_LOOK_AGAIN_SECONDS)


def _why_unmet(
    request: SyncRequest, snapshot: Snapshot, calls: Sequence[Call], *, heard_at: datetime, now: datetime
) -> str | None:
    """Say why a request is not met soon, if so. `calls` are those made since it was last looked."""
    for call in calls:
        if call.fault is not None and call.task in request.tasks:
            return f"{call.fault}. {request.holder} will try again"
    lease, next_at = snapshot.sync.lease, snapshot.state.next_call_at
    if lease is None or not lease.is_in_force(now):
        return f"{request.holder} stopped syncing: run `perigee sync` again"
    silence = timedelta(0) if calls else now - heard_at
    if silence > _TAKEN_UP_WITHIN and next_at is not None and next_at > now:
        return f"no call to Launch Library is allowed before {due_words(next_at, now)}: {request.holder} goes on then"
    if silence > _GIVEN_UP_AFTER:
        return f"{request.holder} did not sync within a minute: see its log. The request stands"
    return None
