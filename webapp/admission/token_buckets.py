"""Token buckets, in memory or, for several processes together, in Redis.

A bucket is described by how long it takes to be full again (the generic cell rate algorithm): taking from it makes that
longer, time makes it shorter. All amounts are seconds of refilling.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

import redis

log = logging.getLogger(__name__)

LONGEST_SECONDS = 600.0
"""How long a bucket takes to be full again at most, however much was taken, and whatever a clock does."""

_SWEPT_AT = 10_000
_REDIS_WITHIN_SECONDS = 1.0
_REDIS_RESTS_SECONDS = 10.0
_TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local longest = tonumber(ARGV[3])
local short = math.min(longest, math.max(0, tonumber(redis.call('GET', KEYS[1]) or 0) - now))
if short <= tonumber(ARGV[2]) then
  local sum = math.min(longest, short + ARGV[1])
  redis.call('SET', KEYS[1], string.format('%.6f', now + sum), 'PX', math.ceil(sum * 1000) + 1)
end
return tostring(short)
"""


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


class RedisBuckets:
    """Buckets of all processes together. While Redis cannot be used, each counts by itself, and nobody is refused."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        waiting = {"socket_connect_timeout": _REDIS_WITHIN_SECONDS, "socket_timeout": _REDIS_WITHIN_SECONDS}
        self._take = redis.Redis.from_url(url, **waiting).register_script(_TAKE)
        self._own = MemoryBuckets(monotonic)
        self._monotonic = monotonic
        self._rests_until = -1.0

    def take(self, name: str, seconds: float, *, unless_over: float) -> float:
        """Take from a bucket, as `TokenBuckets` says."""
        if self._monotonic() >= self._rests_until:
            try:
                return float(self._take([f"perigee:bucket:{name}"], [seconds, unless_over, LONGEST_SECONDS]))
            except redis.RedisError as error:
                # Lest each answer wait for it.
                self._rests_until = self._monotonic() + _REDIS_RESTS_SECONDS
                log.warning("Redis cannot be used, this process counts by itself: %s", error)
        return self._own.take(name, seconds, unless_over=unless_over)
