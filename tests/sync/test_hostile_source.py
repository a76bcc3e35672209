"""A source that does all it can to hurt us: pages answer as ever, the reason is told, and after it syncing goes on.

A real server has ten minutes of it in `make soak`, and some seconds else; the clock of a test has all of it, quickly.
"""

import logging
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import requests

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from tests.fake_ll2.launches import launch_id, make_launches
from tests.processes import PERIGEE, Server, running_server, workers_of
from tests.soak import IS_LONG, length
from tests.sync.conftest import Stage, make_stage, thirty_events
from webapp.runtime import utc_now
from webapp.sync.situation import Plan, Task

log = logging.getLogger(__name__)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOSTILE = timedelta(minutes=10) if IS_LONG else timedelta(seconds=8)
MINUTES = length((1, 10), long=(1, 4, 7, 10))
RESUMED_WITHIN = timedelta(minutes=2)
MOST_BYTES = 200 * 10**6

NESTED: Any = []
for _ in range(500):
    NESTED = [NESTED]

FAILING: tuple[tuple[Fault, dict[str, Any]], ...] = (
    (Fault.GZIP_BOMB, {"mebibytes": 935}),
    (Fault.ENDLESS_BODY, {}),
    (Fault.TOO_MANY_RECORDS, {}),
    (Fault.REDIRECT, {"location": "http://["}),
    (Fault.ENDLESS_HEAD, {}),
    (Fault.REDIRECT, {"location": "http://elsewhere.invalid/2.3.0/events/"}),
    (Fault.ENDLESS_INTERIM, {}),
    (Fault.HTML_500, {}),
)
ODD: tuple[tuple[Fault, dict[str, Any]], ...] = (
    (Fault.ROTTEN_RECORD, {"record": {"id": 7, "name": "Deep", "more": NESTED}}),
    (Fault.ROTTEN_RECORD, {"record": {"id": 10**40, "name": "Huge", "date": "9999-99-99T99:99:99Z"}}),
    (Fault.WRONG_COUNT, {"by": 10**12}),
    (Fault.SKEWED_DATE, {"by": 400 * 86_400}),
)
DRIPPING: tuple[tuple[Fault, dict[str, Any]], ...] = (
    (Fault.DRIPPING_BODY, {"every": 2.0}),
    (Fault.DRIPPING_HEAD, {"every": 2.0}),
)


@pytest.fixture(scope="module")
def six_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeLaunchLibrary, Path, datetime]]:
    """Sync both kinds until all was read, once for all tests: give the source, all files, and what time it was then."""
    files, clock = tmp_path_factory.mktemp("six-hours"), ManualClock()
    launches = [*make_launches(20, now=clock.now + 12 * HOUR), *make_launches(1, now=clock.now - 30 * DAY)]
    launches[-1] |= {"id": launch_id(99)}
    with FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock, launches=launches) as fake:
        with make_stage(files, fake, clock, kinds=None) as stage:
            stage.run(6 * HOUR)
            stage.engine.lease.release()
        yield fake, files, clock.now


@pytest.fixture
def both(six_hours: tuple[FakeLaunchLibrary, Path, datetime], tmp_path: Path) -> Iterator[Stage]:
    """Give a stage by which all of both kinds was read."""
    fake, files, now = six_hours
    clock, copied = ManualClock(now), shutil.copytree(files, tmp_path / "six-hours")
    with fake.restored(), make_stage(copied, fake, clock, kinds=None) as stage:
        fake.clock = clock
        yield stage


@pytest.mark.campaign
@pytest.mark.service
def test_a_server_stands_it_and_goes_on_afterwards(tmp_path: Path) -> None:
    faults = (*DRIPPING, *FAILING) if IS_LONG else FAILING
    now = utc_now()
    with FakeLaunchLibrary(make_records(60, now=now), launches=make_launches(20, now=now)) as fake:
        _import(tmp_path, fake)
        with hostile(fake, faults), running_server(tmp_path, PERIGEE_LL2_URL=fake.url) as server:
            with visitor(server) as answers:
                time.sleep(HOSTILE.total_seconds())
            status = requests.get(f"{server.url}/status.json", timeout=10).json()
            log.info("answers %s, %d bytes, %s", dict(answers), _most_bytes(server), status["fault"])
            assert list(answers) == [200]
            assert _most_bytes(server) < MOST_BYTES
            assert status["fault"].startswith("Launch Library's answer ")
            if IS_LONG:
                fake.be_good()
                _wait_for_contact(server, after=utc_now())


def _wait_for_contact(server: Server, *, after: datetime) -> None:
    while utc_now() < after + RESUMED_WITHIN:
        status = requests.get(f"{server.url}/status.json", timeout=10).json()
        if datetime.fromisoformat(status["reached_at"]) > after and status["failing_since"] is None:
            log.info("resumed after %s", utc_now() - after)
            return
        time.sleep(1)
    raise AssertionError(f"not resumed within {RESUMED_WITHIN}: {status}")


def wait_until_due(stage: Stage, task: Task) -> None:
    """Let all happen until the next call is one of this task, and is due."""
    while not isinstance(planned := stage.engine.step(), Plan) or planned.task is not task:
        if isinstance(planned, Plan):
            stage.clock.now = planned.at
    stage.clock.now = planned.at


@pytest.mark.campaign
@pytest.mark.parametrize("minutes", MINUTES)
def test_up_to_ten_minutes_of_it_are_over_two_minutes_later(stage: Stage, minutes: int) -> None:
    stage.run(6 * HOUR)  # The day's event is over: what is near takes all calls.
    before = stage.kept()
    wait_until_due(stage, Task.UPCOMING)
    with hostile(stage.fake, FAILING):
        made = stage.run(timedelta(minutes=minutes))
        assert {one.fault is None for one in made if one.planned.task is not Task.THROTTLE} == {False}
        assert stage.kept() == before
        assert stage.status()["fault"].startswith("Launch Library")
    made = stage.run(RESUMED_WITHIN)
    assert [one.fault for one in made if one.planned.task is Task.UPCOMING] == [None]
    assert stage.status()["failing_since"] is None


@pytest.mark.campaign
@pytest.mark.parametrize("minutes", MINUTES)
def test_it_is_over_for_both_kinds_a_quarter_of_an_hour_later(both: Stage, minutes: int) -> None:
    before = both.kept()
    wait_until_due(both, Task.UPCOMING)
    with hostile(both.fake, FAILING):
        made = both.run(timedelta(minutes=minutes))
        assert {one.fault is None for one in made if one.planned.task is not Task.THROTTLE} == {False}
        assert both.kept() == before
    # Both lists were tried again and again, of one budget.
    made = both.run(timedelta(minutes=15))
    assert {one.fault for one in made} == {None}
    assert {one.planned.task for one in made} >= {Task.UPCOMING, Task.LAUNCHES_SOON}
    assert both.status()["failing_since"] is None


@pytest.mark.slow
def test_whatever_it_lies_about_nothing_is_lost(both: Stage) -> None:
    before = both.kept()
    with hostile(both.fake, ODD * 15):
        assert len(both.run(6 * HOUR)) > 10
    both.run(14 * HOUR)
    assert both.kept()[1:] == before[1:]
    assert both.status()["fault"] is None


@contextmanager
def hostile(fake: FakeLaunchLibrary, faults: tuple[tuple[Fault, dict[str, Any]], ...]) -> Iterator[None]:
    """Answer each call with the next of these faults, again and again, until the fake is told to be good."""
    for fault, details in (*faults, *faults, *faults):
        for on in ("/events/", "/launches/"):
            fake.fail(fault, on=on, **details)
    fake.fail(Fault.WRONG_ALLOWANCE, on="/api-throttle/", times=100)
    try:
        yield
    finally:
        fake.be_good()


@contextmanager
def visitor(server: Server) -> Iterator[Counter[int]]:
    """Ask for pages and feeds all the while; give how many answers there were of each status."""
    answers, over = Counter[int](), Event()

    def ask() -> None:
        for path in cycle(("/", "/feeds/events.ics", "/2.3.0/events/", "/status")):
            answers[requests.get(server.url + path, timeout=10).status_code] += 1
            if over.wait(0.1):
                return

    asking = Thread(target=ask)
    asking.start()
    try:
        yield answers
    finally:
        over.set()
        asking.join()


def _import(data: Path, fake: FakeLaunchLibrary) -> None:
    environ = {"PERIGEE_DATA_DIR": str(data), "PERIGEE_LL2_URL": fake.url}
    subprocess.run([PERIGEE, "sync", "--once"], env=environ, check=True, capture_output=True)


def _most_bytes(server: Server) -> int:
    """Give the most memory that the process which answers and syncs ever had."""
    (pid,) = workers_of(server)
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
