"""One budget of bytes for all that is kept, and no kind of it at the cost of another."""

import pytest

from tests.clock import ManualClock
from webapp.instance.editions import Edition, Editions
from webapp.response_cache.cache_key import CacheKey
from webapp.response_cache.cached_response import CachedResponse
from webapp.response_cache.caches import Caches, make_caches
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.versions import VersionTracker
from webapp.store import EntryVersion, Store

MIB = 2**20


@pytest.fixture
def tracker(store: Store, clock: ManualClock) -> VersionTracker:
    return VersionTracker(Editions(Edition(store, clock), None, is_forced=False), max_lag=1)


def fill(kept: Caches, count: int, *, size: int) -> None:
    """Put in so many responses, lists and files of pictures of so many bytes."""
    for number in range(count):
        key = CacheKey("http", "localhost", "", f"/{number}", "", "", None, None)
        body = b"x" * size
        kept.responses.put(key, CachedResponse([], [], body, "", None, Freshness.FEED, 1), size)
        kept.lists.put(number, body, size)
        kept.pictures.put((1, f"{number}.jpg"), body, size)


def held(kept: Caches, count: int) -> tuple[int, int, int, int]:
    """Count what is held of so many responses, lists, files of pictures and fragments."""
    keys = [CacheKey("http", "localhost", "", f"/{number}", "", "", None, None) for number in range(count)]
    written = list[int]()

    def write(event_ids: list[int]) -> dict[int, bytes]:
        written.extend(event_ids)
        return dict.fromkeys(event_ids, b"")

    kept.fragments.collect("ics", [EntryVersion(number, 1) for number in range(count)], write)
    responses = sum(response is not None for response in kept.responses.get_all(keys))
    lists = sum(html is not None for html in kept.lists.get_all(range(count)))
    files = kept.pictures.get_all([(1, f"{number}.jpg") for number in range(count)])
    return responses, lists, sum(file is not None for file in files), count - len(written)


def test_the_budget_bounds_everything_together(tracker: VersionTracker) -> None:
    kept, size = make_caches(tracker, max_bytes=MIB), 4000
    fill(kept, 1000, size=size)
    kept.fragments.collect(
        "ics", [EntryVersion(number, 1) for number in range(1000)], lambda ids: dict.fromkeys(ids, b"x" * size)
    )
    counts = held(kept, 1000)
    assert counts[:3] == tuple(eighths * MIB // 8 // (size + 300) for eighths in (3, 1, 1))
    assert MIB * 0.9 < sum(counts) * (size + 300) <= MIB


def test_a_flood_of_pages_evicts_no_fragment(tracker: VersionTracker) -> None:
    kept, written = make_caches(tracker, max_bytes=MIB), list[int]()
    versions = [EntryVersion(number, 1) for number in range(100)]

    def write(event_ids: list[int]) -> dict[int, bytes]:
        written.extend(event_ids)
        return dict.fromkeys(event_ids, b"x" * 1000)

    kept.fragments.collect("ics", versions, write)
    fill(kept, 1000, size=4000)
    kept.fragments.collect("ics", versions, write)
    assert len(written) == len(versions)


def test_without_a_budget_nothing_is_held(tracker: VersionTracker) -> None:
    kept = make_caches(tracker, max_bytes=0)
    fill(kept, 3, size=1)
    assert held(kept, 3) == (0, 0, 0, 0)
