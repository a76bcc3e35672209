import json
from datetime import datetime, timedelta
from pathlib import Path

from tests.databases import migrated_store
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import data_folder
from webapp.demo.reference_data import PRECISIONS, TYPES
from webapp.demo.replay import DEMO_INSTANT, replay_until
from webapp.domain.changes import DEFAULT_CHANGE_KINDS, ChangeKind, StoredChange
from webapp.domain.entry import StoredEntry
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope, upcoming_scope
from webapp.store import Store

EVERYTHING = Filter()


def listed(store: Store) -> list[StoredEntry]:
    with store.read() as snapshot:
        return snapshot.list_entries(EVERYTHING, Scope(withdrawn=True))


def changes(store: Store) -> list[StoredChange]:
    with store.read() as snapshot:
        return [one for stored in listed(store) for one in snapshot.list_history(stored.entry.key)]


def test_every_type_every_precision_and_every_kind_of_change_is_there(store: Store) -> None:
    replay_until(store, DEMO_INSTANT)
    shown = [one.entry for one in listed(store)]
    assert {one.type.id for one in shown} == set(TYPES)
    assert {one.precision_id for one in shown} == {*PRECISIONS, None}
    assert {one.date is None for one in shown} == {True, False}
    assert {one.change.kind for one in changes(store)} == {*DEFAULT_CHANGE_KINDS, ChangeKind.EDITED}


def test_a_spacewalk_is_live_and_a_docking_comes_next(store: Store) -> None:
    replay_until(store, DEMO_INSTANT)
    with store.read() as snapshot:
        upcoming = [one.entry for one in snapshot.list_entries(EVERYTHING, upcoming_scope(DEMO_INSTANT))]
    assert [(one.name, one.webcast_live) for one in upcoming[:2]] == [
        ("Spacewalk 47: a new eye for Lantern", True),
        ("Packhorse 12 docking", False),
    ]
    assert len(upcoming) > 40


def test_it_goes_on_as_the_clock_does(store: Store) -> None:
    replay_until(store, DEMO_INSTANT)
    before = {one.number for one in changes(store)}
    for minutes in range(1, 11):
        replay_until(store, DEMO_INSTANT + timedelta(minutes=minutes))
    new = [one for one in changes(store) if one.number not in before]
    assert [
        (one.entry_id, one.change.kind, seconds(one.seen_at)) for one in sorted(new, key=lambda one: one.number)
    ] == [
        (900302, ChangeKind.GONE_LIVE, 240),
        (900305, ChangeKind.SLIPPED, 420),
        (900305, ChangeKind.EDITED, 420),
    ]


def seconds(moment: datetime) -> int:
    return round((moment - DEMO_INSTANT).total_seconds())


def test_replayed_at_once_or_bit_by_bit_it_is_the_same(store: Store, tmp_path: Path) -> None:
    other = migrated_store(tmp_path / "other.db")
    replay_until(store, DEMO_INSTANT)
    for weeks in range(21, -1, -3):
        replay_until(other, DEMO_INSTANT - timedelta(weeks=weeks))
    assert (listed(other), changes(other)) == (listed(store), changes(store))
    other.close()


def test_its_records_are_shaped_as_the_sources_own(store: Store) -> None:
    document = json.loads((data_folder() / "events-openapi.json").read_text("utf-8"))
    replay_until(store, DEMO_INSTANT)
    with store.read() as snapshot:
        records = snapshot.get_records([one.id for one in listed(store)])
    assert [
        fault for one in records.values() for fault in deviations(json.loads(one), "EventEndpointDetailed", document)
    ] == []
