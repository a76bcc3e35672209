"""Whatever breaks while a server is saturated, each GET is answered within two retries over five seconds, from one
generation of the store, and the data are whole.

Those who ask take a short break between requests, so that other tests have some of the machine; in `make soak`, none.
"""

import logging
import os
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
import requests

from tests.fake_ll2 import make_record
from tests.postgres import Postgres
from tests.processes import Server, running_server, wait_until, workers_of
from tests.redis_server import running_redis
from tests.small_disk import fill_disk, small_disk
from tests.soak import length
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.domain.query import Filter, View
from webapp.domain.scopes import EVERYTHING
from webapp.ll2.parse import parse_event, serialize_record
from webapp.runtime import utc_now
from webapp.store import Store, StoreUnavailableError

pytestmark = [pytest.mark.service, pytest.mark.slow, pytest.mark.campaign]

log = logging.getLogger(__name__)

EVENTS, SATURATING = 40, 8
BREAK_SECONDS = length(0.25, long=0.0)
RETRY_AT = (0.0, 2.5, 5.0)
PATHS = (
    "/", "/?q=mark", "/past", "/feeds/events.ics", "/feeds/events.rss", "/feeds/events.atom", "/feeds/events.json",
    "/2.3.0/events/?format=json&limit=100", "/?limit={}", "/feeds/events.rss?past={}",
)  # fmt: skip
_MARK = re.compile(r"Mark (\d+)")


@dataclass
class Tally:
    """What came of all that was asked: statuses of every attempt, and whatever must not be."""

    attempts: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    retried: int = 0
    unanswered: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.asked} asked, {self.retried} retried, {len(self.unanswered)} unanswered, {dict(self.attempts)}"


class Subject:
    """A server under load, the store behind it, and the writer who changes every event in each commit."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.store = Store(url)
        self.tally = Tally()
        self._written = 0
        self._stop = Event()
        self._threads = [Thread(target=self._ask_all), *(Thread(target=self._saturate) for _ in range(SATURATING))]

    def write(self) -> None:
        """Give every event the next mark, in one commit."""
        number = self._written + 1
        with self.store.write() as writer:
            writer.upsert_entries([_event(one, number) for one in range(1, EVENTS + 1)], now=utc_now())
            writer.update_progress(EntryKind.EVENT, imported_at=utc_now())
            writer.update_state(reached_at=utc_now())
        self._written = number

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Stop asking, once each kind of address was asked at least once; see that all is whole and shown."""
        wait_until(lambda: self.tally.asked > len(PATHS))
        self._stop.set()
        for thread in self._threads:
            thread.join()
        with self.store.read() as snapshot:
            stored = snapshot.list_entries(Filter(), EVERYTHING, View(limit=100))
            marks = {_MARK.findall(one.entry.name)[0] for one in stored}
            assert (len(stored), marks) == (EVENTS, {str(self._written)})
        time.sleep(1.2)
        shown = requests.get(self.server.url + "/feeds/events.ics", timeout=10).text
        assert set(_MARK.findall(shown)) == {str(self._written)}
        self.store.close()

    def _ask_all(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            self._ask(PATHS[number % len(PATHS)].format(1 + number % 100))
            time.sleep(BREAK_SECONDS)

    def _ask(self, path: str) -> None:
        begun = time.monotonic()
        self.tally.asked += 1
        for attempt, moment in enumerate(RETRY_AT):
            time.sleep(max(0.0, begun + moment - time.monotonic()))
            self.tally.retried += attempt > 0
            try:
                answer = requests.get(self.server.url + path, timeout=2.4, headers=_VISITOR)
            except requests.RequestException as error:
                self.tally.attempts[type(error).__name__] += 1
                continue
            self.tally.attempts[str(answer.status_code)] += 1
            if answer.status_code == 200:
                if len(marks := set(_MARK.findall(answer.text))) > 1:
                    self.tally.mixed.append(f"{path}: {sorted(marks)}")
                return
            assert answer.status_code == 503
            assert int(answer.headers["Retry-After"]) <= 5
        self.tally.unanswered.append(path)

    def _saturate(self) -> None:
        session = requests.Session()
        while not self._stop.is_set():
            try:
                session.get(self.server.url + "/", timeout=5)
                time.sleep(BREAK_SECONDS)
            except requests.RequestException:
                time.sleep(0.05)  # What is down shall not be asked without end.


_VISITOR = {"X-Forwarded-For": "192.0.2.1"}


def _event(number: int, mark: int) -> ReceivedEntry:
    moment = utc_now() + timedelta(days=number)
    record = make_record(
        number, name=f"Mark {mark} of event {number}", slug=f"event-{number}", date=f"{moment:%Y-%m-%dT12:00:00Z}"
    )
    return ReceivedEntry(parse_event(record), serialize_record(record))


@contextmanager
def under_load(data: Path, url: str, **settings: str) -> Iterator[Subject]:
    """Run a server of two processes, saturated, until the block ends; then judge."""
    given: dict[str, str] = {
        "PERIGEE_WORKERS": "2",
        "PERIGEE_PROXIES": "1",
        "PERIGEE_RATE_LIMIT": "100000",
        "DATABASE_URL": url,
    }
    with running_server(data, "--no-sync", **(given | settings)) as server:  # type: ignore[arg-type] # no `command`
        subject = Subject(server, url)
        subject.write()
        subject.start()
        try:
            yield subject
        finally:
            subject.finish()
    log.info("%s", subject.tally)
    assert (subject.tally.unanswered, subject.tally.mixed) == ([], [])


def writing(subject: Subject, seconds: float, every: float = 0.3) -> int:
    """Write for so long; give how often that failed."""
    end, failed = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        try:
            subject.write()
        except StoreUnavailableError:
            failed += 1
        time.sleep(every)
    return failed


@pytest.mark.soak
def test_a_sync_that_changes_everything(tmp_path: Path) -> None:
    with under_load(tmp_path, sqlite_in(tmp_path)) as subject:
        assert writing(subject, 5, every=0.1) == 0
    assert subject.tally.attempts.keys() == {"200"}


def test_processes_that_are_killed(tmp_path: Path) -> None:
    with under_load(tmp_path, sqlite_in(tmp_path)) as subject:
        for _ in range(length(2, long=3)):
            workers = workers_of(subject.server)
            os.kill(workers[0], signal.SIGKILL)
            assert writing(subject, 2.5) == 0
        deadline = time.monotonic() + 10
        while len(workers_of(subject.server)) < 2 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(workers_of(subject.server)) == 2


@pytest.mark.soak
def test_all_processes_made_anew(tmp_path: Path) -> None:
    with under_load(tmp_path, sqlite_in(tmp_path)) as subject:
        before = set(workers_of(subject.server))
        os.kill(subject.server.pid, signal.SIGHUP)
        for _ in range(20):
            assert writing(subject, 1) == 0
            if before.isdisjoint(workers_of(subject.server)):
                break
        assert before.isdisjoint(workers_of(subject.server))
    assert subject.tally.attempts.keys() <= {"200", "ConnectionError"}


@pytest.mark.soak
def test_a_database_that_is_locked(tmp_path: Path) -> None:
    with under_load(tmp_path, sqlite_in(tmp_path)) as subject:
        lock = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        time.sleep(4)
        lock.execute("ROLLBACK")
        lock.close()
        assert writing(subject, 1) == 0
    assert subject.tally.attempts.keys() == {"200"}


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as small, under_load(small, sqlite_in(small)) as subject:
        filled = small / "filled"
        with pytest.raises(OSError, match="No space left"):
            fill_disk(filled)
        # Until the log of what was written is full too, a commit may still go well.
        assert writing(subject, 5, every=0.1) >= 1
        with subject.store.read() as snapshot:
            assert snapshot.count_entries(Filter(), EVERYTHING) == EVENTS
        filled.unlink()
        assert writing(subject, 1) == 0
    assert subject.tally.attempts.keys() == {"200"}


@pytest.mark.soak
def test_a_database_that_may_not_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with under_load(tmp_path, sqlite_in(tmp_path)) as subject:
        with monkeypatch.context() as patched:
            # SQLite's own words for a full disk (SQLITE_FULL), without filling this one.
            patched.setattr(subject, "write", lambda: fill_up(subject.store))
            assert writing(subject, 4) >= 1
        let_grow(subject.store)
        assert writing(subject, 1) == 0
    assert subject.tally.attempts.keys() == {"200"}


def test_a_postgresql_that_restarts(tmp_path: Path, postgres: Postgres) -> None:
    with postgres.database() as url, under_load(tmp_path, url) as subject:
        restarting = Thread(target=postgres.restart)
        restarting.start()
        writing(subject, 5)
        restarting.join()
        assert writing(subject, 1) == 0


def test_a_redis_that_is_gone(tmp_path: Path) -> None:
    with running_redis() as redis, under_load(tmp_path, sqlite_in(tmp_path), REDIS_URL=redis.url) as subject:
        assert writing(subject, 1) == 0
        redis.stop()
        assert writing(subject, 4) == 0
    assert subject.tally.attempts.keys() == {"200"}


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'store.db'}"


def let_grow(store: Store) -> None:
    with store.write() as writer:
        writer._connection.exec_driver_sql("PRAGMA max_page_count=1073741823")  # noqa: SLF001 - as above


def fill_up(store: Store) -> None:
    """Write until the database may not grow."""
    with store.write() as writer:
        connection = writer._connection  # noqa: SLF001 - to set what no part of Perigee sets
        connection.exec_driver_sql("PRAGMA max_page_count=1")
        writer.upsert_entries([_event(number, 0) for number in range(1000, 1400)], now=utc_now())
