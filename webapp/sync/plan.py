"""The plan: which call comes next, when, and why. Pure: a situation goes in, a plan comes out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum

from webapp.domain.clock import later
from webapp.domain.entry import EntryKey
from webapp.store import TaskState
from webapp.sync.budget import HOUR, free_at, spent

UPCOMING_EVERY = timedelta(minutes=30)
UPCOMING_EVERY_NEAR = timedelta(minutes=5)
NEAR = timedelta(hours=1)
"""How long before and after its date an event counts as near."""

CHANGED_EVERY = timedelta(hours=1)
IMPORT_PAGE_EVERY = timedelta(hours=2)
THROTTLE_EVERY = timedelta(hours=1)
PATIENCE = timedelta(hours=2)
"""How long the patient tasks wait for a call where the upcoming list wants them all."""

MOMENT = timedelta(minutes=15)
"""How long before and after an event's date no other task than the upcoming list may call."""

DOUBT_AGAIN_AFTER = timedelta(days=7)
LOOK_AHEAD = NEAR + HOUR + NEAR
"""How far ahead of now the plan wants to know the dates of entries."""


class Task(Enum):
    """What a call is for."""

    THROTTLE = "throttle"
    UPCOMING = "upcoming"
    CHANGED = "changed"
    IMPORT = "import"
    DETAILS = "details"


FREE = frozenset({Task.THROTTLE.value})
"""The names of the tasks whose calls cost nothing."""

PATIENT = (Task.DETAILS, Task.CHANGED, Task.IMPORT)
"""The tasks that give way to the upcoming list."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry in doubt, and when to ask for it."""

    key: EntryKey
    due: datetime


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a plan depends on; instants are aware, in UTC.

    `limit` is how many calls may go out in any hour, `calls` when those of the last hour did. `is_imported` says that
    an import was once complete, `is_importing` that one is under way. `dates` are those of entries known to the minute,
    near or soon near. `rest_until` is when the next call may go out, whatever it is for.
    """

    now: datetime
    limit: int
    calls: Sequence[datetime] = ()
    tasks: Mapping[Task, TaskState] = field(default_factory=dict)
    paused_until: datetime | None = None
    is_imported: bool = True
    is_importing: bool = False
    doubt: Doubt | None = None
    dates: Sequence[datetime] = ()
    is_live: bool = False
    rest_until: datetime | None = None

    def task(self, task: Task) -> TaskState:
        """Give how a task stands."""
        return self.tasks.get(task, TaskState())


@dataclass(frozen=True, slots=True)
class Plan:
    """The next call: for which task, when, and why in words. `key` goes with the details of one entry."""

    task: Task
    at: datetime
    reason: str
    key: EntryKey | None = None


def plan(situation: Situation) -> Plan:
    """Decide the next call. It is never before `situation.now`, nor while the budget is spent or the source wants rest.

    The upcoming list comes first; the patient tasks take what it leaves, and, where it leaves nothing, one call in
    two hours. Until the first import is complete, its pages come before all else.
    """
    if not situation.is_imported:
        candidates = [_first_import(situation)]
    else:
        candidates = [_upcoming(situation), *_patient(situation)]
    earliest = min(candidates, key=lambda candidate: (candidate.at, _last_tried(situation, candidate.task)))
    check = _throttle_check(situation)
    return check if check.at <= earliest.at else earliest


def _last_tried(situation: Situation, task: Task) -> datetime:
    # Whoever has waited longest goes first where two could go at once.
    return situation.task(task).tried_at or _BEGINNING


_BEGINNING = datetime.min.replace(tzinfo=UTC)


def _at(situation: Situation, task: Task, due: datetime, *, is_free: bool = False) -> datetime:
    """Say when a task that is due may call: after its own retry, the source's pause, and the budget."""
    now = situation.now
    token = now if is_free else free_at(situation.calls, situation.limit, now)
    rest = max(situation.paused_until or now, situation.rest_until or now)
    return max(now, due, token, situation.task(task).retry_at or now, rest)


def _throttle_check(situation: Situation) -> Plan:
    last = situation.task(Task.THROTTLE).succeeded_at
    due = situation.now if last is None else last + THROTTLE_EVERY
    at = _at(situation, Task.THROTTLE, due, is_free=True)
    return Plan(Task.THROTTLE, at, "the call limit may have changed")


def _first_import(situation: Situation) -> Plan:
    reason = "the first import continues" if situation.is_importing else "the first import begins"
    return Plan(Task.IMPORT, _at(situation, Task.IMPORT, situation.now), reason)


def _upcoming(situation: Situation) -> Plan:
    now, last = situation.now, situation.task(Task.UPCOMING).succeeded_at
    near_every = _near_every(situation)
    if last is None:
        due, reason = now, "it was never fetched"
    elif situation.is_live or _is_near(situation, now):
        due, reason = (
            last + near_every,
            "an event is live" if situation.is_live else "an event is less than an hour away",
        )
    else:
        due, reason = last + max(UPCOMING_EVERY, near_every), "half an hour has passed"
        begins = min((date - NEAR for date in situation.dates if date - NEAR > now), default=due)
        if begins < due:
            due, reason = max(begins, last + near_every), "an event will soon be less than an hour away"
    return Plan(Task.UPCOMING, _at(situation, Task.UPCOMING, due), reason)


def _patient(situation: Situation) -> Iterator[Plan]:
    gate = situation.now
    # While the upcoming list cannot be read, what tokens there are are for that.
    if situation.task(Task.UPCOMING).failures or not _has_spare(situation):
        gate = max(_last_tried(situation, task) for task in PATIENT)
        gate = max(later(gate, PATIENCE), _moment_is_over_at(situation))
    for task, due, reason, key in _patient_due(situation):
        yield Plan(task, _at(situation, task, max(due, gate)), reason, key)


def _moment_is_over_at(situation: Situation) -> datetime:
    """Say when no event is about to begin or has just begun: then most happens, and the list is not to wait."""
    now = situation.now
    return max((date + MOMENT for date in situation.dates if date - MOMENT <= now < date + MOMENT), default=now)


def _patient_due(situation: Situation) -> Iterator[tuple[Task, datetime, str, EntryKey | None]]:
    now = situation.now
    if situation.doubt is not None:
        yield Task.DETAILS, situation.doubt.due, "it is missing from a list", situation.doubt.key
    last = situation.task(Task.CHANGED).succeeded_at
    due, reason = (now, "they were never fetched") if last is None else (last + CHANGED_EVERY, "an hour has passed")
    yield Task.CHANGED, due, reason, None
    last = situation.task(Task.IMPORT).succeeded_at
    reason = "the background import continues" if situation.is_importing else "a new background import begins"
    yield Task.IMPORT, now if last is None else last + IMPORT_PAGE_EVERY, reason, None


def _has_spare(situation: Situation) -> bool:
    """Whether one more call leaves the upcoming list all that it will want within the hour."""
    now = situation.now
    return spent(situation.calls, now) + 1 + _upcoming_calls_ahead(situation) <= situation.limit


def _upcoming_calls_ahead(situation: Situation) -> int:
    """Count the calls that the upcoming list will want within an hour, rounded up."""
    near = HOUR if situation.is_live else _near_within_the_hour(situation)
    every = max(UPCOMING_EVERY, _near_every(situation))
    return -(-near // _near_every(situation)) - (-(HOUR - near) // every)


def _near_within_the_hour(situation: Situation) -> timedelta:
    covered, reached, end = timedelta(0), situation.now, situation.now + HOUR
    for date in sorted(situation.dates):
        first, last = max(date - NEAR, reached), min(date + NEAR, end)
        if first < last:
            covered, reached = covered + (last - first), last
    return covered


def _is_near(situation: Situation, moment: datetime) -> bool:
    return any(date - NEAR <= moment <= date + NEAR for date in situation.dates)


def _near_every(situation: Situation) -> timedelta:
    return max(UPCOMING_EVERY_NEAR, HOUR / situation.limit)
