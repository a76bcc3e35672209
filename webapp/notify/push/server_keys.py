"""The keys by which push services know this server: made when they are first needed, and kept in the store."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import monotonic
from typing import Final

from webapp.domain.clock import Clock
from webapp.notify.push.encrypting_process import EncryptingProcess, EncryptionError
from webapp.store import ServerKeys, Store, Writer

log = logging.getLogger(__name__)

_READ_AGAIN_SECONDS: Final = 5.0
_MAKE_AGAIN_SECONDS: Final = 300.0


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
        self.process = process
        self._store = store
        self._write = write
        self._clock = clock
        self._known: tuple[float, ServerKeys] | None = None
        self._rests_until = 0.0

    def get(self) -> ServerKeys | None:
        """Give the keys, if there are any; a process that replaced them is noticed soon.

        Raises `StoreUnavailableError`.
        """
        if self._known is not None and monotonic() < self._known[0]:
            return self._known[1]
        with self._store.read() as snapshot:
            found = snapshot.browsers.server_keys()
        self._known = None if found is None else (monotonic() + _READ_AGAIN_SECONDS, found)
        return found

    def ensure(self) -> None:
        """Make keys if there are none; where that fails it is logged, and tried again later.

        Raises `StoreUnavailableError`, and what `write` raises.
        """
        if monotonic() < self._rests_until or self.get() is not None:
            return
        try:
            made = self.process.make_keys()
        except EncryptionError as error:
            log.warning("no keys for push services: %s", error)
            self._rests_until = monotonic() + _MAKE_AGAIN_SECONDS
            return
        with self._write() as writer:
            if writer.browsers.server_keys() is None:
                writer.browsers.put_server_keys(made, now=self._clock())


def replace_server_keys(store: Store, clock: Clock) -> int:
    """Make new keys in place of those there are; all browsers are forgotten, since they believe the old ones alone.

    Give how many subscriptions that were. Raises `EncryptionError` and `StoreUnavailableError`.
    """
    process = EncryptingProcess()
    try:
        made = process.make_keys()
    finally:
        process.stop()
    with store.write() as writer:
        return writer.browsers.put_server_keys(made, now=clock())
