"""What the store remembers of changes, on every engine."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import Record, make_record
from tests.keys import event_key
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, Change, ChangeKind, KnownDate, StoredChange, known_date
from webapp.domain.entry import EntryKind, EventDetail, ReceivedEntry
from webapp.domain.query import Filter
from webapp.domain.scopes import EVERYTHING, Scope
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Counts, Intake, Store
from webapp.store.changes import add_changes

K = ChangeKind
LATER = NOW + timedelta(days=1)
EVERY_ENTRY, EVERY_KIND = Filter(), tuple(K)


def take_in(store: Store, *records: Record, at: Any = NOW, imported: bool = True) -> Intake:
    received = [ReceivedEntry(parse_event(record), serialize_record(record)) for record in records]
    with store.write() as writer:
        if imported and writer.state.imported_at is None:
            writer.update_progress(EntryKind.EVENT, imported_at=at)
        return writer.upsert_entries(received, now=at)


def record(number: int, day: int, **more: Any) -> Record:
    stamp = f"2026-03-{day:02}T00:00:00Z"
    return make_record(number, **({"date": f"2026-05-{day:02}T12:00:00Z", "last_updated": stamp} | more))


def kinds_of(
    store: Store, asked: Filter = EVERY_ENTRY, kinds: Sequence[K] = EVERY_KIND, *, since: datetime | None = None,
    limit: int | None = None, offset: int = 0,
) -> list[tuple[int, str]]:  # fmt: skip
    with store.read() as snapshot:
        found = snapshot.list_changes(asked, kinds, since=since, limit=limit, offset=offset)
        counts = snapshot.count_changes(asked, since=since)
        if limit is None:
            counted = Counter(one.change.kind for one in found)
            assert {kind: counts[kind] for kind in kinds} == {kind: counted[kind] for kind in kinds}
        return [(one.entry_id, one.change.kind.value) for one in found]


def ids_in(store: Store, scope: Scope, asked: Filter = EVERY_ENTRY) -> Sequence[int]:
    with store.read() as snapshot:
        found = snapshot.list_entries(asked, scope)
        assert snapshot.count_entries(asked, scope) == len(found)
        return [stored.id for stored in found]


def test_until_an_import_was_complete_events_are_a_baseline(store: Store) -> None:
    assert take_in(store, record(1, 1), imported=False) == Intake(added=1)
    with store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
    added = Change(K.ADDED, after=known_date(parse_event(record(2, 1))))
    assert take_in(store, record(2, 1), at=LATER) == Intake(added=1, changes=((event_key(2), added),))
    with store.read() as snapshot:
        first, second = (snapshot.get_entry(event_key(number)) for number in (1, 2))
        assert snapshot.list_history(event_key(1)) == []
        assert snapshot.list_history(event_key(2)) == [StoredChange(1, 2, 1, LATER, added)]
    assert first is not None
    assert second is not None
    assert (first.revision, second.revision, second.changed_at) == (0, 1, LATER)


def test_each_change_raises_the_revision_and_the_commit_raises_the_generation_once(store: Store) -> None:
    take_in(store, record(1, 1), imported=False)
    moved = record(1, 2, name="Another", webcast_live=True)
    intake = take_in(store, moved, at=LATER)
    before, after = (known_date(parse_event(one)) for one in (record(1, 1), moved))
    changes = [
        Change(K.SLIPPED, before, after, slip_number=1),
        Change(K.RENAMED, old_name=record(1, 1)["name"], new_name="Another"),
        Change(K.GONE_LIVE),
    ]
    assert intake == Intake(changed=1, changes=tuple((event_key(1), change) for change in changes))
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(1))
        assert stored is not None
        assert (stored.revision, stored.changed_at, snapshot.state.generation) == (3, LATER, 2)
        expected = [StoredChange(place, 1, place, LATER, change) for place, change in enumerate(changes, start=1)]
        assert snapshot.list_history(event_key(1)) == expected[::-1]


def test_slips_are_counted_and_the_latest_marks_the_event(store: Store) -> None:
    take_in(store, record(1, 1), record(2, 1))
    for day in (2, 3, 4):
        take_in(store, record(1, day), at=NOW + timedelta(days=day))
    with store.read() as snapshot:
        history = snapshot.list_history(event_key(1))
        both = snapshot.get_entries([1, 2])
        latest = snapshot.list_slips(both, since=NOW + timedelta(days=4))
        assert snapshot.list_slips(both, since=NOW + timedelta(days=5)) == {}
    assert [one.change.slip_number for one in history if one.change.kind is K.SLIPPED] == [3, 2, 1]
    assert {key: one.change.slip_number for key, one in latest.items()} == {event_key(1): 3}


def test_what_no_reader_sees_is_stored_and_raises_the_generation_and_tells_nothing(store: Store) -> None:
    take_in(store, record(1, 1, duration=None), imported=False)
    longer = record(1, 2, date=record(1, 1)["date"], duration="PT2H")
    assert take_in(store, longer, at=LATER) == Intake(changed=1)
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(1))
        assert stored is not None
        assert isinstance(stored.entry.detail, EventDetail)
        assert (stored.revision, stored.entry.detail.duration, snapshot.state.generation) == (0, "PT2H", 2)
        assert snapshot.list_history(event_key(1)) == []


def test_a_new_member_of_the_crew_is_told(store: Store) -> None:
    take_in(store, record(1, 1, astronauts=[]), imported=False)
    somebody = {"id": 5, "name": "Somebody", "agency": {"name": "Agency"}}
    take_in(store, record(1, 2, date=record(1, 1)["date"], astronauts=[somebody]), at=LATER)
    with store.read() as snapshot:
        assert snapshot.list_history(event_key(1)) == [StoredChange(1, 1, 1, LATER, Change(K.EDITED, fields=("crew",)))]


def test_a_record_older_than_the_stored_one_changes_nothing(store: Store) -> None:
    now = NOW + timedelta(days=5)
    take_in(store, record(1, 5), at=now, imported=False)
    assert take_in(store, record(1, 4), at=now) == Intake(unchanged=1)
    assert kinds_of(store) == []


def test_a_withdrawn_event_is_listed_no_more_but_is_still_there_and_may_return(store: Store) -> None:
    take_in(store, record(1, 1), record(2, 1), imported=False)
    with store.write() as writer:
        change = writer.withdraw(event_key(1), now=LATER)
    before = known_date(parse_event(record(1, 1)))
    assert change == Change(K.WITHDRAWN, before=before)
    assert (ids_in(store, EVERYTHING), ids_in(store, Scope(withdrawn=True))) == ([2], [1, 2])
    agencies = tuple(agency["id"] for number in (1, 2) for agency in record(number, 1)["agencies"])
    by_agency = Filter(agency_ids=agencies)
    assert 1 not in ids_in(store, EVERYTHING, by_agency)
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(1))
        assert snapshot.count_all() == Counts(entries=1, withdrawn=1, changes=1)
        assert snapshot.state.generation == 2
    assert stored is not None
    assert (stored.withdrawn_at, stored.revision) == (LATER, 1)
    assert take_in(store, record(1, 1)) == Intake(
        changed=1, changes=((event_key(1), Change(K.RETURNED, after=before)),)
    )
    assert ids_in(store, EVERYTHING) == [1, 2]


def test_a_withdrawn_event_does_not_return_by_an_older_record(store: Store) -> None:
    now = NOW + timedelta(days=5)
    take_in(store, record(1, 5), at=now, imported=False)
    with store.write() as writer:
        writer.withdraw(event_key(1), now=now)
    assert take_in(store, record(1, 4), at=now) == Intake(unchanged=1)
    assert ids_in(store, EVERYTHING) == []


def test_changes_are_listed_by_the_filter_of_every_page_and_by_kind(store: Store) -> None:
    take_in(store, record(1, 1), record(2, 1), imported=False)
    take_in(store, record(1, 2, name="Another"), record(2, 2, description="Other."), at=LATER)
    with store.write() as writer:
        writer.withdraw(event_key(2), now=LATER)
    everything = [(2, "withdrawn"), (2, "edited"), (2, "slipped"), (1, "renamed"), (1, "slipped")]
    assert kinds_of(store) == everything
    assert kinds_of(store, kinds=DEFAULT_CHANGE_KINDS) == [one for one in everything if one[1] != "edited"]
    assert kinds_of(store, Filter(ids=(event_key(1),)), (K.SLIPPED, K.RENAMED)) == everything[3:]
    assert kinds_of(store, limit=2, offset=1) == everything[1:3]


def test_changes_are_listed_and_counted_from_an_instant_on(store: Store) -> None:
    take_in(store, record(1, 1), record(2, 1), imported=False)
    take_in(store, record(1, 2), at=NOW)
    take_in(store, record(2, 2, name="Another"), at=LATER)
    everything = [(2, "renamed"), (2, "slipped"), (1, "slipped")]
    just_after = timedelta(microseconds=1)
    assert kinds_of(store, since=NOW) == everything
    assert kinds_of(store, since=NOW + just_after) == kinds_of(store, since=LATER) == everything[:2]
    assert kinds_of(store, since=LATER + just_after) == []
    assert kinds_of(store, Filter(ids=(event_key(1),)), since=NOW) == everything[2:]
    assert kinds_of(store, Filter(ids=(event_key(1),)), since=LATER) == []
    with store.read() as snapshot:
        assert snapshot.count_changes(Filter(), since=LATER) == Counter({K.RENAMED: 1, K.SLIPPED: 1})
        assert snapshot.count_changes(Filter(ids=(event_key(1),))) == Counter({K.SLIPPED: 1})


def test_an_error_undoes_the_change_with_the_record(store: Store) -> None:
    take_in(store, record(1, 1), imported=False)
    moved = record(1, 2)

    def break_off() -> None:
        with store.write() as writer:
            writer.upsert_entries([ReceivedEntry(parse_event(moved), serialize_record(moved))], now=LATER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with store.read() as snapshot:
        stored = snapshot.get_entry(event_key(1))
        assert snapshot.list_history(event_key(1)) == []
    assert stored is not None
    assert (stored.revision, stored.entry) == (0, parse_event(record(1, 1)))


def test_every_change_comes_back_as_it_went_in(store: Store) -> None:
    take_in(store, record(1, 1), imported=False)
    known = KnownDate(NOW, 1)
    changes = [
        Change(K.SLIPPED, KnownDate(None, None), known, slip_number=12),
        Change(K.REFINED, known, KnownDate(NOW, 99)),
        Change(K.RENAMED, old_name="<b>\u2028\ud800", new_name="虚构 \x00 事件"),
        Change(K.WEBCAST_ADDED, urls=("https://a.example/é", "https://b.example/")),
        Change(K.EDITED, fields=("type", "links")),
        *(Change(kind) for kind in (K.ADDED, K.RETURNED, K.VAGUER, K.GONE_LIVE, K.ENDED, K.WITHDRAWN)),
    ]
    with store.write() as writer:
        add_changes(writer._connection, 1, 0, changes, NOW)  # noqa: SLF001 - the one that writes them
        assert [one.change for one in writer.list_history(event_key(1))] == changes[::-1]
