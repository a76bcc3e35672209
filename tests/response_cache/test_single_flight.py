"""Single flight: of those who would make the same at once, one makes it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from webapp.response_cache.single_flight import SingleFlight


def test_a_key_is_one_threads_at_a_time_and_other_keys_are_free() -> None:
    flight, told = SingleFlight(), list[str]()
    begun, may_end = Event(), Event()

    def slow() -> None:
        with flight.lock("a"):
            begun.set()
            may_end.wait(10)
            told.append("first")

    def quick(key: str) -> None:
        with flight.lock(key):
            told.append(key)

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(slow)
        assert begun.wait(10)
        second = threads.submit(quick, "a")
        threads.submit(quick, "b").result(10)
        assert told == ["b"]
        may_end.set()
        first.result(10)
        second.result(10)
    assert told == ["b", "first", "a"]


def test_a_failure_frees_its_key_and_no_lock_outlives_its_users() -> None:
    flight = SingleFlight()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), flight.lock("a"):
            _ = 1 / 0
    assert not flight._locks  # noqa: SLF001 - what would grow for ever
