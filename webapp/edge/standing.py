"""How things stand: all that readers' answers depend on besides their address, told by three numbers."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from webapp.edge.edition import Edition, Editions
from webapp.store import StoreState, StoreUnavailableError

log = logging.getLogger(__name__)

FAILING_IS_TOLD_AFTER = timedelta(hours=1)
SILENCE_IS_TOLD_AFTER = timedelta(hours=2)
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand for one edition, until they change. Each number rises with every change of what it is about.

    `feeds` is about the edition, the store's generation and the UTC day; `lists` besides about what has begun or ended
    since, and about the days of all zones, which begin on a quarter of an hour; `pages` besides about the last contact
    with the source. `lag` is how long ago this may have been so, and something else since.
    """

    feeds: int
    lists: int
    pages: int
    edition: Edition
    state: StoreState
    lag: timedelta


@dataclass(frozen=True, slots=True)
class _Seen:
    edition: Edition
    state: StoreState
    turn: datetime  # Until when pages may be kept.

    @property
    def told_by_feeds(self) -> tuple[object, ...]:
        state, quarter = self.state, self.turn - timedelta(microseconds=1)
        return self.edition, state.generation, state.committed_at, state.imported_at, quarter.date()

    @property
    def told_by_lists(self) -> tuple[object, ...]:
        return *self.told_by_feeds, self.turn

    @property
    def told_by_pages(self) -> tuple[object, ...]:
        state = self.state
        return *self.told_by_lists, state.reached_at, state.failing_since, state.fault


class Standings:
    """Tells how things stand; looks at the store for it at most once in `trusted_for` seconds. Shared by threads."""

    def __init__(
        self, editions: Editions, *, trusted_for: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._editions = editions
        self._trusted_for = trusted_for
        self._lag = timedelta(seconds=trusted_for)
        self._monotonic = monotonic
        self._lock = Lock()
        self._seen: _Seen | None = None
        self._standing: Standing | None = None
        self._looked_at = 0.0
        self._has_failed = False

    def current(self) -> Standing:
        """Say how things stand.

        While the store cannot be read, they stand as they last did. Raises `FirstImportPendingError` while there is
        nothing to show, and `StoreUnavailableError` if that never could be read.
        """
        seen, standing = self._seen, self._standing
        if seen is not None and standing is not None and self._is_trusted(seen):
            return standing
        # While one looks, the others go on with what was last seen, unless that is nothing.
        if not self._lock.acquire(blocking=standing is None) and standing is not None:
            return standing
        try:
            return self._look()
        except StoreUnavailableError:
            if self._standing is None:
                raise
            if not self._has_failed:
                log.warning("the store cannot be read: answers are kept as they are")
            self._has_failed, self._looked_at = True, self._monotonic()
            return self._standing
        finally:
            self._lock.release()

    def _is_trusted(self, seen: _Seen) -> bool:
        # While the store cannot be read, what has turned since cannot be told either.
        is_recent = self._monotonic() - self._looked_at < self._trusted_for
        return is_recent and (self._has_failed or seen.edition.clock() < seen.turn)

    def _look(self) -> Standing:
        before, standing = self._seen, self._standing
        edition = self._editions.current()
        now = edition.clock()
        with edition.store.read() as snapshot:
            state = snapshot.state
            is_same = before is not None and before.edition == edition and before.state.generation == state.generation
            if is_same and before is not None and now < before.turn <= now + _QUARTER:
                turn = before.turn
            else:
                quarter = _next_quarter(now)
                turn = snapshot.next_expiry(now, before=quarter) or quarter
            turn = min([turn, *_notices(state, now)])
        seen = _Seen(edition, state, turn)
        if before is None or standing is None:
            feeds = lists = pages = 1
        else:
            feeds = standing.feeds + (seen.told_by_feeds != before.told_by_feeds)
            lists = standing.lists + (seen.told_by_lists != before.told_by_lists)
            pages = standing.pages + (seen.told_by_pages != before.told_by_pages)
        standing = Standing(feeds, lists, pages, edition, state, self._lag)
        self._seen, self._standing, self._looked_at, self._has_failed = seen, standing, self._monotonic(), False
        return standing


def _notices(state: StoreState, now: datetime) -> list[datetime]:
    """Give the instants to come at which pages begin to tell that the data are old."""
    told = [state.reached_at and state.reached_at + SILENCE_IS_TOLD_AFTER + timedelta(microseconds=1)]
    told.append(state.failing_since and state.failing_since + FAILING_IS_TOLD_AFTER)
    return [moment for moment in told if moment is not None and moment > now]


def _next_quarter(now: datetime) -> datetime:
    begun = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    return begun + _QUARTER
