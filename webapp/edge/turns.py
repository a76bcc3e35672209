"""Whose turn it is: each visitor has one answer made at a time, and threads stay free for what is kept."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from webapp.response_cache.single_flight import CrowdedError, SingleFlight

WAITING = 24
"""How many requests may wait for others to be made, in each process, besides those that are."""

FREE_FOR_KEPT = 4
"""How many threads, in each process, are left to answers that are kept."""

_WAITING_OF_ONE = 16  # A browser asks for six at once, a calendar app for all of its feeds.
_WITHIN_SECONDS = 10.0


class TooManyOfOneError(CrowdedError):
    """A visitor wants too many answers at once."""


class Turns:
    """Gives turns to visitors. `at_once` is how many answers are made at the same time, of whomever.

    Without any of the two, a request would take its thread while it waits, until there is none for anybody.
    """

    def __init__(self, at_once: int) -> None:
        self._places = at_once + WAITING
        self._taken: Counter[str] = Counter()
        self._lock = Lock()
        self._each = SingleFlight()
        self._making = BoundedSemaphore(at_once)

    @contextmanager
    def turn(self, visitor: str) -> Iterator[None]:
        """Wait for the visitor's turn, and have it until the block ends; nobody (`""`) need not wait.

        Raises `CrowdedError` where too many wait already, or for too long; as `TooManyOfOneError` if they are one's.
        """
        with self._place(visitor):
            if not visitor:
                yield
                return
            with self._each.lock(visitor, timeout=_WITHIN_SECONDS):
                yield

    @contextmanager
    def making(self) -> Iterator[None]:
        """Wait until fewer than so many answers are being made, and be one of them. Raises `CrowdedError`."""
        if not self._making.acquire(timeout=_WITHIN_SECONDS):
            raise CrowdedError
        try:
            yield
        finally:
            self._making.release()

    @contextmanager
    def _place(self, visitor: str) -> Iterator[None]:
        with self._lock:
            if visitor and self._taken[visitor] > _WAITING_OF_ONE:
                raise TooManyOfOneError
            if self._taken.total() >= self._places:
                raise CrowdedError
            self._taken[visitor] += 1
        try:
            yield
        finally:
            with self._lock:
                self._taken[visitor] -= 1
                if not self._taken[visitor]:
                    del self._taken[visitor]
