"""The storage of the HTTP cache: a SQLite file, or a Redis for several processes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from webapp.domain.clock import Clock
from webapp.ll2.http_cache import MOST_BYTES_SERIALIZED

KEPT_FOR = timedelta(days=7)
"""How long a cached response is kept that was not revalidated: the import reads every page more often."""

MOST_BYTES = 64 * 2**20
"""How much a file keeps in all; beyond it the oldest are deleted."""

_LAYOUT = 1
"""The layout of the file. One of another number is discarded unread."""

_CLOCKS_DIFFER = timedelta(minutes=2)
_TIMEOUT_SECONDS = 1.0  # It saves time: whoever waits for it longer would rather do without.


class FileStorage:
    """Keeps cached responses in a SQLite file, opened for each use: so nothing that happens to it outlasts one use."""

    def __init__(self, path: Path, clock: Clock, *, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._clock = clock
        self._most_bytes = most_bytes

    def get(self, key: str) -> bytes | None:
        """Give a cached response. Raises `sqlite3.Error`, `OSError`, or `ValueError` for a file of another layout."""
        with self._opened() as connection:
            row = connection.execute("SELECT copy FROM copies WHERE key = ?", (key,)).fetchone()
            return None if row is None else bytes(row[0])

    def put(self, key: str, cached: bytes) -> None:
        """Keep a cached response, and delete what is too old or too much. Raises as `get` does."""
        now = self._clock()
        with self._opened() as connection:
            row = (key, cached, len(cached), now.timestamp())
            connection.execute("INSERT OR REPLACE INTO copies (key, copy, size, kept_at) VALUES (?, ?, ?, ?)", row)
            # One of the future was put there by a clock that was ahead, and would outlast all others.
            young = ((now - KEPT_FOR).timestamp(), (now + _CLOCKS_DIFFER).timestamp())
            connection.execute("DELETE FROM copies WHERE kept_at NOT BETWEEN ? AND ?", young)
            connection.execute(_DELETE_OVERFLOW, (self._most_bytes,))

    def discard(self, key: str) -> None:  # noqa: ARG002 - what damaged one may have damaged the others
        """Delete the file. Raises `OSError`."""
        for ending in ("", "-journal", "-wal", "-shm"):
            self._path.with_name(self._path.name + ending).unlink(missing_ok=True)

    def close(self) -> None:
        """Do nothing: no connection is held."""

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=_TIMEOUT_SECONDS)) as connection, connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES_SERIALIZED)
            connection.execute("PRAGMA synchronous = OFF")  # What a power cut spoils is discarded.
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            if layout != _LAYOUT:
                if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                    raise ValueError("the file is of another version")
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_LAYOUT}")
            yield connection


_TABLE = """
    CREATE TABLE IF NOT EXISTS copies (
        key TEXT PRIMARY KEY, kept_at REAL NOT NULL, size INTEGER NOT NULL, copy BLOB NOT NULL
    )
"""

_DELETE_OVERFLOW = """
    DELETE FROM copies WHERE key IN (
        SELECT key FROM (SELECT key, sum(size) OVER (ORDER BY kept_at DESC, key) AS total FROM copies) WHERE total > ?
    )
"""


class RedisStorage:
    """Keeps cached responses in the Redis at a `redis://` address, which lets them expire."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=_TIMEOUT_SECONDS, socket_connect_timeout=_TIMEOUT_SECONDS, retry=Retry(NoBackoff(), 0)
        )

    def get(self, key: str) -> bytes | None:
        """Give a cached response. Raises `RedisError`."""
        cached = self._redis.getrange(_name(key), 0, MOST_BYTES_SERIALIZED)
        return bytes(cached) or None  # type: ignore[arg-type] # its types allow for a client that is not this one

    def put(self, key: str, cached: bytes) -> None:
        """Keep a cached response. Raises `RedisError`."""
        self._redis.set(_name(key), cached, ex=KEPT_FOR)

    def discard(self, key: str) -> None:
        """Delete one cached response. Raises `RedisError`."""
        self._redis.delete(_name(key))

    def close(self) -> None:
        """Give up the connections."""
        self._redis.close()


def _name(key: str) -> str:
    return f"perigee:copy:{key}"
