"""The loop of what goes on beside the syncing: step after step, whatever goes wrong, and never in the syncing's way."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Protocol

from webapp.store import StoreUnavailableError
from webapp.sync.lease import LeaseLostError
from webapp.sync.watch import Stop

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 30.0
"""After how long one looks again for something to do, where there was nothing."""

_BETWEEN_STEPS_SECONDS = 1.0
_STOPS_WITHIN_SECONDS = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)


class Stepper(Protocol):
    """What does its work in steps."""

    def step(self) -> bool:
        """Do a little, and say whether there was anything to do."""

    def stop(self) -> None:
        """End what is under way, so that a step in another thread ends soon."""


@contextmanager
def steps_watched(stepper: Stepper, name: str, *, look_again: float = LOOK_AGAIN_SECONDS) -> Iterator[None]:
    """Step in a thread of its own, called by this name, for as long as the block lasts.

    What it is doing then is left undone: every commit is whole, and what is missing is done the next time.
    """
    stop = Event()
    options = {"look_again": look_again}
    thread = Thread(target=watch_steps, args=(stepper.step, stop, name), kwargs=options, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        stepper.stop()
        thread.join(_STOPS_WITHIN_SECONDS)


def watch_steps(step: Callable[[], bool], stop: Stop, name: str, *, look_again: float = LOOK_AGAIN_SECONDS) -> None:
    """Step until `stop` is set. Whatever goes wrong is logged, and tried again later."""
    failures = 0
    while not stop.is_set():
        try:
            wait = min(_BETWEEN_STEPS_SECONDS, look_again) if step() else look_again
            failures = 0
        except LeaseLostError:
            wait = LOOK_AGAIN_SECONDS  # The syncing says so itself, and whoever has the lease goes on.
        except Exception as error:
            failures += 1
            wait = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE).total_seconds()
            if isinstance(error, StoreUnavailableError):
                log.warning("%s: database unavailable: %s; retrying in %.0f s", name, error, wait)
            else:
                log.warning("%s failed: %r; retrying in %.0f s", name, error, wait, exc_info=True)
        stop.wait(wait)
