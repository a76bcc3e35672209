"""Cache versions: numbers that rise when something happens that makes cached responses wrong."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from webapp.instance.editions import Edition, Editions
from webapp.instance.staleness import next_notice
from webapp.response_cache.freshness import Freshness
from webapp.store import StoreState, StoreUnavailableError

log = logging.getLogger(__name__)

_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class CacheVersions:
    """The versions at one moment. A cached response is right as long as the version of its freshness stays the same.

    `feeds` rises with every change of the data and with the day in UTC; `lists` besides when the passing of time
    changes a list of events; `pages` besides when the source is reached or fails, and when a notice of that is due.

    `edition` and `state` are what was read from the store for this, and `max_lag` is how old that may be.
    """

    feeds: int
    lists: int
    pages: int
    edition: Edition
    state: StoreState
    max_lag: timedelta

    def of(self, freshness: Freshness) -> int:
        """Give the version of responses of this freshness. (None of `Freshness.NEVER` is ever asked for.)"""
        if freshness is Freshness.FEED:
            return self.feeds
        return self.lists if freshness is Freshness.API else self.pages


@dataclass(frozen=True, slots=True)
class _Reading:
    """What was read from the store, and until when it is right if nothing is written."""

    edition: Edition
    state: StoreState
    lists_expire_at: datetime  # At the next quarter of an hour at the latest, since somewhere a day may begin then.
    notice_at: datetime | None  # When pages give notice that the data are old, if nothing is heard before.

    @property
    def next_expiry(self) -> datetime:
        return self.lists_expire_at if self.notice_at is None else min(self.lists_expire_at, self.notice_at)

    @property
    def seen_by_feeds(self) -> tuple[object, ...]:
        state, last_instant = self.state, self.lists_expire_at - timedelta(microseconds=1)
        return self.edition, state.generation, state.data_committed_at, state.imported_at, last_instant.date()

    @property
    def seen_by_lists(self) -> tuple[object, ...]:
        return *self.seen_by_feeds, self.lists_expire_at

    @property
    def seen_by_pages(self) -> tuple[object, ...]:
        state = self.state
        return *self.seen_by_lists, state.reached_at, state.failing_since, state.fault, state.origin, self.notice_at


class VersionTracker:
    """Tells the present cache versions, and reads the store for that once in `max_lag` seconds. Shared by threads."""

    def __init__(self, editions: Editions, *, max_lag: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._editions = editions
        self._max_lag = max_lag
        self._monotonic = monotonic
        self._lock = Lock()
        self._reading: _Reading | None = None
        self._versions: CacheVersions | None = None
        self._read_at = 0.0
        self._has_failed = False

    def current(self) -> CacheVersions:
        """Give the present versions; while the store cannot be read, the last ones.

        Raises `FirstImportPendingError` while there is nothing to show, and `StoreUnavailableError` if the store never
        could be read.
        """
        reading, versions = self._reading, self._versions
        if reading is not None and versions is not None and self._is_recent(reading):
            return versions
        # One thread reads; the others go on with the versions there are, and wait only if there are none.
        if not self._lock.acquire(blocking=versions is None) and versions is not None:
            return versions
        try:
            return self._read()
        except StoreUnavailableError:
            if self._versions is None:
                raise
            if not self._has_failed:
                log.warning("database unavailable: serving cached responses without checking them")
            self._has_failed, self._read_at = True, self._monotonic()
            return self._versions
        finally:
            self._lock.release()

    def _is_recent(self, reading: _Reading) -> bool:
        # While the store cannot be read the next expiry cannot be told either, so the clock decides nothing.
        is_recent = self._monotonic() - self._read_at < self._max_lag
        return is_recent and (self._has_failed or reading.edition.clock() < reading.next_expiry)

    def _read(self) -> CacheVersions:
        before, edition = self._reading, self._editions.current()
        now = edition.clock()
        with edition.store.read() as snapshot:
            state = snapshot.state
            is_same = before is not None and before.edition == edition and before.state.generation == state.generation
            if is_same and before is not None and now < before.lists_expire_at <= now + _QUARTER:
                lists_expire_at = before.lists_expire_at
            else:
                quarter = _next_quarter(now)
                lists_expire_at = snapshot.next_expiry(now, before=quarter) or quarter
        reading = _Reading(edition, state, lists_expire_at, next_notice(state, now))
        versions = self._raised(before, reading)
        self._reading, self._versions, self._read_at, self._has_failed = reading, versions, self._monotonic(), False
        return versions

    def _raised(self, before: _Reading | None, after: _Reading) -> CacheVersions:
        """Give the versions that follow the last ones, each raised if what its responses see is no longer the same."""
        last = self._versions
        if before is None or last is None:
            feeds = lists = pages = 1
        else:
            feeds = last.feeds + (before.seen_by_feeds != after.seen_by_feeds)
            lists = last.lists + (before.seen_by_lists != after.seen_by_lists)
            pages = last.pages + (before.seen_by_pages != after.seen_by_pages)
        return CacheVersions(feeds, lists, pages, after.edition, after.state, timedelta(seconds=self._max_lag))


def _next_quarter(now: datetime) -> datetime:
    begun = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return begun + _QUARTER
