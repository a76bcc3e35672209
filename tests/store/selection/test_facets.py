"""The choices beside a filter, on both engines, against counting one by one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_records
from tests.store.engines import ENGINES, opened_store
from webapp.domain.entry import Entry, ReceivedEntry
from webapp.domain.query import Filter, Query
from webapp.domain.scopes import EVERYTHING, Scope, past_scope, upcoming_scope
from webapp.ll2.parse import parse_event, serialize_record
from webapp.store import Choice, Facets, Store

QUERIES = [
    "",
    "type__ids=2,8",
    "type=2",
    "agency__ids=44",
    "program=17",
    "type=2&agency__ids=44",
    "q=docking",
    "live=true",
]


@pytest.fixture(scope="module")
def known() -> list[Entry]:
    """Give the events that stand: every seventeenth is withdrawn."""
    return [parse_event(record) for place, record in enumerate(make_records(300, now=NOW)) if place % 17]


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with opened_store(request, tmp_path) as store:
        arrived = [
            ReceivedEntry(parse_event(record), serialize_record(record)) for record in make_records(300, now=NOW)
        ]
        with store.write() as writer:
            writer.upsert_entries(arrived, now=NOW)
            for one in arrived[::17]:
                writer.withdraw(one.entry.key, now=NOW)
        yield store


def parse(text: str) -> Filter:
    pairs = [(name, value) for name, _, value in (pair.partition("=") for pair in text.split("&") if pair)]
    return Query.parse(pairs).filter


@pytest.mark.parametrize(
    "scope", [EVERYTHING, upcoming_scope(NOW), past_scope(NOW)], ids=["everything", "upcoming", "past"]
)
def test_each_choice_counts_what_it_would_show(store: Store, known: list[Entry], scope: Scope) -> None:
    for text in QUERIES:
        asked = parse(text)
        with store.read() as snapshot:
            facets = snapshot.list_facets(asked, scope)
            for choice in facets.types:
                of_type = replace(asked, type_id=None, type_ids=(choice.id,))
                assert len(snapshot.list_versions(of_type, scope)) == choice.count
            for choice in facets.agencies:
                assert len(snapshot.list_versions(replace(asked, agency_ids=(choice.id,)), scope)) == choice.count
            for choice in facets.programs:
                assert len(snapshot.list_versions(replace(asked, program_ids=(choice.id,)), scope)) == choice.count
        names = {one.type.id: one.type.name for one in known}
        assert {one.id: one.name for one in facets.types} == {one.id: names[one.id] for one in facets.types}
        for choices in (facets.types, facets.agencies, facets.programs):
            assert list(choices) == sorted(choices, key=lambda one: (-(one.count or 0), one.name.casefold(), one.id))


def test_the_years_of_what_is_past_are_counted(store: Store, known: list[Entry]) -> None:
    scope = past_scope(NOW)
    with store.read() as snapshot:
        counted = snapshot.count_years(parse("type__ids=2,8&year=2025"), scope)
    dates = [one.date for one in known if one.type.id in {2, 8} and one.date_range and one.date_range.over_at <= NOW]
    assert counted == dict(sorted(Counter(date.year for date in dates if date).items(), reverse=True))


def test_the_months_of_a_year_are_counted_whichever_is_chosen(store: Store, known: list[Entry]) -> None:
    scope = past_scope(NOW)
    past = [one for one in known if one.date_range and one.date_range.over_at <= NOW]
    year = Counter(one.date.year for one in past if one.date).most_common(1)[0][0]
    with store.read() as snapshot:
        counted = snapshot.count_months(parse(f"year={year}&month=3"), scope)
        of_all_years = snapshot.count_months(Filter(), scope)
    months = [one.date for one in past if one.date and one.date.year == year]
    assert len(counted) > 1
    assert list(counted.items()) == sorted(Counter(date.month for date in months).items())
    assert of_all_years == Counter(one.date.month for one in past if one.date)


def test_every_type_that_is_there_is_a_choice(store: Store, known: list[Entry]) -> None:
    with store.read() as snapshot:
        facets = snapshot.list_facets(Filter(), EVERYTHING)
    assert {one.id for one in facets.types} == {one.type.id for one in known}
    assert {one.id for one in facets.agencies} == {agency.id for one in known for agency in one.agencies}
    assert {one.id for one in facets.programs} == {program.id for one in known for program in one.programs}


def test_what_is_chosen_stays_a_choice_though_it_shows_nothing(store: Store, known: list[Entry]) -> None:
    chosen = known[0].type
    asked = parse(f"type__ids={chosen.id}&q=nothinghasthisword")
    with store.read() as snapshot:
        assert snapshot.list_facets(asked, EVERYTHING) == Facets((Choice(chosen.id, chosen.name, 0),), (), ())


def test_a_hundred_choices_of_a_kind_are_offered_and_those_that_are_chosen(store: Store) -> None:
    agencies = [{"id": 5000 + number, "name": f"Agency {number:03}", "abbrev": ""} for number in range(150)]
    record = make_records(300, now=NOW)[0] | {"id": 9000, "agencies": agencies}
    with store.write() as writer:
        writer.upsert_entries([ReceivedEntry(parse_event(record), serialize_record(record))], now=NOW)
    with store.read() as snapshot:
        offered = snapshot.list_facets(Filter(), EVERYTHING).agencies
        chosen = snapshot.list_facets(parse("agency__ids=5149"), EVERYTHING).agencies
    assert (len(offered), 5149 in {one.id for one in offered}) == (100, False)
    assert (len(chosen), chosen[-1]) == (101, Choice(5149, "Agency 149", 1))
