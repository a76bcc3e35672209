"""Lists and counts are answered from indexes: SQLite's own plan says so."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.clock import NOW
from tests.fake_ll2 import make_records
from webapp.domain.entry import ReceivedEntry
from webapp.domain.query import Options, Query, View
from webapp.domain.scopes import (
    EVERYTHING,
    Scope,
    api_previous_scope,
    api_upcoming_scope,
    calendar_scope,
    past_scope,
    upcoming_scope,
)
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Store
from webapp.store.engine import make_engine, read_transaction
from webapp.store.selection.counting import MOST_GATHERED, Matches
from webapp.store.selection.paging import select_ids

PLAIN = Query()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the URL of a store with enough events to make its planner think, and its statistics."""
    url = f"sqlite:///{Path(tmp_path_factory.mktemp('plans')) / 'store.db'}"
    store = Store(url)
    store.migrate()
    records = make_records(1500, now=NOW)
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(one), serialize_record(one)) for one in records], now=NOW)
    store.close()
    return url


def plan_of(database: str, query: Query, scope: Scope, *, total: int = 100_000) -> list[str]:
    """Give the plan of choosing a page's ids where so many events match: its steps, in order."""
    page = replace(query.view, limit=10)
    engine = make_engine(database)
    with read_transaction(engine) as connection:
        statement = select_ids(query.filter, scope, page, Matches(total), "sqlite").select()
        spelled = str(statement.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True}))
        steps = [row.detail for row in connection.execute(text("EXPLAIN QUERY PLAN " + spelled.replace(":", "\\:")))]
    engine.dispose()
    return steps


@pytest.mark.parametrize(
    ("asked", "scope", "index"),
    [
        ([], upcoming_scope(NOW), "ix_entries_timeline"),
        ([], calendar_scope(Options(), NOW), "ix_entries_timeline"),
        ([], past_scope(NOW), "ix_entries_timeline"),
        ([("ordering", "-date")], past_scope(NOW), "ix_entries_sort_date_descending"),
        ([("ordering", "date")], EVERYTHING, "ix_entries_sort_date"),
        ([("ordering", "-date")], EVERYTHING, "ix_entries_sort_date_descending"),
        ([("ordering", "last_updated")], EVERYTHING, "ix_entries_sort_updated"),
        ([("ordering", "-last_updated")], EVERYTHING, "ix_entries_sort_updated_descending"),
        ([("ordering", "date")], api_upcoming_scope(View(), NOW), "ix_entries_sort_date"),
        ([("slug", "meridian-17-eva"), ("ordering", "date")], EVERYTHING, "ix_entries_slug"),
        ([("ordering", "-date")], api_previous_scope(NOW), "ix_entries_sort_date_descending"),
    ],
)
def test_a_page_is_chosen_from_its_index_without_sorting(
    database: str, asked: list[tuple[str, str]], scope: Scope, index: str
) -> None:
    steps = plan_of(database, Query.parse(asked), scope)
    named = [step for step in steps if f"INDEX {index} " in f"{step} "]
    assert named, steps
    if "slug" not in dict(asked):
        assert [step for step in steps if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ([("agency__ids", "44")], "sqlite_autoindex_entry_agencies_1"),
        ([("program", "17")], "sqlite_autoindex_entry_programs_1"),
        ([("video_url", "https://example.org/x")], "ix_entry_videos_url"),
        ([("q", "dock")], "VIRTUAL TABLE INDEX"),
    ],
)
def test_few_events_are_gathered_from_what_they_are_linked_to(
    database: str, asked: list[tuple[str, str]], index: str
) -> None:
    query = Query.parse([*asked, ("ordering", "date")])
    steps = plan_of(database, query, EVERYTHING, total=MOST_GATHERED)
    assert [step for step in steps if index in step], steps


def test_many_events_are_met_on_a_walk_in_the_orders_own_index(database: str) -> None:
    for asked in ([("agency__ids", "44")], [("program", "17")], [("search", "crew")], [("location", "station")]):
        steps = plan_of(database, Query.parse([*asked, ("ordering", "date")]), EVERYTHING)
        assert "SCAN entries USING COVERING INDEX ix_entries_sort_date" in steps
        assert [step for step in steps if "TEMP B-TREE" in step] == []


def test_a_search_reads_the_narrow_texts_and_not_the_events(database: str) -> None:
    steps = plan_of(database, Query.parse([("search", "crew"), ("ordering", "date")]), EVERYTHING, total=MOST_GATHERED)
    assert "SCAN entry_texts" in steps
    assert [step for step in steps if step.startswith("SCAN entries") and "INDEX" not in step] == []


def test_what_is_over_for_long_is_never_read_for_the_timeline(database: str) -> None:
    (step,) = [one for one in plan_of(database, PLAIN, upcoming_scope(NOW + timedelta(days=1))) if "entries" in one]
    assert step.startswith("SEARCH entries USING COVERING INDEX ix_entries_timeline (range_last_date>?")


def test_what_is_to_come_is_never_read_for_the_archive(database: str) -> None:
    (step,) = [one for one in plan_of(database, PLAIN, past_scope(NOW)) if "entries" in one]
    assert step.startswith("SEARCH entries USING COVERING INDEX ix_entries_timeline (range_last_date<?")
