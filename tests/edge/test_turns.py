from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event

import pytest

from webapp.edge import turns
from webapp.edge.turns import WAITING, TooManyOfOneError, Turns
from webapp.response_cache.single_flight import CrowdedError


@contextmanager
def working(pool: ThreadPoolExecutor, all_turns: Turns, *visitors: str) -> Iterator[list[str]]:
    """Have these visitors want a turn, one after the other; give who has had one, until the block ends."""
    had, may_end = list[str](), Event()

    def work(visitor: str, asked: Event) -> None:
        asked.set()
        with all_turns.turn(visitor):
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


def test_one_visitor_has_one_turn_at_a_time_and_holds_up_nobody_else() -> None:
    with ThreadPoolExecutor(8) as pool:
        with working(pool, Turns(4), "a", "a", "a", "b") as had:
            wait_for(had, 2)
            Event().wait(0.05)
            assert sorted(had) == ["a", "b"]
        assert sorted(had) == ["a", "a", "a", "b"]


def test_one_visitor_cannot_take_all_threads() -> None:
    all_turns = Turns(4)
    with ThreadPoolExecutor(20) as pool, working(pool, all_turns, *["a"] * 17) as had:
        wait_for(had, 1)
        Event().wait(0.05)
        with pytest.raises(TooManyOfOneError), all_turns.turn("a"):
            pass
        with all_turns.turn("b"):
            had.append("b")
    assert had.count("a") == 17


def test_all_visitors_together_leave_threads_free() -> None:
    all_turns = Turns(2)
    with ExitStack() as stack:
        for number in range(2 + WAITING):
            stack.enter_context(all_turns.turn(f"{number}" if number % 2 else ""))
        with pytest.raises(CrowdedError) as raised, all_turns.turn("another"):
            pass
        assert raised.type is CrowdedError
    with all_turns.turn("another"):
        pass


def test_no_more_are_made_at_once_than_there_may_be_and_none_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_WITHIN_SECONDS", 0.02)
    all_turns = Turns(2)
    with all_turns.making(), all_turns.making(), pytest.raises(CrowdedError), all_turns.making():
        pass
    with all_turns.making(), all_turns.making():
        pass
    with ThreadPoolExecutor(2) as pool, working(pool, all_turns, "a") as had:
        wait_for(had, 1)
        with pytest.raises(CrowdedError), all_turns.turn("a"):
            pass
    with all_turns.turn("a"):
        pass
