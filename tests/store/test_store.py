import json
import traceback
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlalchemy import update as update_rows
from sqlalchemy.exc import ProgrammingError

from tests.clock import NOW
from tests.databases import migrated_store
from tests.factories import make_entry, make_webcast
from tests.fake_ll2 import make_record, make_records
from tests.fake_ll2.records import precision
from tests.keys import event_key, event_keys
from webapp.domain.changes import Change, ChangeKind, known_date
from webapp.domain.entry import EntryKey, EntryKind, EventType, ReceivedEntry
from webapp.domain.query import Filter, Query
from webapp.domain.scopes import EVERYTHING, Scope, upcoming_scope
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Counts, Intake, Rejected, Snapshot, Store, StoreState, StoreUnavailableError
from webapp.store.schema import entries, entry_bodies
from webapp.store.writing import MOST_REJECTED


def received(*records: dict[str, Any]) -> list[ReceivedEntry]:
    return [ReceivedEntry(parse_event(record), serialize_record(record)) for record in records]


def take_in(store: Store, *records: dict[str, Any], now: datetime = NOW) -> Intake:
    with store.write() as writer:
        return writer.upsert_entries(received(*records), now=now)


def state_of(store: Store) -> StoreState:
    with store.read() as snapshot:
        return snapshot.state


def ids(store: Store, query: Query | None = None, scope: Scope = EVERYTHING) -> list[int]:
    asked = query or Query()
    with store.read() as snapshot:
        return [stored.id for stored in snapshot.list_entries(asked.filter, scope, asked.view)]


def keys_in(snapshot: Snapshot) -> set[EntryKey]:
    return snapshot.sync.list_keys_from(EntryKind.EVENT, None)


def at(moment: str, precision_id: int | None) -> dict[str, Any]:
    return {"date": moment, "date_precision": None if precision_id is None else precision(precision_id)}


def test_every_record_comes_back_as_it_went_in(store: Store) -> None:
    records = make_records(300, now=NOW)
    assert take_in(store, *records) == Intake(added=300)
    with store.read() as snapshot:
        stored = {one.id: one.entry for one in snapshot.list_entries(Filter(), EVERYTHING)}
        kept = snapshot.get_records(list(stored))
    assert stored == {record["id"]: parse_event(record) for record in records}
    assert {entry_id: json.loads(record) for entry_id, record in kept.items()} == {
        record["id"]: record for record in records
    }
    assert list(json.loads(kept[1])) == list(records[0]), "the keys keep the order in which they came"


def test_taking_in_the_same_again_changes_nothing_the_generation_included(store: Store) -> None:
    records = make_records(120, now=NOW)
    take_in(store, *records)
    before = state_of(store)
    assert take_in(store, *records, now=NOW + timedelta(hours=1)) == Intake(unchanged=120)
    assert state_of(store) == before


def test_an_empty_store_is_at_generation_zero(store: Store) -> None:
    assert state_of(store) == StoreState()


def test_a_change_that_readers_see_raises_revision_and_generation(store: Store) -> None:
    take_in(store, make_record(7, last_updated="2026-02-01T00:00:00Z"))
    later = NOW + timedelta(days=1)
    moved = make_record(7, date="2026-06-05T00:00:00Z", last_updated="2026-03-02T00:00:00Z")
    slip = Change(
        ChangeKind.SLIPPED,
        before=known_date(parse_event(make_record(7))),
        after=known_date(parse_event(moved)),
        slip_number=1,
    )
    assert take_in(store, moved, now=later) == Intake(changed=1, changes=((event_key(7), slip),))
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(7))
    assert stored is not None
    assert (stored.revision, stored.first_seen, stored.changed_at) == (1, NOW, later)
    assert stored.entry == parse_event(moved)
    assert (state_of(store).generation, state_of(store).committed_at) == (2, later)


def test_a_new_last_updated_alone_raises_the_generation_and_not_the_revision(store: Store) -> None:
    take_in(store, make_record(7, last_updated="2026-02-01T00:00:00Z"))
    bumped = make_record(7, last_updated="2026-02-02T00:00:00Z")
    assert take_in(store, bumped, now=NOW + timedelta(days=1)) == Intake(changed=1)
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(7))
    assert stored is not None
    assert (stored.revision, stored.changed_at) == (0, datetime(2026, 2, 1, tzinfo=UTC))
    assert state_of(store).generation == 2


def test_an_older_record_never_overwrites_a_newer_one(store: Store) -> None:
    newer = make_record(7, name="New name", last_updated="2026-02-02T00:00:00Z")
    take_in(store, newer)
    assert take_in(store, make_record(7, name="Old name", last_updated="2026-02-01T00:00:00Z")) == Intake(unchanged=1)
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(7))
    assert stored is not None
    assert stored.entry == parse_event(newer)


def test_another_address_of_the_record_itself_is_no_news(store: Store) -> None:
    take_in(store, make_record(7))
    assert take_in(store, make_record(7, url="https://elsewhere.example.org/7/")) == Intake(unchanged=1)
    assert state_of(store).generation == 1


def test_an_event_that_was_there_before_us_changed_when_its_source_says_but_never_in_the_future(store: Store) -> None:
    take_in(
        store,
        make_record(1, last_updated="2025-05-05T05:05:05Z"),
        make_record(2, last_updated="2031-01-01T00:00:00Z"),
        make_record(3, last_updated=None),
    )
    with store.read() as snapshot:
        changed = {one.id: one.changed_at for one in snapshot.get_entries([1, 2, 3])}
    assert changed == {1: datetime(2025, 5, 5, 5, 5, 5, tzinfo=UTC), 2: NOW, 3: NOW}


def test_the_last_of_two_records_with_one_id_counts(store: Store) -> None:
    assert take_in(store, make_record(7, name="One"), make_record(7, name="Two")) == Intake(added=1, unchanged=1)
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(7))
    assert stored is not None
    assert stored.entry.name == "Two"


def test_events_stand_by_the_end_of_their_range_days_before_vaguer_ones_and_undated_ones_last(store: Store) -> None:
    take_in(
        store,
        make_record(1, **at("2026-12-31T00:00:00Z", 14)),  # 2026
        make_record(2, **at("2026-03-31T00:00:00Z", 7)),  # March 2026
        make_record(3, **at("2026-03-31T00:00:00Z", 5)),  # 31 March
        make_record(4, **at("2026-03-31T18:00:00Z", 1)),
        make_record(5, **at("2026-03-24T00:00:00Z", 6)),  # the week to 29 March
        make_record(6, date=None),
        make_record(7, **at("2026-04-01T00:30:00Z", 1)),
        make_record(8, **at("2026-03-31T18:00:00Z", 1)),
        make_record(9, **at("2026-02-10T00:00:00Z", 8)),  # the quarter to 31 March
    )
    assert ids(store) == [5, 3, 4, 8, 2, 9, 7, 1, 6]


def test_upcoming_is_what_is_not_over_anywhere_on_earth(store: Store) -> None:
    take_in(
        store,
        make_record(1, **at("2026-02-28T00:00:00Z", 5)),  # over at noon UTC on 1 March
        make_record(2, **at("2026-03-01T09:29:00Z", 1)),  # over at half past
        make_record(3, **at("2026-03-01T09:30:00Z", 1)),
        make_record(4, **at("2026-02-15T00:00:00Z", 7)),
        make_record(5, date=None),
    )
    assert ids(store, scope=upcoming_scope(NOW)) == [1, 4, 3, 5]
    assert ids(store, scope=upcoming_scope(NOW + timedelta(hours=2, minutes=30))) == [5]


def test_a_calendars_scope_leaves_out_what_is_too_vague_or_has_no_date(store: Store) -> None:
    take_in(
        store,
        make_record(1, **at("2026-04-06T00:00:00Z", 6)),
        make_record(2, **at("2026-04-30T00:00:00Z", 7)),
        make_record(3, date=None),
    )
    assert ids(store, scope=Scope(NOW, largest_rank=1, dated=True)) == [1]
    assert ids(store, scope=Scope(NOW, dated=True)) == [1, 2]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ([], [1, 2, 3]),
        ([("type__ids", "2")], [1]),
        ([("type__ids", "2,3")], [1, 2]),
        ([("agency__ids", "44")], [1, 3]),
        ([("agency__ids", "44"), ("type__ids", "3,9")], [3]),
        ([("program", "17")], [2]),
        ([("type__ids", "99")], []),
        ([("limit", "2")], [1, 2]),
        ([("limit", "2"), ("offset", "2")], [3]),
    ],
)
def test_a_query_selects(store: Store, asked: list[tuple[str, str]], expected: list[int]) -> None:
    nasa = {"id": 44, "name": "NASA", "abbrev": "NASA"}
    esa = {"id": 27, "name": "ESA", "abbrev": "ESA"}
    station = {"id": 17, "name": "International Space Station"}
    take_in(
        store,
        make_record(1, type={"id": 2, "name": "Docking"}, agencies=[nasa], program=[]),
        make_record(2, type={"id": 3, "name": "EVA"}, agencies=[esa], program=[station]),
        make_record(3, type={"id": 9, "name": "Landing"}, agencies=[esa, nasa], program=None),
    )
    query = Query.parse(asked)
    assert ids(store, query) == expected
    with store.read() as snapshot:
        assert snapshot.count_entries(query.filter, EVERYTHING) == len(ids(store, Query(query.filter)))


def names_of_types(snapshot: Snapshot) -> dict[int, str]:
    return {one.id: one.name for one in snapshot.list_facets(Filter(), EVERYTHING).types}


def test_the_types_are_learned_from_the_data_under_their_latest_names(store: Store) -> None:
    take_in(store, make_record(1, type={"id": 9, "name": "Landing"}), make_record(2, type={"id": 2, "name": "Docking"}))
    take_in(store, make_record(3, type={"id": 9, "name": "Spacecraft Landing"}))
    with store.read() as snapshot:
        assert names_of_types(snapshot) == {2: "Docking", 9: "Spacecraft Landing"}


def test_a_record_that_is_no_news_renames_nothing(store: Store) -> None:
    take_in(store, make_record(1, type={"id": 9, "name": "Spacecraft Landing"}, last_updated="2026-02-01T00:00:00Z"))
    take_in(store, make_record(1, type={"id": 9, "name": "Landing"}, last_updated="2020-01-01T00:00:00Z"))
    with store.read() as snapshot:
        assert names_of_types(snapshot) == {9: "Spacecraft Landing"}


def test_links_to_agencies_follow_the_record(store: Store) -> None:
    nasa = {"id": 44, "name": "NASA", "abbrev": "NASA"}
    take_in(store, make_record(1, agencies=[nasa], last_updated="2026-01-01T00:00:00Z"))
    by_nasa = Query(Filter(agency_ids=(44,)))
    assert ids(store, by_nasa) == [1]
    take_in(store, make_record(1, agencies=[], last_updated="2026-01-02T00:00:00Z"))
    assert ids(store, by_nasa) == []


def test_an_error_undoes_everything_the_writer_did(store: Store) -> None:
    def write_and_fail() -> None:
        with store.write() as writer:
            writer.upsert_entries(received(make_record(1)), now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert ids(store) == []
    assert state_of(store) == StoreState()


def test_a_snapshot_does_not_see_what_is_written_meanwhile(store: Store) -> None:
    take_in(store, make_record(1))
    with store.read() as snapshot:
        before = snapshot.state.generation
        take_in(store, make_record(2))
        assert snapshot.state.generation == before
        assert snapshot.count_all() == Counts(entries=1, withdrawn=0, changes=0)
    assert state_of(store).generation == before + 1


def test_the_edges_of_time_are_kept(store: Store) -> None:
    first, last = make_record(1, **at("0001-01-01T00:00:00Z", 16)), make_record(2, **at("9999-12-31T23:59:59Z", 0))
    take_in(store, first, last)
    with store.read() as snapshot:
        assert [one.entry for one in snapshot.list_entries(Filter(), EVERYTHING)] == [
            parse_event(first),
            parse_event(last),
        ]
        date_range = snapshot.list_entries(Filter(), EVERYTHING)[0].entry.date_range
    assert date_range is not None
    assert (date_range.first_date, date_range.last_date) == (date(1, 1, 1), date(9, 12, 31))


def test_calls_are_kept_for_two_days(store: Store) -> None:
    for hours in (0, 1, 49):
        with store.write() as writer:
            writer.sync.open_call("upcoming", "it is time", now=NOW + timedelta(hours=hours))
    with store.read() as snapshot:
        kept = [call.called_at - NOW for call in snapshot.sync.list_calls()]
    assert kept == [timedelta(hours=49), timedelta(hours=1)]


def test_rejected_records_are_kept_once_each_until_they_are_understood_or_a_new_import_has_begun(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    with store.write() as writer:
        first = [("5", "name: missing"), (None, "id: not a whole number"), ("6", "type: none")]
        writer.note_rejected(EntryKind.EVENT, first, now=NOW)
        second = [("5", "date: not a date"), (None, "id: not a whole number")]
        writer.note_rejected(EntryKind.EVENT, second, now=later)
    with store.read() as snapshot:
        assert snapshot.list_rejected() == [
            Rejected(EntryKind.EVENT, "6", "type: none", NOW),
            Rejected(EntryKind.EVENT, "5", "date: not a date", later),
            Rejected(EntryKind.EVENT, None, "id: not a whole number", later),
        ]
    with store.write() as writer:
        writer.forget_rejected(EntryKind.EVENT, ["5", "7"])
        writer.forget_rejected(EntryKind.EVENT, before=later)
        assert writer.list_rejected() == [Rejected(EntryKind.EVENT, None, "id: not a whole number", later)]


def test_a_stamp_of_the_year_1_that_an_earlier_version_kept_is_missing(store: Store) -> None:
    update = {"id": 1, "comment": "GO", "created_on": "2026-01-01T00:00:00Z"}
    record = make_record(1, last_updated="2026-02-01T00:00:00Z", updates=[update])
    take_in(store, record)
    with store.write() as writer:
        connection, year_1 = writer._connection, datetime(1, 1, 1, tzinfo=UTC)  # noqa: SLF001 - an earlier version
        connection.execute(update_rows(entries).values(changed_at=year_1, last_updated=year_1))
        parts = func.replace(entry_bodies.c.parts, "2026-01-01T", "0001-01-01T")
        connection.execute(update_rows(entry_bodies).values(parts=parts))
    unknown = record | {"last_updated": "0001-01-01T00:00:00Z", "updates": [update | {"created_on": None}]}
    with store.read() as snapshot:
        (stored,) = snapshot.get_entries([1])
    assert (stored.entry, stored.changed_at) == (parse_event(unknown), NOW)
    take_in(store, unknown)
    with store.read() as snapshot:
        assert snapshot.count_all().changes == 0


def test_only_the_latest_thousand_notes_of_rejected_records_are_kept(store: Store) -> None:
    with store.write() as writer:
        for numbers in (range(1, 801), range(601, 1201)):
            writer.note_rejected(EntryKind.EVENT, [(str(number), "name: missing") for number in numbers], now=NOW)
    with store.read() as snapshot:
        assert [one.source_id for one in snapshot.list_rejected(limit=3)] == ["201", "202", "203"]
        assert (snapshot.count_rejected(), snapshot.list_rejected()[-1].source_id) == (MOST_REJECTED, "1200")


UNWRITABLE: list[dict[str, Any]] = [
    {"key": event_key(2**70)},
    {"name": "half a character \ud800"},
    {"precision_id": 2**70},
    {"type": EventType(2**70, "Docking")},
    {"name": None},
]


@pytest.mark.parametrize("place", [0, 3, 6])
@pytest.mark.parametrize("wrong", UNWRITABLE, ids=range(len(UNWRITABLE)))
def test_a_record_that_cannot_be_written_is_refused_alone(store: Store, place: int, wrong: dict[str, Any]) -> None:
    arrived = [ReceivedEntry(make_entry(key=key), "{}") for key in event_keys(range(1, 7))]
    arrived.insert(place, ReceivedEntry(make_entry(**{"key": event_key(99)} | wrong), "{}"))
    with store.write() as writer:
        intake = writer.upsert_entries(arrived, now=NOW)
    ((key, reason),) = intake.refused
    assert (intake.added, key) == (6, wrong.get("key", event_key(99)))
    assert reason.startswith("record: could not be stored (")
    assert "\n" not in reason
    with store.read() as snapshot:
        assert keys_in(snapshot) == set(event_keys(range(1, 7)))
        assert snapshot.count_entries(Filter(words="meridian"), EVERYTHING) == 6


def test_an_address_too_long_for_an_index_costs_its_own_record_at_most(store: Store) -> None:
    # No engine can press these bytes into its index.
    url = "https://example.org/" + "".join(sha256(bytes([number])).hexdigest() for number in range(250))
    long = ReceivedEntry(make_entry(key=event_key(1), webcasts=(make_webcast(url=url),)), "{}")
    with store.write() as writer:
        intake = writer.upsert_entries([long, ReceivedEntry(make_entry(key=event_key(2)), "{}")], now=NOW)
    with store.read() as snapshot:
        assert keys_in(snapshot) == set(event_keys([1, 2])) - {key for key, _ in intake.refused}


def test_a_database_that_is_not_as_it_should_be_is_no_fault_of_a_record(store: Store) -> None:
    with store.write() as writer:
        writer._connection.exec_driver_sql("ALTER TABLE entry_texts RENAME TO gone")  # noqa: SLF001 - a later schema
    with pytest.raises((StoreUnavailableError, ProgrammingError)), store.write() as writer:
        writer.upsert_entries([ReceivedEntry(make_entry(), "{}")], now=NOW)
    with store.read() as snapshot:
        assert keys_in(snapshot) == set()


def test_a_database_that_is_not_there_is_unavailable(tmp_path: Any) -> None:
    store = Store(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(StoreUnavailableError, match="unable to open database file"):
        store.migrate()
    with pytest.raises(StoreUnavailableError, match="unable to open database file"), store.read():
        pass
    store.close()


def test_what_anyone_may_be_told_names_no_server(tmp_path: Any) -> None:
    store = Store("postgresql://someone@127.0.0.1:1/secret")
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1") as caught, store.read():
        pass
    store.close()
    assert caught.value.public == "its server is not responding properly"
    store = Store(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(StoreUnavailableError) as caught, store.read():
        pass
    store.close()
    assert caught.value.public == "unable to open database file"


def test_an_error_that_nobody_foresaw_hides_what_was_asked(store: Store) -> None:
    with store.write() as writer:
        writer._connection.exec_driver_sql("ALTER TABLE entry_texts RENAME TO gone")  # noqa: SLF001 - a later schema
    asked = Filter(search="something private")
    with pytest.raises((StoreUnavailableError, ProgrammingError)) as caught, store.read() as snapshot:
        snapshot.list_entries(asked, EVERYTHING)
    assert "private" not in "".join(traceback.format_exception(caught.value))


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Any) -> None:
    (tmp_path / "store.db").write_text("this is no database, but long enough to be looked at as one" * 100)
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with pytest.raises(StoreUnavailableError, match="file is not a database"), store.read():
        pass
    store.close()


@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_file_that_is_taken_away_is_noticed_and_nothing_is_written_beside_it(tmp_path: Path, what: str) -> None:
    file = tmp_path / "perigee.db"
    store, other = migrated_store(file), migrated_store(tmp_path / "other.db")
    other.close()
    try:
        with store.read() as snapshot:
            assert snapshot.state.generation == 0
        if what == "deleted":
            file.unlink()
        else:
            (tmp_path / "other.db").replace(file)
        before = sorted(path.name for path in tmp_path.iterdir())
        for begin in (store.read, store.write):
            with pytest.raises(StoreUnavailableError, match=f"perigee.db was {what} while in use"), begin():
                pass
        assert sorted(path.name for path in tmp_path.iterdir()) == before
    finally:
        store.close()
