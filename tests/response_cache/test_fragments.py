from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.clock import ManualClock
from tests.fake_ll2 import Record, make_record, make_records
from tests.site import Site
from webapp.app import create_app
from webapp.response_cache.fragments import FragmentCache
from webapp.settings import Settings
from webapp.store import EntryVersion

PATHS = (
    "/feeds/events.ics", "/feeds/events.ics?vague=span&alarm=15", "/feeds/events.rss", "/feeds/events.atom",
    "/feeds/events.json",
)  # fmt: skip
NEW = {"last_updated": "2026-02-28T00:00:00Z"}


def writer(written: list[int]) -> Callable[[list[int]], dict[int, bytes]]:
    def write(event_ids: list[int]) -> dict[int, bytes]:
        written.extend(event_ids)
        return {event_id: b"%d" % event_id for event_id in event_ids}

    return write


def test_a_fragment_is_written_once_until_its_event_is_written_again() -> None:
    fragments, written = FragmentCache(2**20), list[int]()
    versions = [EntryVersion(3, 1), EntryVersion(1, 1), EntryVersion(2, 1)]
    assert fragments.collect("rss", versions, writer(written)) == [b"3", b"1", b"2"]
    assert fragments.collect("rss", [*versions[:2], EntryVersion(2, 5)], writer(written)) == [b"3", b"1", b"2"]
    assert written == [3, 1, 2, 2]
    assert fragments.collect("atom", versions[:1], writer(written)) == [b"3"]
    assert written == [3, 1, 2, 2, 3], "another variant is another fragment"


def test_the_least_recently_used_fragment_is_evicted() -> None:
    fragments, written = FragmentCache(8 * 301), list[int]()
    fragments.collect("rss", [EntryVersion(number, 1) for number in range(1, 9)], writer(written))
    fragments.collect("rss", [EntryVersion(1, 1)], writer(written))
    fragments.collect("rss", [EntryVersion(9, 1)], writer(written))
    written.clear()
    fragments.collect("rss", [EntryVersion(3, 1), EntryVersion(9, 1), EntryVersion(1, 1)], writer(written))
    assert written == []
    fragments.collect("rss", [EntryVersion(2, 1)], writer(written))
    assert written == [2]


def test_a_feed_larger_than_the_cache_is_whole_all_the_same() -> None:
    fragments = FragmentCache(1)
    assert fragments.collect("rss", [EntryVersion(1, 1), EntryVersion(2, 1)], writer([])) == [b"1", b"2"]


def test_what_is_kept_is_what_would_be_written_now(
    site: Callable[..., Site], make_settings: Callable[..., Settings], clock: ManualClock
) -> None:
    """After each thing that can befall an event, also such as are no change: the same bytes as from a new process."""
    records = {record["id"]: record for record in make_records(120, now=clock())}
    one = site(*records.values())
    soon = [number for number, record in records.items() if (record["date"] or "") > "2026-03-01"][:8]

    def assert_same() -> None:
        fresh = create_app(make_settings(), clock=clock, trusted_for=0)
        for path in PATHS:
            assert one.client.get(path).data == fresh.test_client().get(path).data, path
        fresh.extensions["perigee"].editions.close()

    def put(number: int, **changed: Any) -> None:
        records[number] = {**records[number], **changed, **NEW}
        one.put(records[number])
        assert_same()

    assert_same()
    put(soon[0], date="2026-03-20T10:00:00Z")
    put(soon[1], name="Quite another name")
    put(soon[2], description=records[soon[2]]["description"] + "  ")
    put(soon[3], info_urls=[{"url": "https://b.example/", "priority": 1}, {"url": "https://a.example/", "priority": 1}])
    put(soon[3], info_urls=[{"url": "https://a.example/", "priority": 1}, {"url": "https://b.example/", "priority": 1}])
    put(soon[4], webcast_live=True)
    put(soon[5], type={"id": 2, "name": "Docking, renamed"})
    one.withdraw(soon[6])
    assert_same()
    put(soon[6])


@pytest.mark.parametrize("path", PATHS)
def test_two_sites_do_not_share_what_they_keep(site: Callable[..., Site], tmp_path: Path, path: str) -> None:
    def record(**fields: Any) -> Record:
        return make_record(7, date="2026-03-10T12:00:00Z", **fields)

    elsewhere = {"PERIGEE_DATA_DIR": str(tmp_path / "other"), "PERIGEE_PUBLIC_URL": "https://b.example"}
    one, other = site(record(name="One")), site(record(name="Other"), **elsewhere)
    assert ("One" in one.get(path)[1], "Other" in other.get(path)[1]) == (True, True)
    assert "b.example" not in one.get(path)[1]


def test_options_that_change_no_part_share_what_was_written(
    site: Callable[..., Site], clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is asked in whichever order: each event is written once for each way it can look, four at most."""
    written, collect = list[int](), FragmentCache.collect

    def counting(
        cache: FragmentCache,
        variant: Hashable,
        versions: Sequence[EntryVersion],
        write: Callable[[list[int]], dict[int, bytes]],
    ) -> list[bytes]:
        def counted(event_ids: list[int]) -> dict[int, bytes]:
            written.extend(event_ids)
            return write(event_ids)

        return collect(cache, variant, versions, counted)

    monkeypatch.setattr(FragmentCache, "collect", counting)
    one = site(*make_records(60, now=clock()))

    def count(query: str) -> int:
        written.clear()
        assert one.get(f"/feeds/events.ics{query}")[0] == 200
        return len(written)

    assert count("?vague=span") > 10
    again = ("", *(f"?alarm={minutes}&vague=span" for minutes in range(1, 20)), "?past=3&vague=span", "?cancelled=drop")
    assert {query: count(query) for query in again} == dict.fromkeys(again, 0)
    assert [count("?vague=marker") > 0, count("?busy=true&vague=span") > 0, count("?busy=true&vague=marker") > 0] == [
        True, True, True,
    ]  # fmt: skip
    again = ("?busy=true&alarm=5", "?vague=marker&alarm=7&past=0", "?busy=true&vague=marker&alarm=9&cancelled=drop")
    assert {query: count(query) for query in again} == dict.fromkeys(again, 0)
