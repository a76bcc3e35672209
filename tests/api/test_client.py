"""A client written for Launch Library, with nothing but its base address changed: our own importer."""

import json
from pathlib import Path

from webapp.sync.importer import import_events

from tests.api.servers import filled_server
from tests.clock import ManualClock
from tests.fake_ll2 import make_record, make_records
from webapp.domain.query import EventQuery
from webapp.domain.scopes import EVERYTHING
from webapp.edge.links import slugified
from webapp.ll2.client import LaunchLibrary
from webapp.runtime import utc_now
from webapp.store import Store


def test_a_second_perigee_can_import_from_the_first(tmp_path: Path, store: Store) -> None:
    now = utc_now()
    records = [*make_records(230, now=now), make_record(500, name="Überflug 着陸 №1", slug="")]
    clock = ManualClock(now)
    with filled_server(tmp_path / "first", records) as server:
        base = f"{server.url}/2.3.0/"
        with LaunchLibrary(base, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test") as source:
            done = import_events(source, store, clock, report=lambda _: None, pause=lambda _: None)
            again = import_events(source, store, clock, report=lambda _: None, pause=lambda _: None)
    assert (done.seen, done.total, done.requests, done.rejected) == (231, 231, 3, 0)
    assert (again.seen, again.intake.added, again.intake.changed) == (231, 0, 0)
    with store.read() as snapshot:
        found = {id_: json.loads(record) for id_, record in snapshot.list_records(EventQuery(), EVERYTHING)}
    # A slug that was empty has been made by the first: nothing else differs.
    assert found == {
        one["id"]: one
        | {"url": f"{base}events/{one['id']}/", "slug": one["slug"] or slugified(one["name"]) or f"event-{one['id']}"}
        for one in records
    }
