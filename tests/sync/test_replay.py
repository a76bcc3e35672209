"""The 39 real days: what the engine remembers of them is what a comparison of the files themselves finds."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.fake_ll2.catalogue import EVENT_TYPES
from tests.fake_ll2.daily import Day, daily_snapshots
from tests.fake_ll2.shapes import Record
from tests.soak import length
from tests.sync.conftest import Stage
from webapp.domain.changes import StoredChange
from webapp.domain.entry import EntryKind

EACH_DAY = timedelta(hours=length(1, long=3))

ChangeFacts = tuple[int, str, Any]


@pytest.mark.slow
@pytest.mark.campaign
def test_the_real_days_give_exactly_the_changes_that_their_files_hold(stage: Stage) -> None:
    days = daily_snapshots()
    assert len(days) == 39
    for day in days:
        take_in(stage, day)
    with stage.store.read() as snapshot:
        keys = snapshot.sync.list_keys_from(EntryKind.EVENT, None)
        changes = [change for key in keys for change in snapshot.list_history(key)]
    found: dict[Any, list[ChangeFacts]] = {day.day: [] for day in days}
    for change in changes:
        found[change.seen_at.date()].append(facts_of(change))
    found = {day: sorted(facts, key=str) for day, facts in found.items()}
    expected = {day: sorted(facts, key=str) for day, facts in compared(days)}
    assert found == expected
    kinds = Counter(kind for facts in found.values() for _, kind, _ in facts)
    assert kinds == Counter(slipped=18, added=17, edited=17, webcast_added=4, renamed=2)


def take_in(stage: Stage, day: Day) -> None:
    """Serve a day's list as upstream for some of that day, and let the engine go on as it plans."""
    stage.clock.now = datetime.combine(day.day, time(6), UTC)
    stage.fake.records[:] = day.listed
    stage.fake.unlisted[:] = day.unlisted
    stage.run(EACH_DAY)


def facts_of(stored: StoredChange) -> ChangeFacts:
    change = stored.change
    match change.kind.value:
        case "slipped" | "refined" | "vaguer" as kind:
            assert change.before is not None
            assert change.after is not None
            return stored.entry_id, kind, (change.before.date, change.after.date, change.slip_number)
        case "renamed":
            return stored.entry_id, "renamed", (change.old_name, change.new_name)
        case "webcast_added":
            return stored.entry_id, "webcast_added", change.urls
        case "edited":
            return stored.entry_id, "edited", tuple(sorted(change.fields))
        case kind:
            return stored.entry_id, kind, None


# From here on the files alone are compared, with nothing of Perigee's.


def compared(days: list[Day]) -> Iterator[tuple[Any, list[ChangeFacts]]]:
    known: dict[int, Record] = {}
    slips: Counter[int] = Counter()
    for day in days:
        facts: list[ChangeFacts] = []
        for record in day.raw:
            before = known.get(record["id"])
            if before is None:
                facts += [(record["id"], "added", None)] if day is not days[0] else []
            else:
                facts += list(differences(before, record, slips))
            known[record["id"]] = record
        yield day.day, facts


def differences(before: Record, after: Record, slips: Counter[int]) -> Iterator[ChangeFacts]:
    number = after["id"]
    if before["date"] != after["date"]:
        old, new = datetime.fromisoformat(before["date"]), datetime.fromisoformat(after["date"])
        kind = "slipped"
        if old.date() == new.date():
            # One of them is midnight, and means the whole day.
            kind = "refined" if old.time() == time(0) else "vaguer" if new.time() == time(0) else "slipped"
        slips[number] += kind == "slipped"
        yield number, kind, (old, new, slips[number] if kind == "slipped" else None)
    if before["name"] != after["name"]:
        yield number, "renamed", (before["name"], after["name"])
    if after["video_url"] and before["video_url"] != after["video_url"]:
        yield number, "webcast_added", (after["video_url"],)
    if fields := tuple(sorted(edited(before, after))):
        yield number, "edited", fields


def edited(before: Record, after: Record) -> Iterator[str]:
    if before["slug"] != after["slug"] and before["name"] == after["name"]:
        yield "slug"
    if before["video_url"] and before["video_url"] != after["video_url"]:
        yield "webcasts"
    for field, read in READ.items():
        if read(before) != read(after):
            yield field


def typed(record: Record) -> tuple[int, str]:
    # The names of today stand for those of then.
    return record["type"]["id"], EVENT_TYPES.get(record["type"]["id"], record["type"]["name"])


def programs(record: Record) -> set[tuple[int, str]]:
    return {(program["id"], program["name"]) for program in record["program"]}


def agencies(record: Record) -> set[tuple[int, str]]:
    providers = [launch["launch_service_provider"] for launch in record["launches"]]
    return {(provider["id"], provider["name"]) for provider in providers}


def launches(record: Record) -> set[tuple[str, str, str]]:
    # Raised, their dates are known to the minute.
    return {(launch["name"], launch["net"][:16], launch["status"]["name"]) for launch in record["launches"]}


def stations(record: Record) -> set[tuple[str, str]]:
    return {(station["name"], station["orbit"]) for station in record["spacestations"]}


def expeditions(record: Record) -> set[tuple[str, str, str]]:
    # Their days are told, and no times.
    return {(one["name"], one["start"][:10], (one["end"] or "")[:10]) for one in record["expeditions"]}


READ: dict[str, Callable[[Record], Any]] = {
    "type": typed,
    "links": lambda record: record["news_url"],
    "description": lambda record: record["description"].split(),
    "location": lambda record: (record["location"] or "").split(),
    "programs": programs,
    "agencies": agencies,
    "launches": launches,
    "stations": stations,
    "expeditions": expeditions,
}
