"""Importing again and again: when the next attempt is due is kept in the store, so that a restart changes nothing."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

from webapp.domain.clock import Clock
from webapp.ll2.errors import SourceError, ThrottledError
from webapp.store import Store
from webapp.sync.importer import Progress, Source, import_events
from webapp.sync.lock import AlreadySyncingError, exclusive

log = logging.getLogger(__name__)

_FIRST_RETRY = timedelta(minutes=5)
_LOOK_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Importer:
    """Everything that an import needs. `open_source` opens one session; `interval` lies between two imports."""

    open_source: Callable[[], AbstractContextManager[Source]]
    store: Store
    clock: Clock
    interval: timedelta
    lock_file: Path

    def attempt(self, *, report: Callable[[Progress], None], pause: Callable[[float], object]) -> Progress:
        """Import once, now, and note in the store how it went and when to come back.

        Raises a `SourceError` if Launch Library gave nothing usable, and `AlreadySyncingError` if another process is
        at it.
        """
        with exclusive(self.lock_file), self.open_source() as source:
            try:
                progress = import_events(source, self.store, self.clock, report=report, pause=pause)
            except SourceError as error:
                self._note_failure(error)
                raise
            with self.store.write() as writer:
                writer.update_state(failures=0, fault=None, next_sync_at=self.clock() + self.interval)
            return progress

    def seconds_until_due(self) -> float:
        """Say how long until the next attempt; zero or less means now."""
        with self.store.read() as snapshot:
            due = snapshot.state.next_sync_at
        return 0.0 if due is None else (due - self.clock()).total_seconds()

    def _note_failure(self, error: SourceError) -> None:
        now = self.clock()
        with self.store.write() as writer:
            failures = writer.state.failures + 1
            retry_at = next_try(error, failures, now, self.interval)
            writer.update_state(failures=failures, fault=str(error), next_sync_at=retry_at)


def next_try(error: SourceError, failures: int, now: datetime, interval: timedelta) -> datetime:
    """Decide when to try again: when the source says so, or else after 5 minutes, twice as long after each failure."""
    if isinstance(error, ThrottledError) and error.wait is not None:
        return now + error.wait
    return now + backoff(failures, interval)


def backoff(failures: int, interval: timedelta) -> timedelta:
    """Give how long to wait after so many failures in a row: 5 minutes, doubled by each, `interval` at most."""
    return min(_FIRST_RETRY * (1 << min(failures - 1, 10)), interval)


def watch(importer: Importer, stop: Event) -> None:
    """Import whenever it is due, until told to stop. Whatever goes wrong is logged, and the next attempt comes."""
    crashes = 0
    while not stop.is_set():
        try:
            wait = importer.seconds_until_due()
            if wait <= 0:
                _attempt(importer, stop)
            crashes = 0
        except Exception:
            # What could not be noted in the store must not lead to a call every few seconds.
            crashes += 1
            retry = backoff(crashes, importer.interval)
            log.exception("syncing failed; the next attempt comes in %s", retry)
            stop.wait(retry.total_seconds())
            continue
        # Never sleep long: the clock may be set, and another process may have synced meanwhile.
        stop.wait(min(max(wait, 1.0), _LOOK_AGAIN_SECONDS))


def _attempt(importer: Importer, stop: Event) -> None:
    try:
        done = importer.attempt(report=_log_page, pause=stop.wait)
    except AlreadySyncingError as error:
        log.debug("%s", error)
    except SourceError as error:
        log.warning("import broke off: %s. What came is kept.", error)
    else:
        log.info("import complete: %s", words_of(done))


def words_of(progress: Progress) -> str:
    """Say in words what an import did."""
    intake = progress.intake
    words = f"{progress.total} events in {progress.requests} requests: {intake.added} new, {intake.changed} changed"
    return f"{words}, {progress.rejected} refused" if progress.rejected else words


def _log_page(progress: Progress) -> None:
    log.debug("%d of %d events", progress.seen, progress.total)
