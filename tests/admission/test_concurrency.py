from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from webapp.admission import concurrency
from webapp.admission.concurrency import MAX_WAITING, ConcurrencyLimits, TooManyOfOneError
from webapp.response_cache.single_flight import CrowdedError


@contextmanager
def working(pool: ThreadPoolExecutor, limits: ConcurrencyLimits, *visitors: str) -> Iterator[list[str]]:
    """Have these visitors want a slot, one after the other; give who has had one, until the block ends."""
    had, may_end = list[str](), Event()

    def work(visitor: str, asked: Event) -> None:
        asked.set()
        with limits.slot_of(visitor):
            had.append(visitor)
            may_end.wait(10)

    tasks = []
    for visitor in visitors:
        asked = Event()
        tasks.append(pool.submit(work, visitor, asked))
        assert asked.wait(10)
    try:
        yield had
    finally:
        may_end.set()
        for task in tasks:
            task.result(10)


def wait_for(had: list[str], count: int) -> None:
    for _ in range(1000):
        if len(had) >= count:
            return
        Event().wait(0.005)
    raise AssertionError(had)


def test_one_visitor_has_one_slot_and_holds_up_nobody_else() -> None:
    with ThreadPoolExecutor(8) as pool:
        with working(pool, ConcurrencyLimits(4), "a", "a", "a", "b") as had:
            wait_for(had, 2)
            Event().wait(0.05)
            assert sorted(had) == ["a", "b"]
        assert sorted(had) == ["a", "a", "a", "b"]


def test_one_visitor_cannot_take_all_threads() -> None:
    limits = ConcurrencyLimits(4)
    with ThreadPoolExecutor(20) as pool, working(pool, limits, *["a"] * 17) as had:
        wait_for(had, 1)
        Event().wait(0.05)
        with pytest.raises(TooManyOfOneError), limits.slot_of("a"):
            pass
        with limits.slot_of("b"):
            had.append("b")
    assert had.count("a") == 17


def test_all_visitors_together_leave_threads_free() -> None:
    limits = ConcurrencyLimits(2)
    with ExitStack() as stack:
        for number in range(2 + MAX_WAITING):
            stack.enter_context(limits.slot_of(f"{number}" if number % 2 else ""))
        with pytest.raises(CrowdedError) as raised, limits.slot_of("another"):
            pass
        assert raised.type is CrowdedError
    with limits.slot_of("another"):
        pass


def test_no_more_are_made_at_once_than_there_may_be_and_none_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "_LONGEST_WAIT_SECONDS", 0.02)
    limits = ConcurrencyLimits(2)
    with limits.slot(), limits.slot(), pytest.raises(CrowdedError), limits.slot():
        pass
    with limits.slot(), limits.slot():
        pass
    with ThreadPoolExecutor(2) as pool, working(pool, limits, "a") as had:
        wait_for(had, 1)
        with pytest.raises(CrowdedError), limits.slot_of("a"):
            pass
    with limits.slot_of("a"):
        pass
