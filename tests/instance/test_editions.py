from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.clock import NOW, ManualClock
from webapp.domain.clock import shifted_clock
from webapp.domain.entry import EntryKind
from webapp.instance.editions import SAMPLE, Edition, Editions, FirstImportPendingError
from webapp.store import Store

UNDER_WAY = "Real data will appear here once the first import from Launch Library finishes."


def reason(editions: Editions) -> str:
    shown = editions.current().stand_in
    assert shown is not None
    return shown.reason


@pytest.fixture
def sample_store(tmp_path: Path) -> Store:
    return Store(f"sqlite:///{tmp_path / 'sample.db'}")


def test_the_sample_stands_in_until_the_first_import_is_complete(
    store: Store, sample_store: Store, clock: ManualClock
) -> None:
    real, sample = Edition(store, clock), Edition(sample_store, clock, SAMPLE)
    editions = Editions(real, sample, is_forced=False)
    assert editions.current().store is sample_store
    with store.write() as writer:
        writer.update_state(generation=3, reached_at=NOW)
    assert editions.current().store is sample_store, "some pages are no complete import"
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
    assert editions.current() is real


def test_the_reason_tells_what_keeps_the_real_data_away(store: Store, sample_store: Store, clock: ManualClock) -> None:
    editions = Editions(Edition(store, clock), Edition(sample_store, clock, SAMPLE), is_forced=False)
    assert reason(editions) == UNDER_WAY
    with store.write() as writer:
        writer.update_state(fault="Launch Library could not be reached")
    assert reason(editions) == (
        "Launch Library could not be reached. Real data will appear here after the first full import."
    )


def test_the_log_says_once_what_is_shown(
    store: Store, sample_store: Store, clock: ManualClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    editions = Editions(Edition(store, clock), Edition(sample_store, clock, SAMPLE), is_forced=False)
    for _ in range(3):
        editions.current()
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
    for _ in range(3):
        editions.current()
    assert [record.getMessage() for record in caplog.records] == [
        f"not showing current data (sample of July 2025). {UNDER_WAY}",
        f"showing real data, imported at {NOW}",
    ]


def test_a_sample_that_was_asked_for_stays(store: Store, sample_store: Store, clock: ManualClock) -> None:
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
    sample = Edition(sample_store, clock, SAMPLE)
    assert Editions(Edition(store, clock), sample, is_forced=True).current() is sample


def test_without_a_sample_the_first_import_is_pending(store: Store, clock: ManualClock) -> None:
    with pytest.raises(FirstImportPendingError) as caught:
        Editions(Edition(store, clock), None, is_forced=False).current()
    assert caught.value.state.imported_at is None


def test_the_samples_clock_ticks_with_the_real_one(clock: ManualClock) -> None:
    then = datetime(2025, 7, 19, 12, tzinfo=UTC)
    shifted = shifted_clock(clock, then - NOW)
    assert shifted() == then
    clock.advance(timedelta(minutes=90))
    assert shifted() == then + timedelta(minutes=90)
