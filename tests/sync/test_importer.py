import json
import logging
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import NOW, ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault, Record, make_record, make_records
from tests.fake_ll2.data import real_records_2_1
from tests.fake_ll2.records import raise_2_1
from webapp.ll2.client import LaunchLibrary
from webapp.ll2.errors import MalformedError, ThrottledError, UnavailableError
from webapp.store import Intake, Store, StoreState
from webapp.sync.importer import Progress, import_events

Import = Callable[[], Progress]


@pytest.fixture
def fake(clock: ManualClock) -> Iterator[FakeLaunchLibrary]:
    with FakeLaunchLibrary(make_records(1017, now=clock.now), clock=clock) as fake:
        yield fake


@pytest.fixture
def run(fake: FakeLaunchLibrary, store: Store, clock: ManualClock, tmp_path: Path) -> Iterator[Import]:
    with LaunchLibrary(
        fake.url, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test", read_timeout=0.5
    ) as source:
        yield lambda: import_events(source, store, clock, report=lambda _: None, pause=lambda _: None)


def state_of(store: Store) -> StoreState:
    with store.read() as snapshot:
        return snapshot.state


def records_in(store: Store, ids: list[int]) -> dict[int, Record]:
    with store.read() as snapshot:
        return {event_id: json.loads(record) for event_id, record in snapshot.get_records(ids).items()}


def as_served(fake: FakeLaunchLibrary, records: list[Record]) -> dict[int, Record]:
    return {record["id"]: record | {"url": f"{fake.url}events/{record['id']}/"} for record in records}


def test_a_thousand_events_come_in_eleven_requests_and_again_change_nothing(
    fake: FakeLaunchLibrary, store: Store, run: Import, clock: ManualClock
) -> None:
    done = run()
    assert done == Progress(seen=1017, total=1017, requests=11, intake=Intake(added=1017), rejected=0)
    assert len(fake.requests) == 11
    assert records_in(store, list(range(1, 1018))) == as_served(fake, fake.records)
    before = state_of(store)
    assert (before.imported_at, before.reached_at, before.import_offset) == (NOW, NOW, 0)

    clock.advance(timedelta(hours=1))
    again = run()
    assert again == Progress(seen=1017, total=1017, requests=11, intake=Intake(unchanged=1017), rejected=0)
    assert state_of(store).generation == before.generation
    assert state_of(store).committed_at == before.committed_at
    assert state_of(store).imported_at == NOW + timedelta(hours=1)


def test_the_real_records_come_in_whole_and_again_change_nothing(
    fake: FakeLaunchLibrary, store: Store, run: Import
) -> None:
    fake.records = [raise_2_1(record) for record in real_records_2_1()]
    assert run() == Progress(seen=193, total=193, requests=2, intake=Intake(added=193), rejected=0)
    assert records_in(store, [record["id"] for record in fake.records]) == as_served(fake, fake.records)
    generation = state_of(store).generation
    assert run().intake == Intake(unchanged=193)
    assert state_of(store).generation == generation


def test_one_rotten_record_is_refused_and_named_and_the_others_are_kept(
    fake: FakeLaunchLibrary, store: Store, run: Import, caplog: pytest.LogCaptureFixture
) -> None:
    fake.records = [make_record(number) for number in range(1, 101)]
    fake.fail(Fault.ROTTEN_RECORD, record="name number", at=41)
    done = run()
    assert (done.intake, done.rejected) == (Intake(added=99), 1)
    assert state_of(store).imported_at == NOW, "an import is complete although a record was refused"
    assert [record.getMessage() for record in caplog.records] == ["record 42 refused: name: not a text"]
    with store.read() as snapshot:
        assert snapshot.count_rejected() == 1
    run()
    with store.read() as snapshot:
        assert (snapshot.count_rejected(), snapshot.count_all_events()) == (0, 100)


def test_an_unknown_precision_is_logged_once_a_page(
    fake: FakeLaunchLibrary, run: Import, caplog: pytest.LogCaptureFixture
) -> None:
    odd = {"id": 77, "name": "Eon", "abbrev": "E", "description": ""}
    fake.records = [make_record(1, date_precision=odd), make_record(2, date_precision=odd)]
    run()
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "date precision 77 is unknown: taken as the day of the date"
    ]


@pytest.mark.parametrize("fault", [Fault.TIMEOUT, Fault.RESET_MID_BODY, Fault.HTML_500, Fault.TRUNCATED_JSON])
def test_a_passing_fault_costs_one_more_request(
    fake: FakeLaunchLibrary, store: Store, run: Import, fault: Fault
) -> None:
    fake.fail(fault, after=3)
    assert run().intake == Intake(added=1017)
    assert len(fake.requests) == 12
    assert state_of(store).imported_at == NOW


def test_a_lasting_fault_keeps_what_came_and_the_next_import_goes_on_from_there(
    fake: FakeLaunchLibrary, store: Store, run: Import
) -> None:
    fake.fail(Fault.UNAVAILABLE_503, times=2, after=4)
    with pytest.raises(UnavailableError):
        run()
    with store.read() as snapshot:
        assert snapshot.count_all_events() == 400
    assert (state_of(store).import_offset, state_of(store).imported_at) == (400, None)
    fake.requests.clear()
    done = run()
    assert (done.requests, done.intake) == (7, Intake(added=617))
    assert (state_of(store).import_offset, state_of(store).imported_at) == (0, NOW)


def test_an_import_that_broke_off_long_ago_begins_anew(
    fake: FakeLaunchLibrary, run: Import, clock: ManualClock
) -> None:
    fake.fail(Fault.UNAVAILABLE_503, times=2, after=4)
    with pytest.raises(UnavailableError):
        run()
    clock.advance(timedelta(hours=2))
    assert run().requests == 11


def test_a_throttled_import_stops_at_once(fake: FakeLaunchLibrary, store: Store, run: Import) -> None:
    fake.hourly_limit = 5
    with pytest.raises(ThrottledError) as caught:
        run()
    assert caught.value.wait is not None
    assert len(fake.requests) == 6
    assert state_of(store).import_offset == 500


def test_an_answer_that_says_there_is_nothing_is_not_believed(
    fake: FakeLaunchLibrary, store: Store, run: Import
) -> None:
    run()
    before = state_of(store)
    fake.fail(Fault.EMPTY_PAGE, times=2)
    with pytest.raises(MalformedError, match="no events at all"):
        run()
    with store.read() as snapshot:
        assert snapshot.count_all_events() == 1017
    assert state_of(store) == before


@pytest.mark.parametrize("fault", [Fault.LOOPING_NEXT, Fault.FOREIGN_NEXT, Fault.DUPLICATE_IDS])
def test_odd_pages_lead_nowhere_else(fake: FakeLaunchLibrary, store: Store, run: Import, fault: Fault) -> None:
    fake.fail(fault, after=2)
    run()
    assert len(fake.requests) == 11
    with store.read() as snapshot:
        assert snapshot.count_all_events() == 1017


def test_a_count_that_the_pages_do_not_hold_is_no_complete_import(
    fake: FakeLaunchLibrary, store: Store, run: Import
) -> None:
    fake.records = [make_record(number) for number in range(1, 51)]
    fake.fail(Fault.WRONG_COUNT, by=3)
    with pytest.raises(MalformedError, match="counts 53 events and gave 50"):
        run()
    assert state_of(store).imported_at is None
    assert run().intake == Intake(unchanged=50)
    assert state_of(store).imported_at == NOW


def test_progress_is_reported_page_by_page(
    fake: FakeLaunchLibrary, store: Store, clock: ManualClock, tmp_path: Path
) -> None:
    heard: list[tuple[int, int]] = []
    source = LaunchLibrary(fake.url, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test")
    with source as opened, nullcontext():
        import_events(
            opened, store, clock, report=lambda one: heard.append((one.seen, one.total)), pause=lambda _: None
        )
    assert heard == [*((number, 1017) for number in range(100, 1001, 100)), (1017, 1017)]
