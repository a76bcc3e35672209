"""One at a time, on both engines: the lease, its fence, and who may write."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import NOW, ManualClock
from tests.store.engines import ENGINES, opened_store
from webapp.store import Lease, Store
from webapp.sync.lease import LASTS, LeaseHolder, LeaseLostError


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened_store(request, tmp_path) as store:
        yield store


def lease_in(store: Store) -> Lease | None:
    with store.read() as snapshot:
        return snapshot.sync.lease


def test_the_first_takes_the_lease_and_the_second_waits_for_its_end(store: Store, clock: ManualClock) -> None:
    first, second = LeaseHolder(store, clock, "first"), LeaseHolder(store, clock, "second")
    assert (first.hold(), second.hold(), first.hold()) == (True, False, True)
    assert lease_in(store) == Lease("first", 1, NOW + LASTS)
    clock.advance(LASTS)
    assert second.hold()
    assert lease_in(store) == Lease("second", 2, clock.now + LASTS)
    assert not first.hold()


def test_a_dead_holder_is_replaced_within_a_minute(store: Store, clock: ManualClock) -> None:
    LeaseHolder(store, clock, "dead").hold()
    second = LeaseHolder(store, clock, "second")
    while not second.hold():
        clock.advance(timedelta(seconds=10))
    assert clock.now - NOW <= timedelta(minutes=1)


def test_a_holder_keeps_the_lease_by_looking_and_by_writing(store: Store, clock: ManualClock) -> None:
    first, second = LeaseHolder(store, clock, "first"), LeaseHolder(store, clock, "second")
    first.hold()
    for _ in range(20):
        clock.advance(timedelta(seconds=10))
        assert (first.hold(), second.hold()) == (True, False)
    clock.advance(timedelta(seconds=20))
    with first.write() as writer:
        writer.update_state(failures=1)
    assert lease_in(store) == Lease("first", 1, clock.now + LASTS)


def test_a_paused_holder_that_wakes_can_write_nothing(store: Store, clock: ManualClock) -> None:
    first, second = LeaseHolder(store, clock, "first"), LeaseHolder(store, clock, "second")
    first.hold()
    clock.advance(LASTS)
    second.hold()
    with pytest.raises(LeaseLostError), first.write() as writer:
        writer.update_state(failures=9)
    with store.read() as snapshot:
        assert snapshot.state.failures == 0
    assert not first.hold()
    clock.advance(LASTS)
    assert first.hold(), "it may take its turn again"
    assert lease_in(store) == Lease("first", 3, clock.now + LASTS)


def test_nothing_is_written_without_the_lease(store: Store, clock: ManualClock) -> None:
    with pytest.raises(LeaseLostError), LeaseHolder(store, clock, "first").write():
        pass


def test_one_of_the_same_name_is_another(store: Store, clock: ManualClock) -> None:
    LeaseHolder(store, clock, "twin").hold()
    assert not LeaseHolder(store, clock, "twin").hold()


def test_a_lease_that_is_given_up_is_free_at_once(store: Store, clock: ManualClock) -> None:
    first, second = LeaseHolder(store, clock, "first"), LeaseHolder(store, clock, "second")
    first.hold()
    first.release()
    assert second.hold()
    first.release()
    assert lease_in(store) == Lease("second", 2, NOW + LASTS), "what is another's is not given up"


def test_a_holder_whose_clock_was_set_back_takes_its_lease_anew(store: Store, clock: ManualClock) -> None:
    first = LeaseHolder(store, clock, "first")
    first.hold()
    clock.advance(-timedelta(hours=5))
    assert first.hold()
    assert lease_in(store) == Lease("first", 1, clock.now + LASTS)
    assert not LeaseHolder(store, clock, "second").hold()


def test_a_clock_that_was_set_back_keeps_no_dead_holder_alive(store: Store, clock: ManualClock) -> None:
    LeaseHolder(store, clock, "dead").hold()
    clock.advance(-timedelta(hours=5))
    assert LeaseHolder(store, clock, "second").hold()
