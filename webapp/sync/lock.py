"""One import at a time on this machine: a lock that the operating system lifts when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadySyncingError(Exception):
    """Another process is importing; the message names it."""


@contextmanager
def exclusive(lock_file: Path) -> Iterator[None]:
    """Hold the lock. Raises `AlreadySyncingError` at once if another process has it."""
    with lock_file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            held.seek(0)
            raise AlreadySyncingError(f"process {held.read().strip() or 'unknown'} is syncing already") from error
        held.truncate(0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield
