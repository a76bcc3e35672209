"""Single flight: of those who would make the same at once one makes it, and the others wait for that."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


class CrowdedError(Exception):
    """Too many wait, or this one has waited for too long."""


@dataclass(slots=True)
class _Queue:
    """Those who want the same: whoever holds the lock makes it."""

    lock: Lock = field(default_factory=Lock)
    length: int = 0


class SingleFlight:
    """Lets one thread at a time be at work on a key."""

    def __init__(self) -> None:
        self._at_work: dict[Hashable, _Queue] = {}
        self._lock = Lock()

    @contextmanager
    def alone_with(self, key: Hashable, *, within: float = -1) -> Iterator[None]:
        """Wait for whoever is at work on this key, and then be the only one until the block ends.

        Raises `CrowdedError` after so many seconds, if any are named.
        """
        with self._lock:
            queue = self._at_work.setdefault(key, _Queue())
            queue.length += 1
        try:
            if not queue.lock.acquire(timeout=within):
                raise CrowdedError
            try:
                yield
            finally:
                queue.lock.release()
        finally:
            with self._lock:
                queue.length -= 1
                if not queue.length:
                    del self._at_work[key]
