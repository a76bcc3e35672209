"""A client written for Launch Library, with nothing but its base address changed: our own importer."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.api.servers import filled_server
from tests.clock import ManualClock
from tests.fake_ll2 import make_launch, make_record, make_records
from tests.fake_ll2.moments import stamp
from webapp.api.modes import in_mode
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode
from webapp.domain.query import Filter
from webapp.domain.scopes import EVERYTHING
from webapp.ll2.client import LaunchLibrary
from webapp.runtime import utc_now
from webapp.store import Store
from webapp.sync.engine import Engine
from webapp.sync.intake import Outcome
from webapp.sync.situation import Plan, Task
from webapp.web.addresses import slugified


@pytest.mark.service
def test_a_second_perigee_can_import_from_the_first(tmp_path: Path, store: Store) -> None:
    now = utc_now()
    records = [*make_records(230, now=now), make_record(500, name="Überflug 着陸 №1", slug="")]
    clock = ManualClock(now)
    with filled_server(tmp_path / "first", records) as server:
        base = f"{server.url}/2.3.0/"
        with LaunchLibrary(base, cache=tmp_path / "cache", clock=clock, user_agent="Perigee/test") as source:
            engine = Engine(
                store, source, clock, budget=12, name="the second", chance=lambda: 0.5, kinds=[EntryKind.EVENT]
            )
            pages: list[Outcome | None] = []
            for _ in range(2):
                engine.import_everything(lambda report: pages.append(report.outcome))
            upcoming = engine.carry_out(Plan(Task.UPCOMING, now, "a test"))
    assert [page.words for page in pages if page is not None] == [
        *["100 events, 100 new"] * 2,
        "31 events, 31 new, complete",
        *["100 events, nothing new"] * 2,
        "31 events, nothing new, complete",
    ]
    assert upcoming.outcome == Outcome("29 events, nothing new")
    with store.read() as snapshot:
        found = {id_: json.loads(record) for id_, record in snapshot.list_records(Filter(), EVERYTHING)}
    # A slug that was empty has been made by the first: nothing else differs.
    assert found == {
        one["id"]: one
        | {"url": f"{base}events/{one['id']}/", "slug": one["slug"] or slugified(one["name"]) or f"event-{one['id']}"}
        for one in records
    }


@pytest.mark.service
def test_it_imports_launches_too(tmp_path: Path, store: Store) -> None:
    now = utc_now()
    ahead = [make_launch(number, net=stamp(now + timedelta(days=number))) for number in range(1, 131)]
    records = {one["id"]: one for one in ahead}
    with filled_server(tmp_path / "first", list(records.values())) as server:
        base = f"{server.url}/2.3.0/"
        with LaunchLibrary(base, cache=tmp_path / "cache", clock=ManualClock(now), user_agent="Perigee/test") as source:
            engine = Engine(
                store, source, ManualClock(now), budget=12, name="the second", chance=lambda: 0.5,
                kinds=[EntryKind.LAUNCH],
            )  # fmt: skip
            engine.import_everything(lambda _: None)
    with store.read() as snapshot:
        found = [json.loads(record) for _, record in snapshot.list_records(Filter(), EVERYTHING)]
    assert {one["id"] for one in found} == set(records)
    for launch in found:
        whole = in_mode(records[launch["id"]], Mode(launch["response_mode"]), launch["url"], EntryKind.LAUNCH)
        assert launch == whole | {"url": f"{base}launches/{launch['id']}/"}
