"""Being stopped by a signal, without a lock: its handler may run while the main thread holds the very lock it wants."""

import os
import select
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

_STOPPING = (signal.SIGINT, signal.SIGTERM)


class Flag:
    """A flag as `threading.Event` is one, but over a pipe and so without a lock: handlers of signals may set it."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)

    def set(self) -> None:
        """Set it, and wake whoever waits."""
        with suppress(BlockingIOError):  # The pipe is full: it was set often enough.
            os.write(self._writer, b"\0")

    def clear(self) -> None:
        """Take it back."""
        with suppress(BlockingIOError):
            while os.read(self._reader, 4096):
                pass

    def is_set(self) -> bool:
        """Whether it is set."""
        return self.wait(0)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, for `timeout` seconds at most; say whether it is."""
        return bool(select.select([self._reader], [], [], timeout)[0])

    @contextmanager
    def set_by_signals(self) -> Iterator[None]:
        """Let the interpreter set it as soon as a signal comes that has a handler. For the main thread alone.

        A handler itself runs only between two steps of Python: it would come too late for a wait that begins just then.
        """
        before = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)

    def close(self) -> None:
        """Give up the pipe."""
        os.close(self._reader)
        os.close(self._writer)


@contextmanager
def stopped_by_signal() -> Iterator[Flag]:
    """Give a flag that is set when SIGINT or SIGTERM comes. For the main thread alone."""
    with closing(Flag()) as stop, stop.set_by_signals():
        before = {number: signal.signal(number, lambda _number, _frame: stop.set()) for number in _STOPPING}
        try:
            yield stop
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
