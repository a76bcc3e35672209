"""Instants of the future in the store, on every engine: they are found, set right, and until then not believed."""

from datetime import timedelta

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from tests.keys import event_key
from webapp.domain.date_ledger import Lead
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.domain.query import Filter
from webapp.ll2.parse import parse_event, parse_record, serialize_record
from webapp.store import CLOCK_ALERT, Intake, Progress, Snapshot, Store, StoreState, TaskState

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
AHEAD = NOW + 400 * DAY
JUDGED_TOO_EARLY = 7
"""How many cases an event gives that was listed more than two months before."""


def received(name: str, *, updated: str) -> ReceivedEntry:
    record = make_record(1, name=name, last_updated=updated)
    return ReceivedEntry(parse_event(record), serialize_record(record))


OLD, NEW = received("Old", updated="2026-02-01T00:00:00Z"), received("New", updated="2026-02-02T00:00:00Z")


def fill(store: Store) -> None:
    """Let a clock that is ahead note all that there is to note."""
    with store.write() as writer:
        writer.upsert_entries([OLD], now=AHEAD)
        writer.update_state(reached_at=AHEAD)
        writer.update_progress(EntryKind.EVENT, imported_at=AHEAD, changed_since=AHEAD, changed_offset=100)
        writer.upsert_entries([NEW], now=AHEAD)
        writer.sync.update_task("upcoming", tried_at=AHEAD, succeeded_at=AHEAD)
        writer.sync.doubt([event_key(1)], now=AHEAD)
        number = writer.sync.open_call("upcoming", "it was time", now=AHEAD)
        writer.sync.close_call(number, now=AHEAD, outcome="1 event")
        writer.sync.open_call("upcoming", "it was time", now=AHEAD)


def test_what_was_seen_was_seen_at_the_latest_now_and_what_was_done_is_forgotten(store: Store) -> None:
    fill(store)
    with store.write() as writer:
        assert writer.latest_instant() == AHEAD
        assert writer.repair_instants(NOW)
    with store.read() as snapshot:
        stored, (change,) = snapshot.get_entry(event_key(1)), snapshot.list_history(event_key(1))
        assert stored is not None
        assert (stored.changed_at, stored.first_seen, change.seen_at) == (NOW, NOW, NOW)
        progress = {EntryKind.EVENT: Progress(imported_at=NOW)}
        assert snapshot.state == StoreState(generation=3, committed_at=NOW, progress=progress)
        assert snapshot.sync.list_tasks() == {"upcoming": TaskState()}
        assert snapshot.sync.list_doubts() == [(event_key(1), NOW, None)]
        (call,) = snapshot.sync.list_calls()
        assert (call.called_at, call.finished_at) == (NOW, None), "the one that is under way"
        assert snapshot.latest_instant() == NOW
    with store.write() as writer:
        assert not writer.repair_instants(NOW), "once is enough"


def test_a_store_of_the_present_is_left_as_it_is(store: Store) -> None:
    fill(store)
    with store.write() as writer:
        before = writer.state, writer.sync.list_calls()
        assert not writer.repair_instants(AHEAD - 2 * MINUTE)
        assert (writer.state, writer.sync.list_calls()) == before


def test_an_empty_store_has_no_latest_instant(store: Store) -> None:
    with store.write() as writer:
        assert (writer.latest_instant(), writer.repair_instants(NOW)) == (None, False)


def test_what_was_updated_in_the_future_stands_in_the_way_of_nothing(store: Store) -> None:
    with store.write() as writer:
        writer.upsert_entries([received("Wrong", updated="2027-04-05T00:00:00Z")], now=NOW)
        assert writer.upsert_entries([NEW], now=NOW).changed == 1
        assert writer.upsert_entries([OLD], now=NOW) == Intake(unchanged=1), "an older one still does"


def test_while_clocks_differ_none_is_older_and_no_change_comes_before_an_earlier_one(store: Store) -> None:
    with store.write() as writer:
        writer.upsert_entries([NEW], now=NOW)
        writer.sync.raise_alert(CLOCK_ALERT, "it differs")
        before = writer.get_entries([1])[0].changed_at
        assert writer.upsert_entries([OLD], now=NOW - 400 * DAY).changed == 1
        (stored,) = writer.get_entries([1])
        assert (stored.entry.last_updated, stored.changed_at) == (OLD.entry.last_updated, before)


def test_what_is_not_over_yet_is_not_judged_any_more(store: Store) -> None:
    with store.write() as writer:
        soon = make_record(1, date=stamp(NOW + DAY))
        writer.upsert_entries([parse_record(soon)], now=NOW - 400 * DAY)
        writer.update_progress(EntryKind.EVENT, imported_at=NOW - 400 * DAY, reached_at=AHEAD)
        assert judged(writer) == JUDGED_TOO_EARLY
        assert writer.repair_instants(NOW)
        assert judged(writer) == 0
        writer.update_progress(EntryKind.EVENT, reached_at=AHEAD)
        assert judged(writer) == JUDGED_TOO_EARLY, "once that is true"


def judged(snapshot: Snapshot) -> int:
    return snapshot.statistics.count_cases(Filter(), list(Lead)).total()
