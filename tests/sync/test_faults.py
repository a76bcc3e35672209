"""Every fault of the source and of the store: nothing is lost, the reason is told, and it passes without a restart."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from tests.clock import ManualClock
from tests.fake_ll2 import FakeLaunchLibrary, Fault
from tests.keys import event_key, event_keys
from tests.soak import every_day
from tests.sync.conftest import Stage, SyncedFiles, make_stage, thirty_events
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EventType
from webapp.ll2.parse import parse_page
from webapp.ll2.protocol import PageRequest
from webapp.store import LIST_ALERT, StoreUnavailableError
from webapp.store.writing import MOST_REJECTED
from webapp.sync.apply import apply_import_page
from webapp.sync.engine import Report
from webapp.sync.situation import Plan, Task

HOUR = timedelta(hours=1)
NOT_IN_TIME = "Launch Library did not answer in time"
STATUS = "Launch Library answered with status"
NOT_JSON = "Launch Library's answer is not JSON: "

pytestmark = pytest.mark.slow

# Each with the words that it leaves behind.
FAULTS: list[tuple[Fault, dict[str, Any], str]] = [
    (Fault.TIMEOUT, {}, NOT_IN_TIME),
    (Fault.RESET, {}, "Launch Library could not be reached"),
    (Fault.RESET_MID_BODY, {}, "Launch Library's answer was cut short (ChunkedEncodingError)"),
    (Fault.HTML_500, {}, f"{STATUS} 500"),
    (Fault.BAD_GATEWAY_502, {}, f"{STATUS} 502"),
    (Fault.UNAVAILABLE_503, {}, f"{STATUS} 503"),
    (Fault.GATEWAY_TIMEOUT_504, {}, f"{STATUS} 504"),
    (Fault.CLOUDFLARE_524, {}, f"{STATUS} 524"),
    (Fault.THROTTLED, {"retry_after": 120}, "Launch Library is throttling requests, for 120 s more"),
    (Fault.THROTTLED_HTTP_DATE, {"retry_after": 120}, "Launch Library is throttling requests, for 120 s more"),
    (Fault.THROTTLED_BARE, {}, "Launch Library is throttling requests"),
    (Fault.UNAUTHORIZED_401, {}, "Launch Library refused access (401); check PERIGEE_LL2_TOKEN"),
    (Fault.TRUNCATED_JSON, {}, NOT_JSON),
    (Fault.INVALID_JSON, {}, NOT_JSON),
    (Fault.WRONG_SHAPE, {}, "Launch Library's answer has no list of results"),
    (Fault.WRONG_SHAPE, {"shape": "object"}, "Launch Library's answer has no list of results"),
    (Fault.EMPTY_200, {}, NOT_JSON),
    (Fault.GZIP_BOMB, {}, "Launch Library's answer is larger than 16,777,216 bytes"),
    (Fault.DRIPPING_BODY, {}, NOT_IN_TIME),
    (Fault.REDIRECT, {"location": "http://["}, "Launch Library's answer redirects elsewhere (302)"),
]


@pytest.fixture(scope="module")
def three_hours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncedFiles]:
    """Sync for three hours, once for all tests."""
    files, clock = tmp_path_factory.mktemp("three-hours"), ManualClock()
    with FakeLaunchLibrary(thirty_events(clock.now), hourly_limit=15, clock=clock) as fake:
        with make_stage(files, fake, clock) as stage:
            stage.run(2 * HOUR)
            stage.put(25, date="2026-03-07T12:00:00Z")
            stage.run(HOUR)
            assert [change.change.kind for change in stage.history(25)] == [ChangeKind.SLIPPED]
            stage.engine.lease.release()
        yield SyncedFiles(fake, files, clock.now)


@pytest.fixture
def synced(three_hours: SyncedFiles, tmp_path: Path) -> Iterator[Stage]:
    """Give a stage that is imported, whose event 25 has slipped once, and where the upcoming list is next."""
    with three_hours.resumed(tmp_path) as stage:
        yield stage


def next_of(stage: Stage, task: Task) -> Report:
    """Step until a call of this task was made."""
    while (report := stage.step()).planned.task is not task:
        pass
    return report


@pytest.mark.parametrize(("fault", "details", "words"), every_day(FAULTS, one_of=2))
def test_a_fault_of_the_source_loses_nothing_is_told_and_passes(
    synced: Stage, fault: Fault, details: dict[str, Any], words: str
) -> None:
    """Of the other lists `test_launch_faults.py` tests the same."""
    before = synced.kept()
    while not isinstance(planned := synced.engine.step(), Plan) or planned.task is not Task.UPCOMING:
        synced.clock.now = planned.at if isinstance(planned, Plan) else synced.clock.now
    synced.clock.now = planned.at
    synced.put(26, name="A new name")
    synced.fake.fail(fault, on="/events/upcoming/", **details)
    failed = synced.step()
    assert failed.planned.task is Task.UPCOMING
    assert failed.fault is not None
    assert failed.fault.startswith(words)
    assert synced.kept() == before, "what is stored stays as it is"
    status = synced.status()
    assert (status["fault"], status["failures"]) == (failed.fault, 1)
    assert status["tasks"]["upcoming"]["fault"] == failed.fault
    assert status["calls"][0]["fault"] == failed.fault
    assert failed.fault.split("'")[0] in synced.site.get("/status")[1].replace("&#39;", "'")
    synced.run(2 * HOUR)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED], "the next calls catch up"
    status = synced.status()
    assert (status["fault"], status["failing_since"], status["tasks"]["upcoming"]["fault"]) == (None, None, None)


def test_a_source_that_is_gone_for_hours_is_asked_less_and_less_and_then_catches_up(synced: Stage) -> None:
    before = synced.kept()
    synced.fake.stop()
    calls = synced.run(5 * HOUR)
    assert {call.fault for call in calls} == {"Launch Library could not be reached"}
    times = [call.at for call in calls if call.planned.task is not Task.THROTTLE]
    assert max(sum(at <= one < at + HOUR for one in times) for at in times) <= 12
    assert synced.kept() == before
    html = synced.site.get("/")[1]
    assert "This data may be out of date." in html
    assert synced.status()["failing_since"] is not None
    synced.fake.start()
    synced.put(26, name="A new name")
    synced.run(HOUR)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]
    assert "This data may be out of date." not in synced.site.get("/")[1]
    assert synced.status()["fault"] is None


def test_a_throttle_is_obeyed_in_full(synced: Stage) -> None:
    synced.fake.fail(Fault.THROTTLED, retry_after=5000)
    at = synced.step().at
    before = len(synced.fake.requests)
    synced.run(timedelta(seconds=4999))
    assert (synced.clock.now, len(synced.fake.requests)) == (at + timedelta(seconds=4999), before)
    assert synced.status()["paused_until"] == (at + timedelta(seconds=5000)).isoformat().replace("+00:00", "Z")
    synced.run(timedelta(seconds=2))
    assert len(synced.fake.requests) > before


@pytest.mark.parametrize(
    ("fault", "details"),
    [(Fault.WRONG_COUNT, {}), (Fault.WRONG_COUNT, {"by": 3}), (Fault.SHRUNK, {}), (Fault.EMPTY_PAGE, {})],
)
def test_a_list_that_is_not_complete_puts_nobody_in_doubt(synced: Stage, fault: Fault, details: dict[str, Any]) -> None:
    before = synced.kept()
    synced.fake.fail(fault, on="/events/upcoming/", **details)
    report = next_of(synced, Task.UPCOMING)
    assert report.outcome is not None
    assert report.outcome.words.endswith(": incomplete")
    assert synced.kept() == before
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    assert "incomplete" in synced.site.get("/status")[1]
    assert next_of(synced, Task.UPCOMING).outcome is not None


@pytest.mark.parametrize(
    ("fault", "words", "alerts"),
    [
        (
            Fault.WRONG_COUNT,
            "30 events, nothing new, of 31: incomplete",
            {LIST_ALERT: "Launch Library reports 31 events but returned 30"},
        ),
        (Fault.SHRUNK, "29 events, nothing new, of 30: incomplete", {}),
    ],
)
def test_an_import_that_met_fewer_than_are_counted_proves_nothing_and_is_no_failure(
    synced: Stage, fault: Fault, words: str, alerts: dict[str, str]
) -> None:
    before, imported_at = synced.kept(), synced.read(lambda snapshot: snapshot.state.imported_at)
    synced.fake.fail(fault, on="/events/", after=0)
    while (report := synced.step()).planned.task is not Task.IMPORT:
        if fault not in synced.fake.pending:
            synced.fake.fail(fault, on="/events/")
    assert report.outcome is not None
    assert (report.fault, report.outcome.words) == (None, words)
    assert synced.state.imported_at == report.at > imported_at
    assert synced.kept() == before
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    status = synced.status()
    assert (status["tasks"]["import"]["fault"], status["alerts"]) == (None, alerts), "all that are counted are stored"
    synced.run(3 * HOUR)
    assert synced.status()["alerts"] == {}


@pytest.mark.parametrize("fault", [Fault.LOOPING_NEXT, Fault.FOREIGN_NEXT, Fault.DUPLICATE_IDS, Fault.SKEWED_DATE])
def test_what_only_confuses_changes_nothing(synced: Stage, fault: Fault) -> None:
    before, asked = synced.kept(), len(synced.fake.requests)
    synced.fake.fail(fault, times=3)
    reports = [synced.step() for _ in range(5)]
    assert [report.fault for report in reports] == [None] * 5
    assert (len(synced.fake.requests) - asked, synced.fake.pending) == (5, [])
    assert synced.kept() == before


@pytest.mark.parametrize("how", ["id missing", "name number", "null"])
def test_a_rotten_record_is_refused_by_name_and_the_others_come_in(synced: Stage, how: str) -> None:
    before = synced.read(lambda snapshot: snapshot.get_records([20]))
    synced.put(26, name="A new name")
    synced.fake.fail(Fault.ROTTEN_RECORD, on="/events/upcoming/", record=how)
    report = next_of(synced, Task.UPCOMING)
    assert report.outcome is not None
    assert report.outcome.words.endswith("1 changed, 1 rejected")
    assert synced.read(lambda snapshot: snapshot.get_records([20])) == before
    (rejected,) = synced.status()["rejected"]
    assert rejected["reason"] in synced.site.get("/status")[1]
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]
    synced.run(5 * HOUR)
    assert synced.status()["rejected"] == [], "once it is understood again the note is gone"


@pytest.mark.parametrize(("how", "field"), [("date rubbish", "date"), ("type text", "type")])
def test_a_field_that_cannot_be_read_costs_no_event_and_is_told(
    synced: Stage, how: str, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    synced.put(26, name="A new name")
    synced.fake.fail(Fault.ROTTEN_RECORD, on="/events/upcoming/", record=how)
    report = next_of(synced, Task.UPCOMING)
    assert report.outcome is not None
    assert report.outcome.words.endswith(f"2 changed, 1 field unreadable ({field})")
    assert synced.status()["rejected"] == []
    assert f"1 field unreadable ({field})" in synced.site.get("/status")[1]
    assert f"unreadable fields, treated as missing: {field} of 1" in caplog.text
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]
    synced.run(5 * HOUR)
    assert "unreadable" not in synced.read(lambda snapshot: snapshot.sync.list_calls(limit=1))[0].outcome


def test_a_record_that_cannot_be_written_is_refused_alone(synced: Stage, caplog: pytest.LogCaptureFixture) -> None:
    engine = synced.store._engine  # noqa: SLF001 - no other way leads to its tables
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_25 BEFORE UPDATE ON entries WHEN NEW.id = 25 BEGIN SELECT RAISE(ABORT, 'not this'); END"
        )
    before = synced.read(lambda snapshot: snapshot.get_records([25]))
    for event_id in (25, 26):
        synced.put(event_id, name="A new name")
    report = next_of(synced, Task.UPCOMING)
    assert report.fault is None
    assert report.outcome is not None
    assert report.outcome.words.endswith("events, 1 changed, 1 rejected")
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]
    assert synced.read(lambda snapshot: snapshot.get_records([25])) == before
    (rejected,) = synced.status()["rejected"]
    assert (rejected["event_id"], rejected["reason"]) == (25, "record: could not be stored (not this)")
    assert " records rejected: 25 (record: could not be stored (not this))" in caplog.text
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER no_25")
    next_of(synced, Task.UPCOMING)
    assert synced.history(25)[0].change.kind is ChangeKind.RENAMED
    assert synced.status()["rejected"] == []


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE_503, Fault.THROTTLED, Fault.WRONG_SHAPE])
def test_a_failing_check_of_the_allowance_delays_nothing_else(synced: Stage, fault: Fault) -> None:
    before = synced.state
    synced.fake.fail(fault, on="/api-throttle/", times=100)
    assert next_of(synced, Task.THROTTLE).fault is not None
    asked, start = len(synced.fake.requests), synced.clock.now
    status = synced.status()
    assert (status["failing_since"], status["failures"], status["fault"], status["paused_until"]) == (
        None,
        0,
        None,
        None,
    )
    assert status["tasks"]["throttle"]["failures"] == 1
    assert "Something has been failing" not in synced.site.get("/status")[1]
    synced.put(26, name="A new name")
    calls = synced.run(HOUR)
    assert [call.fault for call in calls if call.planned.task is not Task.THROTTLE] == [None] * sum(
        call.planned.task is not Task.THROTTLE for call in calls
    )
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]
    assert (len(synced.fake.requests) > asked, synced.clock.now) == (True, start + HOUR)
    assert synced.state.hourly_limit == before.hourly_limit


def test_ten_thousand_empty_records_leave_a_thousand_notes_and_a_line_a_page(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    statements: list[str] = []
    event.listen(stage.store._engine, "before_cursor_execute", lambda *call: statements.append(call[2]))  # noqa: SLF001

    def take_in(first: int, size: int) -> int:
        page = parse_page({"count": 20_000, "next": "x", "results": [{"id": first + place} for place in range(size)]})
        with stage.store.write() as writer:
            before = len(statements)
            apply_import_page(writer, PageRequest(first), page, now=stage.clock.now)
            return len(statements) - before

    take_in(15_001, 1)
    alone = take_in(15_002, 1)
    assert {take_in(first, 100) for first in range(1, 10_001, 100)} == {alone}, "a page is written in bulk"
    assert len(caplog.records) == 102
    first_ten = ", ".join(f"{number} (name: missing)" for number in range(9901, 9911))
    assert caplog.messages[-1] == f"100 of 100 records rejected: {first_ten} and 90 more"
    assert stage.status()["counts"]["rejected"] == MOST_REJECTED
    assert len(stage.site.get("/status.json")[1]) < 5_000


def test_a_full_disk_keeps_what_there_is_and_says_so_until_there_is_room(synced: Stage) -> None:
    before = synced.kept()
    synced.put(26, name="A new name", description="long " * 40_000)
    full = {"pages": 0}

    def limit(connection: Any, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {full['pages'] or 2**30}")

    engine = synced.store._engine  # noqa: SLF001 - no other way leads to its connections
    event.listen(engine, "checkout", limit)
    with engine.connect() as connection:
        full["pages"] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 4
    with pytest.raises(StoreUnavailableError, match="database or disk is full"):
        next_of(synced, Task.UPCOMING)
    assert synced.kept() == before
    full["pages"] = 0
    synced.run(timedelta(hours=2))
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED, ChangeKind.EDITED][::-1]
    calls = synced.read(lambda snapshot: snapshot.sync.list_calls())
    assert [call.fault for call in calls if call.fault] == [
        "never finished: the process ended, or the database was not writable"
    ]


def test_a_locked_database_is_waited_for_and_the_schedule_goes_on(synced: Stage) -> None:
    before = synced.kept()
    synced.put(26, name="A new name")
    synced.clock.advance(timedelta(minutes=31))
    engine = synced.store._engine  # noqa: SLF001 - no other way leads to its connections

    def hurry(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout = 50")

    event.listen(engine, "checkout", hurry)
    with sqlite3.connect(str(engine.url.database), isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="database is locked"):
            synced.engine.step()
        assert synced.kept() == before
        assert synced.site.get("/")[0] == 200, "readers do not wait for writers"
        other.execute("ROLLBACK")
    other.close()
    synced.run(HOUR)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RENAMED]


def test_an_event_is_withdrawn_only_when_a_list_lacks_it_and_it_is_gone_and_may_return(synced: Stage) -> None:
    (record,) = [one for one in synced.fake.records if one["id"] == 26]
    synced.fake.remove(26)
    synced.fake.fail(Fault.HTML_500, on="/events/26/")
    assert next_of(synced, Task.DETAILS).fault == "Launch Library answered with status 500"
    assert synced.history(26) == [], "a failure is no word about an event"
    assert next_of(synced, Task.DETAILS).planned.key == event_key(26)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.WITHDRAWN]
    assert synced.site.get("/2.3.0/events/26/")[0] == 404
    assert "/events/26/" not in synced.site.get("/")[1]
    code, page = synced.site.get(f"/events/26/{record['slug']}")
    assert (code, "Withdrawn by Launch Library</strong>" in page) == (200, True)
    lines = synced.site.get("/feeds/events.ics")[1].split("BEGIN:VEVENT")
    (entry,) = [one for one in lines if "UID:ll2-event-26@" in one]
    assert ("STATUS:CANCELLED" in entry, "SEQUENCE:1\r\n" in entry) == (True, True)
    assert "ll2-event-26" not in synced.site.get("/feeds/events.rss")[1]
    synced.fake.put(record)
    synced.run(timedelta(minutes=31))
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.RETURNED, ChangeKind.WITHDRAWN]
    assert synced.site.get("/2.3.0/events/26/")[0] == 200
    assert "STATUS:CANCELLED" not in synced.site.get("/feeds/events.ics")[1]


@pytest.mark.parametrize("fault", [Fault.HTML_500, Fault.TRUNCATED_JSON, Fault.EMPTY_200])
def test_an_answer_that_tells_nothing_of_an_event_in_doubt_is_asked_for_again_within_hours(
    synced: Stage, fault: Fault
) -> None:
    synced.fake.remove(26)
    synced.fake.fail(fault, on="/events/26/")
    failed = next_of(synced, Task.DETAILS)
    assert (failed.fault is not None, synced.history(26)) == (True, [])
    synced.run(3 * HOUR)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.WITHDRAWN]


def test_an_event_that_cannot_be_understood_keeps_no_other_in_doubt_from_its_turn(synced: Stage) -> None:
    for event_id in (25, 26):
        synced.fake.remove(event_id)
    synced.fake.fail(Fault.TRUNCATED_JSON, on="/events/25/")
    assert [next_of(synced, Task.DETAILS).planned.key for _ in range(3)] == event_keys([25, 26, 25])


def test_an_event_that_changed_when_it_was_asked_for_and_is_gone_at_last_is_withdrawn_within_the_hour(
    synced: Stage,
) -> None:
    synced.put(26, date="2026-02-27T12:00:00Z")  # The upcoming list lacks it from now on.
    next_of(synced, Task.DETAILS)
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.SLIPPED]
    assert synced.read(lambda snapshot: snapshot.sync.list_doubts()) == []
    synced.fake.remove(26)
    synced.run(timedelta(hours=5))
    assert [change.change.kind for change in synced.history(26)] == [ChangeKind.WITHDRAWN, ChangeKind.SLIPPED]


def test_a_past_event_that_is_gone_is_found_by_the_slow_import(synced: Stage) -> None:
    synced.fake.remove(3)
    synced.run(timedelta(hours=5))
    assert [change.change.kind for change in synced.history(3)] == [ChangeKind.WITHDRAWN]


def test_a_past_event_that_changed_is_found_within_the_hour(synced: Stage) -> None:
    synced.put(3, type={"id": 3, "name": "EVA"})
    synced.run(timedelta(minutes=61))
    assert [change.change.fields for change in synced.history(3)] == [("type",)]
    assert synced.read(lambda snapshot: snapshot.get_entry(event_key(3))).entry.type == EventType(3, "EVA")
