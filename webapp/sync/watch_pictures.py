"""The loop of the pictures: step after step beside the syncing, which it never disturbs, whatever goes wrong."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from webapp.pictures.engine import PictureEngine
from webapp.store import StoreUnavailableError
from webapp.sync.lease import LeaseLostError
from webapp.sync.watch import Stop

log = logging.getLogger(__name__)

_BETWEEN_STEPS_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 30.0
_STOPS_WITHIN_SECONDS = 1.0
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=10)


@contextmanager
def pictures_watched(engine: PictureEngine) -> Iterator[None]:
    """Step in a thread of its own for as long as the block lasts.

    What it is doing then is left undone: every commit is whole, and what is missing is done the next time.
    """
    stop = Event()
    thread = Thread(target=watch_pictures, args=(engine.step, stop), name="pictures", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        engine.stop()
        thread.join(_STOPS_WITHIN_SECONDS)


def watch_pictures(step: Callable[[], bool], stop: Stop) -> None:
    """Step until `stop` is set. Whatever goes wrong is logged, and tried again later."""
    failures = 0
    while not stop.is_set():
        try:
            wait = _BETWEEN_STEPS_SECONDS if step() else _LOOK_AGAIN_SECONDS
            failures = 0
        except LeaseLostError:
            wait = _LOOK_AGAIN_SECONDS  # The syncing says so itself, and whoever has the lease goes on.
        except Exception as error:
            failures += 1
            wait = min(_FIRST_PAUSE * (1 << min(failures - 1, 10)), _LONGEST_PAUSE).total_seconds()
            if isinstance(error, StoreUnavailableError):
                log.warning("pictures: database unavailable: %s; retrying in %.0f s", error, wait)
            else:
                log.warning("pictures failed: %r; retrying in %.0f s", error, wait, exc_info=True)
        stop.wait(wait)
