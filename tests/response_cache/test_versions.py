"""Cache versions: what raises which, and how often the store is read for them."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import make_record
from tests.fake_ll2.records import precision
from tests.site import Site
from webapp.instance.editions import Edition, Editions, FirstImportPendingError
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.versions import VersionTracker
from webapp.store import Snapshot, Store, StoreUnavailableError

MakeSite = Callable[..., Site]


class Seconds:
    """A stop watch that tests move."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def one(site: MakeSite) -> Site:
    return site(make_record(1, date="2026-03-01T10:05:00Z", date_precision=precision(1)))


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def tracker(one: Site, seconds: Seconds) -> VersionTracker:
    return VersionTracker(editions(one), max_lag=1, monotonic=seconds)


def editions(one: Site) -> Editions:
    return Editions(Edition(one.store, one.clock), None, is_forced=False)


def numbers(tracker: VersionTracker) -> tuple[int, int, int]:
    versions = tracker.current()
    return versions.feeds, versions.lists, versions.pages


def test_a_commit_is_seen_after_a_second_and_not_before(one: Site, tracker: VersionTracker, seconds: Seconds) -> None:
    assert numbers(tracker) == (1, 1, 1)
    one.put(make_record(2))
    seconds.now = 0.999
    assert numbers(tracker) == (1, 1, 1)
    seconds.now = 1.0
    assert numbers(tracker) == (2, 2, 2)


def test_a_contact_without_news_is_the_pages_alone(one: Site, tracker: VersionTracker, seconds: Seconds) -> None:
    assert numbers(tracker) == (1, 1, 1)
    with one.store.write() as writer:
        writer.update_state(reached_at=NOW + timedelta(minutes=1))
    seconds.now = 1
    assert numbers(tracker) == (1, 1, 2)


def test_what_syncing_notes_for_itself_is_nobodys(one: Site, tracker: VersionTracker, seconds: Seconds) -> None:
    assert numbers(tracker) == (1, 1, 1)
    with one.store.write() as writer:
        writer.update_state(next_call="a sweep", next_call_at=NOW, hourly_limit=15)
    seconds.now = 1
    assert numbers(tracker) == (1, 1, 1)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(minutes=14, seconds=59), (1, 1, 1)),
        (timedelta(minutes=15), (1, 2, 2)),  # Somewhere a day may begin.
        (timedelta(hours=14, minutes=29, seconds=59), (1, 2, 2)),
        (timedelta(hours=14, minutes=30), (2, 2, 2)),  # The next day of UTC.
    ],
)
def test_time_alone_raises_versions(
    one: Site, tracker: VersionTracker, passed: timedelta, expected: tuple[int, int, int]
) -> None:
    assert numbers(tracker) == (1, 1, 1)
    one.clock.advance(passed)
    assert numbers(tracker) == expected


def test_the_end_of_an_event_is_seen_at_once(one: Site, tracker: VersionTracker) -> None:
    one.clock.advance(timedelta(minutes=34))
    assert numbers(tracker) == (1, 1, 1)
    one.clock.advance(timedelta(minutes=1))
    assert numbers(tracker) == (1, 2, 2)


def test_a_notice_that_the_data_are_old_is_the_pages_alone(one: Site, tracker: VersionTracker) -> None:
    with one.store.write() as writer:
        writer.update_state(failing_since=NOW + timedelta(minutes=3), fault="it is down")
    one.clock.advance(timedelta(minutes=62, seconds=59))
    assert numbers(tracker) == (1, 1, 1)
    one.clock.advance(timedelta(seconds=1))
    assert numbers(tracker) == (1, 1, 2)


def test_while_the_store_cannot_be_read_versions_stay(
    one: Site,
    tracker: VersionTracker,
    seconds: Seconds,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = []

    def gone(_store: Store) -> Snapshot:
        asked.append(seconds.now)
        raise StoreUnavailableError("gone")

    assert numbers(tracker) == (1, 1, 1)
    monkeypatch.setattr(Store, "read", gone)
    for moment in (1.0, 1.5, 1.9, 2.0):
        seconds.now = moment
        assert numbers(tracker) == (1, 1, 1)
    assert asked == [1.0, 2.0]
    one.clock.advance(timedelta(minutes=16))
    for moment in (2.5, 2.9, 3.0, 3.9):
        seconds.now = moment
        assert numbers(tracker) == (1, 1, 1)
    assert asked == [1.0, 2.0, 3.0]
    assert [record.message for record in caplog.records] == [
        "database unavailable: serving cached responses without checking them"
    ]
    monkeypatch.undo()
    seconds.now = 4.0
    assert numbers(tracker) == (1, 2, 2)


def test_a_store_that_never_could_be_read_is_told_of(one: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_store: Store) -> Snapshot:
        raise StoreUnavailableError("gone")

    monkeypatch.setattr(Store, "read", gone)
    with pytest.raises(StoreUnavailableError):
        VersionTracker(editions(one), max_lag=1).current()


def test_before_the_first_import_there_are_no_versions(site: MakeSite) -> None:
    with pytest.raises(FirstImportPendingError):
        VersionTracker(editions(site(PERIGEE_SAMPLE="off")), max_lag=1).current()


def test_while_one_thread_reads_the_others_go_on(
    one: Site, tracker: VersionTracker, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, may_end, read = Event(), Event(), Store.read

    def slow(store: Store) -> object:
        looking.set()
        may_end.wait(10)
        return read(store)

    assert numbers(tracker) == (1, 1, 1)
    one.put(make_record(2))
    monkeypatch.setattr(Store, "read", slow)
    seconds.now = 1
    thread = Thread(target=tracker.current)
    thread.start()
    assert looking.wait(10)
    assert numbers(tracker) == (1, 1, 1)
    may_end.set()
    thread.join()
    assert numbers(tracker) == (2, 2, 2)


def test_the_clock_is_the_editions(one: Site, tracker: VersionTracker) -> None:
    assert isinstance(tracker.current().edition.clock, ManualClock)
    assert tracker.current().edition.clock is one.clock


def test_each_freshness_has_the_version_of_what_it_shows(one: Site, tracker: VersionTracker, seconds: Seconds) -> None:
    one.clock.advance(timedelta(minutes=34))
    tracker.current()
    one.clock.advance(timedelta(minutes=1))
    tracker.current()
    with one.store.write() as writer:
        writer.update_state(reached_at=one.clock())
    seconds.now = 1
    versions = tracker.current()
    assert {each: versions.of(each) for each in Freshness if each is not Freshness.NEVER} == {
        Freshness.FEED: 1,
        Freshness.API: 2,
        Freshness.PAGE: 3,
    }
