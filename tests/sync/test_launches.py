"""Launches beside events: how both are imported, kept fresh, swept, completed and withdrawn, over real HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, Record, make_launch
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_id, launch_status
from tests.fake_ll2.moments import stamp
from tests.keys import launch_key
from tests.sync.conftest import Stage, SyncedFiles, make_stage, thirty_events
from webapp.domain.changes import ChangeKind, StoredChange
from webapp.domain.entry import EntryKey, EntryKind, StoredEntry
from webapp.store import Progress
from webapp.sync.engine import Report
from webapp.sync.situation import Plan, Task

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GO, TBD, SUCCESS, HOLD, IN_FLIGHT = 1, 2, 3, 5, 6
UPCOMING, PAST = range(1, 131), range(201, 231)


def upcoming_launch(number: int, clock: ManualClock, **changes: Any) -> Record:
    """Give a launch that is due so many days from now: the first ten are Go, the others to be determined."""
    is_firm = number <= 10
    net = stamp(clock.now + number * DAY + 3 * HOUR)
    return make_launch(number) | {
        "net": net, "window_start": net, "window_end": net, "webcast_live": False,
        "net_precision": precision(1 if is_firm else 7), "status": launch_status(GO if is_firm else TBD),
        "last_updated": stamp(clock.now - 40 * DAY),
    } | changes  # fmt: skip


def past_launch(number: int, clock: ManualClock) -> Record:
    net = stamp(clock.now - (number - 195) * 30 * DAY)
    return make_launch(number) | {
        "net": net, "window_start": net, "window_end": net, "webcast_live": False, "net_precision": precision(0),
        "status": launch_status(SUCCESS), "last_updated": stamp(clock.now - 100 * DAY),
    }  # fmt: skip


def launches(clock: ManualClock) -> list[Record]:
    """Give 130 launches to come and thirty that have flown."""
    return [upcoming_launch(number, clock) for number in UPCOMING] + [past_launch(number, clock) for number in PAST]


@pytest.fixture
def stage(clock: ManualClock, tmp_path: Path) -> Iterator[Stage]:
    """Give an engine over thirty events and all launches; nothing is imported yet."""
    with (
        FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock, launches=launches(clock)) as fake,
        make_stage(tmp_path, fake, clock, kinds=None) as stage,
    ):
        yield stage


@pytest.fixture(scope="module")
def eight_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncedFiles]:
    """Sync until all is read, once for all tests."""
    files, clock = tmp_path_factory.mktemp("eight-hours"), ManualClock()
    with FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock, launches=launches(clock)) as fake:
        with make_stage(files, fake, clock, kinds=None) as stage:
            stage.run(8 * HOUR)
            stage.engine.lease.release()
        yield SyncedFiles(fake, files, clock.now)


@pytest.fixture
def synced(eight_hours: SyncedFiles, tmp_path: Path) -> Iterator[Stage]:
    """Give a stage by which all was read."""
    with eight_hours.resumed(tmp_path, kinds=None) as stage:
        yield stage


def progress(stage: Stage) -> Progress:
    return stage.state.progress_of(EntryKind.LAUNCH)


def put(stage: Stage, number: int, **changes: Any) -> None:
    """Change a launch at the source, now."""
    (known,) = [record for record in stage.fake.launches if record["id"] == launch_id(number)]
    stage.fake.put_launch(known | {"last_updated": stamp(stage.clock.now)} | changes)


def history(stage: Stage, number: int) -> list[StoredChange]:
    found: list[StoredChange] = stage.read(lambda snapshot: snapshot.list_history(launch_key(number)))
    return found


def kinds(stage: Stage, number: int) -> list[ChangeKind]:
    return [one.change.kind for one in history(stage, number)]


def stored(stage: Stage, number: int) -> StoredEntry:
    found = stage.read(lambda snapshot: snapshot.get_entry(launch_key(number)))
    assert isinstance(found, StoredEntry)
    return found


def partial(stage: Stage, *, years: int) -> set[EntryKey]:
    """Give the keys of the launches of these years whose record is not full."""
    now = stage.clock.now
    with stage.store.read() as snapshot:
        dated_after = now - timedelta(days=366 * years)
        return set(snapshot.sync.list_partial(dated_after=dated_after, asked_before=now, limit=1000))


def tasks_of(reports: list[Report]) -> list[Task]:
    return [report.planned.task for report in reports]


def carry_out(stage: Stage, task: Task) -> Report:
    """Make a call now, which fails if it does."""
    assert stage.engine.lease.hold()
    done = stage.engine.carry_out(Plan(task, stage.clock.now, "a test"))
    assert done.fault is None
    return done


def test_both_kinds_are_imported_within_the_first_hour_and_are_a_baseline(stage: Stage) -> None:
    reports = stage.run(timedelta(minutes=59))
    assert [report.fault for report in reports] == [None] * len(reports)
    assert tasks_of(reports)[:4] == [Task.THROTTLE, Task.UPCOMING, Task.LAUNCHES_SWEEP, Task.LAUNCHES_SWEEP]
    assert progress(stage).imported_at is not None
    counts = stage.read(lambda snapshot: snapshot.count_all())
    assert (counts.entries, counts.changes) == (30 + 130, 0)


def test_within_hours_all_launches_are_there_in_full_and_nothing_of_it_is_news(synced: Stage) -> None:
    assert progress(synced).history_at is not None
    assert synced.read(lambda snapshot: snapshot.count_all()).changes == 0
    assert partial(synced, years=100) == {launch_key(number) for number in range(220, 231)}, "older than two years"
    assert partial(synced, years=2) == set()


def test_a_store_that_held_events_alone_goes_on_so_until_its_owner_chooses(stage: Stage) -> None:
    stage.kinds = (EntryKind.EVENT,)
    stage.engine = stage.make_engine("of events")
    stage.run(HOUR)
    stage.engine.lease.release()
    stage.kinds = None
    stage.engine = stage.make_engine("of whatever is held")
    reports = stage.run(2 * HOUR)
    assert {task for task in tasks_of(reports) if task.value.startswith("launches")} == set()
    stage.engine.lease.release()
    stage.kinds = tuple(EntryKind)
    stage.engine = stage.make_engine("of both")
    stage.step()
    assert stage.state.imported_at is not None, "what was shown is shown on"
    stage.run(2 * HOUR)
    assert progress(stage).imported_at is not None
    assert stage.read(lambda snapshot: snapshot.count_all()).changes == 0


def test_a_scrub_a_hold_the_flight_and_the_outcome_are_known_as_they_come(synced: Stage) -> None:
    net = synced.clock.now + 2 * HOUR
    put(synced, 3, net=stamp(net))
    synced.run(2 * HOUR - timedelta(minutes=30))
    put(synced, 3, net=stamp(net + DAY))
    synced.run(timedelta(minutes=15))
    put(synced, 3, status=launch_status(HOLD))
    synced.run(timedelta(minutes=15))
    put(synced, 3, status=launch_status(IN_FLIGHT), net=stamp(net + timedelta(seconds=4)), net_precision=precision(0))
    synced.run(timedelta(minutes=30))
    put(synced, 3, status=launch_status(SUCCESS), webcast_live=False)
    synced.run(timedelta(minutes=30))
    found = [
        (one.change.kind.value, one.change.scrub_number, one.change.new_status and one.change.new_status.words)
        for one in reversed(history(synced, 3))
    ]
    assert found == [
        ("slipped", None, None),
        ("slipped", 1, None),
        ("status", None, "On hold"),
        ("status", None, "In flight"),
        ("adjusted", None, None),
        ("status", None, "Success"),
    ]


def test_a_launch_that_is_called_off_for_good_leaves_the_soon_ones_and_is_asked_for(synced: Stage) -> None:
    # The source's list of changes has passed it by: what it says of the change is older than our place in that.
    earlier = stamp(synced.clock.now - 9 * DAY)
    put(synced, 5, status=launch_status(TBD), net_precision=precision(7), last_updated=earlier)
    carry_out(synced, Task.LAUNCHES_SOON)
    assert kinds(synced, 5) == []
    carry_out(synced, Task.LAUNCHES_DETAILS)
    assert kinds(synced, 5) == [ChangeKind.VAGUER, ChangeKind.STATUS]


def test_a_launch_behind_the_first_page_is_not_withdrawn_and_one_that_is_gone_is(synced: Stage) -> None:
    for number in (7, 120):
        synced.fake.remove_launch(launch_id(number))
    for _ in range(2):
        carry_out(synced, Task.LAUNCHES_SWEEP)
    assert kinds(synced, 7) == kinds(synced, 120) == []
    reports = synced.run(2 * HOUR)
    assert kinds(synced, 7) == kinds(synced, 120) == [ChangeKind.WITHDRAWN]
    assert synced.read(lambda snapshot: snapshot.count_all()).withdrawn == 2
    asked = [report.planned.key for report in reports if report.planned.task is Task.DETAILS]
    assert sorted(key.source_id for key in asked if key) == [launch_id(7), launch_id(120)]


def test_a_sweep_that_is_not_complete_puts_nobody_in_doubt(synced: Stage) -> None:
    synced.fake.fail(Fault.WRONG_COUNT, times=9, on="/launches/upcoming/", by=3)
    synced.fake.fail(Fault.SHRUNK, times=1, on="/launches/upcoming/")
    swept_at = progress(synced).swept_at
    for _ in range(2):
        carry_out(synced, Task.LAUNCHES_SWEEP)
    assert progress(synced).swept_at == swept_at
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []


def test_a_sweep_finds_what_the_list_of_changes_missed_and_asks_for_the_rest_of_it(synced: Stage) -> None:
    # The source touched it without a word in its list of changes: an edit that is older than our place in that.
    net = stamp(synced.clock.now + 400 * DAY)
    video = next(found for number in range(9) if (found := make_launch(number)["vid_urls"]))
    put(synced, 91, net=net, vid_urls=video, last_updated=stamp(synced.clock.now - 3 * DAY))
    for _ in range(2):
        carry_out(synced, Task.LAUNCHES_SWEEP)
    assert kinds(synced, 91)[0] is ChangeKind.SLIPPED
    before = stored(synced, 91).entry
    assert before.webcasts, "what the list leaves out stays"
    synced.clock.advance(7 * HOUR)
    put(synced, 91, net=net, vid_urls=[], last_updated=stamp(synced.clock.now - 2 * DAY))
    carry_out(synced, Task.LAUNCHES_DETAILS)
    assert stored(synced, 91).entry.webcasts == ()


def test_what_is_new_in_the_history_is_no_news_and_what_is_listed_anew_is(synced: Stage) -> None:
    synced.fake.put_launch(past_launch(231, synced.clock))
    synced.fake.put_launch(upcoming_launch(131, synced.clock, last_updated=stamp(synced.clock.now)))
    synced.run(3 * HOUR)
    carry_out(synced, Task.LAUNCHES_HISTORY)
    assert kinds(synced, 131) == [ChangeKind.ADDED]
    assert (kinds(synced, 231), stored(synced, 231).revision) == ([], 0)


def test_a_page_that_takes_too_long_is_halved_and_grows_again(synced: Stage) -> None:
    def limits() -> list[str]:
        soon = [request for request in synced.fake.requests if dict(request.query).get("status__ids")]
        return [dict(request.query)["limit"] for request in soon]

    synced.fake.requests.clear()
    synced.fake.fail(Fault.GATEWAY_TIMEOUT_504, times=3, on="/launches/upcoming/")
    synced.clock.advance(HOUR)
    for _ in range(3):
        assert synced.engine.lease.hold()
        assert synced.engine.carry_out(Plan(Task.LAUNCHES_SOON, synced.clock.now, "a test")).fault is not None
    for _ in range(2):
        carry_out(synced, Task.LAUNCHES_SOON)
    assert limits() == ["25", "12", "6", "6", "7"]
    for _ in range(17):
        synced.clock.advance(timedelta(minutes=20))
        carry_out(synced, Task.LAUNCHES_SOON)
    assert limits()[-2:] == ["23", "24"]
    assert synced.tasks[Task.LAUNCHES_SOON.value].page_size is None


def test_hours_without_contact_are_kept_for_each_kind(synced: Stage) -> None:
    synced.run(5 * HOUR)
    left_at = progress(synced).reached_at
    synced.clock.advance(7 * HOUR)
    synced.run(3 * HOUR)
    with synced.store.read() as snapshot:
        gaps = {kind: snapshot.sync.list_gaps(kind) for kind in EntryKind}
    assert [len(found) for found in gaps.values()] == [1, 1]
    ((began_at, ended_at),) = gaps[EntryKind.LAUNCH]
    assert (began_at, ended_at - began_at > 7 * HOUR) == (left_at, True)


def test_everything_is_imported_at_once_on_request(stage: Stage) -> None:
    reports: list[Report] = []
    stage.engine.import_everything(reports.append)
    assert tasks_of(reports) == [Task.IMPORT, Task.LAUNCHES_SWEEP, Task.LAUNCHES_SWEEP]
    assert progress(stage).imported_at == stage.clock.now
