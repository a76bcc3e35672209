"""Two servers and two workers on one PostgreSQL: one of them syncs, within the one budget, and is replaced if it dies.

One holder is killed in the short form; `make soak` kills and pauses holders in turn for several rounds.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest

from tests.fake_ll2 import FakeLaunchLibrary, make_launch, make_records
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launches import launch_status
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.shapes import Answer, Record, Request
from tests.postgres import Postgres
from tests.processes import PERIGEE, running_server
from tests.soak import IS_LONG
from webapp.domain.entry import EntryKind
from webapp.runtime import utc_now
from webapp.store import Lease, Store
from webapp.sync.budget import HOUR
from webapp.sync.situation import FREE, Task

pytestmark = pytest.mark.campaign

BLOWS = (signal.SIGKILL, signal.SIGSTOP) * 2 if IS_LONG else (signal.SIGKILL,)
BUDGET = 40
EVENTS, LAUNCHES = 3_000, 300
"""More than the budget reads in an hour: there is always a call to make until it is spent."""

KEPT_BACK = 6
"""How many calls of the hour the watched lists of both kinds will want later on: no other task takes them."""

_ANSWERS_AFTER_SECONDS = 0.5
_REPLACED_WITHIN_SECONDS = 60


@dataclass
class Watched(FakeLaunchLibrary):
    """A source that takes its time, and knows whether two ever asked at once."""

    overlaps: int = 0
    _asking: int = 0
    _counting: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        now = utc_now()
        super().__init__(make_records(EVENTS, now=now), hourly_limit=BUDGET, launches=make_flown(LAUNCHES, now=now))

    def _answer(self, request: Request) -> Answer:
        with self._counting:
            self.overlaps += self._asking > 0
            self._asking += 1
        time.sleep(_ANSWERS_AFTER_SECONDS)
        answer = super()._answer(request)
        with self._counting:
            self._asking -= 1
        return answer

    @property
    def costly(self) -> int:
        return sum(not seen.path.endswith("/api-throttle/") for seen in self.requests)


def make_flown(count: int, *, now: datetime) -> list[Record]:
    """Give launches of the last two years, and as the last one that is still to be determined."""
    nets = [stamp(now - timedelta(days=2 * number)) for number in range(1, count)] + [stamp(now + timedelta(days=60))]
    return [
        make_launch(
            number, net=net, window_start=net, window_end=net, webcast_live=False,
            net_precision=precision(0 if number < count else 7), status=launch_status(3 if number < count else 2),
        )
        for number, net in enumerate(nets, start=1)
    ]  # fmt: skip


@contextmanager
def worker(data: Path, environ: dict[str, str]) -> Iterator[None]:
    """Run what the Procfile calls `worker` until the block ends."""
    clean = {"PATH": os.environ["PATH"], "HOME": str(data), "PERIGEE_DATA_DIR": str(data)} | environ
    with subprocess.Popen([PERIGEE, "sync", "--watch"], env=clean, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def lease_in(store: Store) -> Lease:
    with store.read() as snapshot:
        lease = snapshot.sync.lease
    assert lease is not None
    return lease


def wait_for_call(source: Watched, asked: int, seconds: float = _REPLACED_WITHIN_SECONDS) -> float:
    """Wait until more than so many calls have come; say how many seconds it took."""
    begun = time.monotonic()
    while len(source.requests) <= asked:
        assert time.monotonic() - begun < seconds, "no call came"
        time.sleep(0.05)
    return time.monotonic() - begun


def wait_until_spent(store: Store) -> None:
    """Wait until whoever syncs plans its next call for later."""
    begun = time.monotonic()
    while True:
        with store.read() as snapshot:
            next_call_at = snapshot.state.next_call_at
        if next_call_at is not None and next_call_at > utc_now() + timedelta(seconds=10):
            return
        assert time.monotonic() - begun < 2 * _REPLACED_WITHIN_SECONDS, "the budget was not spent"
        time.sleep(0.1)


def test_one_of_many_processes_syncs_within_the_budget_and_is_replaced(postgres: Postgres, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = stack.enter_context(postgres.database(migrated=False))
        source = stack.enter_context(Watched())
        environ = {
            "DATABASE_URL": url,
            "PERIGEE_LL2_URL": source.url,
            "PERIGEE_LL2_HOURLY_BUDGET": str(BUDGET),
        }
        for _ in range(2):
            stack.enter_context(running_server(tmp_path, **environ))  # type: ignore[arg-type] # none is `command`
            stack.enter_context(worker(tmp_path, environ))
        store = Store(url)
        stack.callback(store.close)
        wait_for_call(source, 3)
        for blow in BLOWS:
            struck = lease_in(store)
            pid = int(struck.holder.split("process ")[1].split(",")[0])
            os.kill(pid, blow)
            asked = len(source.requests)
            # One call of the holder's own may still have been under way.
            wait_for_call(source, asked + 1)
            successor = lease_in(store)
            assert (successor.fence, successor.holder != struck.holder) == (struck.fence + 1, True)
            if blow is signal.SIGSTOP:
                os.kill(pid, signal.SIGCONT)
        wait_until_spent(store)
        costly = source.costly
        time.sleep(5)
        with store.read() as snapshot:
            calls, counts = snapshot.sync.list_calls(), snapshot.count_all()
            progress, met = snapshot.state.progress_of(EntryKind.EVENT), snapshot.sync.list_met(EntryKind.EVENT)
        assert (source.costly, source.overlaps) == (costly, 0)
        assert BUDGET - KEPT_BACK <= costly <= BUDGET
        # A page whose answer was lost with the one who asked may be confirmed to the next.
        assert {seen.status for seen in source.requests} <= {200, 304}
        assert sum(call.task not in FREE for call in calls if call.called_at > calls[0].called_at - HOUR) == costly
        # Nothing is in doubt, and Launch Library is no link of a chain.
        made = {task.value for task in Task if task not in (Task.DETAILS, Task.CHAIN)}
        assert {call.task for call in calls if call.outcome} >= made
        # Whoever was struck in the middle of a call lost its answer, and the next one asked for the same again.
        assert sum(call.outcome is None for call in calls) <= len(BLOWS)
        pages = sum(call.task == Task.IMPORT.value and call.outcome is not None for call in calls)
        assert (progress.import_offset, len(met)) == (100 * pages, 100 * pages)
        assert (counts.events >= len(met), counts.launches) == (True, LAUNCHES)
