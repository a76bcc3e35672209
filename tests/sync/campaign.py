"""Syncing processes to be killed: forked from a warm one in milliseconds, on a clock that jumps to the next call.

Run as a program, with the file of that clock, this module is the warm process: it reads what to do from its input.
"""

import json
import mmap
import os
import signal
import struct
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from random import SystemRandom
from threading import Condition, Event
from typing import Any

from tests.clock import NOW
from tests.fake_ll2 import FakeLaunchLibrary, Record
from tests.fake_ll2.moments import parse_moment
from tests.fake_ll2.shapes import Answer, Request
from tests.soak import length
from tests.sync.upstream_stages import VANISHING, Stage, first_events, first_launches, make_stages
from webapp.domain.entry import EntryKey, EntryKind, StoredEntry
from webapp.runtime import migrate_store
from webapp.settings import Settings
from webapp.source import make_engine
from webapp.store import Snapshot, Store, Writer
from webapp.sync.budget import HOUR
from webapp.sync.engine import Engine
from webapp.sync.fetch import DETAILED_FOR
from webapp.sync.lease import LeaseLostError
from webapp.sync.plan import SWEEP_EVERY
from webapp.sync.situation import Plan

ROOT = Path(__file__).parent.parent.parent
LIMIT, BUDGET = 25, 20
_ENDS_WITHIN_SECONDS = 120
_A_FEW = length(40, long=10)
LOST = 3
"""The status of a process that found its lease taken by another, and did not go on."""

_LOOK_AGAIN = timedelta(seconds=10)
_chance = SystemRandom()


class Phase(Enum):
    """What a syncing process is at."""

    STARTING = 0
    BETWEEN = 1
    WRITING = 2
    COMMITTING = 3


class SharedClock:
    """A clock in a file, one for all processes. It stands still until one of them moves it forwards.

    Beside the time the file holds the phase of the process that was started last.
    """

    def __init__(self, path: Path) -> None:
        path.touch()
        with path.open("r+b") as file:
            file.truncate(16)
            self._memory = mmap.mmap(file.fileno(), 16)

    def __call__(self) -> datetime:
        (microseconds,) = struct.unpack_from("q", self._memory, 0)
        return NOW + timedelta(microseconds=microseconds)

    def reach(self, moment: datetime) -> None:
        """Go on to this moment, if it has not come yet."""
        if moment > self():
            struct.pack_into("q", self._memory, 0, (moment - NOW) // timedelta(microseconds=1))

    def restart(self) -> None:
        """Go back to where it began."""
        struct.pack_into("q", self._memory, 0, 0)

    @property
    def phase(self) -> Phase:
        return Phase(struct.unpack_from("q", self._memory, 8)[0])

    @phase.setter
    def phase(self, phase: Phase) -> None:
        struct.pack_into("q", self._memory, 8, phase.value)


class Upstream(FakeLaunchLibrary):
    """A fake service that goes on to its next stage once the store is known to have taken in the one before.

    So whoever syncs, however often it is interrupted, sees each stage once: what is stored in the end, and every
    change on the way to it, cannot depend on when that was. `is_done` is set when all was seen and all events were read
    once more. `on_stage` hears of each stage that was taken in, with the keys that it touched: of none where that was
    the first import. `is_uneven` lets every answer take up to eight milliseconds.
    """

    def __init__(
        self,
        store: Store,
        clock: SharedClock,
        *,
        on_stage: Callable[[set[EntryKey]], None] | None = None,
        port: int = 0,
        is_uneven: bool = False,
    ) -> None:
        super().__init__(first_events(), LIMIT, clock, launches=first_launches())
        self._shared_clock = clock
        self._port = port  # Records name it: equal records come from the same.
        self.called_at: list[datetime] = []
        self.is_done = Event()
        self._is_uneven = is_uneven
        self._store = store
        self._on_stage = on_stage or (lambda _: None)
        self._stages = make_stages()
        self._stage: Stage = {}
        self._moved_at = clock()
        self._asked = Condition()

    @property
    def port(self) -> int:
        return self._port

    @property
    def is_imported(self) -> bool:
        """Whether it is known that the first import was taken in."""
        return bool(self._stage)

    def wait_for_requests(self, number: int, seconds: float) -> None:
        """Wait until it has been asked so often in all, or all is done."""
        with self._asked:
            self._asked.wait_for(lambda: len(self.requests) >= number or self.is_done.is_set(), seconds)

    def _answer(self, request: Request) -> Answer:
        is_costly = request.endpoint != "/api-throttle/"
        if not self.is_done.is_set() and is_costly and self._is_taken_in():
            self._move_on()
        if is_costly:
            self.called_at.append(self.clock())
        answer = super()._answer(request)
        with self._asked:
            self._asked.notify_all()
        if self._is_uneven:
            time.sleep(_chance.uniform(0, 0.008))
        return answer

    def _is_taken_in(self) -> bool:
        with self._store.read() as snapshot:
            if not self._is_all_read(snapshot):
                return False
            # Lists and the history bring launches in part: what is told of one elsewhere has still to come.
            partial = snapshot.sync.list_partial(
                dated_after=NOW - DETAILED_FOR, asked_before=self.clock() + HOUR, limit=1000
            )
            is_whole = self._stage.keys().isdisjoint(partial) if self._stage else not partial
            return is_whole and all(_is_held(record, snapshot.get_entry(key)) for key, record in self._stage.items())

    def _is_all_read(self, snapshot: Snapshot) -> bool:
        """Whether all of both kinds was imported, and all events once more after the last stage."""
        events, launches = (snapshot.state.progress_of(kind) for kind in EntryKind)
        if events.imported_at is None or launches.imported_at is None or launches.history_at is None:
            return False
        return bool(self._stages) or events.imported_at > self._moved_at

    def _move_on(self) -> None:
        self._on_stage(set(self._stage))
        if not self._stages:
            self.is_done.set()
            return
        self._stage, self._moved_at = self._stages.pop(0), self.clock()
        for key, record in self._stage.items():
            self._publish(key, record)
        if None in [self._stage.get(key, {}) for key in VANISHING]:
            # Sweeps come twice a day.
            self._shared_clock.reach(self.clock() + SWEEP_EVERY)

    def _publish(self, key: EntryKey, record: Record | None) -> None:
        if key.kind is EntryKind.EVENT:
            self.put(record) if record else self.remove(int(key.source_id))
        else:
            self.put_launch(record) if record else self.remove_launch(key.source_id)


def _is_held(record: Record | None, stored: StoredEntry | None) -> bool:
    """Whether an entry is stored as this record says, or as withdrawn where there is none."""
    if stored is None or record is None:
        return stored is not None and stored.withdrawn_at is not None
    return stored.withdrawn_at is None and stored.entry.last_updated == parse_moment(record["last_updated"])


class Syncers:
    """The warm process, and those that it forks."""

    def __init__(self, clock_file: Path) -> None:
        self.clock = SharedClock(clock_file)
        command = [sys.executable, "-m", "tests.sync.campaign", str(clock_file)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._alive: set[int] = set()
        if self._read() != os.EX_OK:
            raise AssertionError("the warm process did not start")

    def start(self, environ: Mapping[str, str]) -> int:
        """Start one that syncs without end, with these settings; give its process id."""
        pid = self._ask({"start": dict(environ)})
        self._alive.add(pid)
        return pid

    def kill(self, pid: int) -> int:
        """Kill one with SIGKILL, and give its status as `subprocess` does."""
        self.send(pid, signal.SIGKILL)
        return self.wait(pid)

    def send(self, pid: int, number: int) -> None:
        """Send one a signal."""
        if pid not in self._alive:
            raise ValueError(f"process {pid} is none of ours")
        os.kill(pid, number)

    def wait(self, pid: int) -> int:
        """Wait until one has ended, and give its status."""
        status = self._ask({"wait": pid})
        self._alive.discard(pid)
        return status

    def stop(self) -> None:
        """End all."""
        for pid in list(self._alive):
            self.kill(pid)
        self._process.communicate(timeout=20)

    def _ask(self, order: Mapping[str, Any]) -> int:
        if self._process.stdin is not None:
            self._process.stdin.write(json.dumps(order) + "\n")
        return self._read()

    def _read(self) -> int:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        return int(line or os.EX_SOFTWARE)


@contextmanager
def running_syncers(clock_file: Path) -> Iterator[Syncers]:
    """Start a warm process until the block ends."""
    syncers = Syncers(clock_file)
    try:
        yield syncers
    finally:
        syncers.stop()


@dataclass(frozen=True, slots=True)
class Round:
    """All that happens upstream, once, and a store that begins empty and is to follow it."""

    url: str
    upstream: Upstream
    syncers: Syncers
    environ: dict[str, str]

    def start(self) -> int:
        """Start a process that syncs."""
        return self.syncers.start(self.environ)

    def finish(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Sync undisturbed until all is taken in; `meanwhile` is called after every few requests."""
        pid, ends_at = self.start(), time.monotonic() + _ENDS_WITHIN_SECONDS
        while not (is_done := self.upstream.is_done.is_set()) and time.monotonic() < ends_at:
            self.upstream.wait_for_requests(len(self.upstream.requests) + _A_FEW, 1)
            meanwhile()
        status = self.syncers.kill(pid)
        if not is_done or status != -signal.SIGKILL:
            raise AssertionError(
                f"{'' if is_done else 'not '}all was taken in; ended with {status}; {self._last_calls()}"
            )

    def _last_calls(self) -> str:
        with closing(Store(self.url)) as store, store.read() as snapshot:
            return "\n".join(map(str, [snapshot.state, *snapshot.sync.list_doubts(), *snapshot.sync.list_calls()[:20]]))


@contextmanager
def begun_round(
    syncers: Syncers, url: str, folder: Path, *, port: int = 0, is_uneven: bool = False,
    on_stage: Callable[[set[EntryKey]], None] | None = None,
) -> Iterator[Round]:  # fmt: skip
    """Begin a round at this URL, where no store is yet, with the other files in this folder, and the clock anew."""
    syncers.clock.restart()
    store = Store(url)
    try:
        with Upstream(store, syncers.clock, on_stage=on_stage, port=port, is_uneven=is_uneven) as upstream:
            environ = {"DATABASE_URL": url, "PERIGEE_DATA_DIR": str(folder), "PERIGEE_LL2_URL": upstream.url}
            yield Round(url, upstream, syncers, environ | {"PERIGEE_LL2_HOURLY_BUDGET": str(BUDGET)})
    finally:
        store.close()


def _serve(clock_file: Path) -> None:
    clock = SharedClock(clock_file)
    _mark_writing(clock)
    # What is imported late is imported now, once for all.
    Store("postgresql://").close()
    store = Store(f"sqlite:///{clock_file}.db")
    store.migrate()
    store.close()
    print(0, flush=True)  # noqa: T201 - the answers to what is asked
    for line in sys.stdin:
        order = json.loads(line)
        answer = _fork(order["start"], clock) if "start" in order else os.waitpid(order["wait"], 0)[1]
        print(answer if "start" in order else os.waitstatus_to_exitcode(answer), flush=True)  # noqa: T201


def _fork(environ: Mapping[str, str], clock: SharedClock) -> int:
    clock.phase = Phase.STARTING
    if pid := os.fork():
        return pid
    status = 1
    try:
        settings = Settings.load(environ)
        migrate_store(settings)
        _sync(make_engine(settings, clock), clock)
        status = LOST
    finally:
        if status == 1:
            traceback.print_exc()
        os._exit(status)


def _sync(engine: Engine, clock: SharedClock) -> None:
    """Step without end, as `watch` does, but do not wait: the clock jumps. Ends where the lease is lost for good."""
    while True:
        try:
            done = engine.step()
        except LeaseLostError:
            if engine.step() is None:
                return
            raise
        if isinstance(done, Plan):
            clock.reach(done.at)
        elif done is None:
            clock.reach(clock() + _LOOK_AGAIN)


def _mark_writing(clock: SharedClock) -> None:
    """Note in the shared file when the process is within a transaction that writes."""
    write: Callable[[Store], AbstractContextManager[Writer]] = Store.write

    @contextmanager
    def marked(store: Store) -> Iterator[Writer]:
        with write(store) as writer:
            clock.phase = Phase.WRITING
            yield writer
            clock.phase = Phase.COMMITTING
        clock.phase = Phase.BETWEEN

    setattr(Store, "write", marked)  # noqa: B010 - only in a process that will be killed


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
