"""The sync loop: step after step, whatever goes wrong."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from webapp.domain.clock import Clock
from webapp.domain.words import clock_words, due_words
from webapp.store import StoreUnavailableError
from webapp.sync.engine import BudgetSpentError, Engine, Report
from webapp.sync.lease import LeaseLostError
from webapp.sync.situation import Plan, Task

log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=5)


class Stop(Protocol):
    """What ends the watching once it is set: a `threading.Event`, or what a handler of signals may set."""

    def is_set(self) -> bool:
        """Whether it is set."""

    def wait(self, timeout: float) -> bool:
        """Wait until it is set, for `timeout` seconds at most."""


def watch(
    engine: Engine, clock: Clock, stop: Stop, log_line: Callable[[str], object],
    after_step: Callable[[], object] = lambda: None,
) -> None:  # fmt: skip
    """Step whenever it is due, until `stop` is set; `log_line` is given a line for each call and each plan.

    `after_step` is called after each step. Whatever goes wrong is logged, and the next step comes.
    """
    failures, planned = 0, None
    while not stop.is_set():
        wait = _LOOK_AGAIN_SECONDS
        try:
            done = engine.step()
            after_step()
            failures = 0
            if isinstance(done, Report):
                log_line(report_words(done))
                wait = 0.0
            elif isinstance(done, Plan):
                if planned is None or (done.task, done.at) != (planned.task, planned.at):
                    log_line(plan_words(done, clock()))
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


def report_words(done: Report) -> str:
    """Say in one line what a call did and why."""
    what = f"{clock_words(done.at)} {_NAMES[done.planned.task]} ({done.planned.reason})"
    if done.planned.key is not None:
        what = f"{clock_words(done.at)} details of {done.planned.key} ({done.planned.reason})"
    if done.fault is not None:
        return f"{what}: failed. {done.fault}. Existing data is kept."
    if done.outcome is None:
        return what
    changes = "".join(
        f"\n    {key}: {change.kind.value.replace('_', ' ')}" for key, change in done.outcome.changes[:20]
    )
    return f"{what}: {done.outcome.words}{changes}"


def plan_words(planned: Plan, now: datetime) -> str:
    """Say in one line which call comes next, and on what day if that is not today's."""
    return f"next: {_NAMES[planned.task]} at {due_words(planned.at, now)} ({planned.reason})"


_NAMES = {
    Task.THROTTLE: "call limit",
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
