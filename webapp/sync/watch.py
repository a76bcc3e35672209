"""The sync loop: step after step, whatever goes wrong."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from webapp.domain.clock import Clock
from webapp.domain.words import clock_words, due_words
from webapp.store import Call, StoreUnavailableError
from webapp.sync.engine import BudgetSpentError, Engine, Report
from webapp.sync.lease import LeaseLostError
from webapp.sync.situation import Plan, Task

log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 5.0
_MOST_CHANGES_TOLD = 20
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)


class Stop(Protocol):
    """What ends the watching once it is set: a `threading.Event`, or what a handler of signals may set."""

    def is_set(self) -> bool:
        """Whether it is set."""

    def wait(self, timeout: float) -> bool:
        """Wait until it is set, for `timeout` seconds at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """What is told of a call, of a change that it found, or of the next call, in one line of words.

    `fields` say for programs what the words say for people: of a call its `task`, its `outcome` ("done" or "failed"),
    and its `seconds`.
    """

    words: str
    fields: Mapping[str, object] = field(default_factory=dict)
    is_failure: bool = False


def watch(engine: Engine, clock: Clock, stop: Stop, tell: Callable[[Line], object]) -> None:
    """Step whenever it is due, until `stop` is set; `tell` is given lines for each call and a line for each plan.

    Whatever goes wrong is logged, and the next step comes.
    """
    failures, planned = 0, None
    while not stop.is_set():
        wait = _LOOK_AGAIN_SECONDS
        try:
            done = engine.step()
            failures = 0
            if isinstance(done, Report):
                _tell_all(tell, report_lines(done))
                wait = 0.0
            elif isinstance(done, Plan):
                if _is_told(done, planned):
                    tell(Line(plan_words(done, clock())))
                    planned = done
                # Never sleep long: the clock may be set, and the lease wants to be renewed.
                wait = min((done.at - clock()).total_seconds(), _LOOK_AGAIN_SECONDS)
        except (LeaseLostError, BudgetSpentError) as error:
            log.warning("%s", error)
        except Exception as error:
            failures += 1
            wait = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE).total_seconds()
            engine.trouble = _trouble(error)
            # A fault of ours must not end the syncing; what could not be noted in the store stands in the log.
            if isinstance(error, StoreUnavailableError):
                log.warning("database unavailable: %s; retrying in %.0f s", error, wait)
            else:
                log.warning("syncing failed: %r; retrying in %.0f s", error, wait, exc_info=True)
        stop.wait(max(wait, 0.0))
    _release(engine)


def log_line(line: Line) -> None:
    """Write a line into the log: a failed call is a warning."""
    log.log(logging.WARNING if line.is_failure else logging.INFO, "%s", line.words, extra=dict(line.fields))


def report_lines(done: Report) -> list[Line]:
    """Say what a call did and why, and then each change that it found; nothing of one that was quiet."""
    if done.outcome is not None and done.outcome.is_quiet:
        return []
    is_failure = done.fault is not None
    fields = {
        "task": done.planned.task.value,
        "outcome": "failed" if is_failure else "done",
        "seconds": round(done.took.total_seconds(), 3),
    }
    changes = () if done.outcome is None else done.outcome.changes[:_MOST_CHANGES_TOLD]
    return [
        Line(_report_words(done), fields, is_failure),
        *(Line(f"    {key}: {change.kind.value.replace('_', ' ')}") for key, change in changes),
    ]


def call_line(call: Call) -> Line:
    """Say what became of a call, as the store has it."""
    what = f"{clock_words(call.called_at)} {_NAMES[Task(call.task)]} ({call.reason})"
    if call.fault is not None:
        return Line(f"{what}: {_failed_words(call.fault)}", is_failure=True)
    return Line(f"{what}: {call.outcome}")


def _is_told(plan: Plan, told: Plan | None) -> bool:
    """Whether a plan is worth a line: the chain is asked twice a minute."""
    is_new = told is None or (plan.task, plan.at) != (told.task, told.at)
    return is_new and plan.task is not Task.CHAIN


def _tell_all(tell: Callable[[Line], object], lines: Iterable[Line]) -> None:
    for line in lines:
        tell(line)


def _report_words(done: Report) -> str:
    what = f"{clock_words(done.at)} {_NAMES[done.planned.task]} ({done.planned.reason})"
    if done.planned.key is not None:
        what = f"{clock_words(done.at)} details of {done.planned.key} ({done.planned.reason})"
    if done.fault is not None:
        return f"{what}: {_failed_words(done.fault)}"
    if done.outcome is None:
        return what
    return f"{what}: {done.outcome.words}"


def _failed_words(fault: str) -> str:
    return f"failed. {fault}. Existing data is kept."


def plan_words(planned: Plan, now: datetime) -> str:
    """Say in one line which call comes next, and on what day if that is not today's."""
    return f"next: {_NAMES[planned.task]} at {due_words(planned.at, now)} ({planned.reason})"


_NAMES = {
    Task.THROTTLE: "call limit",
    Task.CHAIN: "chain",
    Task.UPCOMING: "upcoming events",
    Task.CHANGED: "changed events",
    Task.IMPORT: "all events",
    Task.DETAILS: "details of an entry",
    Task.LAUNCHES_SOON: "launches with a known time",
    Task.LAUNCHES_CHANGED: "changed launches",
    Task.LAUNCHES_SWEEP: "all upcoming launches",
    Task.LAUNCHES_DETAILS: "details of launches",
    Task.LAUNCHES_HISTORY: "past launches",
}


def _trouble(error: Exception) -> str:
    """Say what anyone may know of an error; the log has the rest."""
    if isinstance(error, StoreUnavailableError):
        return f"the database is unavailable: {error.public}"
    return f"syncing failed because of a bug in Perigee ({type(error).__name__})"


def _release(engine: Engine) -> None:
    try:
        engine.lease.release()
    except StoreUnavailableError as error:
        log.warning("could not release the sync lease: %s", error)
