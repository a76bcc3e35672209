"""Which edition readers get: the real store with the real clock, or one that stands in for it, with its own."""

import logging
from dataclasses import dataclass, replace

from webapp.domain.clock import Clock
from webapp.store import Store, StoreState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StandIn:
    """What stands in for real data, in words that go with it everywhere.

    `name` is one word for programs, `title` goes behind the name of a feed, `lead` and `content` say on every page what
    it is, and `reason` why it is shown. `warning` is the sentence that a feed begins with. `is_invented` says that
    nothing of it comes from the source.
    """

    name: str
    title: str
    lead: str
    content: str
    warning: str
    is_invented: bool = False
    reason: str = "The server’s operator chose to show it."


SAMPLE = StandIn(
    "sample",
    "sample of July 2025",
    "This is a sample",
    "ten real events",
    "This is a sample, not current data.",
)
DEMO = StandIn(
    "demo",
    "demo",
    "This is a demo",
    "everything in it is made up",
    "This is a demo; everything in it is made up.",
    is_invented=True,
)


@dataclass(frozen=True, slots=True)
class Edition:
    """A store and the clock that goes with it. `stand_in` says what this is in place of the real one, if it is not.

    `clock_offset` is what the edition's clock is ahead of the real one, in whole seconds.
    """

    store: Store
    clock: Clock
    stand_in: StandIn | None = None
    clock_offset: int = 0


class FirstImportPendingError(Exception):
    """There is nothing to show yet: the first import is not complete, and the sample may not stand in."""

    def __init__(self, state: StoreState) -> None:
        super().__init__("the first import is not finished yet")
        self.state = state


class Editions:
    """Decides between the real edition and what stands in for it, afresh for each request until the real one is there.

    `is_forced` keeps the stand-in even then.
    """

    def __init__(self, real: Edition, stand_in: Edition | None, *, is_forced: bool) -> None:
        self._real = real
        self._stand_in = stand_in
        self._is_forced = is_forced
        self._is_real_there = False
        self._has_logged = False

    @property
    def real(self) -> Edition:
        """The real edition, whether or not there is anything in it yet."""
        return self._real

    def current(self) -> Edition:
        """Give the edition to show. Raises `FirstImportPendingError` while there is none."""
        if self._is_forced and self._stand_in is not None:
            return self._logged(self._stand_in)
        if self._is_real_there:
            return self._real
        with self._real.store.read() as snapshot:
            state = snapshot.state
        if state.imported_at is not None:
            self._is_real_there = True
            log.info("showing real data, imported at %s", state.imported_at)
            return self._real
        if self._stand_in is None or self._stand_in.stand_in is None:
            raise FirstImportPendingError(state)
        return self._logged(replace(self._stand_in, stand_in=replace(self._stand_in.stand_in, reason=_reason(state))))

    def stand_in_shown(self) -> StandIn | None:
        """Give what readers get in place of real data now, if they do."""
        try:
            return self.current().stand_in
        except FirstImportPendingError:
            return None

    def _logged(self, edition: Edition) -> Edition:
        """Say once in the log that what is shown is not the real data."""
        if not self._has_logged and edition.stand_in is not None:
            self._has_logged = True
            log.warning("not showing current data (%s). %s", edition.stand_in.title, edition.stand_in.reason)
        return edition

    def close(self) -> None:
        """Close the stores."""
        for edition in (self._real, self._stand_in):
            if edition is not None:
                edition.store.close()


def _reason(state: StoreState) -> str:
    if state.fault:
        return f"{state.fault}. Real data will appear here after the first full import."
    return "Real data will appear here once the first import from Launch Library finishes."
