"""The keys by which push services know this server: made when they are first needed, and kept in the store."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from webapp.domain.clock import Clock
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.store import ServerKeys, Store, Writer


class KeptServerKeys:
    """Gives the keys in the store, and makes those that are missing.

    `write` opens the store's writer for as long as its lease is held.
    """

    def __init__(
        self,
        store: Store,
        process: EncryptingProcess,
        *,
        write: Callable[[], AbstractContextManager[Writer]],
        clock: Clock,
    ) -> None:
        self._store = store
        self._process = process
        self._write = write
        self._clock = clock

    def get(self) -> ServerKeys | None:
        """Give the keys, if there are any. Raises `StoreUnavailableError`."""
        with self._store.read() as snapshot:
            return snapshot.browsers.server_keys()

    def ensure(self) -> None:
        """Make keys if there are none. Raises `EncryptionError`, `StoreUnavailableError`, and what `write` raises."""
        if self.get() is not None:
            return
        made = self._process.make_keys()
        with self._write() as writer:
            if writer.browsers.server_keys() is None:
                writer.browsers.put_server_keys(made, now=self._clock())


def replace_server_keys(store: Store, clock: Clock) -> None:
    """Make new keys in place of those there are; all browsers are forgotten, since they believe the old ones alone.

    Raises `EncryptionError` and `StoreUnavailableError`.
    """
    process = EncryptingProcess()
    try:
        made = process.make_keys()
    finally:
        process.stop()
    with store.write() as writer:
        writer.browsers.put_server_keys(made, now=clock())
