"""The situation that a plan depends on, and what a plan is: the tasks, and how each kind of entry stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from webapp.domain.entry import EntryKey, EntryKind
from webapp.store import TaskState


class Task(Enum):
    """What a call is for."""

    THROTTLE = "throttle"
    CHAIN = "chain"
    UPCOMING = "upcoming"
    CHANGED = "changed"
    IMPORT = "import"
    DETAILS = "details"
    LAUNCHES_SOON = "launches_soon"
    LAUNCHES_CHANGED = "launches_changed"
    LAUNCHES_SWEEP = "launches_sweep"
    LAUNCHES_DETAILS = "launches_details"
    LAUNCHES_HISTORY = "launches_history"


FREE = frozenset({Task.THROTTLE.value, Task.CHAIN.value})
"""The names of the tasks whose calls cost nothing."""

WATCHED = {EntryKind.EVENT: Task.UPCOMING, EntryKind.LAUNCH: Task.LAUNCHES_SOON}
"""The lists that are watched: of what is upcoming of each kind."""

PATIENT = tuple(task for task in Task if task.value not in FREE and task not in WATCHED.values())
"""The tasks that give way to the watched lists."""


NEWS = (Task.CHANGED, Task.LAUNCHES_CHANGED)
"""The patient tasks that tell of changes: these go first."""

REQUESTED = {
    EntryKind.EVENT: (Task.UPCOMING, Task.CHANGED),
    EntryKind.LAUNCH: (Task.LAUNCHES_SOON, Task.LAUNCHES_CHANGED),
}
"""The tasks that tell what is new of each kind: what a request to sync now asks for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry in doubt, and when to ask for it."""

    key: EntryKey
    due: datetime


@dataclass(frozen=True, slots=True)
class KindSituation:
    """What a plan depends on of one kind of entry; instants are aware, in UTC.

    `is_imported` says that it was once read whatever is upcoming, `is_importing` that an import is under way: of
    launches, a sweep.
    `dates` are those of entries with a known time, near or soon near; launches with an outcome are not among them.
    `is_outcome_awaited` says that a launch of the last hours has none. `swept_at` is when a sweep was last complete,
    `is_history_read` whether all that is past was once read, and `lacks_details` whether records are to be completed.
    """

    is_imported: bool = True
    is_importing: bool = False
    dates: Sequence[datetime] = ()
    is_live: bool = False
    is_outcome_awaited: bool = False
    swept_at: datetime | None = None
    is_history_read: bool = True
    lacks_details: bool = False


_EVENTS_ALONE: Mapping[EntryKind, KindSituation] = {EntryKind.EVENT: KindSituation()}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a plan depends on; instants are aware, in UTC.

    `limit` is how many calls may go out in any hour, `calls` when those of the last hour did. `kinds` are those that
    are synced. `rest_until` is when the next call may go out, whatever it is for. `is_source_known` says that it was
    asked what the source at its present address is; `chain_free_at` is when it may be asked about its chain, where it
    is a Perigee, and `is_chain_read` says that what it told has come to an end.
    """

    now: datetime
    limit: int
    calls: Sequence[datetime] = ()
    tasks: Mapping[Task, TaskState] = field(default_factory=dict)
    paused_until: datetime | None = None
    kinds: Mapping[EntryKind, KindSituation] = field(default_factory=lambda: dict(_EVENTS_ALONE))
    doubt: Doubt | None = None
    rest_until: datetime | None = None
    is_source_known: bool = True
    chain_free_at: datetime | None = None
    is_chain_read: bool = True

    def task(self, task: Task) -> TaskState:
        """Give how a task stands."""
        return self.tasks.get(task, TaskState())

    @property
    def imported(self) -> list[EntryKind]:
        """The kinds that were imported."""
        return [kind for kind, one in self.kinds.items() if one.is_imported]


@dataclass(frozen=True, slots=True)
class Plan:
    """The next call: for which task, when, and why in words. `key` goes with the details of one entry."""

    task: Task
    at: datetime
    reason: str
    key: EntryKey | None = None
