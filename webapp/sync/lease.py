"""The lease, by which one process syncs at a time, and the fence, which every commit of its holder checks.

The fence is a number that rises with every new holder: a process that was paused and lost the lease can write nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from webapp.domain.clock import Clock
from webapp.store import LEASE_LASTS, Lease, Store, Writer

LASTS = LEASE_LASTS
"""How long a lease lasts."""

_RENEW_BEFORE_END = timedelta(seconds=25)


class AlreadySyncingError(Exception):
    """Another process is syncing; the message names it."""


class LeaseLostError(Exception):
    """Another process has taken over: what was about to be written is not."""


class LeaseHolder:
    """One process's claim on the lease. `name` tells people who holds it, and tells holders apart."""

    def __init__(self, store: Store, clock: Clock, name: str) -> None:
        self._store = store
        self._clock = clock
        self._name = name
        self._fence: int | None = None

    @property
    def is_held(self) -> bool:
        """Whether we held the lease when we last looked; what is written is checked anew."""
        return self._fence is not None

    def hold(self) -> bool:
        """Take the lease, or keep it; `False` while another holds it. Raises `StoreUnavailableError`."""
        now = self._clock()
        with self._store.read() as snapshot:
            lease = snapshot.sync.lease
        if lease is not None and lease.is_in_force(now):
            if not self._is_ours(lease):
                self._fence = None
                return False
            if now < lease.expires_at - _RENEW_BEFORE_END:
                return True
        with self._store.write() as writer:
            return self._take(writer, now)

    @contextmanager
    def write(self) -> Iterator[Writer]:
        """Open the store's writer for as long as we hold the lease, which begins anew. Else raises `LeaseLostError`."""
        with self._store.write() as writer:
            if self._fence is None or not self._is_ours(writer.sync.lease):
                self._fence = None
                raise LeaseLostError("another process has taken over syncing")
            writer.sync.put_lease(Lease(self._name, self._fence, self._clock() + LASTS))
            yield writer

    def release(self) -> None:
        """Give the lease up, so that another need not wait for its end."""
        if self._fence is None:
            return
        with self._store.write() as writer:
            if self._is_ours(writer.sync.lease):
                writer.sync.put_lease(Lease(self._name, self._fence, self._clock()))
        self._fence = None

    def _take(self, writer: Writer, now: datetime) -> bool:
        lease = writer.sync.lease
        if lease is not None and not self._is_ours(lease):
            if lease.is_in_force(now):
                self._fence = None
                return False
            self._fence = lease.fence + 1
        elif lease is None:
            self._fence = 1
        writer.sync.put_lease(Lease(self._name, self._fence or 1, now + LASTS))
        return True

    def _is_ours(self, lease: Lease | None) -> bool:
        return lease is not None and lease.fence == self._fence and lease.holder == self._name
