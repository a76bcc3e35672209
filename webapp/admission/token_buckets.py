"""Token buckets, in the memory of a process; see `redis_buckets` for those of several processes together.

A bucket is described by how long it takes to be full again (the generic cell rate algorithm): taking from it makes that
longer, time makes it shorter. All amounts are seconds of refilling.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

LONGEST_SECONDS = 600.0
"""How long a bucket takes to be full again at most, however much was taken, and whatever a clock does."""

_SWEPT_AT = 10_000


class TokenBuckets(Protocol):
    """Buckets by name, each full at first."""

    def take(self, name: str, seconds: float, *, unless_over: float) -> float:
        """Say how long the bucket would take to be full, and take from it unless that is longer than it may be."""


class MemoryBuckets:
    """Buckets of this process; shared by threads. `monotonic` gives seconds."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._full_at: dict[str, float] = {}
        self._swept_at = _SWEPT_AT
        self._lock = Lock()

    def take(self, name: str, seconds: float, *, unless_over: float) -> float:
        """Take from a bucket, as `TokenBuckets` says."""
        with self._lock:
            now = self._monotonic()
            short = max(0.0, self._full_at.get(name, now) - now)
            if short <= unless_over:
                self._full_at[name] = now + min(LONGEST_SECONDS, short + seconds)
                self._sweep(now)
        return short

    def _sweep(self, now: float) -> None:
        """Forget the buckets that are full, whenever there are twice as many as were left the last time."""
        if len(self._full_at) > self._swept_at:
            self._full_at = {name: full_at for name, full_at in self._full_at.items() if full_at > now}
            self._swept_at = max(_SWEPT_AT, 2 * len(self._full_at))
