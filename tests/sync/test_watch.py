from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from webapp.sync.lock import AlreadySyncingError, exclusive

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_record
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import MalformedError, SourceError, ThrottledError, UnavailableError
from webapp.store import Store, StoreState, StoreUnavailableError
from webapp.sync.watch import Importer, next_try, watch

HOUR = timedelta(hours=1)


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary([make_record(number) for number in range(1, 11)], clock=clock) as fake:
        yield fake


@pytest.fixture
def importer(fake: FakeLaunchLibrary, store: Store, clock: ManualClock, tmp_path: Path) -> Importer:
    def open_source() -> LaunchLibrary:
        return LaunchLibrary(fake.url, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test")

    return Importer(open_source, store, clock, HOUR, tmp_path / "sync.lock")


def attempt(importer: Importer) -> None:
    importer.attempt(report=lambda _: None, pause=lambda _: None)


def state_of(store: Store) -> StoreState:
    with store.read() as snapshot:
        return snapshot.state


def test_it_is_due_at_once_and_then_an_hour_after_each_import(importer: Importer, clock: ManualClock) -> None:
    assert importer.seconds_until_due() == 0
    attempt(importer)
    assert importer.seconds_until_due() == 3600
    clock.advance(timedelta(minutes=59))
    assert importer.seconds_until_due() == 60


def test_a_restart_does_not_shorten_the_wait(importer: Importer, store: Store, clock: ManualClock) -> None:
    attempt(importer)
    clock.advance(timedelta(minutes=20))
    again = Importer(importer.open_source, store, clock, HOUR, importer.lock_file)
    assert again.seconds_until_due() == 2400


def test_a_failure_is_noted_and_forgotten_after_a_success(
    importer: Importer, fake: FakeLaunchLibrary, store: Store, clock: ManualClock
) -> None:
    attempt(importer)
    fake.stop()
    with pytest.raises(UnavailableError):
        attempt(importer)
    state = state_of(store)
    assert (state.failures, state.fault) == (1, "Launch Library could not be reached")
    assert state.next_sync_at == NOW + timedelta(minutes=5)
    with store.read() as snapshot:
        assert snapshot.count_all_events() == 10
    fake.start()
    clock.advance(timedelta(minutes=5))
    attempt(importer)
    state = state_of(store)
    assert (state.failures, state.fault, state.next_sync_at) == (0, None, clock.now + HOUR)


@pytest.mark.parametrize(
    ("error", "failures", "wait"),
    [
        (UnavailableError("x"), 1, timedelta(minutes=5)),
        (UnavailableError("x"), 2, timedelta(minutes=10)),
        (MalformedError("x"), 3, timedelta(minutes=20)),
        (UnavailableError("x"), 5, HOUR),
        (UnavailableError("x"), 5000, HOUR),
        (ThrottledError(timedelta(seconds=1234)), 1, timedelta(seconds=1234)),
        (ThrottledError(None), 1, timedelta(minutes=5)),
    ],
)
def test_when_to_try_again(error: SourceError, failures: int, wait: timedelta) -> None:
    assert next_try(error, failures, NOW, HOUR) == NOW + wait


def test_only_one_process_imports_at_a_time(importer: Importer, fake: FakeLaunchLibrary) -> None:
    with exclusive(importer.lock_file), pytest.raises(AlreadySyncingError, match=r"process \d+ is syncing already"):
        attempt(importer)
    assert fake.requests == []
    attempt(importer)
    assert len(fake.requests) == 1


@pytest.fixture
def watching(importer: Importer) -> Iterator[Callable[[], None]]:
    """Start watching in a thread, as the server does; stop it at the end."""
    stop = Event()
    thread = Thread(target=watch, args=(importer, stop))
    yield thread.start
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(condition: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(200):
        if condition():
            return
        pause.wait(0.05)
    raise AssertionError("it never came about")


def test_watching_imports_when_due_and_survives_what_goes_wrong(
    watching: Callable[[], None], fake: FakeLaunchLibrary, store: Store
) -> None:
    fake.fail(Fault.THROTTLED, retry_after=600)
    watching()
    wait_for(lambda: state_of(store).failures == 1)
    assert state_of(store).next_sync_at == NOW + timedelta(minutes=10)
    assert state_of(store).imported_at is None
    assert len(fake.requests) == 1


def test_watching_stops_when_told(watching: Callable[[], None], store: Store) -> None:
    watching()
    wait_for(lambda: state_of(store).imported_at == NOW)


def test_a_store_that_cannot_be_written_leads_to_no_call_every_few_seconds(
    importer: Importer, fake: FakeLaunchLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    class Stop(Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            if len(waits) == 3:
                self.set()
            return self.is_set()

    def fail(_store: Store) -> None:
        raise StoreUnavailableError("database or disk is full")

    monkeypatch.setattr(Store, "write", fail)
    watch(importer, Stop())
    assert waits == [300, 600, 1200]
    assert len(fake.requests) == 3
