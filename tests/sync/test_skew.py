"""A clock that is far ahead or behind for a while: syncing goes on by itself once it is right, and nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import cycle, pairwise, product
from pathlib import Path
from typing import TypeVar

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault
from tests.fake_ll2.launches import launch_id, launch_status, make_launches
from tests.fake_ll2.moments import stamp
from tests.keys import event_key, event_keys, launch_key
from tests.soak import length
from tests.sync.conftest import Stage, make_stage, thirty_events
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.ll2.chain import ChainPage
from webapp.ll2.client import Answer, LaunchLibrary
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, ThrottleReport
from webapp.store import CLOCK_ALERT, Counts, Lease, TaskState
from webapp.sync.engine import BudgetSpentError, Engine, Report
from webapp.sync.plan import plan
from webapp.sync.situation import Plan, Task
from webapp.sync.skew import ASK_EVERY

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVENT_TASKS = (Task.THROTTLE, Task.UPCOMING, Task.CHANGED, Task.IMPORT, Task.DETAILS)
FAR = 400 * DAY
AHEAD_OR_BEHIND = (FAR, -FAR)
WHEN = ("before", "in", "after")
ALL_TOGETHER = list(product(WHEN, AHEAD_OR_BEHIND, EVENT_TASKS))
ONE_OF_EACH = [
    (WHEN[number % len(WHEN)], AHEAD_OR_BEHIND[number % len(AHEAD_OR_BEHIND)], task)
    for number, task in enumerate((*EVENT_TASKS, Task.UPCOMING))
]
"""Every task, and the clock ahead as well as behind before, in and after a call."""
LAUNCH_TASKS = [task for task in Task if task not in (*EVENT_TASKS, Task.CHAIN)]
AHEAD_AND_BEHIND_IN_TURN = list(zip(cycle(AHEAD_OR_BEHIND), LAUNCH_TASKS, strict=False))

Given = TypeVar("Given")


class Interrupted:
    """A source within whose next answer something else happens."""

    def __init__(self, source: LaunchLibrary) -> None:
        self._source = source
        self.meanwhile: Callable[[], object] = lambda: None

    @property
    def date(self) -> datetime | None:
        return self._source.date

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        return self._with(self._source.fetch_page(request))

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        return self._with(self._source.fetch_entry(key))

    def fetch_throttle(self) -> ThrottleReport:
        return self._with(self._source.fetch_throttle())

    def fetch_chain(self, after: str) -> ChainPage:
        return self._with(self._source.fetch_chain(after))

    @property
    def url(self) -> str:
        return self._source.url

    def _with(self, answer: Given) -> Given:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return answer


class World:
    """A stage whose own clock may be off, beside the source, whose clock is always right."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.off = timedelta(0)
        self.source = Interrupted(stage.open_source())
        stage.fake.clock = self.now
        stage.engine = Engine(
            stage.store, self.source, stage.clock, budget=12, name="off", chance=lambda: 0.0, kinds=stage.kinds
        )

    def now(self) -> datetime:
        """Tell what time it really is."""
        return self.stage.clock.now - self.off

    def set_off(self, off: timedelta) -> None:
        """Set the stage's clock to be off by so much, at the same instant."""
        self.stage.clock.now += off - self.off
        self.off = off

    def rename_launch(self, number: int, name: str) -> None:
        """Let the source rename a launch, now."""
        (record,) = [one for one in self.stage.fake.launches if one["id"] == launch_id(number)]
        self.stage.fake.put_launch(record | {"name": name, "last_updated": stamp(self.now())})

    def rename(self, event_id: int, name: str) -> None:
        """Let the source rename an event, now."""
        (record,) = [one for one in self.stage.fake.records if one["id"] == event_id]
        self.stage.fake.put(record | {"name": name, "last_updated": stamp(self.now())})

    def run_until_due(self, task: Task) -> None:
        """Let all happen until the next call is one of this task, and is due."""
        while (planned := self._plan()).task is not task:
            self.stage.clock.now = max(planned.at, self.stage.clock.now)
            self.stage.engine.step()
        self.stage.clock.now = max(planned.at, self.stage.clock.now)

    def _plan(self) -> Plan:
        with self.stage.store.read() as snapshot:
            return plan(self.stage.engine._situation(snapshot))  # noqa: SLF001 - a step would make the call at once


@pytest.fixture
def world(stage: Stage) -> World:
    return World(stage)


@pytest.mark.campaign
@pytest.mark.parametrize(("when", "off", "task"), length(ONE_OF_EACH, long=ALL_TOGETHER))
def test_syncing_goes_on_by_itself_once_the_clock_is_right_and_nothing_is_lost(
    world: World, task: Task, off: timedelta, when: str
) -> None:
    stage = world.stage
    stage.run(MINUTE)
    stage.fake.remove(24)  # Puts it in doubt, for the sake of its details.
    world.run_until_due(task)
    world.rename(26, "Renamed before")
    if when == "before":
        world.set_off(off)
    elif when == "in":
        world.source.meanwhile = lambda: world.set_off(off)
    stage.engine.step()
    world.set_off(off)
    stage.run(30 * MINUTE)
    world.rename(27, "Renamed meanwhile")
    stage.run(30 * MINUTE)
    world.set_off(timedelta(0))
    right_at = world.now()
    world.rename(28, "Renamed after")
    reports = stage.run(3 * HOUR)
    assert reports[0].at - right_at <= timedelta(seconds=10), "it is asked at once"
    assert {report.fault for report in reports} == {None}
    assert {report.planned.task for report in reports} >= {Task.THROTTLE, Task.UPCOMING, Task.CHANGED, Task.IMPORT}
    for event_id in (26, 27, 28):
        assert [one.change.kind for one in stage.history(event_id)] == [ChangeKind.RENAMED]
    assert [one.change.kind for one in stage.history(24)] == [ChangeKind.WITHDRAWN]
    with stage.store.read() as snapshot:
        standing = event_keys(number for number in range(1, 31) if number != 24)
        assert snapshot.sync.list_keys_from(EntryKind.EVENT, None) == set(standing)
        assert snapshot.count_all().changes == 4
        assert snapshot.sync.list_doubts() == []
        assert snapshot.sync.list_alerts() == {}
        seen = [snapshot.latest_instant(), *(one.seen_at for number in range(1, 31) for one in stage.history(number))]
        entries = snapshot.get_entries(range(1, 31))
    seen += [moment for stored in entries for moment in (stored.first_seen, stored.changed_at)]
    assert max(moment for moment in seen if moment is not None) <= world.now()
    assert stage.status()["alerts"] == {}


@pytest.fixture
def world_of_both(clock: ManualClock, tmp_path: Path) -> Iterator[World]:
    """Give a world of both kinds, of which nothing is imported yet."""
    (flown,) = make_launches(1, now=clock.now - 30 * DAY)
    launches = [*make_launches(12, now=clock.now), flown | {"id": launch_id(99), "status": launch_status(3)}]
    with (
        FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock, launches=launches) as fake,
        make_stage(tmp_path, fake, clock, kinds=tuple(EntryKind)) as stage,
    ):
        yield World(stage)


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("off", "task"), length(AHEAD_AND_BEHIND_IN_TURN, long=list(product(AHEAD_OR_BEHIND, LAUNCH_TASKS)))
)
def test_launches_too_are_as_they_would_be_after_a_clock_was_set_off_within_a_call_and_right_again(
    world_of_both: World, task: Task, off: timedelta
) -> None:
    world, stage = world_of_both, world_of_both.stage
    world.run_until_due(task)
    world.rename_launch(2, "Renamed before")
    world.source.meanwhile = lambda: world.set_off(off)
    stage.engine.step()
    stage.run(30 * MINUTE)
    world.rename_launch(4, "Renamed meanwhile")
    stage.run(30 * MINUTE)
    world.set_off(timedelta(0))
    world.rename_launch(6, "Renamed after")
    reports = stage.run(HOUR)
    assert {report.fault for report in reports} == {None}
    with stage.store.read() as snapshot:
        renamed = {number: snapshot.list_history(launch_key(number)) for number in (2, 4, 6)}
        # What it was called before the first import nobody knows.
        known = [number for number in renamed if number != 2 or task is not Task.LAUNCHES_SWEEP]
        assert {number: [one.change.kind for one in renamed[number]] for number in known} == {
            number: [ChangeKind.RENAMED] for number in known
        }
        assert snapshot.count_all() == Counts(entries=43, withdrawn=0, changes=len(known), launches=13)
        assert (snapshot.sync.list_doubts(), snapshot.sync.list_alerts()) == ([], {})
        assert [snapshot.sync.list_gaps(kind) for kind in EntryKind] == [[], []]
        progress = snapshot.state.progress_of(EntryKind.LAUNCH)
        instants = [snapshot.latest_instant(), progress.swept_at, progress.history_at, progress.reached_at]
    assert max(moment for moment in instants if moment is not None) <= world.now()


@pytest.mark.parametrize("off", [FAR, -FAR, 3 * MINUTE, -3 * MINUTE])
def test_while_the_clocks_differ_it_is_asked_at_most_once_in_ten_minutes_and_says_so(
    world: World, off: timedelta
) -> None:
    stage = world.stage
    stage.run(2 * HOUR)
    stage.put(26, date=stamp(world.now() + HOUR))  # Near: it would be asked every five minutes.
    world.set_off(off)
    stage.run(HOUR)
    asked = [call.at for call in stage.run(2 * HOUR)]
    assert all(two - one >= ASK_EVERY for one, two in pairwise(asked))
    assert len(asked) >= 6
    which = f"{'400 days' if abs(off) == FAR else '3 minutes'} {'ahead of' if off > timedelta(0) else 'behind'}"
    words = f"The clock of the machine that syncs is {which} that of Launch Library"
    assert stage.status()["alerts"][CLOCK_ALERT] == words
    assert (
        f"{words}. Until the clocks agree, Perigee checks at most once every ten minutes."
        in stage.site.get("/status")[1]
    )


def test_clocks_that_differ_by_two_minutes_agree(world: World) -> None:
    world.set_off(2 * MINUTE)
    world.stage.run(HOUR)
    assert world.stage.status()["alerts"] == {}


def test_an_import_at_once_waits_too_while_the_clocks_differ(world: World) -> None:
    world.stage.run(HOUR)
    world.set_off(-FAR)
    assert isinstance(world.stage.engine.step(), Report)
    free = world.stage.clock.now + ASK_EVERY
    with pytest.raises(BudgetSpentError, match=f"before {free:%H:%M:%S} UTC"):
        world.stage.engine.import_everything(lambda _: None)


def test_an_answer_whose_date_is_off_ends_the_rest_with_the_next_that_is_right(stage: Stage) -> None:
    stage.run(2 * HOUR)
    stage.fake.fail(Fault.SKEWED_DATE)
    while CLOCK_ALERT not in stage.read(lambda snapshot: snapshot.sync.list_alerts()):
        stage.step()
    at = stage.clock.now
    assert stage.step().at == at + ASK_EVERY
    assert stage.read(lambda snapshot: snapshot.sync.list_alerts()) == {}


def test_a_store_from_a_clock_that_was_ahead_says_so_and_is_not_believed(world: World) -> None:
    stage = world.stage
    world.set_off(FAR)
    stage.run(3 * HOUR)
    ahead = stage.state.reached_at
    world.set_off(timedelta(0))
    status = stage.status()
    assert ahead is not None
    assert (status["age_seconds"], status["reached_at"], status["next_call"]["at"]) == (None, None, None)
    assert (status["is_syncing"], status["calls"], status["budget"]["calls_last_hour"]) == (False, [], 0)
    assert status["alerts"]["future"].startswith("The database contains times in the future, up to ")
    page = stage.site.get("/status")[1]
    assert "Age of the data unknown." in page
    assert "This server’s clock was ahead, or is behind now; those times are ignored." in page
    assert "It’s unclear when Launch Library last answered" in stage.site.get("/")[1]
    stage.engine.step()
    assert stage.status()["alerts"] == {}
    assert "It’s unclear when Launch Library last answered" not in stage.site.get("/")[1]


def test_no_source_without_a_date_is_asked_less_and_its_store_is_not_set_right(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Interrupted, "date", None)
    stage = world.stage
    stage.run(2 * HOUR)
    world.set_off(FAR)
    stage.run(HOUR)
    world.set_off(timedelta(0))
    at = stage.clock.now
    world.rename(26, "A new name")
    assert stage.run(HOUR)[0].at == at
    assert [one.change.kind for one in stage.history(26)] == [ChangeKind.RENAMED]
    assert list(stage.status()["alerts"]) == ["future"], "its calls of the future still stand there"


def test_no_instant_of_the_future_that_is_stored_delays_anything(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Interrupted, "date", None)  # So that the first answer does not set all of it right.
    stage = world.stage
    stage.run(HOUR)
    future = stage.clock.now + FAR
    with stage.store.write() as writer:
        for task in EVENT_TASKS:
            writer.sync.update_task(task.value, tried_at=future, succeeded_at=future, retry_at=future, failures=3)
        writer.update_state(
            paused_until=future, reached_at=future, next_call_at=future, failing_since=future, committed_at=future
        )
        writer.update_progress(EntryKind.EVENT, changed_since=future, changed_offset=100, imported_at=future)
        writer.sync.put_lease(Lease("dead", 99, future))
        for _ in range(20):
            writer.sync.open_call("upcoming", "it was time", now=future)
        writer.sync.doubt([event_key(3)], now=future)
        writer.sync.note_asked(event_key(3), now=future)
    stage.put(3, name="A new name")
    at = stage.clock.now
    reports = stage.run(MINUTE)
    assert [report.at for report in reports] == [at] * len(reports)
    assert {report.planned.task for report in reports} == set(EVENT_TASKS)
    assert [one.change.kind for one in stage.history(3)] == [ChangeKind.RENAMED]


def test_pauses_and_retries_are_believed_only_as_far_ahead_as_any_may_be() -> None:
    for ahead, kept in ((HOUR + 2 * MINUTE, True), (HOUR + 2 * MINUTE + timedelta(seconds=1), False)):
        task = TaskState(retry_at=NOW + ahead)
        assert task.believed(NOW) == (task if kept else TaskState())


def test_a_list_of_more_than_a_page_from_the_future_is_read_once_and_not_for_ever(stage: Stage) -> None:
    stage.run(MINUTE)
    (record,) = [one for one in stage.fake.records if one["id"] == 1]
    ahead = stamp(stage.clock.now + FAR)
    for number in range(1000, 1150):
        stage.fake.put(record | {"id": number, "last_updated": ahead})
    begun, tasks = stage.clock.now, []
    while stage.clock.now < begun + 90 * MINUTE:
        tasks.append(stage.step().planned.task)
        stage.clock.advance(timedelta(seconds=1))
    assert tasks.count(Task.CHANGED) <= 4, "two pages an hour"
    since = stage.progress.changed_since
    assert since is not None
    assert since <= stage.clock.now


def test_a_record_from_the_future_can_be_corrected(stage: Stage) -> None:
    stage.run(2 * HOUR)
    (record,) = [one for one in stage.fake.records if one["id"] == 26]
    stage.fake.put(record | {"name": "Wrong", "last_updated": stamp(stage.clock.now + FAR)})
    stage.run(HOUR)
    stage.put(26, name="Right")
    stage.run(HOUR)
    assert stage.read(lambda snapshot: snapshot.get_entry(event_key(26))).entry.name == "Right"
    assert [one.change.new_name for one in stage.history(26)] == ["Right", "Wrong"]
