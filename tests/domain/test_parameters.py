import re
from dataclasses import fields

import pytest

from tests.fake_ll2.data import launches_schema, schema
from webapp.domain.modes import Mode
from webapp.domain.parameters import PARAMETERS, Ordering, Parameter, Part, Surface, Vague
from webapp.domain.query import Filter, Options, Query, View, unknown_names

FACTS = [one for one in PARAMETERS if one.surfaces == {Surface.LAUNCHES_API}]
by_name = pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda one: one.name)


def test_every_field_of_a_query_has_exactly_one_parameter() -> None:
    for part, values in {Part.FILTER: Filter, Part.VIEW: View, Part.OPTION: Options}.items():
        named = [parameter.field for parameter in PARAMETERS if parameter.part is part]
        assert sorted(named) == sorted(
            field for one in fields(values) for field in [one.name] * (len(FACTS) if one.name == "launch_facts" else 1)
        )


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
        for surface in parameter.surfaces:
            query = Query.parse([(name, parameter.example_on(surface))], surface=surface)
            assert [spelled for spelled, _ in query.to_pairs()] == [parameter.name]
            assert Query.parse(query.to_pairs(), surface=surface) == query


@by_name
def test_elsewhere_a_parameter_is_unknown(parameter: Parameter) -> None:
    for surface in set(Surface) - parameter.surfaces:
        assert Query.parse([(parameter.name, parameter.example)], surface=surface) == Query()
        assert unknown_names([(parameter.name, "1")], surface) == (parameter.name,)
    assert all(unknown_names([(parameter.name, "1")], surface) == () for surface in parameter.surfaces)


@by_name
def test_an_example_is_in_its_canonical_spelling(parameter: Parameter) -> None:
    for surface in parameter.surfaces:
        example = parameter.example_on(surface)
        pairs = Query.parse([(parameter.name, example)], surface=surface).to_pairs()
        assert pairs == [(parameter.name, example)]


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
    # Named in its help text or its changes, though not in its document; the others are filters of launches.
    launch_names = {one["name"] for one in launches_schema()["paths"]["/2.3.0/launches/"]["get"]["parameters"]}
    assert known - documented - launch_names == {"format", "date__lt", "hide_recent_previous"} - documented


def test_what_launch_library_filters_launches_by_is_all_there_and_marked() -> None:
    paths = launches_schema()["paths"]
    documented = {
        one["name"]
        for path in ("/2.3.0/launches/", "/2.3.0/launches/upcoming/", "/2.3.0/launches/previous/")
        for one in paths[path]["get"]["parameters"]
    }
    understood = [one for one in PARAMETERS if Surface.LAUNCHES_API in one.surfaces]
    assert documented <= {name for one in understood if one.is_ll2 for name in (one.name, *one.aliases)}
    # What only the lists of launches understand, Launch Library documents all of it.
    assert {one.name for one in FACTS} <= documented


def test_words_on_the_wire_are_launch_librarys() -> None:
    assert [one.value for one in Mode] == ["list", "normal", "detailed"]
    assert {one.value for one in Ordering} >= {"date", "-date", "last_updated", "-last_updated"}
    assert [one.value for one in Vague] == ["omit", "span", "marker"]
