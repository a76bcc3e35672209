"""Subscriptions that are ready to be taken: what most people want, and one for each agency and program."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.query import Filter
from webapp.domain.text import isolated
from webapp.store import Facets


@dataclass(frozen=True, slots=True)
class Bundle:
    """A name and the filter that it stands for."""

    title: str
    filter: Filter


def list_bundles(facets: Facets) -> list[Bundle]:
    """List them; `facets` tells which agencies and programs have something to show."""
    return list(_bundles(facets))


# By the ids of Launch Library's event types.
_BY_TYPE = {
    "Dockings and undockings": (2, 4, 8, 13, 25, 29),
    "Spacewalks": (3,),
    "Landings": (7, 9),
    "Flybys and orbits": (16, 23),
    "Briefings": (20,),
    "Tests": (5, 10, 14, 18, 19, 21, 22, 30),
}


def _bundles(facets: Facets) -> Iterator[Bundle]:
    yield Bundle("All space events", Filter())
    for title, type_ids in _BY_TYPE.items():
        yield Bundle(title, Filter(type_ids=type_ids))
    yield Bundle("With a webcast", Filter(webcast=True))
    for one in facets.programs:
        yield Bundle(f"Program: {isolated(one.name)}", Filter(program_ids=(one.id,)))
    for one in facets.agencies:
        yield Bundle(f"Agency: {isolated(one.name)}", Filter(agency_ids=(one.id,)))
