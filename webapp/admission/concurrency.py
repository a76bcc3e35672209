"""Concurrency limits: each visitor has one response made at a time, and some threads stay free for cached ones."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from webapp.response_cache.single_flight import CrowdedError, SingleFlight

MAX_WAITING = 24
"""How many requests may wait, in each process, for others to be answered."""

THREADS_FOR_HITS = 4
"""How many threads, in each process, are left for responses that are cached."""

_MAX_WAITING_OF_ONE = 16  # A browser asks for six at once, a calendar app for all of its feeds.
_LONGEST_WAIT_SECONDS = 10.0


class TooManyOfOneError(CrowdedError):
    """Too many requests of one visitor wait."""


class ConcurrencyLimits:
    """Limits how many responses are made at once: one for each visitor, and `max_at_once` for all of them.

    Each request that waits holds a thread of the server, so the number of those is limited too: beyond it a request is
    refused at once.
    """

    def __init__(self, max_at_once: int) -> None:
        self._max_admitted = max_at_once + MAX_WAITING
        self._admitted: Counter[str] = Counter()  # By visitor: those who wait, and those whose response is being made.
        self._lock = Lock()
        self._one_of_each_visitor = SingleFlight()
        self._slots = BoundedSemaphore(max_at_once)

    @contextmanager
    def slot_of(self, visitor: str) -> Iterator[None]:
        """Wait until no other request of this visitor is being answered; nobody (`""`) need not wait.

        Raises `CrowdedError` if too many wait already, or after ten seconds; `TooManyOfOneError` if they are all this
        visitor's.
        """
        with self._admission_of(visitor):
            if not visitor:
                yield
                return
            with self._one_of_each_visitor.lock(visitor, timeout=_LONGEST_WAIT_SECONDS):
                yield

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until fewer responses are being made than may be. Raises `CrowdedError` after ten seconds."""
        if not self._slots.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise CrowdedError
        try:
            yield
        finally:
            self._slots.release()

    @contextmanager
    def _admission_of(self, visitor: str) -> Iterator[None]:
        with self._lock:
            if visitor and self._admitted[visitor] > _MAX_WAITING_OF_ONE:
                raise TooManyOfOneError
            if self._admitted.total() >= self._max_admitted:
                raise CrowdedError
            self._admitted[visitor] += 1
        try:
            yield
        finally:
            with self._lock:
                self._admitted[visitor] -= 1
                if not self._admitted[visitor]:
                    del self._admitted[visitor]
