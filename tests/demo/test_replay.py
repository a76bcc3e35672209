import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import demo_store, migrated_store
from tests.fake_ll2.conformity import deviations
from tests.fake_ll2.data import data_folder
from webapp.demo.reference_data import PRECISIONS, TYPES
from webapp.demo.replay import DEMO_INSTANT, replay_until
from webapp.domain.changes import ChangeKind, StoredChange
from webapp.domain.entry import LAUNCH_TYPE, EntryKind, EventDetail, StoredEntry
from webapp.domain.launch import LaunchDetail, StatusKind
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope, upcoming_scope
from webapp.store import Store

EVERYTHING = Filter()
WITH_WITHDRAWN = Scope(withdrawn=True)


def listed(store: Store, scope: Scope = WITH_WITHDRAWN) -> list[StoredEntry]:
    with store.read() as snapshot:
        return snapshot.list_entries(EVERYTHING, scope)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo as it begins."""
    store = demo_store(tmp_path_factory.mktemp("demo") / "demo.db")
    yield store
    store.close()


def changes(store: Store) -> list[StoredChange]:
    with store.read() as snapshot:
        return [one for stored in listed(store) for one in snapshot.list_history(stored.entry.key)]


def test_every_type_every_precision_and_every_kind_of_change_is_there(demo: Store) -> None:
    shown = [one.entry for one in listed(demo)]
    assert {one.type.id for one in shown} == set(TYPES)
    assert {one.precision_id for one in shown} == {*PRECISIONS, None}
    assert {one.date is None for one in shown} == {True, False}
    assert {one.change.kind for one in changes(demo)} == set(ChangeKind)


def test_every_status_of_a_launch_is_there(demo: Store) -> None:
    shown = [one.entry.detail for one in listed(demo)]
    statuses = {one.status.kind for one in shown if isinstance(one, LaunchDetail) and one.status is not None}
    assert statuses == set(StatusKind) - {StatusKind.OTHER}


def test_a_spacewalk_is_live_a_launch_in_flight_and_a_docking_comes_next(demo: Store) -> None:
    upcoming = listed(demo, upcoming_scope(DEMO_INSTANT))
    assert [(one.entry.name, one.entry.webcast_live) for one in upcoming[:4]] == [
        ("Spacewalk 47: a new eye for Lantern", True),
        ("Marlin | Skein 10-10", False),
        ("Packhorse 12 docking", False),
        ("Ibis | Sounding Line 2", False),
    ]
    assert len([one for one in upcoming if one.entry.key.kind is EntryKind.EVENT]) > 40
    assert len([one for one in upcoming if one.entry.has_placeholder_date]) > 40


STORIES: dict[str, Sequence[ChangeKind]] = {
    # Called off twice, a day each time; then it flew.
    "Corvid | Packhorse 12": (
        ChangeKind.ADDED, ChangeKind.STATUS, ChangeKind.EDITED, ChangeKind.SLIPPED, ChangeKind.EDITED,
        ChangeKind.SLIPPED, ChangeKind.EDITED, ChangeKind.GONE_LIVE, ChangeKind.STATUS, ChangeKind.ADJUSTED,
        ChangeKind.STATUS, ChangeKind.ENDED,
    ),
    # On hold.
    "Ibis | Sounding Line 2": (
        ChangeKind.ADDED, ChangeKind.STATUS, ChangeKind.EDITED, ChangeKind.STATUS, ChangeKind.EDITED,
    ),
    # From a time to a month.
    "Corvid Heavy | Heron 1": (
        ChangeKind.ADDED, ChangeKind.STATUS, ChangeKind.SLIPPED, ChangeKind.STATUS, ChangeKind.SLIPPED,
        ChangeKind.EDITED,
    ),
    # Another rocket, of another provider.
    "Ibis | Airglow 1": (ChangeKind.ADDED, ChangeKind.RENAMED, ChangeKind.EDITED),
    # A failure, and why.
    "Marlin | Skein 10-9": (
        ChangeKind.ADDED, ChangeKind.STATUS, ChangeKind.EDITED, ChangeKind.STATUS, ChangeKind.ADJUSTED,
        ChangeKind.STATUS, ChangeKind.EDITED,
    ),
    # A partial one.
    "Ibis | Weathervane 3": (
        ChangeKind.ADDED, ChangeKind.STATUS, ChangeKind.REFINED, ChangeKind.STATUS, ChangeKind.ADJUSTED,
        ChangeKind.STATUS, ChangeKind.EDITED,
    ),
    "Marlin | Night Heron": (ChangeKind.ADDED, ChangeKind.WITHDRAWN),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_a_launch_has_its_story(demo: Store, name: str) -> None:
    (stored,) = [one for one in listed(demo) if one.entry.name == name]
    with demo.read() as snapshot:
        history = snapshot.list_history(stored.entry.key)
    told = [one.change.kind for one in sorted(history, key=lambda one: one.number)]
    assert told == list(STORIES[name])


def test_a_crew_is_followed_to_its_docking(demo: Store) -> None:
    by_name = {one.entry.name: one.entry for one in listed(demo)}
    launch, docking = by_name["Corvid | Tern 5"], by_name["Tern 5 docking"]
    assert isinstance(docking.detail, EventDetail)
    assert isinstance(launch.detail, LaunchDetail)
    (named,) = docking.detail.launches
    assert (named.id, named.name, named.date) == (launch.key.source_id, launch.name, launch.date)
    assert launch.detail.is_crewed


def test_no_event_repeats_a_launch(demo: Store) -> None:
    assert [one.entry.name for one in listed(demo) if one.entry.key.kind is EntryKind.EVENT
            and one.entry.type.id == LAUNCH_TYPE.id] == []  # fmt: skip


def test_it_goes_on_as_the_clock_does(tmp_path: Path) -> None:
    with closing(demo_store(tmp_path / "demo.db")) as store:
        before = {one.number for one in changes(store)}
        for minutes in range(1, 11):
            replay_until(store, DEMO_INSTANT + timedelta(minutes=minutes))
        names = {one.id: one.entry.name for one in listed(store)}
        new = sorted((one for one in changes(store) if one.number not in before), key=lambda one: one.number)
        assert [(names[one.entry_id], one.change.kind, seconds(one.seen_at)) for one in new] == [
            ("Packhorse 12 docking", ChangeKind.GONE_LIVE, 180),
            ("Corvid Heavy static fire", ChangeKind.SLIPPED, 420),
            ("Corvid Heavy static fire", ChangeKind.EDITED, 420),
            ("Ibis | Sounding Line 2", ChangeKind.STATUS, 540),
            ("Ibis | Sounding Line 2", ChangeKind.SLIPPED, 540),
        ]


def seconds(moment: datetime) -> int:
    return round((moment - DEMO_INSTANT).total_seconds())


def test_replayed_at_once_or_bit_by_bit_it_is_the_same(demo: Store, tmp_path: Path) -> None:
    other = migrated_store(tmp_path / "other.db")
    for weeks in range(21, -1, -3):
        replay_until(other, DEMO_INSTANT - timedelta(weeks=weeks))
    assert (listed(other), changes(other)) == (listed(demo), changes(demo))
    other.close()


@pytest.mark.parametrize(
    ("kind", "file", "schema"),
    [
        (EntryKind.EVENT, "events-openapi.json", "EventEndpointDetailed"),
        (EntryKind.LAUNCH, "launches-openapi.json", "LaunchDetailed"),
    ],
)
def test_its_records_are_shaped_as_the_sources_own(demo: Store, kind: EntryKind, file: str, schema: str) -> None:
    document = json.loads((data_folder() / file).read_text("utf-8"))
    with demo.read() as snapshot:
        records = snapshot.get_records([one.id for one in listed(demo) if one.entry.key.kind is kind])
    assert len(records) > 40
    assert [fault for one in records.values() for fault in deviations(json.loads(one), schema, document)] == []
