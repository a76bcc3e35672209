"""Upgrades of stores that earlier versions made: every row is there afterwards, on both engines, whatever happens."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select, text

from tests.postgres import Postgres
from tests.soak import length
from tests.store.engines import ENGINES
from webapp.domain.entry import EntryKey, EntryKind, StoredEntry
from webapp.store import Alert, Progress, Store
from webapp.store.engine import make_engine, read_transaction, write_transaction
from webapp.store.migrate import config, revisions

Rows = dict[str, list[dict[str, Any]]]

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)
NEWEST = ScriptDirectory.from_config(config()).get_current_head()
KILLS = length(2, long=200)
_EVENTS_TO_KILL_AMONG = length(300, long=3000)

TABLES = {"events": "entries"} | {
    f"event_{child}": f"entry_{child}" for child in ("bodies", "texts", "agencies", "programs", "videos", "words")
}
COLUMNS = {"event_id": "entry_id"} | {
    f"window_{end}": f"range_{end}" for end in ("first_date", "last_date", "rank", "over_at")
}
MOVED = {"store_state", "sync_tasks", "met_events", "rejected_records"}
"""Tables of which something moves elsewhere; what becomes of each is said below."""


def event_row(number: int) -> dict[str, Any]:
    return {
        "id": number, "name": f"Event {number}", "slug": f"event-{number}", "type_id": 2, "date": AT, "date_year": 2026,
        "date_month": 3, "date_day": 1, "precision_id": 1, "precision_order": 1, "location": "ISS",
        "webcast_live": False, "has_webcast": True, "last_updated": AT, "window_first_date": date(2026, 3, 1),
        "window_last_date": date(2026, 3, 1), "window_rank": 0, "window_over_at": AT, "sort_date": AT,
        "sort_date_descending": AT, "sort_updated": AT, "revision": 1, "first_seen": AT, "changed_at": AT, "written": 3,
    }  # fmt: skip


def task(name: str, **fields: object) -> dict[str, Any]:
    empty = {"tried_at": None, "succeeded_at": None, "failures": 0, "retry_at": None, "fault": None}
    return {"task": name, **empty, **fields}


def old_rows(events: int) -> Rows:
    """Give the rows of a store of revision 0003 with so many events."""
    numbers = range(1, events + 1)
    lists = ("webcasts", "links", "updates", "agencies", "programs", "launches", "stations", "expeditions", "crew")
    parts = json.dumps({"picture": None} | {name: [] for name in lists})
    return {
        "event_types": [{"id": 2, "name": "Docking"}],
        "agencies": [{"id": 44, "name": "NASA", "abbrev": "NASA"}],
        "programs": [{"id": 17, "name": "ISS"}],
        "events": [event_row(number) for number in numbers],
        "event_bodies": [
            {"event_id": number, "type_name": "Docking", "description": "It docks.", "duration": "PT1H", "parts": parts,
             "record": f'{{"id":{number}}}'}
            for number in numbers
        ],
        "event_texts": [{"event_id": number, "name": f"event {number}", "location": "iss"} for number in numbers],
        "event_agencies": [{"agency_id": 44, "event_id": number} for number in numbers],
        "event_programs": [{"program_id": 17, "event_id": number} for number in numbers],
        "event_videos": [{"event_id": one, "position": 0, "url": f"https://v.example/{one}"} for one in numbers],
        "withdrawals": [{"event_id": 2, "withdrawn_at": AT}],
        "changes": [
            {"number": number, "event_id": number, "revision": 1, "kind": "added", "seen_at": AT, "details": "{}"}
            for number in numbers
        ],
        "doubts": [{"event_id": 1, "since": AT, "asked_at": None}, {"event_id": 3, "since": AT, "asked_at": AT}],
        "met_events": [{"event_id": 1}, {"event_id": 99}],
        "rejected_records": [
            {"number": 1, "event_id": 99, "reason": "name: not a text", "seen_at": AT},
            {"number": 2, "event_id": None, "reason": "id: not a whole number", "seen_at": AT},
        ],
        "sync_tasks": [
            task("alert:list", succeeded_at=AT, fault="It lacks 1"),
            task("upcoming", tried_at=AT, succeeded_at=AT, failures=2, retry_at=AT, fault="It failed"),
        ],
        "sync_lease": [{"id": 1, "holder": "one", "fence": 4, "expires_at": AT}],
        "calls": [
            {"number": 1, "called_at": AT, "task": "upcoming", "reason": "it was due", "finished_at": AT, "fault": None,
             "outcome": "3 events"},
        ],
        "store_state": [
            {"id": 1, "generation": 3, "committed_at": AT, "imported_at": AT, "reached_at": AT, "import_offset": 100,
             "failures": 1, "fault": "It failed", "failing_since": AT, "paused_until": None, "hourly_limit": 15,
             "import_started_at": AT, "changed_since": AT, "changed_offset": 7, "next_call_at": AT,
             "next_call": "import"},
        ],
    }  # fmt: skip


def upgraded(rows: Rows) -> Rows:
    """Give the same rows as the newest revision has them, but for those tables of which something moves elsewhere."""
    renamed = {
        TABLES.get(table, table): [{COLUMNS.get(name, name): value for name, value in row.items()} for row in found]
        for table, found in rows.items()
        if table not in MOVED
    }
    renamed["entries"] = [row | {"has_placeholder_date": False} for row in renamed["entries"]]
    renamed["entry_bodies"] = [row | {"compressed": None} for row in renamed["entry_bodies"]]
    renamed["changes"] = [row | {"origin_number": None} for row in renamed["changes"]]
    texts = renamed["entry_texts"]
    return renamed | {"entry_texts": [{"searched": row.pop("name"), **row} for row in texts]}


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the address of a database in which nothing is yet."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    with postgres.database(migrated=False) as url:
        yield url


def make_old_store(url: str, events: int) -> Rows:
    """Make a store of revision 0003, and give the rows that it holds, by table."""
    rows = old_rows(events)
    migrate_to(url, "0003")
    engine, schema = make_engine(url), MetaData()
    with write_transaction(engine) as connection:
        schema.reflect(connection)
        for table, found in rows.items():
            typed = [{name: stored(value, connection.dialect.name) for name, value in row.items()} for row in found]
            connection.execute(insert(schema.tables[table]), typed)
        words, key = ("docks iss", "rowid") if engine.dialect.name == "sqlite" else ("'docks' 'iss'", "event_id")
        connection.execute(
            text(f"INSERT INTO event_words ({key}, words) VALUES (:number, :words)"),  # noqa: S608 - no input
            [{"number": row["id"], "words": words} for row in rows["events"]],
        )
    engine.dispose()
    return rows


def stored(value: object, dialect: str) -> object:
    """Give an instant as the engine takes it from whoever does not know our types."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) and dialect == "sqlite" else value


def migrate_to(url: str, revision: str, *, down: bool = False) -> None:
    engine = make_engine(url)
    with write_transaction(engine) as connection:
        settings = config()
        settings.attributes["connection"] = connection
        (command.downgrade if down else command.upgrade)(settings, revision)
    engine.dispose()


def read_rows(url: str, tables: Mapping[str, object]) -> Rows:
    engine, schema = make_engine(url), MetaData()
    with read_transaction(engine) as connection:
        schema.reflect(connection)
        found = {
            name: [dict(row) for row in connection.execute(select(schema.tables[name])).mappings()] for name in tables
        }
    engine.dispose()
    return {
        name: sorted(({key: with_zone(value) for key, value in row.items()} for row in rows), key=repr)
        for name, rows in found.items()
    }


def with_zone(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def by_id(stored: StoredEntry) -> int:
    return stored.id


def in_order(rows: Rows) -> Rows:
    return {name: sorted((dict(sorted(row.items())) for row in found), key=repr) for name, found in rows.items()}


def test_every_row_of_every_table_is_there_after_the_upgrade(url: str) -> None:
    wanted = upgraded(make_old_store(url, 4))
    with closing(Store(url)) as store:
        store.migrate()
    assert in_order(read_rows(url, wanted)) == in_order(wanted)
    with closing(Store(url)) as store, store.read() as snapshot:
        event = EntryKey.of_event
        assert [(one.entry.key, one.withdrawn_at) for one in sorted(snapshot.get_entries([1, 2, 3, 4]), key=by_id)] == [
            (event(1), None),
            (event(2), AT),
            (event(3), None),
            (event(4), None),
        ]
        assert snapshot.state.progress == {EntryKind.EVENT: Progress(AT, 100, AT, AT, 7)}
        assert (snapshot.state.generation, snapshot.state.failures, snapshot.state.next_call) == (3, 1, "import")
        assert snapshot.sync.list_met(EntryKind.EVENT) == {event(1), event(99)}
        assert snapshot.sync.list_doubts() == [(event(1), AT, None), (event(3), AT, AT)]
        assert snapshot.sync.list_alerts() == {"list": Alert("It lacks 1", AT)}
        assert list(snapshot.sync.list_tasks()) == ["upcoming"]
        assert [(one.kind, one.source_id, one.reason) for one in snapshot.list_rejected()] == [
            (EntryKind.EVENT, "99", "name: not a text"),
            (EntryKind.EVENT, None, "id: not a whole number"),
        ]


def test_the_words_of_before_find_entries_and_deleting_one_takes_all_of_it_along(url: str) -> None:
    make_old_store(url, 4)
    store = Store(url)
    store.migrate()
    store.close()
    engine = make_engine(url)
    with write_transaction(engine) as connection:
        found = "entry_words MATCH 'docks'" if engine.dialect.name == "sqlite" else "words @@ 'docks'::tsquery"
        assert connection.execute(text(f"SELECT count(*) FROM entry_words WHERE {found}")).scalar() == 4  # noqa: S608
        connection.execute(text("DELETE FROM entries WHERE id = 3"))
        for table in ("bodies", "texts", "agencies", "programs", "videos"):
            kept = connection.execute(text(f"SELECT count(*) FROM entry_{table}")).scalar()  # noqa: S608
            assert (table, kept) == (table, 3)
    engine.dispose()


def test_an_upgrade_can_be_taken_back(url: str) -> None:
    rows = make_old_store(url, 4)
    migrate_to(url, "head")
    migrate_to(url, "0003", down=True)
    assert in_order(read_rows(url, rows)) == in_order(rows)


@pytest.mark.campaign
def test_killed_at_any_instant_it_is_whole_as_before_or_whole_as_after(url: str) -> None:
    before = make_old_store(url, _EVENTS_TO_KILL_AMONG)
    after, chance = upgraded(before), Random()  # noqa: S311 - no secret
    present: str | None = "0003"
    for _ in range(KILLS):
        if present == NEWEST:
            migrate_to(url, "0003", down=True)
        migrating = subprocess.Popen([sys.executable, "-c", _MIGRATE, url], stdout=subprocess.PIPE, text=True)
        assert migrating.stdout is not None
        assert migrating.stdout.readline() == "begins\n"
        time.sleep(chance.uniform(0, 0.4))
        migrating.kill()
        migrating.communicate()
        engine = make_engine(url)
        present, _ = revisions(engine)
        engine.dispose()
        assert present in {"0003", NEWEST}
        wanted = before if present == "0003" else after
        assert in_order(read_rows(url, wanted)) == in_order(wanted)
    migrate_to(url, "head")
    assert in_order(read_rows(url, after)) == in_order(after)


_MIGRATE = """
import sys
from webapp.store import Store
from webapp.store import migrate
store = Store(sys.argv[1])
print("begins", flush=True)
store.migrate()
"""
