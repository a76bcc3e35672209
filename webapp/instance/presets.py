"""Presets: filters that are ready to be subscribed to, for what most people want and for each agency and program."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.query import Filter
from webapp.domain.text import isolated
from webapp.store import Facets


@dataclass(frozen=True, slots=True)
class Preset:
    """A filter and its title."""

    title: str
    filter: Filter


def list_presets(facets: Facets) -> list[Preset]:
    """List them; `facets` tells which agencies and programs have something to show."""
    return list(_presets(facets))


TYPE_GROUPS = {
    "Spacewalks": (3,),
    "Dockings": (2, 4, 8, 13, 25, 29),
    "Landings": (7, 9),
    "Flybys": (16, 23),
    "Briefings": (20,),
    "Tests": (5, 10, 14, 18, 19, 21, 22, 30),
}
"""What most people look for: names for groups of Launch Library's event types, by their ids."""


def _presets(facets: Facets) -> Iterator[Preset]:
    yield Preset("All space events", Filter())
    for title, type_ids in TYPE_GROUPS.items():
        yield Preset(title, Filter(type_ids=type_ids))
    yield Preset("With webcast", Filter(webcast=True))
    for program in facets.programs:
        yield Preset(f"Program: {isolated(program.name)}", Filter(program_ids=(program.id,)))
    for agency in facets.agencies:
        yield Preset(f"Agency: {isolated(agency.name)}", Filter(agency_ids=(agency.id,)))
