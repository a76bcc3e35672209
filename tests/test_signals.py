"""A signal ends what it is sent to, whenever it comes. `make soak` stops a thousand of each, instead of forty."""

import os
import signal
import subprocess
import sys
import time
from threading import Thread, Timer

import pytest

from tests.soak import length
from tests.sync.campaign import ROOT
from webapp.signals import Flag, stopped_by_signal

STOPS = length(15, long=1000)


@pytest.mark.campaign
@pytest.mark.parametrize("program", ["watch", "serve"])
def test_it_ends_at_whatever_moment_the_signal_comes(program: str) -> None:
    command = [sys.executable, "-m", "tests.stops", program, str(STOPS)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=True)
    assert found.stdout.split() == [str(STOPS), "0"]


def test_a_flag_is_set_waited_for_and_taken_back() -> None:
    flag = Flag()
    assert (flag.is_set(), flag.wait(0)) == (False, False)
    for _ in range(100_000):
        flag.set()
    assert (flag.is_set(), flag.wait(), flag.wait(5)) == (True, True, True)
    flag.clear()
    assert flag.is_set() is False
    flag.close()


def test_another_thread_may_set_it() -> None:
    flag = Flag()
    thread = Thread(target=flag.set)
    thread.start()
    assert flag.wait(10) is True
    thread.join()
    flag.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_long_wait_and_afterwards_all_is_as_before(number: signal.Signals) -> None:
    before = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    with stopped_by_signal() as stop:
        thread = Timer(0.05, os.kill, (os.getpid(), number))
        thread.start()
        begun = time.monotonic()
        assert stop.wait(30) is True
        assert time.monotonic() - begun < 10
        thread.join()
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.set_wakeup_fd(-1) == -1
