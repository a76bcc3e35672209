"""Single flight: of several threads that want the same thing at once, one makes it and the others wait for it."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


class CrowdedError(Exception):
    """Too many threads wait for the same, or this one has waited for too long."""


@dataclass(slots=True)
class _KeyLock:
    """The lock of one key, and how many threads hold it or wait for it."""

    lock: Lock = field(default_factory=Lock)
    users: int = 0


class SingleFlight:
    """One lock for each key, there as long as a thread holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, _KeyLock] = {}
        self._lock = Lock()

    @contextmanager
    def lock(self, key: Hashable, *, timeout: float = -1) -> Iterator[None]:
        """Hold the lock of this key until the block ends.

        Raises `CrowdedError` if it is not free within `timeout` seconds; by default there is no such limit.
        """
        with self._lock:
            key_lock = self._locks.setdefault(key, _KeyLock())
            key_lock.users += 1
        try:
            if not key_lock.lock.acquire(timeout=timeout):
                raise CrowdedError
            try:
                yield
            finally:
                key_lock.lock.release()
        finally:
            with self._lock:
                key_lock.users -= 1
                if not key_lock.users:
                    del self._locks[key]
