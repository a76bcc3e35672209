"""Stops processes at random moments, forked from one that has everything loaded, and tells what became of them.

Run as a program, with what to stop and how often.
"""

import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any

from granian._signals import set_main_signals
from granian.constants import Interfaces

from webapp.listening import Server
from webapp.signals import stopped_by_signal
from webapp.sync.situation import Plan, Task
from webapp.sync.watch import watch

_ENDS_WITHIN_SECONDS = 5.0
_LONGEST_PAUSE = 0.003
_chance = SystemRandom()


class Idle:
    """An engine for which the next call is always due in a moment, so that watching is mostly beginning to wait."""

    def step(self) -> Plan:
        return Plan(Task.UPCOMING, _now() + timedelta(microseconds=200), "it is always the next")

    @property
    def lease(self) -> "Idle":
        return self

    def release(self) -> None:
        """Nothing is held."""


def _watch(ready: Callable[[], None]) -> None:
    engine: Any = Idle()
    with stopped_by_signal() as stop:
        ready()
        watch(engine, _now, stop, lambda _: None)


def _serve(ready: Callable[[], None]) -> None:
    """Wait as the server's parent does for what may happen to its processes."""

    class Waiting(Server):
        def startup(self, *_: Any) -> None:
            set_main_signals(self.signal_handler_interrupt, self.signal_handler_reload)  # type: ignore[no-untyped-call]
            ready()

        def shutdown(self, exit_code: int = 0) -> None:
            """There is nothing to shut down."""

    with socket.socket() as unused:
        server = Waiting(unused, "any:app", interface=Interfaces.WSGI, log_enabled=False)
        server.serve(target_loader=lambda: None, wrap_loader=False)


PROGRAMS = {"watch": _watch, "serve": _serve}


def _now() -> datetime:
    return datetime.now(UTC)


def _stop_one(program: Callable[[Callable[[], None]], None]) -> str:
    """Start a process, send it one signal or several, and say what became of it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        program(lambda: (os.write(writer, b"\0"), None)[1])
        os._exit(0)
    os.read(reader, 1)
    os.close(reader)
    os.close(writer)
    time.sleep(_chance.uniform(0, _LONGEST_PAUSE))
    for _ in range(_chance.choice((1, 2, 5))):
        os.kill(pid, _chance.choice((signal.SIGINT, signal.SIGTERM)))
    return _end_of(pid)


def _end_of(pid: int) -> str:
    deadline = time.monotonic() + _ENDS_WITHIN_SECONDS
    while time.monotonic() < deadline:
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            return "ended"
        time.sleep(0.0005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "hung"


if __name__ == "__main__":
    _program, _times = PROGRAMS[sys.argv[1]], int(sys.argv[2])
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - a further signal may be told there, after the end
    ends = Counter(_stop_one(_program) for _ in range(_times))
    print(ends["ended"], ends["hung"])  # noqa: T201 - its result
