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
from tests.fake_ll2 import FakeLaunchLibrary, Record, make_record, make_records
from tests.fake_ll2.moments import parse_moment, stamp
from tests.fake_ll2.parts import webcast
from tests.fake_ll2.records import precision
from tests.fake_ll2.shapes import Answer, Request
from webapp.runtime import migrate_store
from webapp.settings import Settings
from webapp.source import make_engine
from webapp.store import Store, Writer
from webapp.sync.engine import Engine
from webapp.sync.lease import LeaseLostError
from webapp.sync.situation import Plan

ROOT = Path(__file__).parent.parent.parent
LIMIT, BUDGET = 25, 20
PAST, ACTORS, STAGES = 220, 30, 45
_ENDS_WITHIN_SECONDS = 120
_A_FEW = 10
LOST = 3
"""The status of a process that found its lease taken by another, and did not go on."""

_UNNOTICED = 201  # The past event that is withdrawn: only reading all events can tell.
_UPDATED = NOW - timedelta(days=1)
_LOOK_AGAIN = timedelta(seconds=10)
_chance = SystemRandom()

Stage = Mapping[int, Record | None]
"""What changes upstream at once: records by their id, `None` for one that is withdrawn."""


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
    change on the way to it, cannot depend on when that was. `is_done` is set when all was seen and everything was read
    once more. `on_stage` hears of each stage that was taken in, with the ids that it touched. `is_uneven` lets every
    answer take up to eight milliseconds.
    """

    def __init__(
        self, store: Store, clock: SharedClock, *, on_stage: Callable[[set[int]], None] | None = None, port: int = 0,
        is_uneven: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(first_records(), LIMIT, clock)
        self._port = port  # Records name it: equal records come from the same.
        self.called_at: list[datetime] = []
        self.is_done = Event()
        self._is_uneven = is_uneven
        self._store = store
        self._on_stage = on_stage or (lambda _: None)
        self._stages = make_stages(self.records)
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
        if not self.is_done.is_set() and request.endpoint.startswith("/events/") and self._is_taken_in():
            self._move_on()
        if request.endpoint.startswith("/events/"):
            self.called_at.append(self.clock())
        answer = super()._answer(request)
        with self._asked:
            self._asked.notify_all()
        if self._is_uneven:
            time.sleep(_chance.uniform(0, 0.008))
        return answer

    def _is_taken_in(self) -> bool:
        with self._store.read() as snapshot:
            imported_at = snapshot.state.imported_at
            known = {stored.id: stored for stored in snapshot.get_entries(list(self._stage))}
        if imported_at is None or (not self._stages and imported_at <= self._moved_at):
            return False
        return all(
            (event_id in known and known[event_id].withdrawn_at is not None)
            if record is None
            else (
                event_id in known
                and known[event_id].withdrawn_at is None
                and known[event_id].entry.last_updated == parse_moment(record["last_updated"])
            )
            for event_id, record in self._stage.items()
        )

    def _move_on(self) -> None:
        self._on_stage(set(self._stage) or {record["id"] for record in self.records})
        if not self._stages:
            self.is_done.set()
            return
        self._stage, self._moved_at = self._stages.pop(0), self.clock()
        for event_id, record in self._stage.items():
            if record is None:
                self.remove(event_id)
            else:
                self.put(record)


def first_records() -> list[Record]:
    """Give the events of the first import: a past of twenty years, and those upcoming that will change."""
    # As of a year ago, so that no date comes near: each would lead to a call every five minutes.
    past = make_records(PAST, now=_UPDATED - timedelta(days=366))
    upcoming = [
        make_record(1000 + number, date=stamp(NOW + timedelta(days=60 + number)), last_updated=stamp(_UPDATED))
        for number in range(ACTORS)
    ]
    return past + upcoming


def make_stages(records: list[Record]) -> list[Stage]:
    """Give all that happens upstream, the same at every run: four upcoming events at a time, and more now and then."""
    known: dict[int, Record | None] = {record["id"]: record for record in records}
    last = dict(known)
    stages: list[Stage] = []
    for number in range(STAGES):
        touched = [1000 + (number * 4 + place) % ACTORS for place in range(4 if number < STAGES - 1 else 0)]
        # What went live in the stage before has ended.
        stage = {one: _live(record, number) for one, record in known.items() if record and record["webcast_live"]}
        for event_id in touched:
            turn = _TURNS[(number * 4 // ACTORS + event_id) % len(_TURNS)]
            stage[event_id] = turn(last[event_id] or {}, number) if known[event_id] else last[event_id]
        if number % 4 == 1:
            stage[number + 1] = _edited(last[number + 1] or {}, number)
        if number % 5 == 2:
            stage[2000 + number] = make_record(2000 + number, date=stamp(NOW + timedelta(days=50, hours=number)))
        if number == STAGES // 2:
            stage[_UNNOTICED] = None
        updated = {"last_updated": stamp(_UPDATED + timedelta(minutes=number + 1))}
        stages.append({event_id: record and record | updated for event_id, record in stage.items()})
        known |= stages[-1]
        last |= {event_id: record for event_id, record in stages[-1].items() if record}
    return stages


def _slipped(record: Record, number: int) -> Record | None:
    return record | {"date": stamp(NOW + timedelta(days=70 + number)), "date_precision": precision(1)}


def _renamed(record: Record, number: int) -> Record | None:
    return record | {"name": f"{record['name'].split(' (')[0]} (renamed {number})"}


def _with_webcast(record: Record, number: int) -> Record | None:
    added = webcast(f"https://www.youtube.com/watch?v=added{number}", f"Added {number}", start=record["date"])
    return record | {"vid_urls": [*record["vid_urls"], added]}


def _live(record: Record, _number: int) -> Record | None:
    return record | {"webcast_live": not record["webcast_live"]}


def _edited(record: Record, number: int) -> Record | None:
    return record | {"description": f"Edited {number}."}


def _vague(record: Record, _number: int) -> Record | None:
    return record | {"date": f"{record['date'][:7]}-01T00:00:00Z", "date_precision": precision(7)}


def _refined(record: Record, number: int) -> Record | None:
    return record | {"date": f"{record['date'][:7]}-{number % 28 + 1:02}T15:00:00Z", "date_precision": precision(1)}


def _over(record: Record, number: int) -> Record | None:
    # The upcoming list lacks it from now on, and the source stands by it.
    return record | {"date": stamp(NOW - timedelta(days=20 + number)), "date_precision": precision(1)}


def _withdrawn(_record: Record, _number: int) -> Record | None:
    return None


_TURNS = (_slipped, _renamed, _with_webcast, _live, _edited, _vague, _refined, _over, _slipped, _withdrawn, _edited)


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
    on_stage: Callable[[set[int]], None] | None = None,
) -> Iterator[Round]:  # fmt: skip
    """Begin a round at this URL, where no store is yet, with the other files in this folder, and the clock anew."""
    syncers.clock.restart()
    store = Store(url)
    try:
        with Upstream(store, syncers.clock, on_stage=on_stage, port=port, is_uneven=is_uneven) as upstream:
            environ = {"DATABASE_URL": url, "PERIGEE_DATA_DIR": str(folder), "PERIGEE_LL2_URL": upstream.url}
            yield Round(
                url, upstream, syncers, environ | {"PERIGEE_LL2_HOURLY_BUDGET": str(BUDGET), "PERIGEE_KINDS": "event"}
            )
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
