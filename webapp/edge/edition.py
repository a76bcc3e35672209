"""Which edition readers get: the real store with the real clock, or, until there is one, the sample with its own."""

import logging
from dataclasses import dataclass, replace

from webapp.domain.clock import Clock
from webapp.store import Store, StoreState

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Edition:
    """A store and the clock that goes with it. `sample_reason` says why this is the sample; `None` for the real one.

    `clock_offset` is what the edition's clock is ahead of the real one, in whole seconds.
    """

    store: Store
    clock: Clock
    sample_reason: str | None = None
    clock_offset: int = 0


class FirstImportPendingError(Exception):
    """There is nothing to show yet: the first import is not complete, and the sample may not stand in."""

    def __init__(self, state: StoreState) -> None:
        super().__init__("the first import is not complete")
        self.state = state


class Editions:
    """Decides between the real edition and the sample, afresh for each request until the real one is there."""

    def __init__(self, real: Edition, sample: Edition | None, *, is_sample_forced: bool) -> None:
        self._real = real
        self._sample = sample
        self._is_sample_forced = is_sample_forced
        self._is_real_there = False
        self._has_told_of_sample = False

    @property
    def real(self) -> Edition:
        """The real edition, whether or not there is anything in it yet."""
        return self._real

    def current(self) -> Edition:
        """Give the edition to show. Raises `FirstImportPendingError` while there is none."""
        if self._is_sample_forced and self._sample is not None:
            return self._told(self._sample)
        if self._is_real_there:
            return self._real
        with self._real.store.read() as snapshot:
            state = snapshot.state
        if state.imported_at is not None:
            self._is_real_there = True
            log.info("showing the real data, as of the import of %s", state.imported_at)
            return self._real
        if self._sample is None:
            raise FirstImportPendingError(state)
        return self._told(replace(self._sample, sample_reason=_reason(state)))

    def is_sample_shown(self) -> bool:
        """Whether readers get the sample now."""
        try:
            return self.current().sample_reason is not None
        except FirstImportPendingError:
            return False

    def _told(self, sample: Edition) -> Edition:
        """Say once in the log that what is shown is the sample."""
        if not self._has_told_of_sample:
            self._has_told_of_sample = True
            log.warning("showing the sample of July 2025, not current data. %s", sample.sample_reason)
        return sample

    def close(self) -> None:
        """Close the stores."""
        for edition in (self._real, self._sample):
            if edition is not None:
                edition.store.close()


def _reason(state: StoreState) -> str:
    if state.fault:
        return f"{state.fault}. The real data appear here as soon as a complete import succeeds."
    return "The first import from Launch Library is under way; the real data appear here as soon as it is complete."
