"""The plan: which call comes next, when, and why. Pure: a situation goes in, a plan comes out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from webapp.domain.clock import later
from webapp.domain.entry import EntryKey, EntryKind
from webapp.sync.budget import HOUR, free_at
from webapp.sync.cadence import NEAR, calm_every_of, has_spare, is_near, near_every_of
from webapp.sync.situation import NEWS, PATIENT, REQUESTED, WATCHED, KindSituation, Plan, Situation, Task

OUTCOME_WITHIN = timedelta(hours=4)
"""How long after its date the outcome of a launch is looked for more often: most are known two hours after it."""

CHANGED_EVERY = timedelta(hours=1)
CHANGED_EVERY_OF_TWO = timedelta(hours=2)
"""How often the changes of events are read beside those of launches, which change more."""

IMPORT_PAGE_EVERY = timedelta(hours=2)
SWEEP_EVERY = timedelta(hours=12)
SWEEP_AGAIN_AFTER = timedelta(hours=1)
"""How long after a sweep that was not complete the next one begins."""

THROTTLE_EVERY = timedelta(hours=1)
CHAIN_EVERY = timedelta(seconds=30)
CHAIN_AGAIN_AFTER = timedelta(seconds=10)
"""How often at least, and at most, a source that is a Perigee is asked about its chain."""

PATIENCE = timedelta(hours=2)
"""How long the patient tasks wait for a call where the watched lists want them all."""

PATIENCE_OF_BOTH = timedelta(hours=4)
"""The same while something of both kinds is near: that seldom lasts so long, and each list is read half as often."""

PATIENCE_OF_NEWS = timedelta(hours=1)
"""The same for those among them that tell of changes, of two kinds, but for while something of both is near."""

MOMENT = timedelta(minutes=15)
"""How long before and after an entry's date no other task than the watched lists may call."""

DOUBT_AGAIN_AFTER = timedelta(days=7)
LOOK_AHEAD = NEAR + HOUR + NEAR
"""How far ahead of now the plan wants to know the dates of entries."""


def plan(situation: Situation) -> Plan:
    """Decide the next call. It is never before `situation.now`, nor while the budget is spent or the source wants rest.

    The watched lists come first; the patient tasks take what they leave, and, where they leave nothing, one call in
    two hours. Until the first import of all kinds is complete, its pages come before all else; that of a kind which
    comes later is patient. What another process has requested is due at once.
    """
    imported = situation.imported
    candidates = [_watch(situation, kind) for kind in imported] + list(_requested(situation))
    candidates += _patient(situation) if imported else [_first_import(situation, kind) for kind in situation.kinds]
    earliest = min(candidates, key=lambda candidate: (candidate.at, _last_tried(situation, candidate.task)))
    check = min(_free(situation, earliest), key=lambda candidate: candidate.at)
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


def _free(situation: Situation, next_call: Plan) -> Iterator[Plan]:
    """Give the calls that cost nothing. The chain is asked before records, so that their histories are there."""
    yield _throttle_check(situation)
    if situation.chain_free_at is not None:
        last = situation.task(Task.CHAIN).succeeded_at
        due = situation.now
        if last is not None and situation.is_chain_read:
            due = min(last + CHAIN_EVERY, max(next_call.at, last + CHAIN_AGAIN_AFTER))
        at = _at(situation, Task.CHAIN, max(due, situation.chain_free_at), is_free=True)
        yield Plan(Task.CHAIN, at, "what the source tells of its chain may have changed")


def _throttle_check(situation: Situation) -> Plan:
    last = situation.task(Task.THROTTLE).succeeded_at if situation.is_source_known else None
    due = situation.now if last is None else last + THROTTLE_EVERY
    at = _at(situation, Task.THROTTLE, due, is_free=True)
    return Plan(Task.THROTTLE, at, "the call limit may have changed")


def _first_import(situation: Situation, kind: EntryKind) -> Plan:
    task, reason = _first_import_of(situation, kind)
    return Plan(task, _at(situation, task, situation.now), reason)


def _first_import_of(situation: Situation, kind: EntryKind) -> tuple[Task, str]:
    task = Task.IMPORT if kind is EntryKind.EVENT else Task.LAUNCHES_SWEEP
    if kind is EntryKind.EVENT and len(situation.kinds) > 1 and situation.task(Task.UPCOMING).succeeded_at is None:
        # What is upcoming of both kinds takes five calls: the rest of the events comes when that is there. A list that
        # had none is no import: then the rest comes at once.
        task = Task.UPCOMING
    is_importing = situation.kinds[kind].is_importing
    return task, "the first import continues" if is_importing else "the first import begins"


def _watch(situation: Situation, kind: EntryKind) -> Plan:
    """Plan the next call for the watched list of a kind."""
    now, task, one = situation.now, WATCHED[kind], situation.kinds[kind]
    last = situation.task(task).succeeded_at
    near_every, calm_every = near_every_of(situation, kind), calm_every_of(situation, kind)
    a_kind = "an event" if kind is EntryKind.EVENT else "a launch"
    if last is None:
        due, reason = now, "it was never fetched"
    elif is_near(one, now):
        due, reason = last + near_every, f"{a_kind} is live" if one.is_live else f"{a_kind} is less than an hour away"
    else:
        due, reason = last + calm_every, "it is time to look again"
        if one.is_outcome_awaited:
            reason = "the outcome of a launch is awaited"
        begins = min((date - NEAR for date in one.dates if date - NEAR > now), default=due)
        if begins < due:
            due, reason = max(begins, last + near_every), f"{a_kind} will soon be less than an hour away"
    return Plan(task, _at(situation, task, due), reason)


def _requested(situation: Situation) -> Iterator[Plan]:
    for task in (task for kind in situation.imported for task in REQUESTED[kind]):
        if situation.task(task).is_requested:
            yield Plan(task, _at(situation, task, situation.now), "it was requested")


def _patient(situation: Situation) -> Iterator[Plan]:
    tasks = list(_patient_due(situation))
    first = max(situation.now, min(due for _, due, _, _ in tasks))
    # While a watched list cannot be read, what tokens there are are for that.
    is_failing = any(situation.task(WATCHED[kind]).failures for kind in situation.imported)
    is_short = is_failing or not has_spare(situation, first)
    for task, due, reason, key in tasks:
        gate = _gate(situation, task) if is_short else situation.now
        yield Plan(task, _at(situation, task, max(due, gate)), reason, key)


def _gate(situation: Situation, task: Task) -> datetime:
    """Say when a patient task may call while the watched lists want all calls: those in turn that tell of changes."""
    rivals: tuple[Task, ...] = PATIENT
    wait = PATIENCE
    if len(situation.kinds) > 1:
        are_all_near = all(is_near(one, situation.now) for one in situation.kinds.values())
        if are_all_near:
            wait = PATIENCE_OF_BOTH
        elif task in NEWS:
            rivals, wait = NEWS, PATIENCE_OF_NEWS
    last = max(_last_tried(situation, rival) for rival in rivals)
    return max(later(last, wait), _moment_is_over_at(situation))


def _moment_is_over_at(situation: Situation) -> datetime:
    """Say when no entry is about to begin or has just begun: then most happens, and the list is not to wait."""
    now, dates = situation.now, [date for one in situation.kinds.values() for date in one.dates]
    return max((date + MOMENT for date in dates if date - MOMENT <= now < date + MOMENT), default=now)


_Due = tuple[Task, datetime, str, EntryKey | None]


def _patient_due(situation: Situation) -> Iterator[_Due]:
    for kind, one in situation.kinds.items():
        if not one.is_imported:
            task, reason = _first_import_of(situation, kind)
            yield task, situation.now, reason, None
    if len(situation.imported) < len(situation.kinds):
        return
    if situation.doubt is not None:
        yield Task.DETAILS, situation.doubt.due, "it is missing from a list", situation.doubt.key
    if EntryKind.EVENT in situation.kinds:
        yield from _events_due(situation, situation.kinds[EntryKind.EVENT])
    if EntryKind.LAUNCH in situation.kinds:
        yield from _launches_due(situation, situation.kinds[EntryKind.LAUNCH])


def _events_due(situation: Situation, events: KindSituation) -> Iterator[_Due]:
    now = situation.now
    every, words = CHANGED_EVERY, "an hour has passed"
    if len(situation.kinds) > 1:
        every, words = CHANGED_EVERY_OF_TWO, "two hours have passed"
    last = situation.task(Task.CHANGED).succeeded_at
    due, reason = (now, "they were never fetched") if last is None else (last + every, words)
    yield Task.CHANGED, due, reason, None
    last = situation.task(Task.IMPORT).succeeded_at
    reason = "the background import continues" if events.is_importing else "a new background import begins"
    if not events.is_history_read:
        reason = "the first import goes on with the past"
    due = now if last is None or not events.is_history_read else last + IMPORT_PAGE_EVERY
    yield Task.IMPORT, due, reason, None


def _launches_due(situation: Situation, launches: KindSituation) -> Iterator[_Due]:
    now = situation.now
    last = situation.task(Task.LAUNCHES_CHANGED).succeeded_at
    due, reason = (now, "they were never fetched") if last is None else (last + CHANGED_EVERY, "an hour has passed")
    yield Task.LAUNCHES_CHANGED, due, reason, None
    last, swept_at = situation.task(Task.LAUNCHES_SWEEP).succeeded_at, launches.swept_at
    if launches.is_importing:
        yield Task.LAUNCHES_SWEEP, now, "the list of all upcoming launches continues", None
    else:
        due = max(last + SWEEP_AGAIN_AFTER if last else now, swept_at + SWEEP_EVERY if swept_at else now)
        yield Task.LAUNCHES_SWEEP, due, "half a day has passed", None
    if launches.lacks_details:
        yield Task.LAUNCHES_DETAILS, now, "records are incomplete", None
    last = situation.task(Task.LAUNCHES_HISTORY).succeeded_at
    due = now if last is None or not launches.is_history_read else last + IMPORT_PAGE_EVERY
    yield Task.LAUNCHES_HISTORY, due, "the background import continues", None
