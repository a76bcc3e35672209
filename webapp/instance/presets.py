"""Presets: filters that are ready to be subscribed to, for what most people want and for each agency, program, site."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter
from webapp.domain.text import isolated
from webapp.store import Facets


@dataclass(frozen=True, slots=True)
class Preset:
    """A filter and its title."""

    title: str
    filter: Filter


def list_presets(facets: Facets) -> list[Preset]:
    """List them; `facets` tells what has something to show: launches, agencies, programs, sites."""
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


STARLINK_ID = 25
"""Launch Library's program of which more than a third of all launches are."""

_BEYOND_EARTH = (6, 9, 11, 16, 19)
"""Launch Library's orbits there: around the Sun, past the Moon, around the Moon, at Sun-Earth L2, around Mars."""


def _presets(facets: Facets) -> Iterator[Preset]:
    has_launches = bool(facets.statuses)
    yield Preset("All launches and space events" if has_launches else "All space events", Filter())
    if has_launches:
        yield from _launch_presets(facets)
    for title, type_ids in TYPE_GROUPS.items():
        yield Preset(title, Filter(type_ids=type_ids))
    yield Preset("With webcast", Filter(webcast=True))
    for program in facets.programs:
        yield Preset(f"Program: {isolated(program.name)}", Filter(program_ids=(program.id,)))
    for provider in facets.providers:
        yield Preset(f"Launches by {isolated(provider.name)}", Filter(provider_ids=(provider.id,)))
    for site in facets.sites:
        yield Preset(f"Launches from {isolated(site.name)}", Filter(site_ids=(site.id,)))
    for agency in facets.agencies:
        yield Preset(f"Agency: {isolated(agency.name)}", Filter(agency_ids=(agency.id,)))


def _launch_presets(facets: Facets) -> Iterator[Preset]:
    yield Preset("Space events without launches", Filter(kinds=(EntryKind.EVENT,)))
    yield Preset("Launches", Filter(kinds=(EntryKind.LAUNCH,)))
    for program in facets.programs:
        if program.id == STARLINK_ID:
            yield Preset(f"Without {isolated(program.name)}", Filter(not_program_ids=(program.id,)))
    yield Preset("Crewed launches", Filter(is_crewed=True))
    yield Preset("Launches to the Moon and beyond", Filter(orbit_ids=_BEYOND_EARTH))
