"""The store agrees with the reference interpretation on thousands of generated queries, on every engine."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import reference
from tests.clock import NOW
from tests.fake_ll2 import Record, make_launch, make_records
from tests.query_strategies import Pairs, hostile_filters, pool_of, queries
from tests.soak import length
from tests.store.engines import ENGINES, opened_store
from tests.tricky_launches import tricky_launches
from tests.tricky_records import tricky_records
from webapp.domain.entry import Entry, EntryKind, ReceivedEntry
from webapp.domain.parameters import Ordering, Surface
from webapp.domain.query import Filter, InvalidQueryError, Query, View
from webapp.domain.scopes import (
    EVERYTHING,
    Scope,
    api_previous_scope,
    api_upcoming_scope,
    calendar_scope,
    feed_scope,
    past_scope,
    upcoming_scope,
)
from webapp.ll2.parse import parse_event, serialize_record
from webapp.ll2.parse_launch import parse_launch
from webapp.store import Store

LAUNCHES = [make_launch(number) for number in range(1, 121)] + tricky_launches()
RECORDS = make_records(400, now=NOW) + tricky_records() + LAUNCHES
POOL = pool_of(RECORDS)
KNOWN = [reference.known(record, place) for place, record in enumerate(RECORDS)]
SURFACES: dict[str, Callable[[Query], Scope]] = {
    "/events/": lambda _: EVERYTHING,
    "/events/upcoming/": lambda query: api_upcoming_scope(query.view, NOW),
    "/events/previous/": lambda _: api_previous_scope(NOW),
    "/": lambda _: upcoming_scope(NOW),
    "/ without placeholders": lambda _: replace(upcoming_scope(NOW), placeholders=False),
    "/ of placeholders": lambda _: replace(upcoming_scope(NOW), placeholders=True),
    "/past": lambda _: past_scope(NOW),
    "feeds": lambda query: feed_scope(query.options, NOW),
    "calendars": lambda query: calendar_scope(query.options, NOW),
}
EDGES = tuple(
    map(datetime.fromisoformat, ("0002-01-01T00:00Z", "2026-03-31T00:00Z", "2026-04-01T12:00Z", "9999-12-31T23:59Z"))
)
MOST_ENTRIES = 60
"""Longer lists are asked for as records: making entries of them all takes longer than finding them."""

pytestmark = pytest.mark.campaign

EXAMPLES = settings(deadline=None, suppress_health_check=list(HealthCheck))


def parse(record: Record) -> Entry:
    return parse_launch(record) if isinstance(record["id"], str) else parse_event(record)


def fill(store: Store) -> Store:
    arrived = [ReceivedEntry(parse(record), serialize_record(record)) for record in RECORDS]
    with store.write() as writer:
        writer.upsert_entries(arrived, now=NOW)
    return store


@pytest.fixture(params=ENGINES, scope="module")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with opened_store(request, tmp_path_factory.mktemp("reference")) as store:
        yield fill(store)


def check(store: Store, query: Query, *scopes: Scope) -> None:
    passed = reference.filtered(KNOWN, query.filter)
    for scope in scopes:
        check_list(store, query, scope, reference.ids_of(passed, scope, query.view))


def check_list(store: Store, query: Query, scope: Scope, expected: list[int | str]) -> None:
    page = reference.page(expected, query.view)
    with store.read() as snapshot:
        if len(page) <= MOST_ENTRIES:
            entries = snapshot.list_entries(query.filter, scope, query.view)
            listed = [stored.entry.key.json_id for stored in entries]
        else:
            listed = [json.loads(record)["id"] for _, record in snapshot.list_records(query.filter, scope, query.view)]
        count = snapshot.count_entries(query.filter, scope)
    assert count == len(expected)
    if query.view.ordering is Ordering.RELEVANCE:
        # What is relevant is for the engine to say; what matches is not.
        assert (len(listed), len(set(listed)), set(listed) - set(expected)) == (len(page), len(page), set())
    else:
        assert listed == page


@given(pairs=queries(POOL), surfaces=st.lists(st.sampled_from(sorted(SURFACES)), min_size=3, max_size=3, unique=True))
@settings(EXAMPLES, max_examples=length(20, long=5_000))
def test_the_store_finds_what_the_reference_finds_in_its_order(
    filled: Store, pairs: Pairs, surfaces: list[str]
) -> None:
    query = Query.parse(pairs)
    check(filled, query, *(SURFACES[surface](query) for surface in surfaces))


@given(pairs=queries(POOL, Surface.LAUNCHES_API), surface=st.sampled_from(sorted(SURFACES)))
@settings(EXAMPLES, max_examples=length(20, long=5_000))
def test_what_only_the_apis_launch_lists_understand_means_the_same(filled: Store, pairs: Pairs, surface: str) -> None:
    query = Query.parse(pairs, surface=Surface.LAUNCHES_API)
    of_launches = replace(query, filter=replace(query.filter, kinds=(EntryKind.LAUNCH,)))
    check(filled, of_launches, SURFACES[surface](query))


@given(pairs=queries(POOL))
@settings(EXAMPLES, max_examples=length(12, long=1_000))
def test_entries_are_counted_by_their_kind(filled: Store, pairs: Pairs) -> None:
    query = Query.parse(pairs)
    passed = reference.filtered(KNOWN, replace(query.filter, kinds=()))
    for scope in (EVERYTHING, upcoming_scope(NOW), past_scope(NOW)):
        expected = Counter("launch" if one.launch else "event" for one in passed if reference.in_scope(one, scope))
        with filled.read() as snapshot:
            counted = snapshot.count_kinds(query.filter, scope)
        assert {kind.value: number for kind, number in counted.items() if number} == dict(expected)


@given(pairs=hostile_filters())
@settings(EXAMPLES, max_examples=length(20, long=3_000))
def test_no_text_breaks_the_store_or_finds_what_it_should_not(filled: Store, pairs: Pairs) -> None:
    try:
        query = Query.parse(pairs)
    except InvalidQueryError:
        return
    check(filled, query, EVERYTHING)


@pytest.mark.parametrize("ordering", [None, *Ordering])
def test_every_order_is_the_references_over_everything(filled: Store, ordering: Ordering | None) -> None:
    # Only launches are ordered by their ids.
    is_by_id = ordering in {Ordering.ID, Ordering.ID_DESCENDING}
    kinds = (EntryKind.LAUNCH,) if is_by_id else ()
    check(filled, Query(Filter(kinds=kinds), View(ordering=ordering)), EVERYTHING)


@pytest.mark.parametrize("edge", EDGES)
def test_scopes_hold_at_the_edges_of_time(filled: Store, edge: datetime) -> None:
    dates = (
        Scope(over_after=edge),
        Scope(date_from=edge),
        Scope(date_to=edge),
        Scope(over_before=edge),
        Scope(edge, edge, edge, edge, edge),
    )
    check(filled, Query(), *dates, Scope(largest_rank=1), Scope(dated=True))
