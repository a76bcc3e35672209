"""Every fault of the source on every list of launches, and on those of events that are read in the background.

`test_faults.py` has them on the list of upcoming events, which is read most of all.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, Record, make_launch
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_id, launch_status, make_launches
from tests.fake_ll2.moments import stamp
from tests.keys import event_key, launch_key
from tests.soak import every_day
from tests.sync.conftest import Stage, SyncedFiles, make_stage, thirty_events
from tests.sync.test_faults import FAULTS
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKey, EntryKind
from webapp.sync.engine import Report
from webapp.sync.situation import Plan, Task

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UPCOMING, PAST = 12, range(101, 107)

pytestmark = pytest.mark.slow

# Each task with the entry that it brings news of.
TASKS = [
    (Task.LAUNCHES_SOON, launch_key(3)),
    (Task.LAUNCHES_SWEEP, launch_key(3)),
    (Task.LAUNCHES_CHANGED, launch_key(3)),
    (Task.LAUNCHES_DETAILS, launch_key(3)),
    (Task.LAUNCHES_HISTORY, launch_key(102)),
    (Task.CHANGED, event_key(26)),
    (Task.IMPORT, event_key(26)),
]
WATCHED = [Task.LAUNCHES_SOON, Task.LAUNCHES_SWEEP]


def flown(number: int, clock: ManualClock) -> Record:
    net = stamp(clock.now - (number - 100) * 30 * DAY)
    return make_launch(number) | {
        "net": net, "window_start": net, "window_end": net, "webcast_live": False, "net_precision": precision(0),
        "status": launch_status(3), "last_updated": stamp(clock.now - 100 * DAY),
    }  # fmt: skip


@pytest.fixture(scope="module")
def three_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncedFiles]:
    """Sync both kinds until all was read, once for all tests."""
    files, clock = tmp_path_factory.mktemp("both"), ManualClock()
    launches = make_launches(UPCOMING, now=clock.now + 3 * HOUR) + [flown(number, clock) for number in PAST]
    with FakeLaunchLibrary(thirty_events(clock.now), clock=clock, launches=launches) as fake:
        with make_stage(files, fake, clock, kinds=None) as stage:
            stage.run(3 * HOUR)
            assert stage.state.progress_of(EntryKind.LAUNCH).history_at is not None
            assert outdated(stage) == set()
            stage.engine.lease.release()
        yield SyncedFiles(fake, files, clock.now)


@pytest.fixture
def synced(three_hours: SyncedFiles, tmp_path: Path) -> Iterator[Stage]:
    """Give a stage by which all was read."""
    with three_hours.resumed(tmp_path, kinds=None) as stage:
        yield stage


def outdated(stage: Stage) -> set[EntryKey]:
    """Give the keys of the launches of which the source is known to say more."""
    now = stage.clock.now
    with stage.store.read() as snapshot:
        return set(snapshot.sync.list_partial(dated_after=now - 400 * DAY, asked_before=now, limit=100))


def call(stage: Stage, task: Task) -> Report:
    """Make a call, an hour after whatever was before."""
    stage.clock.advance(HOUR)
    assert stage.engine.lease.hold()
    return stage.engine.carry_out(Plan(task, stage.clock.now, "a test"))


def kinds(stage: Stage, key: EntryKey) -> list[ChangeKind]:
    with stage.store.read() as snapshot:
        return [one.change.kind for one in snapshot.list_history(key)]


def rename(stage: Stage, key: EntryKey) -> None:
    """Rename an entry at the source, now. That there is more to ask for of a launch is known."""
    if key.kind is EntryKind.EVENT:
        stage.put(int(key.source_id), name="A new name")
        return
    (known,) = [record for record in stage.fake.launches if record["id"] == key.source_id]
    stage.fake.put_launch(known | {"name": "A new name", "last_updated": stamp(stage.clock.now)})
    with stage.store.write() as writer:
        writer.sync.note_outdated([key], asked_before=stage.clock.now)


@pytest.mark.parametrize(("task", "key"), every_day(TASKS, one_of=2))
def test_no_fault_of_a_list_loses_anything_and_each_is_told_and_passes(
    synced: Stage, task: Task, key: EntryKey
) -> None:
    before = synced.kept()
    rename(synced, key)
    for number, (fault, details, words) in enumerate(FAULTS, start=1):
        synced.fake.fail(fault, on=f"/{key.kind.plural}/", **details)
        failed = call(synced, task)
        assert (synced.fake.pending, failed.outcome) == ([], None)
        assert (failed.fault or "").startswith(words)
        status = synced.status()
        assert (status["fault"], status["failures"]) == (failed.fault, number)
        assert status["tasks"][task.value]["fault"] == status["calls"][0]["fault"] == failed.fault
    assert synced.kept() == before, "what is stored stays as it is"
    # A page that took too long is smaller from now on: it may take two to come to that entry.
    assert [call(synced, task).fault for _ in range(2)] == [None, None]
    assert kinds(synced, key) == [ChangeKind.RENAMED]
    status = synced.status()
    assert (status["fault"], status["failing_since"], status["tasks"][task.value]["fault"]) == (None, None, None)
    assert synced.read(lambda snapshot: snapshot.count_all()).changes == 1


@pytest.mark.parametrize("task", WATCHED)
@pytest.mark.parametrize(
    ("fault", "details"),
    [(Fault.WRONG_COUNT, {}), (Fault.WRONG_COUNT, {"by": 3}), (Fault.SHRUNK, {}), (Fault.EMPTY_PAGE, {})],
)
def test_a_list_of_launches_that_is_not_complete_withdraws_nobody(
    synced: Stage, task: Task, fault: Fault, details: dict[str, Any]
) -> None:
    before, swept_at = synced.kept(), synced.state.progress_of(EntryKind.LAUNCH).swept_at
    synced.fake.remove_launch(launch_id(5))
    synced.fake.fail(fault, on="/launches/upcoming/", **details)
    report = call(synced, task)
    is_refused = (task, fault) == (Task.LAUNCHES_SWEEP, Fault.EMPTY_PAGE)
    assert report.fault == ("Launch Library reports no launches at all" if is_refused else None)
    assert is_refused or (report.outcome is not None and report.outcome.words.endswith(": incomplete"))
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    assert (synced.kept(), outdated(synced)) == (before, set())
    assert synced.state.progress_of(EntryKind.LAUNCH).swept_at == swept_at
    call(synced, Task.LAUNCHES_SWEEP)
    synced.clock.advance(HOUR)
    synced.run(HOUR)
    assert kinds(synced, launch_key(5)) == [ChangeKind.WITHDRAWN], "a complete list, and then its absence, do"


@pytest.mark.parametrize("task", [task for task, key in TASKS if key.kind is EntryKind.LAUNCH])
def test_a_rotten_launch_is_refused_by_name_and_the_others_come_in(synced: Stage, task: Task) -> None:
    number = 101 if task is Task.LAUNCHES_HISTORY else 1
    rename(synced, launch_key(number + 1))
    with synced.store.write() as writer:
        writer.sync.note_outdated([launch_key(number)], asked_before=synced.clock.now)
    (rotten,) = [record for record in synced.fake.launches if record["id"] == launch_id(number)]
    synced.fake.put_launch(rotten | {"name": 42, "last_updated": stamp(synced.clock.now)})
    report = call(synced, task)
    assert report.outcome is not None
    assert report.outcome.words.removesuffix(", complete").endswith(" 1 changed, 1 rejected")
    assert kinds(synced, launch_key(number + 1)) == [ChangeKind.RENAMED]
    assert kinds(synced, launch_key(number)) == []
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    (rejected,) = synced.status()["rejected"]
    assert (rejected["event_id"], rejected["reason"]) == (launch_id(number), "name: not a text")
    assert launch_id(number) in synced.site.get("/status")[1]
    synced.fake.put_launch(rotten | {"last_updated": stamp(synced.clock.now)})
    call(synced, task)
    assert synced.status()["rejected"] == [], "once it is understood again the note is gone"


@pytest.mark.parametrize(
    ("how", "field"),
    [("net rubbish", "net"), ("net precision text", "net_precision"), ("status text", "status")],
)
def test_a_field_that_cannot_be_read_costs_no_launch_and_is_told(synced: Stage, how: str, field: str) -> None:
    rename(synced, launch_key(2))
    synced.fake.fail(Fault.ROTTEN_RECORD, on="/launches/", record=how)
    report = call(synced, Task.LAUNCHES_SOON)
    assert report.outcome is not None
    assert report.outcome.words.endswith(f"2 changed, 1 field unreadable ({field})")
    assert kinds(synced, launch_key(2)) == [ChangeKind.RENAMED]
    call(synced, Task.LAUNCHES_SOON)
    assert synced.read(lambda snapshot: snapshot.get_entry(launch_key(1))).entry.date is not None


@pytest.mark.parametrize("how", ["id missing", "null", "text"])
def test_a_launch_without_an_id_is_refused_and_the_one_that_is_missing_is_asked_for(synced: Stage, how: str) -> None:
    synced.fake.fail(Fault.ROTTEN_RECORD, on="/launches/", record=how)
    report = call(synced, Task.LAUNCHES_SOON)
    assert report.outcome is not None
    assert report.outcome.words == "11 launches, nothing new, 1 missing, 1 rejected"
    assert (outdated(synced), synced.read(lambda snapshot: snapshot.sync.list_doubts())) == ({launch_key(1)}, [])
    call(synced, Task.LAUNCHES_DETAILS)
    assert (outdated(synced), synced.read(lambda snapshot: snapshot.count_all()).changes) == (set(), 0)
