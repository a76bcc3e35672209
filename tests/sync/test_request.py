"""A request to sync now: one process asks another, which holds the lease, through the store."""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE
from threading import Event, Thread

import pytest

from tests.databases import migrated_store
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from tests.fake_ll2.launches import make_launches
from tests.fake_ll2.library import system_clock
from tests.processes import PERIGEE, run_here, running_server, wait_until
from tests.soak import IS_LONG, length
from tests.store.engines import ENGINES
from tests.sync.conftest import Stage
from webapp.ll2.client import LaunchLibrary
from webapp.runtime import utc_now
from webapp.store import Store
from webapp.sync.engine import Engine
from webapp.sync.lease import LASTS
from webapp.sync.request import RequestUnmetError, follow, request_sync
from webapp.sync.situation import Plan
from webapp.sync.watch import Line, watch

HOUR = timedelta(hours=1)


def follow_here(stage: Stage, lines: list[Line], step: Callable[[], object]) -> None:
    """Ask, and let time pass: the holder takes its steps while we wait."""
    request = request_sync(stage.store, stage.clock, None)
    assert request is not None

    def pause(seconds: float) -> None:
        stage.clock.now += timedelta(seconds=seconds)
        step()

    follow(request, stage.store, stage.clock, lines.append, pause)


@pytest.fixture
def calm(stage: Stage) -> Stage:
    """Give a stage that has read everything, and where nothing is due for a while."""
    stage.run(HOUR)
    while not isinstance(stage.engine.step(), Plan):
        pass
    return stage


def test_what_is_new_is_read_at_once_and_told_call_by_call(calm: Stage) -> None:
    lines: list[Line] = []
    calm.put(30, name="Renamed")
    before = len(calm.fake.requests)
    follow_here(calm, lines, calm.engine.step)
    words = [line.words.partition(" UTC ")[2] for line in lines]
    assert sorted(words) == [
        "changed events (it was requested): 1 event, nothing new",
        "upcoming events (it was requested): 12 events, 1 changed",
    ]
    assert len(calm.fake.requests) == before + 2
    assert not any(task.is_requested for task in calm.tasks.values())
    assert isinstance(calm.engine.step(), Plan), "once is enough"


def test_a_call_that_fails_ends_the_waiting_with_its_reason(calm: Stage) -> None:
    lines: list[Line] = []
    calm.fake.fail(Fault.BAD_GATEWAY_502)
    with pytest.raises(RequestUnmetError) as caught:
        follow_here(calm, lines, calm.engine.step)
    assert str(caught.value) == "Launch Library answered with status 502. the engine will try again"
    assert [line.is_failure for line in lines] == [True]


def test_the_budget_holds_and_the_request_stands_until_then(calm: Stage) -> None:
    calm.engine = calm.make_engine(budget=1)
    calm.clock.now += LASTS
    while not isinstance(calm.engine.step(), Plan):
        pass
    with pytest.raises(RequestUnmetError) as caught:
        follow_here(calm, [], calm.engine.step)
    assert re.fullmatch(
        r"no call to Launch Library is allowed before \d\d:\d\d:\d\d UTC: the engine goes on then", str(caught.value)
    )
    assert calm.tasks["changed"].is_requested


def test_a_holder_that_stops_or_stays_silent_is_waited_for_no_longer(calm: Stage) -> None:
    calm.engine.lease.release()
    assert request_sync(calm.store, calm.clock, None) is None
    assert calm.engine.lease.hold()
    with pytest.raises(RequestUnmetError, match="the engine stopped syncing: run `perigee sync` again"):
        follow_here(calm, [], calm.engine.lease.release)
    assert calm.engine.lease.hold()
    with calm.store.write() as writer:
        writer.update_state(next_call_at=None)
    with pytest.raises(RequestUnmetError, match="the engine did not sync within a minute: see its log"):
        follow_here(calm, [], calm.engine.lease.hold)


@pytest.fixture(params=length(("sqlite",), long=ENGINES))
def environ(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Give a Launch Library, and a database on each engine, as settings."""
    now = system_clock()
    with ExitStack() as stack:
        records, launches = make_records(60, now=now), make_launches(30, now=now)
        source = stack.enter_context(FakeLaunchLibrary(records, launches=launches))
        url = f"sqlite:///{tmp_path / 'perigee.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgres").database(migrated=False))
        # What comes first needs eight calls, and each request four more.
        given = {"PERIGEE_LL2_URL": source.url, "DATABASE_URL": url, "PERIGEE_LL2_HOURLY_BUDGET": "40"}
        yield given | {"PERIGEE_SAMPLE": "off", "PERIGEE_PICTURES": "off"}


@pytest.mark.service
@pytest.mark.slow
@pytest.mark.campaign
def test_sync_beside_a_server_has_that_one_sync_whoever_waits_for_it(tmp_path: Path, environ: dict[str, str]) -> None:
    with syncing(tmp_path, environ):
        wait_until(lambda: is_calm(environ["DATABASE_URL"]))
        assert stopped_waiting(tmp_path, environ) == (130, "Stopped waiting. The request stands.\n")
        done = run_here("sync", data=tmp_path, **environ)
    assert (done.returncode, done.stderr) == (0, "")
    first, *calls, last = done.stdout.splitlines()
    assert re.fullmatch(r"Asked .+, process \d+, [0-9a-f]{8} to sync now\.", first)
    assert sorted(line.partition(" UTC ")[2].partition(" (it was requested): ")[0] for line in calls) == [
        "changed events", "changed launches", "launches with a known time", "upcoming events",
    ]  # fmt: skip
    assert last == "Done."


@contextmanager
def syncing(data: Path, environ: dict[str, str]) -> Iterator[None]:
    """Run a server until the block ends; every day the loop of one alone, here, which looks for requests sooner."""
    if IS_LONG:
        with running_server(data, **environ):  # type: ignore[arg-type] # none is `command`
            yield
        return
    store = migrated_store(data / "perigee.db")
    source = LaunchLibrary(environ["PERIGEE_LL2_URL"], cache=data / "cache", clock=utc_now, user_agent="Perigee/test")
    name = "this machine, process 1, 0123abcd"
    engine = Engine(store, source, utc_now, budget=40, name=name, chance=lambda: 0.0, kinds=None)
    stop = Impatient()
    thread = Thread(target=watch, args=(engine, utc_now, stop, lambda _: None))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        source.close()
        store.close()


class Impatient(Event):
    """Is never waited for longer than a tenth of a second."""

    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(min(timeout or 0.0, 0.1))


def stopped_waiting(data: Path, environ: dict[str, str]) -> tuple[int, str]:
    """Ask, and press Ctrl-C; give the status and what was said then."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)} | environ
    with subprocess.Popen([PERIGEE, "sync"], env=clean, stdout=PIPE, stderr=PIPE, text=True) as asking:
        assert asking.stdout is not None
        assert asking.stderr is not None
        assert asking.stdout.readline().startswith("Asked ")
        asking.send_signal(signal.SIGINT)
        return asking.wait(30), asking.stderr.read()


def is_calm(url: str) -> bool:
    """Whether the next call is planned for later."""
    store = Store(url)
    try:
        with store.read() as snapshot:
            next_at = snapshot.state.next_call_at
    finally:
        store.close()
    return next_at is not None and next_at > system_clock() + timedelta(seconds=30)
