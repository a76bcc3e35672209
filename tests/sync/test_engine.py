from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from urllib3.exceptions import LocationParseError

from tests.clock import NOW
from tests.fake_ll2 import FakeLaunchLibrary, Fault, make_records
from tests.sync.conftest import Stage
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.ll2 import client
from webapp.ll2.chain import ChainPage
from webapp.ll2.client import Answer, LaunchLibrary
from webapp.ll2.errors import SourceError
from webapp.ll2.parse import Page
from webapp.ll2.protocol import PageRequest, ThrottleReport
from webapp.ll2.transport import BoundedAdapter
from webapp.store import Call, Writer
from webapp.sync.engine import BudgetSpentError, Engine, Report
from webapp.sync.lease import LASTS, AlreadySyncingError, LeaseLostError
from webapp.sync.situation import Plan, Task

HOUR = timedelta(hours=1)


def tasks_of(reports: list[Report]) -> list[str]:
    return [report.planned.task.value for report in reports]


def costly(fake: FakeLaunchLibrary) -> int:
    return sum(request.path.startswith("/2.3.0/events/") for request in fake.requests)


def test_it_begins_with_a_baseline_and_goes_on_as_planned(stage: Stage) -> None:
    reports = stage.run(timedelta(minutes=59))
    assert tasks_of(reports)[:2] == ["throttle", "import"]
    assert sorted(tasks_of(reports)[2:4]) == ["changed", "upcoming"]
    assert stage.state.imported_at == NOW
    assert stage.read(lambda snapshot: snapshot.count_all().changes) == 0
    assert [report.fault for report in reports] == [None] * len(reports)
    assert costly(stage.fake) == len(reports) - 1


def test_the_import_goes_on_where_it_stopped_after_a_restart(stage: Stage) -> None:
    stage.fake.records[:] = make_records(250, now=NOW)
    stage.step()
    stage.step()
    assert stage.progress.import_offset == 100
    stage.clock.advance(LASTS)
    stage.engine = stage.make_engine("the next")
    reports = [stage.step(), stage.step()]
    assert [report.outcome and report.outcome.progress for report in reports] == [(200, 250), (250, 250)]
    assert stage.state.imported_at == stage.clock.now
    assert costly(stage.fake) == 3


def test_a_fresh_process_spends_no_more_than_is_left(stage: Stage) -> None:
    stage.fake.records[:] = make_records(1017, now=NOW)
    stage.run(timedelta(minutes=5))
    assert costly(stage.fake) == 12
    stage.clock.advance(LASTS)
    stage.engine = stage.make_engine("the next")
    stage.run(timedelta(minutes=50))
    assert costly(stage.fake) == 12
    stage.run(timedelta(minutes=10))
    assert costly(stage.fake) > 12


def test_it_makes_no_more_calls_than_the_service_allows(stage: Stage) -> None:
    stage.fake.hourly_limit = 3
    stage.fake.records[:] = make_records(1017, now=NOW)
    reports = stage.run(4 * HOUR)
    assert {report.fault for report in reports} == {None}
    assert stage.state.hourly_limit == 3
    assert costly(stage.fake) <= 3 * 5


def test_what_others_spend_from_the_same_address_is_left_to_them(stage: Stage) -> None:
    stage.fake.records[:] = make_records(1017, now=NOW)
    with stage.open_source() as other:
        for _ in range(10):
            other.fetch_page(PageRequest())
    reports = stage.run(timedelta(minutes=55))
    assert {report.fault for report in reports} == {None}
    assert (stage.state.hourly_limit, costly(stage.fake)) == (5, 15)


def test_a_call_that_was_noted_and_never_came_back_is_paid_for_and_closed_by_the_next(stage: Stage) -> None:
    stage.run(HOUR)
    with stage.engine.lease.write() as writer:
        number = writer.sync.open_call("upcoming", "a test", now=stage.clock.now)
    at = stage.clock.now
    stage.run(HOUR)
    calls = stage.read(lambda snapshot: snapshot.sync.list_calls())
    (call,) = [one for one in calls if one.number == number]
    fault = "never finished: the process ended, or the database was not writable"
    assert call == Call(number, at, "upcoming", "a test", call.finished_at, None, fault)
    assert call.finished_at is not None


class Detour:
    """A source that does something else before it hands over its answer."""

    def __init__(self, source: LaunchLibrary, meanwhile: Callable[[], object]) -> None:
        self._source, self._meanwhile = source, meanwhile

    def fetch_page(self, request: PageRequest) -> Answer[Page]:
        answer = self._source.fetch_page(request)
        self._meanwhile()
        return answer

    def fetch_entry(self, key: EntryKey) -> Answer[ReceivedEntry | None]:
        return self._source.fetch_entry(key)

    def fetch_throttle(self) -> ThrottleReport:
        return self._source.fetch_throttle()

    def fetch_chain(self, after: str) -> ChainPage:
        return self._source.fetch_chain(after)

    @property
    def url(self) -> str:
        return self._source.url

    @property
    def date(self) -> datetime | None:
        return self._source.date


def test_one_that_was_paused_in_a_call_wakes_to_write_nothing(stage: Stage) -> None:
    stage.run(HOUR)
    stage.engine.lease.release()
    successor = stage.make_engine("the successor")

    def take_over() -> None:
        stage.clock.advance(LASTS)
        successor.step()

    paused = Engine(
        stage.store, Detour(stage.open_source(), take_over), stage.clock, budget=12, name="paused", chance=lambda: 0.0
    )
    stage.clock.advance(HOUR)
    stage.put(26, name="A new name")
    assert paused.lease.hold()
    with pytest.raises(LeaseLostError):
        paused.carry_out(Plan(Task.UPCOMING, stage.clock.now, "a test"))
    after = stage.kept()
    assert paused.step() is None
    assert stage.kept() == after
    assert [change.revision for change in stage.history(26)] in ([], [1]), "what the successor saw, and once at most"


def test_a_second_process_waits(stage: Stage) -> None:
    stage.step()
    asked = len(stage.fake.requests)
    assert stage.make_engine("another").step() is None
    assert len(stage.fake.requests) == asked


def test_importing_everything_at_once(stage: Stage) -> None:
    stage.fake.records[:] = make_records(250, now=NOW)
    pages: list[Report] = []
    last = stage.engine.import_everything(pages.append)[EntryKind.EVENT]
    assert [page.outcome and page.outcome.progress for page in pages] == [(100, 250), (200, 250), (250, 250)]
    assert last == pages[-1]
    with pytest.raises(AlreadySyncingError, match="another process is already syncing"):
        stage.make_engine("another").import_everything(pages.append)


def test_importing_everything_stops_at_the_budget_and_at_a_fault(stage: Stage) -> None:
    stage.fake.records[:] = make_records(250, now=NOW)
    stage.fake.fail(Fault.BAD_GATEWAY_502, after=1)
    with pytest.raises(SourceError, match="status 502"):
        stage.engine.import_everything(lambda _: None)
    assert stage.progress.import_offset == 100
    stage.engine.lease.release()
    stage.engine = stage.make_engine("a poor one", budget=3)
    with pytest.raises(BudgetSpentError, match=r"no call to Launch Library is allowed before 10:30:00 UTC"):
        stage.engine.import_everything(lambda _: None)
    assert costly(stage.fake) == 3


UNEXPECTED = [UnicodeError, OverflowError, RecursionError, LocationParseError]


@pytest.mark.parametrize("kind", UNEXPECTED)
@pytest.mark.parametrize("where", ["sending", "reading", "taking in"])
def test_every_exception_of_a_call_is_a_noted_failure_and_is_tried_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: type[Exception], where: str
) -> None:
    stage.step()

    def fail(*_: object, **__: object) -> Answer[Page]:
        raise kind("an unexpected one")

    owner: object = {"sending": BoundedAdapter, "reading": client, "taking in": Writer}[where]
    name = {"sending": "send", "reading": "interpret_page", "taking in": "upsert_entries"}[where]
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, fail)
        failed = stage.step()
    words = {
        "sending": f"the call to Launch Library failed ({kind.__name__})",
        "reading": f"Launch Library's answer could not be processed ({kind.__name__})",
        "taking in": f"Launch Library's answer could not be processed ({kind.__name__})",
    }[where]
    assert (failed.planned.task, failed.fault) == (Task.IMPORT, words)
    (call, _) = stage.read(lambda snapshot: snapshot.sync.list_calls())
    assert (call.task, call.finished_at, call.fault) == ("import", stage.clock.now, words)
    task = stage.tasks["import"]
    assert (task.failures, task.fault, task.retry_at) == (1, words, stage.clock.now + timedelta(minutes=1))
    assert "Traceback" in caplog.text
    assert stage.status()["fault"] == words
    stage.run(timedelta(minutes=2))
    assert stage.state.imported_at == NOW + timedelta(minutes=1)


def test_neither_the_token_nor_the_ident_is_kept_or_logged(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    token = "s3cr3t-t0ken"
    caplog.set_level("DEBUG")
    source = LaunchLibrary(
        stage.fake.url, cache=_cache(stage), clock=stage.clock, user_agent="Perigee/test", token=token
    )
    with source:
        engine = Engine(
            stage.store,
            source,
            stage.clock,
            budget=12,
            name="with a token",
            chance=lambda: 0.0,
            kinds=[EntryKind.EVENT],
        )
        stage.fake.fail(Fault.UNAUTHORIZED_401)
        for _ in range(4):
            engine.step()
            stage.clock.advance(timedelta(minutes=2))
    assert {request.headers.get("authorization") for request in stage.fake.requests} == {f"Token {token}"}
    assert token not in caplog.text
    folder = _cache(stage).parent
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) > 1
    assert [file for file in files if token.encode() in file.read_bytes()] == []
    assert token not in stage.site.get("/status.json")[1] + stage.site.get("/status")[1]


def _cache(stage: Stage) -> Path:
    return Path(str(stage.store._engine.url.database)).parent / "with-a-token"  # noqa: SLF001 - where its file is
