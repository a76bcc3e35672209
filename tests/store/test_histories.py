"""Histories from another link are taken over whole, on both engines, whichever comes first: history or entry."""

from datetime import timedelta

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.keys import event_key
from webapp.domain.chain import EntryHistory, HistoricChange
from webapp.domain.changes import Change, ChangeKind
from webapp.domain.entry import ReceivedEntry
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import HistoryPlace, Store

AT = NOW - timedelta(days=3)
KEY = event_key(3)
TOLD = EntryHistory(
    KEY, 3, AT, AT + timedelta(hours=2), None,
    (
        HistoricChange(7, AT, Change(ChangeKind.ADDED)),
        HistoricChange(9, AT + timedelta(hours=2), Change(ChangeKind.RENAMED, old_name="Old", new_name="New")),
    ),
)  # fmt: skip


def put(store: Store, **changes: object) -> None:
    record = make_record(3) | changes
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(record), serialize_record(record))], now=NOW)


def take_over(store: Store, told: EntryHistory) -> int:
    with store.write() as writer:
        return len(writer.take_over([told], now=NOW))


def told_by(store: Store) -> list[EntryHistory]:
    with store.read() as snapshot:
        return [history for _, history in snapshot.list_histories(HistoryPlace(), limit=9)]


def test_a_history_waits_for_its_entry(store: Store) -> None:
    assert take_over(store, TOLD) == 0
    put(store)
    assert told_by(store) == [TOLD]
    with store.read() as snapshot:
        entry = snapshot.get_entry(KEY)
    assert entry is not None
    assert (entry.revision, entry.first_seen, entry.changed_at) == (2, AT, AT + timedelta(hours=2))


def test_what_was_told_once_changes_nothing_again_and_our_own_comparison_rests(store: Store) -> None:
    put(store)
    assert (take_over(store, TOLD), take_over(store, TOLD)) == (1, 0)
    put(store, name="Another name", last_updated="2026-02-28T09:00:00Z")
    assert told_by(store) == [TOLD]
    with store.write() as writer:
        writer.leave_chain()
    put(store, name="A third name", last_updated="2026-02-28T10:00:00Z")
    assert [one.change.kind for one in told_by(store)[0].changes][2:] == [ChangeKind.RENAMED]
