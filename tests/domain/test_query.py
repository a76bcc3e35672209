from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import hostile_texts
from webapp.domain.query import (
    LARGEST_ID,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    LONGEST_PAST,
    PARAMETERS,
    EventQuery,
    Fault,
    InvalidQueryError,
    Part,
    Scope,
    Vague,
    calendar_scope,
    feed_scope,
    upcoming_scope,
)

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)
IDS = "event type ids separated by commas, such as 2,8"

ids = st.lists(st.integers(0, LARGEST_ID), unique=True, max_size=5).map(sorted).map(tuple)
queries = st.builds(
    EventQuery,
    type_ids=ids,
    agency_ids=ids,
    program_ids=ids,
    limit=st.none() | st.integers(1, LARGEST_LIMIT),
    offset=st.integers(0, LARGEST_OFFSET),
    past=st.integers(0, LONGEST_PAST),
    vague=st.sampled_from(Vague),
)
values = st.text(st.sampled_from("0123456789, ٣-+_"), max_size=12) | st.sampled_from([*Vague]).map(
    lambda one: one.value
)
pair_lists = st.lists(
    st.tuples(st.sampled_from([one.name for one in PARAMETERS] + ["utm_source"]), values | hostile_texts(2)), max_size=8
)


def parse(query_string: str) -> EventQuery:
    return EventQuery.parse(parse_qsl(query_string, keep_blank_values=True))


@given(queries)
def test_what_is_spelled_is_parsed_back(query: EventQuery) -> None:
    assert EventQuery.parse(query.to_pairs()) == query
    assert parse(query.to_query_string().removeprefix("?")) == query


@given(pair_lists)
def test_spelling_is_canonical_after_one_round(pairs: list[tuple[str, str]]) -> None:
    try:
        query = EventQuery.parse(pairs)
    except InvalidQueryError:
        return
    spelled = query.to_pairs()
    assert EventQuery.parse(spelled).to_pairs() == spelled
    assert EventQuery.parse(spelled[::-1]).to_pairs() == spelled


@given(pair_lists)
def test_each_fault_is_one_that_its_parameter_has_alone(pairs: list[tuple[str, str]]) -> None:
    faulty: list[Fault] = []
    for parameter in PARAMETERS:
        try:
            EventQuery.parse([pair for pair in pairs if pair[0] == parameter.name])
        except InvalidQueryError as error:
            faulty += error.faults
    if faulty:
        with pytest.raises(InvalidQueryError) as caught:
            EventQuery.parse(pairs)
        assert list(caught.value.faults) == faulty
    else:
        EventQuery.parse(pairs)


@pytest.mark.parametrize(
    ("given_", "canonical"),
    [
        ("", ""),
        ("type__ids=8,2", "?type__ids=2,8"),
        ("type__ids=8&type__ids=2,8,,%202", "?type__ids=2,8"),
        ("type__ids=008", "?type__ids=8"),
        ("program=17&program=1", "?program=1,17"),
        ("agency__ids=44&type__ids=2", "?type__ids=2&agency__ids=44"),
        ("type__ids=,", ""),
        ("type__ids=&limit=&past=+&vague=", ""),
        ("offset=0&past=30&vague=omit", ""),
        ("limit=10", "?limit=10"),
        ("limit=5&limit=%2010%20", "?limit=10"),
        ("vague=span&past=0&offset=20", "?offset=20&past=0&vague=span"),
        ("vague=marker", "?vague=marker"),
        ("utm_source=x&type__ids=2&%00=%ff", "?type__ids=2"),
        (f"type__ids={LARGEST_ID},0", f"?type__ids=0,{LARGEST_ID}"),
    ],
)
def test_a_query_has_one_spelling(given_: str, canonical: str) -> None:
    assert parse(given_).to_query_string() == canonical


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("type__ids", "docking", IDS),
        ("type__ids", "2,docking", IDS),
        ("type__ids", "-1", IDS),
        ("type__ids", "+1", IDS),
        ("type__ids", "1_0", IDS),
        ("type__ids", "1.0", IDS),
        ("type__ids", "٣", IDS),
        ("type__ids", "²", IDS),
        ("type__ids", str(LARGEST_ID + 1), IDS),
        ("type__ids", "9" * 5000, IDS),
        ("agency__ids", "nasa", "agency ids separated by commas, such as 44,63"),
        ("program", "iss", "program ids, such as 17"),
        ("limit", "0", "a whole number from 1 to 100"),
        ("limit", "101", "a whole number from 1 to 100"),
        ("limit", "1e1", "a whole number from 1 to 100"),
        ("offset", "-1", "a whole number from 0 to 1000000"),
        ("offset", "1000001", "a whole number from 0 to 1000000"),
        ("past", "3651", "a number of days from 0 to 3650"),
        ("past", "a week", "a number of days from 0 to 3650"),
        ("vague", "SPAN", "one of omit, span or marker"),
        ("vague", "all", "one of omit, span or marker"),
    ],
)
def test_a_bad_value_is_reported_with_what_was_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        EventQuery.parse([(name, value)])
    assert caught.value.faults == (Fault(name, value, expected),)
    assert str(caught.value) == f"{name}: expected {expected}"


def test_every_fault_is_reported_at_once_in_canonical_order() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse("vague=all&past=x&offset=x&limit=x&program=x&agency__ids=44,x&type__ids=x&type__ids=2&utm_source=x")
    assert [(fault.parameter, fault.value) for fault in caught.value.faults] == [
        ("type__ids", "x,2"),
        ("agency__ids", "44,x"),
        ("program", "x"),
        ("limit", "x"),
        ("offset", "x"),
        ("past", "x"),
        ("vague", "all"),
    ]


def test_a_good_parameter_is_no_fault_beside_a_bad_one() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        parse("type__ids=2&limit=x")
    assert [fault.parameter for fault in caught.value.faults] == ["limit"]


def test_every_field_has_exactly_one_parameter() -> None:
    fields = [parameter.field for parameter in PARAMETERS]
    assert sorted(fields) == sorted(EventQuery.__dataclass_fields__)


@given(queries)
def test_without_a_part_only_the_others_stay(query: EventQuery) -> None:
    for part in Part:
        names = {one.name for one in PARAMETERS if one.part is not part}
        assert query.without(part).to_pairs() == [pair for pair in query.to_pairs() if pair[0] in names]
    assert query.without(*Part) == EventQuery()
    assert query.without() == query


def test_replaced_changes_those_fields_alone() -> None:
    query = parse("type__ids=2&limit=10&offset=20")
    assert query.replaced({"offset": 30}) == parse("type__ids=2&limit=10&offset=30")
    assert query.replaced({}) == query


def test_the_timeline_shows_what_is_not_over() -> None:
    assert upcoming_scope(NOW) == Scope(over_after=NOW)


def test_a_feed_goes_back_whole_days_from_utc_midnight() -> None:
    assert feed_scope(parse("past=0"), NOW) == Scope(over_after=MIDNIGHT)
    assert feed_scope(EventQuery(), NOW) == Scope(over_after=MIDNIGHT - timedelta(days=30))


@pytest.mark.parametrize(("vague", "largest_rank"), [("omit", 1), ("span", None), ("marker", None)])
def test_a_calendar_takes_dated_events_and_coarse_ones_only_if_asked(vague: str, largest_rank: int | None) -> None:
    scope = calendar_scope(parse(f"past=7&vague={vague}"), NOW)
    assert scope == Scope(over_after=MIDNIGHT - timedelta(days=7), largest_rank=largest_rank, dated=True)
