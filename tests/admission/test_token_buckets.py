from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redis_server import running_redis
from webapp.admission import token_buckets
from webapp.admission.redis_buckets import RedisBuckets
from webapp.admission.token_buckets import LONGEST_SECONDS, MemoryBuckets, TokenBuckets


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


STEPS = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), max_size=60)


@given(steps=STEPS)
def test_no_more_is_taken_than_was_full_and_has_flown_in_since(steps: list[tuple[int, int]]) -> None:
    clock = Seconds()
    buckets, full, taken = MemoryBuckets(clock), 60, list[tuple[float, int]]()
    for waited, wanted in steps:
        clock.now += waited
        if buckets.take("one", wanted, unless_over=full - wanted) <= full - wanted:
            taken.append((clock.now, wanted))
    for begun, _ in taken:
        assert all(
            sum(amount for at, amount in taken if begun <= at <= end) <= full + end - begun
            for end, _ in taken
            if end >= begun
        )


@given(waited=st.integers(0, 100), debt=st.integers(1, 500))
def test_what_it_is_short_of_is_how_long_to_wait(waited: int, debt: int) -> None:
    clock = Seconds()
    buckets = MemoryBuckets(clock)
    buckets.take("one", debt, unless_over=0)
    clock.now += waited
    assert buckets.take("one", 0, unless_over=-1) == max(0, debt - waited)
    assert buckets.take("other", 0, unless_over=-1) == 0


def test_nothing_is_owed_for_ever() -> None:
    clock = Seconds()
    buckets = MemoryBuckets(clock)
    buckets.take("one", 1e9, unless_over=0)
    assert buckets.take("one", 0, unless_over=-1) == LONGEST_SECONDS


def test_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_buckets, "_SWEPT_AT", 10)
    clock = Seconds()
    buckets = MemoryBuckets(clock)
    for number in range(1000):
        clock.now += 1
        buckets.take(f"{number}", 3, unless_over=0)
    assert len(buckets._full_at) <= 11  # noqa: SLF001 - what is kept shows in nothing else


def drain(buckets: TokenBuckets) -> list[float]:
    takes: list[Callable[[], float]] = [
        lambda: buckets.take("one", 20, unless_over=40),
        lambda: buckets.take("one", 20, unless_over=40),
        lambda: buckets.take("one", 20, unless_over=40),
        lambda: buckets.take("one", 20, unless_over=40),
        lambda: buckets.take("other", 0.5, unless_over=40),
        lambda: buckets.take("one", 5000, unless_over=LONGEST_SECONDS),
        lambda: buckets.take("one", 0, unless_over=-1),
    ]
    return [take() for take in takes]


@pytest.mark.service
def test_redis_counts_as_memory_does() -> None:
    expected = [0, 20, 40, 60, 0, 60, LONGEST_SECONDS]
    assert drain(MemoryBuckets(Seconds())) == expected
    with running_redis() as redis:
        assert drain(RedisBuckets(redis.url)) == pytest.approx(expected, abs=3)
        # Another process finds the same.
        assert RedisBuckets(redis.url).take("one", 0, unless_over=-1) == pytest.approx(LONGEST_SECONDS, abs=3)


@pytest.mark.service
def test_without_redis_a_process_counts_by_itself_and_asks_again_later(caplog: pytest.LogCaptureFixture) -> None:
    clock = Seconds()
    with running_redis() as redis:
        buckets, port = RedisBuckets(redis.url, clock), redis.port
    assert drain(buckets) == [0, 20, 40, 60, 0, 60, LONGEST_SECONDS]
    assert len(caplog.records) == 1, "it was asked once"
    with running_redis(port):
        assert buckets.take("one", 0, unless_over=-1) > 0
        clock.now += 10
        assert buckets.take("one", 0, unless_over=-1) == 0
