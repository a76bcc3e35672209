"""Token buckets in Redis, for several processes together. Imported where they are wanted: it takes long to load."""

import logging
import time
from collections.abc import Callable

import redis

from webapp.admission.token_buckets import LONGEST_SECONDS, MemoryBuckets

log = logging.getLogger(__name__)

_TIMEOUT_SECONDS = 1.0
_RESTS_SECONDS = 10.0
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


class RedisBuckets:
    """Buckets of all processes together. While Redis cannot be used, each counts by itself, and nobody is refused."""

    def __init__(self, url: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        waiting = {"socket_connect_timeout": _TIMEOUT_SECONDS, "socket_timeout": _TIMEOUT_SECONDS}
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
                self._rests_until = self._monotonic() + _RESTS_SECONDS
                log.warning("Redis unavailable, this process uses its own rate limits: %s", error)
        return self._own.take(name, seconds, unless_over=unless_over)
