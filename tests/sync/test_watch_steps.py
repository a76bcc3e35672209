import logging
from collections.abc import Iterator

import pytest

from webapp.store import StoreUnavailableError
from webapp.sync.lease import LeaseLostError
from webapp.sync.watch_steps import watch_steps


class PatientStop:
    """Notes for how long it is waited for, and is set after so many waits."""

    def __init__(self, most: int) -> None:
        self.waits: list[float] = []
        self._most = most

    def is_set(self) -> bool:
        return len(self.waits) == self._most

    def wait(self, timeout: float) -> bool:
        self.waits.append(timeout)
        return self.is_set()


def run(steps: list[bool | Exception], look_again: float = 30) -> list[float]:
    """Watch for as many steps, and give the pauses after them."""
    ahead: Iterator[bool | Exception] = iter(steps)

    def step() -> bool:
        done = next(ahead)
        if isinstance(done, Exception):
            raise done
        return done

    stop = PatientStop(len(steps))
    watch_steps(step, stop, "pictures", look_again=look_again)
    return stop.waits


def test_it_goes_on_quickly_while_there_is_something_to_do() -> None:
    assert run([True, True, False, True]) == [1, 1, 30, 1]
    assert run([True, False], look_again=0.5) == [0.5, 0.5]


def test_whatever_goes_wrong_is_logged_and_tried_again_ever_later(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    full, bug = StoreUnavailableError("database or disk is full"), ValueError("a bug")
    assert run([full, full, bug, bug, bug, bug, True, full]) == [30, 60, 120, 240, 480, 600, 1, 30]
    assert caplog.messages[:3] == [
        "pictures: database unavailable: database or disk is full; retrying in 30 s",
        "pictures: database unavailable: database or disk is full; retrying in 60 s",
        "pictures failed: ValueError('a bug'); retrying in 120 s",
    ]


def test_a_lost_lease_is_no_failure(caplog: pytest.LogCaptureFixture) -> None:
    assert run([LeaseLostError("another process has taken over syncing"), True]) == [30, 1]
    assert caplog.messages == []
