"""Diagnosis of the Redis or Valkey server that processes share, as `perigee doctor` prints it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from webapp.sync.diagnosis import Finding, Level

_TIMEOUT_SECONDS = 1.0
_SLOW_SECONDS = 0.05
"""How long an answer may take before it is odd: each response that is not cached waits for one."""

_WITHOUT_IT = "Until then each process counts rate limits by itself, and syncing fetches full responses."


def examine_redis(url: str, timer: Callable[[], float] = time.perf_counter) -> Iterator[Finding]:
    """Ask the server at a `redis://` address how it is. No finding tells a user or a password."""
    place = urlsplit(url).hostname, urlsplit(url).port or 6379
    where = f"Redis at {place[0]}:{place[1]}"
    retry: Any = Retry(NoBackoff(), 0)
    waits = {"socket_timeout": _TIMEOUT_SECONDS, "socket_connect_timeout": _TIMEOUT_SECONDS}
    with closing(redis.Redis.from_url(url, retry=retry, **waits)) as client:
        try:
            client.ping()
            begun = timer()
            client.ping()
            seconds = timer() - begun
            info: Any = client.info()
        except redis.RedisError as error:
            yield Finding(Level.WRONG, f"{where} can't be used: {_reason(error)}.", f"{_remedy(error)} {_WITHOUT_IT}")
            return
    name, version = ("Valkey", info["valkey_version"]) if "valkey_version" in info else ("Redis", info["redis_version"])
    words = f"{where} answers in {seconds * 1000:.1f} ms ({name} {version})."
    if seconds > _SLOW_SECONDS:
        yield Finding(Level.ODD, words, "Every response that isn't cached waits for it: move it nearer.")
    else:
        yield Finding(Level.FINE, words)
    if info["maxmemory"] and info["maxmemory_policy"] == "noeviction":
        remedy = "Set its maxmemory-policy to volatile-lru: everything of Perigee's expires."
        yield Finding(Level.ODD, f"{where} refuses to store anything once its memory is full (noeviction).", remedy)


def _reason(error: redis.RedisError) -> str:
    if isinstance(error, redis.AuthenticationError) or "NOAUTH" in str(error):
        return "it refuses the user or password"
    if isinstance(error, redis.exceptions.NoPermissionError):
        return "its user may not run PING and INFO"
    if isinstance(error, redis.TimeoutError):
        return f"no answer within {_TIMEOUT_SECONDS:.0f} s"
    return str(error).rstrip(".")


def _remedy(error: redis.RedisError) -> str:
    if isinstance(error, redis.AuthenticationError | redis.exceptions.NoPermissionError) or "NOAUTH" in str(error):
        return "Check the user and password in REDIS_URL."
    return "Check that it is running, and REDIS_URL."
