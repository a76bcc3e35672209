import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Fault
from tests.sync.conftest import Stage
from webapp.store import Store, StoreUnavailableError
from webapp.sync.engine import Engine
from webapp.sync.situation import Plan, Task
from webapp.sync.watch import Line, log_line, plan_words, watch

FIRST_LINES = [
    "09:30:00 UTC call limit (the call limit may have changed): 15 calls an hour allowed, 0 used",
    "09:30:00 UTC all events (the first import begins): 30 events, 30 new, complete",
    "09:30:00 UTC changed events (they were never fetched): 0 events, nothing new",
    "09:30:00 UTC upcoming events (it was never fetched): 12 events, nothing new",
]


@contextmanager
def watching(stage: Stage, lines: list[Line]) -> Iterator[Thread]:
    """Watch in a thread, as the server does; stop it at the end."""
    stop = Event()
    thread = Thread(target=watch, args=(stage.engine, stage.clock, stop, lines.append))
    thread.start()
    yield thread
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


def test_watching_tells_a_line_for_each_call_and_gives_the_lease_up_when_told_to_stop(stage: Stage) -> None:
    lines: list[Line] = []
    with watching(stage, lines):
        wait_for(lambda: any(line.words.startswith("next: ") for line in lines))
    *first, last = [line.words for line in lines]
    assert sorted(first) == sorted(FIRST_LINES)
    assert last == "next: upcoming events at 09:54:00 UTC (it is time to look again)"
    assert stage.make_engine("the next").lease.hold(), "nobody need wait for the end of the lease"


def test_a_plan_for_another_day_is_told_with_its_day() -> None:
    planned = Plan(Task.UPCOMING, NOW + timedelta(days=1), "half an hour has passed")
    expected = "next: upcoming events at 2 March 2026, 09:30:00 UTC (half an hour has passed)"
    assert plan_words(planned, NOW) == expected


@pytest.mark.parametrize("task", Task)
def test_every_task_has_a_name(task: Task) -> None:
    assert plan_words(Plan(task, NOW, "it was requested"), NOW).startswith("next: ")


def test_a_failing_call_is_told_with_its_reason(stage: Stage) -> None:
    lines: list[Line] = []
    stage.fake.fail(Fault.BAD_GATEWAY_502)
    with watching(stage, lines):
        wait_for(lambda: len(lines) == 3)
    assert [line.words for line in lines[1:]] == [
        f"{FIRST_LINES[1].partition(': ')[0]}: failed. Launch Library answered with status 502. Existing data is kept.",
        "next: all events at 09:31:00 UTC (the first import begins)",
    ]
    assert [line.is_failure for line in lines] == [False, True, False]
    assert [line.fields for line in lines] == [
        {"task": "throttle", "outcome": "done", "seconds": 0.0},
        {"task": "import", "outcome": "failed", "seconds": 0.0},
        {},
    ]


@pytest.mark.parametrize(("is_failure", "level"), [(False, logging.INFO), (True, logging.WARNING)])
def test_a_failed_call_is_logged_as_a_warning_with_its_fields(
    caplog: pytest.LogCaptureFixture, level: int, *, is_failure: bool
) -> None:
    with caplog.at_level(logging.INFO):
        log_line(Line("50 % done", {"task": "import", "outcome": "failed", "seconds": 1.25}, is_failure))
    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (level, "50 % done")
    assert (vars(record)["task"], vars(record)["outcome"], vars(record)["seconds"]) == ("import", "failed", 1.25)


def test_what_changed_is_told_event_by_event(stage: Stage) -> None:
    stage.run(timedelta(hours=1))
    stage.put(26, name="A new name", webcast_live=True)
    stage.clock.advance(timedelta(minutes=30))
    lines: list[Line] = []
    with watching(stage, lines):
        wait_for(lambda: len([line for line in lines if line.words.startswith("    ")]) == 2)
    told = [line.words for line in lines if line.words.startswith("    ")]
    assert told == ["    event 26: renamed", "    event 26: gone live"]


class CountingStop(Event):
    """Stops after some waits, and says how long each was to last."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0)
        if len(self.waits) == self._most:
            self.set()
        return self.is_set()


def test_a_store_that_cannot_be_written_leads_to_no_call_at_all(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_store: Store) -> None:
        raise StoreUnavailableError("database or disk is full")

    stop = CountingStop(7)
    monkeypatch.setattr(Store, "write", fail)
    watch(stage.engine, stage.clock, stop, lambda _: None)
    assert stop.waits == [10, 20, 40, 80, 160, 300, 300]
    assert stage.fake.requests == []
    assert stage.engine.trouble == "the database is unavailable: database or disk is full"


def test_a_fault_of_our_own_does_not_end_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[int] = []
    original = Engine.step

    def step(engine: Engine) -> object:
        steps.append(1)
        if len(steps) == 1:
            raise ZeroDivisionError("a fault of ours")
        return original(engine)

    monkeypatch.setattr(Engine, "step", step)
    lines: list[Line] = []
    watch(stage.engine, stage.clock, CountingStop(7), lines.append)
    assert sorted(line.words for line in lines[:4]) == sorted(FIRST_LINES)
    assert "ZeroDivisionError('a fault of ours')" in caplog.text
    assert stage.state.imported_at == NOW


def test_another_process_is_waited_for(stage: Stage) -> None:
    stage.make_engine("another").lease.hold()
    stop = CountingStop(3)
    watch(stage.engine, stage.clock, stop, lambda _: None)
    assert stop.waits == [5, 5, 5]
    assert stage.fake.requests == []
