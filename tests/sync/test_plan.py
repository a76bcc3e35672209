from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock import NOW
from tests.keys import event_key
from webapp.domain.entry import EntryKind
from webapp.store import TaskState
from webapp.sync.budget import free_at, limit_of, spent
from webapp.sync.plan import plan
from webapp.sync.situation import PATIENT, Doubt, KindSituation, Plan, Situation, Task

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
KEY = event_key(7)


EVENT_TASKS = (Task.THROTTLE, Task.UPCOMING, Task.CHANGED, Task.IMPORT, Task.DETAILS)


def done(ago: timedelta) -> TaskState:
    return TaskState(tried_at=NOW - ago, succeeded_at=NOW - ago)


def calm(**changes: object) -> Situation:
    """Nothing is near, and everything was done ten minutes ago."""
    tasks = {task: done(10 * MINUTE) for task in EVENT_TASKS}
    return of_events(Situation(NOW, 12, tasks=tasks), **changes)


def of_events(situation: Situation, **changes: object) -> Situation:
    """Change a situation of events alone: fields of its own, and of what it says of the events."""
    own = {name: value for name, value in changes.items() if name in {part.name for part in fields(Situation)}}
    known = {name: value for name, value in changes.items() if name not in own}
    events = replace(situation.kinds[EntryKind.EVENT], **known)  # type: ignore[arg-type] # a test's keywords
    return replace(situation, kinds={EntryKind.EVENT: events}, **own)  # type: ignore[arg-type] # a test's keywords


def with_tasks(situation: Situation, **tasks: TaskState) -> Situation:
    return replace(situation, tasks={**situation.tasks, **{Task(name): state for name, state in tasks.items()}})


def test_what_is_due_first_comes_next() -> None:
    assert plan(calm()) == Plan(Task.UPCOMING, NOW + 14 * MINUTE, "it is time to look again")


def test_the_allowance_is_asked_before_anything_else_and_every_hour() -> None:
    assert plan(Situation(NOW, 12)) == Plan(Task.THROTTLE, NOW, "the call limit may have changed")
    assert plan(with_tasks(calm(), throttle=done(HOUR))).task is Task.THROTTLE


def test_the_first_import_comes_before_all_but_the_allowance() -> None:
    empty = of_events(Situation(NOW, 12, tasks={Task.THROTTLE: done(MINUTE)}), is_imported=False, dates=[NOW])
    assert plan(empty) == Plan(Task.IMPORT, NOW, "the first import begins")
    assert plan(of_events(empty, is_importing=True)) == Plan(Task.IMPORT, NOW, "the first import continues")


def test_an_event_that_is_near_or_live_is_watched_every_five_minutes() -> None:
    just_read = with_tasks(calm(), upcoming=done(MINUTE))
    for date in (NOW - HOUR, NOW, NOW + HOUR):
        assert plan(of_events(just_read, dates=[date])) == Plan(
            Task.UPCOMING, NOW + 4 * MINUTE, "an event is less than an hour away"
        )
    assert plan(of_events(just_read, is_live=True)) == Plan(Task.UPCOMING, NOW + 4 * MINUTE, "an event is live")


def test_the_list_is_read_when_an_event_comes_near() -> None:
    soon = calm(dates=[NOW + HOUR + 3 * MINUTE])
    assert plan(soon) == Plan(Task.UPCOMING, NOW + 3 * MINUTE, "an event will soon be less than an hour away")
    just_read = with_tasks(soon, upcoming=done(MINUTE))
    assert plan(just_read) == Plan(Task.UPCOMING, NOW + 4 * MINUTE, "an event will soon be less than an hour away")


@pytest.mark.parametrize(("limit", "minutes"), [(12, 5), (6, 10), (2, 30), (1, 60), (100, 5)])
def test_a_small_budget_spreads_the_near_calls(limit: int, minutes: int) -> None:
    near = with_tasks(calm(limit=limit, is_live=True), upcoming=done(timedelta(0)), throttle=done(timedelta(0)))
    assert plan(near).at == NOW + minutes * MINUTE


def test_patient_tasks_take_their_turns() -> None:
    assert plan(with_tasks(calm(), changed=done(HOUR))) == Plan(Task.CHANGED, NOW, "an hour has passed")
    assert plan(with_tasks(calm(), **{"import": done(2 * HOUR)})) == Plan(
        Task.IMPORT, NOW, "a new background import begins"
    )
    assert plan(calm(doubt=Doubt(KEY, NOW - MINUTE))) == Plan(Task.DETAILS, NOW, "it is missing from a list", key=KEY)


def test_of_two_that_are_due_the_one_that_waited_longest_goes_first() -> None:
    both = with_tasks(calm(doubt=Doubt(KEY, NOW)), changed=done(HOUR), details=done(2 * HOUR))
    assert plan(both).task is Task.DETAILS
    assert plan(with_tasks(both, details=done(MINUTE))).task is Task.CHANGED


def test_patient_tasks_leave_the_list_what_it_will_want_within_the_hour() -> None:
    due = with_tasks(calm(), changed=done(HOUR))
    used = [NOW - 30 * MINUTE] * 10
    assert plan(replace(due, calls=used)).task is Task.CHANGED
    assert plan(replace(due, calls=[*used, NOW - MINUTE])).task is Task.UPCOMING


def test_a_list_that_cannot_be_read_keeps_the_tokens_for_itself() -> None:
    failing = with_tasks(calm(), upcoming=TaskState(NOW, None, 3, NOW + 2 * MINUTE, "it failed"), changed=done(HOUR))
    assert plan(failing) == Plan(Task.UPCOMING, NOW + 2 * MINUTE, "it was never fetched")
    long_ago = {task.value: done(2 * HOUR) for task in PATIENT}
    assert plan(with_tasks(failing, **long_ago)).task is Task.CHANGED


def test_where_the_list_wants_all_a_patient_task_gets_one_call_in_two_hours_and_never_at_the_moment_itself() -> None:
    live = with_tasks(
        calm(is_live=True), upcoming=done(5 * MINUTE), changed=done(3 * HOUR), details=done(3 * HOUR),
        **{"import": done(2 * HOUR)},
    )  # fmt: skip
    assert plan(live).task is Task.CHANGED
    assert plan(with_tasks(live, details=done(119 * MINUTE))).task is Task.UPCOMING
    assert plan(of_events(live, dates=[NOW + 14 * MINUTE])).task is Task.UPCOMING
    assert plan(of_events(live, dates=[NOW + 16 * MINUTE])).task is Task.CHANGED


def test_what_failed_waits_and_nothing_goes_out_in_a_pause_or_without_a_token() -> None:
    failed = TaskState(NOW - MINUTE, None, 3, NOW + 7 * MINUTE, "it failed")
    assert plan(with_tasks(calm(), upcoming=failed)).at == NOW + 7 * MINUTE
    due = with_tasks(calm(), upcoming=done(HOUR), throttle=done(HOUR))
    assert plan(replace(due, paused_until=NOW + 9 * MINUTE)).at == NOW + 9 * MINUTE
    spent_out = with_tasks(replace(due, calls=[NOW - 40 * MINUTE] * 12), throttle=done(MINUTE))
    assert plan(spent_out).at == NOW + 20 * MINUTE


def test_nothing_goes_out_while_all_is_to_rest() -> None:
    due = with_tasks(calm(), upcoming=done(HOUR), throttle=done(HOUR))
    assert plan(replace(due, rest_until=NOW + 9 * MINUTE)).at == NOW + 9 * MINUTE


def test_calls_of_the_future_spend_nothing() -> None:
    calls = [NOW + 3 * MINUTE] * 12
    assert (spent(calls, NOW), free_at(calls, 12, NOW)) == (0, NOW)
    assert spent([NOW + 2 * MINUTE], NOW) == 1, "clocks differ a little"


@given(st.integers(1, 20), st.lists(st.integers(0, 7200), max_size=40))
def test_a_token_comes_back_an_hour_after_it_was_spent(limit: int, ages: list[int]) -> None:
    calls = [NOW - timedelta(seconds=age) for age in ages]
    free = free_at(calls, limit, NOW)
    assert free >= NOW
    assert spent(calls, free) < limit
    if free > NOW:
        assert spent(calls, free - timedelta(microseconds=1)) >= limit


def test_the_limit_is_the_budget_but_never_more_than_is_allowed() -> None:
    assert [limit_of(12, reported) for reported in (None, 15, 12, 7, 0)] == [12, 12, 12, 7, 1]


INSTANTS = st.integers(0, 4 * 3600).map(lambda ago: NOW - timedelta(seconds=ago))
COMING = st.integers(-3600, 4 * 3600).map(lambda ahead: NOW + timedelta(seconds=ahead))
STATES = st.builds(
    TaskState, st.none() | INSTANTS, st.none() | INSTANTS, st.integers(0, 9), st.none() | COMING, st.none()
)
KINDS = st.builds(
    KindSituation,
    is_imported=st.booleans(),
    is_importing=st.booleans(),
    dates=st.lists(COMING, max_size=5).map(sorted),
    is_live=st.booleans(),
    is_outcome_awaited=st.booleans(),
    swept_at=st.none() | INSTANTS,
    is_history_read=st.booleans(),
    lacks_details=st.booleans(),
)
SITUATIONS = st.builds(
    Situation,
    now=st.just(NOW),
    limit=st.integers(1, 20),
    calls=st.lists(INSTANTS, max_size=20),
    tasks=st.dictionaries(st.sampled_from(Task), STATES),
    paused_until=st.none() | COMING,
    kinds=st.dictionaries(st.sampled_from(EntryKind), KINDS, min_size=1),
    doubt=st.none() | st.builds(Doubt, st.just(KEY), COMING),
)


@given(SITUATIONS)
def test_no_plan_is_before_its_time(situation: Situation) -> None:
    planned = plan(situation)
    earliest = max(NOW, situation.paused_until or NOW, situation.task(planned.task).retry_at or NOW)
    assert planned.at >= earliest
    if planned.task is not Task.THROTTLE:
        assert spent(situation.calls, planned.at) < situation.limit
    assert (planned.key is not None) == (planned.task is Task.DETAILS)


@given(SITUATIONS, st.lists(st.integers(0, 600), max_size=150))
def test_no_hour_holds_more_calls_than_the_limit(situation: Situation, delays: list[int]) -> None:
    now = NOW
    calls: list[datetime] = []
    for delay in delays:
        tasks = situation.tasks
        planned = plan(replace(situation, now=now, calls=[call for call in calls if call > now - HOUR], tasks=tasks))
        now = max(now, planned.at) + timedelta(seconds=delay)
        if planned.task is not Task.THROTTLE:
            calls.append(now)
        situation = with_tasks(situation, **{planned.task.value: TaskState(now, now)})
    assert all(within(calls, begin) <= situation.limit for begin in calls)


def within(calls: list[datetime], begin: datetime) -> int:
    return sum(begin <= call < begin + HOUR for call in calls)


# Both kinds.


def both(*, events: KindSituation | None = None, launches: KindSituation | None = None) -> Situation:
    """Nothing is near, and everything of both kinds was done ten minutes ago, but for what is given."""
    kinds = {
        EntryKind.EVENT: events or KindSituation(),
        EntryKind.LAUNCH: launches or KindSituation(swept_at=NOW - HOUR),
    }
    return Situation(NOW, 12, tasks={task: done(10 * MINUTE) for task in Task}, kinds=kinds)


def just_watched(situation: Situation) -> Situation:
    return with_tasks(situation, upcoming=done(timedelta(0)), launches_soon=done(timedelta(0)))


NEAR_NOW = KindSituation(dates=[NOW + 30 * MINUTE], swept_at=NOW - HOUR)


def test_what_is_upcoming_of_both_kinds_is_imported_first_in_turns() -> None:
    empty = both(events=KindSituation(is_imported=False), launches=KindSituation(is_imported=False))
    empty = replace(empty, tasks={Task.THROTTLE: done(MINUTE), Task.UPCOMING: TaskState(tried_at=NOW - MINUTE)})
    assert plan(empty) == Plan(Task.LAUNCHES_SWEEP, NOW, "the first import begins")
    assert plan(with_tasks(empty, launches_sweep=done(timedelta(0)))).task is Task.UPCOMING


def test_where_no_event_is_upcoming_the_past_ones_are_imported_in_its_place() -> None:
    lacking = both(events=KindSituation(is_imported=False))
    assert plan(just_watched(lacking)) == Plan(Task.IMPORT, NOW, "the first import begins")


def test_past_events_are_imported_once_what_is_upcoming_is_there() -> None:
    assert plan(just_watched(both(events=KindSituation(is_history_read=False)))).task is Task.IMPORT


def test_the_first_import_of_a_kind_that_comes_later_leaves_the_watched_list_what_it_wants() -> None:
    new = KindSituation(is_imported=False)
    assert plan(just_watched(both(launches=new))) == Plan(Task.LAUNCHES_SWEEP, NOW, "the first import begins")
    busy = replace(just_watched(both(events=NEAR_NOW, launches=new)), calls=[NOW])
    assert plan(busy) == Plan(Task.UPCOMING, NOW + 5 * MINUTE, "an event is less than an hour away")


def test_what_is_near_is_watched_closely_beside_another_kind_and_less_so_where_both_are_near() -> None:
    alone = just_watched(both(launches=NEAR_NOW))
    assert plan(alone) == Plan(Task.LAUNCHES_SOON, NOW + 6 * MINUTE, "a launch is less than an hour away")
    assert plan(just_watched(both(events=NEAR_NOW))).at == NOW + 6 * MINUTE
    assert plan(just_watched(both(events=NEAR_NOW, launches=NEAR_NOW))).at == NOW + 10 * MINUTE


def test_an_outcome_is_awaited_every_quarter_of_an_hour() -> None:
    awaited = just_watched(both(launches=KindSituation(is_outcome_awaited=True, swept_at=NOW)))
    assert plan(awaited) == Plan(Task.LAUNCHES_SOON, NOW + 15 * MINUTE, "the outcome of a launch is awaited")


def test_sweeps_details_and_history_take_what_is_left() -> None:
    def task_of(situation: Situation) -> Task:
        return plan(just_watched(situation)).task

    assert task_of(both(launches=KindSituation(swept_at=NOW - 13 * HOUR))) is Task.UPCOMING, "not within the hour"
    swept_long_ago = with_tasks(both(launches=KindSituation(swept_at=NOW - 13 * HOUR)), launches_sweep=done(HOUR))
    assert task_of(swept_long_ago) is Task.LAUNCHES_SWEEP
    assert task_of(both(launches=KindSituation(is_importing=True))) is Task.LAUNCHES_SWEEP
    assert task_of(both(launches=KindSituation(swept_at=NOW, lacks_details=True))) is Task.LAUNCHES_DETAILS
    assert task_of(both(launches=KindSituation(swept_at=NOW, is_history_read=False))) is Task.LAUNCHES_HISTORY
    read = with_tasks(both(), launches_history=done(2 * HOUR))
    assert task_of(read) is Task.LAUNCHES_HISTORY
