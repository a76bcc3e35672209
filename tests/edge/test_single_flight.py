"""Of those who would make the same at once, one makes it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from webapp.edge.single_flight import SingleFlight


def test_one_at_a_time_has_a_key_and_others_have_theirs() -> None:
    flight, told = SingleFlight(), list[str]()
    begun, may_end = Event(), Event()

    def slow() -> None:
        with flight.alone_with("a"):
            begun.set()
            may_end.wait(10)
            told.append("first")

    def quick(key: str) -> None:
        with flight.alone_with(key):
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


def test_who_fails_gives_way_and_nothing_is_left_of_any() -> None:
    flight = SingleFlight()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), flight.alone_with("a"):
            _ = 1 / 0
    assert not flight._at_work  # noqa: SLF001 - what would grow for ever
