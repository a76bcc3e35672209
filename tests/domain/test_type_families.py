"""Families of types, and what several entries of a type are called."""

import pytest

from webapp.domain.type_families import family_of, type_words


@pytest.mark.parametrize(
    ("type_id", "words", "family"),
    [
        (2, "dockings", "arrivals at stations and departures from them"),
        (3, "spacewalks", None),
        (24, "launches", None),
        (20, "press events", "briefings, ceremonies and hearings"),
        (999, "events of this type", None),
    ],
)
def test_a_type_has_words_and_perhaps_a_family(type_id: int, words: str, family: str | None) -> None:
    found = family_of(type_id)
    assert (type_words(type_id), found.words if found else None) == (words, family)
    assert found is None or type_id in found.type_ids
