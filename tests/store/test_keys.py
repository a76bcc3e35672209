from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.soak import length
from tests.store.engines import ENGINES, opened_store
from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKey, EntryKind, ReceivedEntry
from webapp.domain.query import Filter
from webapp.domain.scopes import EVERYTHING
from webapp.ll2.parse import parse_record
from webapp.store import Store
from webapp.store.keys import FIRST_GIVEN_ID, give_ids, ids_of, key_of
from webapp.store.schema import metadata

EVENT, LAUNCH = EntryKey.of_event(14), EntryKey(EntryKind.LAUNCH, "3d4ff5f9-0c2b-4a0e-a5a2-e6a0e0c3a4b1")

keys = st.builds(EntryKey.of_event, st.integers(1, FIRST_GIVEN_ID - 1)) | st.builds(
    EntryKey, st.just(EntryKind.LAUNCH), st.uuids().map(str)
)


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened_store(request, tmp_path) as store:
        yield store


def received(key: EntryKey, **fields: object) -> ReceivedEntry:
    one = parse_record(make_record(1) | fields)
    return replace(one, entry=replace(one.entry, key=key))


def test_a_key_says_itself_and_what_json_has() -> None:
    assert (str(EVENT), EVENT.json_id) == ("event 14", 14)
    assert (str(LAUNCH), LAUNCH.json_id) == (f"launch {LAUNCH.source_id}", LAUNCH.source_id)


@settings(max_examples=length(20, long=500))
@given(st.lists(st.lists(keys, max_size=4), max_size=4))
def test_an_id_is_given_once_and_leads_back_to_its_key(groups: list[list[EntryKey]]) -> None:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        known: dict[EntryKey, int] = {}
        for group in groups:
            given_ids = give_ids(connection, group)
            assert set(given_ids) == set(group)
            known |= {key: known.get(key, entry_id) for key, entry_id in given_ids.items()}
            assert ids_of(connection, known) == known
        assert len(set(known.values())) == len(known)
        for key, entry_id in known.items():
            is_event = key.kind is EntryKind.EVENT
            assert is_event == (entry_id < FIRST_GIVEN_ID)
            assert key_of(entry_id, None if is_event else key.kind.value, key.source_id) == key
    engine.dispose()


def test_an_entry_of_another_kind_is_stored_found_changed_and_withdrawn_by_its_key(store: Store) -> None:
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
        writer.update_progress(EntryKind.LAUNCH, imported_at=NOW, history_at=NOW)
        writer.upsert_entries([received(EVENT), received(LAUNCH)], now=NOW)
        writer.sync.doubt([LAUNCH], now=NOW)
        writer.sync.meet([LAUNCH, EVENT, LAUNCH])
    with store.write() as writer:
        intake = writer.upsert_entries([received(LAUNCH, name="Another name")], now=NOW)
        assert [(key, change.kind) for key, change in intake.changes] == [(LAUNCH, ChangeKind.RENAMED)]
        assert writer.sync.list_doubts() == [(LAUNCH, NOW, None)]
        assert writer.sync.list_keys_from(EntryKind.LAUNCH, None) == {LAUNCH}
        assert writer.sync.list_met(EntryKind.LAUNCH) == {LAUNCH}
        writer.sync.settle([LAUNCH])
        writer.withdraw(LAUNCH, now=NOW)
    with store.read() as snapshot:
        found = snapshot.get_entry(LAUNCH)
        assert found is not None
        assert (found.id, found.entry.key, found.withdrawn_at) == (FIRST_GIVEN_ID, LAUNCH, NOW)
        assert [one.entry.key for one in snapshot.list_entries(Filter(), EVERYTHING)] == [EVENT]
        kinds = [one.change.kind for one in snapshot.list_history(LAUNCH)]
        assert kinds == [ChangeKind.WITHDRAWN, ChangeKind.RENAMED, ChangeKind.ADDED]
        assert snapshot.sync.list_doubts() == []
        assert snapshot.get_entry(EntryKey(EntryKind.LAUNCH, "none")) is None
        assert snapshot.list_history(EntryKey(EntryKind.LAUNCH, "none")) == []


def test_notes_of_refused_records_of_one_kind_leave_those_of_another_alone(store: Store) -> None:
    with store.write() as writer:
        writer.note_rejected(EntryKind.EVENT, [("14", "old"), (None, "nameless")], now=NOW)
        writer.note_rejected(EntryKind.LAUNCH, [("14", "another"), (None, "nameless")], now=NOW)
        writer.note_rejected(EntryKind.EVENT, [("14", "new")], now=NOW)
        writer.forget_rejected(EntryKind.LAUNCH, ["14"])
    with store.read() as snapshot:
        assert [(one.kind, one.source_id, one.reason) for one in snapshot.list_rejected()] == [
            (EntryKind.EVENT, None, "nameless"),
            (EntryKind.LAUNCH, None, "nameless"),
            (EntryKind.EVENT, "14", "new"),
        ]
