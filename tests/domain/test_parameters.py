import re
from dataclasses import fields

import pytest

from tests.fake_ll2.data import schema
from webapp.domain.modes import Mode
from webapp.domain.parameters import PARAMETERS, Ordering, Parameter, Part, Vague
from webapp.domain.query import Filter, Options, Query, View

by_name = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)


def test_every_field_of_a_query_has_exactly_one_parameter() -> None:
    for part, values in {Part.FILTER: Filter, Part.VIEW: View, Part.OPTION: Options}.items():
        named = [parameter.field for parameter in PARAMETERS if parameter.part is part]
        assert sorted(named) == sorted(one.name for one in fields(values))


def test_no_two_parameters_share_a_spelling() -> None:
    names = [name for one in PARAMETERS for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))


def test_the_parts_stand_together_filters_first() -> None:
    parts = [one.part for one in PARAMETERS]
    assert parts == sorted(parts, key=list(Part).index)
    assert set(parts) == set(Part)


@by_name
def test_a_name_needs_no_encoding(parameter: Parameter) -> None:
    assert all(re.fullmatch(r"[a-z_]+", name) for name in (parameter.name, *parameter.aliases))


@by_name
def test_an_example_is_understood_and_says_something(parameter: Parameter) -> None:
    # A default, such as `mode=normal`, says nothing.
    for name in (parameter.name, *parameter.aliases):
        query = Query.parse([(name, parameter.example)])
        assert [spelled for spelled, _ in query.to_pairs()] == [parameter.name]
        assert Query.parse(query.to_pairs()) == query


@by_name
def test_an_example_is_in_its_canonical_spelling(parameter: Parameter) -> None:
    assert Query.parse([(parameter.name, parameter.example)]).to_pairs() == [(parameter.name, parameter.example)]


@by_name
def test_a_meaning_is_made_of_sentences_and_an_expectation_is_not(parameter: Parameter) -> None:
    assert re.fullmatch(r"[A-Z].*\.", parameter.meaning)
    assert not parameter.type.expected.endswith(".")


@by_name
def test_a_schema_describes_one_value(parameter: Parameter) -> None:
    described = parameter.type.schema
    assert described is not None
    assert described["type"] in {"string", "integer", "boolean"}
    assert ("," in parameter.example) <= parameter.type.is_list


def test_what_launch_library_filters_by_is_all_there_and_marked() -> None:
    paths = schema()["paths"]
    documented = {
        one["name"]
        for path in ("/2.3.0/events/", "/2.3.0/events/upcoming/", "/2.3.0/events/previous/")
        for one in paths[path]["get"]["parameters"]
    }
    known = {name for one in PARAMETERS if one.is_ll2 for name in (one.name, *one.aliases)}
    assert documented <= known
    # Named in its help text or its changes, though not in its document.
    assert known - documented == {"format", "date__lt"}


def test_words_on_the_wire_are_launch_librarys() -> None:
    assert [one.value for one in Mode] == ["list", "normal", "detailed"]
    assert {one.value for one in Ordering} >= {"date", "-date", "last_updated", "-last_updated"}
    assert [one.value for one in Vague] == ["omit", "span", "marker"]
