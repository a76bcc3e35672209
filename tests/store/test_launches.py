"""Launches in the store, on every engine: what is read back is what was parsed."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Record, make_launch, make_record
from tests.fake_ll2.catalogue import event_type, precision
from tests.fake_ll2.launches import launch_status, real_launches
from tests.fake_ll2.moments import stamp
from tests.keys import event_key, launch_key
from tests.sized_launches import sized_launches
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import Entry, EntryKind, ReceivedEntry
from webapp.domain.launch import LaunchStatus
from webapp.domain.query import Filter
from webapp.domain.scopes import EVERYTHING, Scope, past_scope, upcoming_scope
from webapp.ll2.parse import parse_record, serialize_record
from webapp.ll2.parse_launch import parse_launch
from webapp.store import Intake, Store


def received(record: Record) -> ReceivedEntry:
    return ReceivedEntry(parse_launch(record), serialize_record(record))


def take_in(store: Store, *records: Record) -> Intake:
    with store.write() as writer:
        return writer.upsert_entries([received(record) for record in records], now=NOW)


def listed(store: Store) -> list[Entry]:
    with store.read() as snapshot:
        return [one.entry for one in snapshot.list_entries(Filter(), EVERYTHING)]


def test_every_invented_launch_is_read_back_as_it_was_parsed(store: Store) -> None:
    records = [make_launch(number) for number in range(1, 37)]
    assert take_in(store, *records).added == 36
    assert {one.key: one for one in listed(store)} == {one.key: one for one in map(parse_launch, records)}
    assert take_in(store, *records) == Intake(unchanged=36)


def test_every_real_launch_is_read_back_as_it_was_parsed(store: Store) -> None:
    for mode in ("list", "normal", "detailed"):
        records = {record["id"]: record for record in real_launches() if record["response_mode"] == mode}
        take_in(store, *records.values())
        with store.read() as snapshot:
            for record in records.values():
                parsed = parse_launch(record)
                stored = snapshot.get_entry(parsed.key)
                assert stored is not None
                assert stored.entry == parsed


def test_a_bare_launch_is_read_back(store: Store) -> None:
    bare = {"id": make_launch(1)["id"], "name": "Carrier | Meridian"}
    take_in(store, bare)
    assert listed(store) == [parse_launch(bare)]


def test_events_and_launches_stand_in_one_list(store: Store) -> None:
    event = make_record(1, date="2026-06-02T12:00:00Z")
    take_in(store, make_launch(1, net="2026-06-01T12:00:00Z"), make_launch(2, net="2026-06-03T12:00:00Z"))
    with store.write() as writer:
        writer.upsert_entries([parse_record(event)], now=NOW)
    assert {one.key for one in listed(store)} == {launch_key(1), event_key(1), launch_key(2)}


def test_a_change_of_what_only_launches_have_is_kept(store: Store) -> None:
    before = make_launch(1, status=launch_status(1), last_updated="2026-02-01T00:00:00Z")
    after = before | {"status": launch_status(5), "last_updated": "2026-02-02T00:00:00Z"}
    with store.write() as writer:
        writer.update_progress(EntryKind.LAUNCH, imported_at=NOW)
    take_in(store, before)
    ((key, change),) = take_in(store, after).changes
    assert (key, change.kind) == (launch_key(1), ChangeKind.STATUS)
    assert (change.old_status, change.new_status) == (
        LaunchStatus(1, "Go for Launch", "Go"),
        LaunchStatus(5, "On Hold", "Hold"),
    )
    counted = after | {name: 9_999 for name in after if "attempt_count" in name}
    assert take_in(store, counted | {"last_updated": "2026-02-03T00:00:00Z"}).changes == ()


def test_a_launch_is_past_with_its_outcome_and_upcoming_for_a_day_without(store: Store) -> None:
    net = NOW - timedelta(hours=20)
    records = [
        make_launch(
            number, net=f"{net:%Y-%m-%dT%H:%M:%SZ}", net_precision=precision(1), status=launch_status(status_id)
        )
        for number, status_id in enumerate((1, 3, 5, 4, 6, 9, 7), start=1)
    ]
    take_in(store, *records)
    with store.read() as snapshot:
        upcoming = {one.entry.key for one in snapshot.list_entries(Filter(), upcoming_scope(NOW))}
        past = {one.entry.key for one in snapshot.list_entries(Filter(), past_scope(NOW))}
        later = {one.entry.key for one in snapshot.list_entries(Filter(), upcoming_scope(NOW + timedelta(hours=8)))}
    assert upcoming == {launch_key(number) for number in (1, 3, 5)}
    assert past == {launch_key(number) for number in (2, 4, 6, 7)}
    assert later == set()


def test_the_record_is_kept_as_it_came(store: Store) -> None:
    record = make_launch(1)
    take_in(store, record)
    with store.read() as snapshot:
        found = snapshot.get_entry(launch_key(1))
        assert found is not None
        (text,) = snapshot.get_records([found.id]).values()
    assert json.loads(text) == record


def test_launches_with_a_placeholder_for_a_date_are_told_apart(store: Store) -> None:
    vague = make_launch(1, net_precision=precision(7), status=launch_status(8))
    doubtful = make_launch(2, net_precision=precision(5), status=launch_status(2))
    dated = make_launch(3, net_precision=precision(5), status=launch_status(8))
    take_in(store, vague, doubtful, dated)
    with store.write() as writer:
        writer.upsert_entries([parse_record(make_record(1) | {"date_precision": precision(7)})], now=NOW)
    with store.read() as snapshot:
        placeholders, others = (
            {one.entry.key for one in snapshot.list_entries(Filter(), Scope(placeholders=asked))}
            for asked in (True, False)
        )
    assert placeholders == {launch_key(1), launch_key(2)}
    assert others == {launch_key(3), event_key(1)}


def named_launch(number: int, net: datetime) -> Record:
    """Give a launch as an event's record names it."""
    return make_launch(number) | {"net": stamp(net)}


@pytest.mark.parametrize(
    ("type_id", "apart", "is_one"),
    [(24, timedelta(minutes=60), True), (24, timedelta(minutes=61), False), (2, timedelta(0), False)],
)
def test_an_event_that_is_a_launch_beside_it_stands_in_the_api_alone(
    store: Store, type_id: int, apart: timedelta, *, is_one: bool
) -> None:
    net = NOW + timedelta(days=3)
    launch = make_launch(1, net=stamp(net), net_precision=precision(1), status=launch_status(1))
    event = make_record(7, date=stamp(net + apart), type=event_type(type_id), launches=[named_launch(1, net)])
    for records in ((launch,), ()):
        take_in(store, *records)
        with store.write() as writer:
            writer.upsert_entries([parse_record(event)], now=NOW)
    both, alone = {launch_key(1), event_key(7)}, {launch_key(1)}
    with store.read() as snapshot:
        shown = {one.entry.key for one in snapshot.list_entries(Filter(), upcoming_scope(NOW))}
        assert shown == (alone if is_one else both)
        assert snapshot.count_entries(Filter(), upcoming_scope(NOW)) == len(shown)
        assert {one.entry.key for one in snapshot.list_entries(Filter(), EVERYTHING)} == both
    moved = make_launch(
        1, net=stamp(net + timedelta(days=2)), net_precision=precision(1), status=launch_status(1),
        last_updated="2026-12-02T00:00:00Z",
    )  # fmt: skip
    take_in(store, moved)
    with store.read() as snapshot:
        assert {one.entry.key for one in snapshot.list_entries(Filter(), upcoming_scope(NOW))} == both


def test_an_instance_shows_the_kinds_that_its_owner_names(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store(url)
    store.migrate()
    with store.write() as writer:
        for kind in EntryKind:
            writer.update_progress(kind, imported_at=NOW, history_at=NOW)
        writer.upsert_entries([parse_record(make_record(1, date="2026-06-02T12:00:00Z"))], now=NOW)
    take_in(store, make_launch(1, net="2026-06-01T12:00:00Z"))
    shown = {
        (EntryKind.EVENT,): {event_key(1)},
        (EntryKind.LAUNCH,): {launch_key(1)},
        tuple(EntryKind): {event_key(1), launch_key(1)},
    }
    for kinds, keys in shown.items():
        with closing(Store(url, kinds=kinds)) as narrowed, narrowed.read() as snapshot:
            assert {one.entry.key for one in snapshot.list_entries(Filter(), EVERYTHING)} == keys
            assert snapshot.count_entries(Filter(), EVERYTHING) == len(keys)
            assert {key for key in (event_key(1), launch_key(1)) if snapshot.get_entry(key)} == keys
            assert {key for key in (event_key(1), launch_key(1)) if snapshot.list_history(key)} == keys
            changed = snapshot.get_entries([one.entry_id for one in snapshot.list_changes(Filter(), tuple(ChangeKind))])
            assert {one.entry.key for one in changed} == keys
            assert snapshot.count_changes(Filter())[ChangeKind.ADDED] == len(keys)
            hidden = set(EntryKind) - set(kinds)
            assert [snapshot.count_entries(Filter(kinds=(kind,)), EVERYTHING) for kind in hidden] == [0] * len(hidden)
    store.close()


def test_records_of_launches_take_little_room(tmp_path: Path) -> None:
    # A fortieth of what a store with the whole history holds: 7,000 and 1,000, whose records take less than 60 MB.
    records = list(sized_launches(normal=7_000 // 40, detailed=1_000 // 40))
    sizes = {mode: mean_size(records, mode) for mode in ("normal", "detailed")}
    assert (sizes["normal"] > 16_500, sizes["detailed"] > 49_000) == (True, True), sizes
    file = tmp_path / "store.db"
    store = Store(f"sqlite:///{file}")
    store.migrate()
    with store.write() as writer:
        intake = writer.upsert_entries([parse_record(one, EntryKind.LAUNCH) for one in records], now=NOW)
    store.close()
    assert intake.added == len(records)
    with closing(sqlite3.connect(file)) as connection:
        kept = "SELECT sum(length(record) + length(compressed)) FROM entry_bodies"
        ((taken,),) = connection.execute(kept)
    assert taken < 60_000_000 // 40
    # All else that is kept of them, texts and indexes too, takes no more than twice that.
    assert file.stat().st_size < 3 * 60_000_000 // 40


def mean_size(records: Sequence[Record], mode: str) -> float:
    sizes = [len(serialize_record(one)) for one in records if one["response_mode"] == mode]
    return sum(sizes) / len(sizes)
