"""What a filter asks of launches as SQL: conditions on the rows that only launches have."""

from collections.abc import Callable, Iterator, Mapping
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import Column, and_, select

from webapp.domain.launch_parameters import ATTEMPT_COUNTS, WINDOW_ENDS, LaunchFact
from webapp.domain.query import Filter
from webapp.domain.text import folded
from webapp.store.keys import FIRST_GIVEN_ID
from webapp.store.schema import agencies, entries, entry_agencies, launch_serial_numbers, launch_spacecraft, launches
from webapp.store.selection.links import Condition, LinkCondition, contains

_AT = launches.c


def by_launch(filter_: Filter, dialect: str) -> Iterator[Condition | LinkCondition]:
    """Give what a filter asks of facts that only launches have: entries of other kinds do not meet it."""
    asked = [*_by_launch(filter_, dialect)]
    for fact in filter_.launch_facts:
        if fact.name == "name":
            yield and_(entries.c.name == fact.value, entries.c.id >= FIRST_GIVEN_ID)
        elif fact.name in _LINKED:
            yield _LINKED[fact.name](fact.value, dialect)
        else:
            asked.append(_by_fact(fact, dialect))
    if asked:
        yield LinkCondition(launches, _AT.entry_id, and_(*asked))
    if not filter_.include_suborbital:
        yield LinkCondition(launches, _AT.entry_id, _AT.is_suborbital.is_(True), negated=True)


def _by_launch(filter_: Filter, dialect: str) -> Iterator[Condition]:
    for ids, column in (
        (filter_.status_ids, _AT.status_id),
        (filter_.provider_ids, _AT.provider_id),
        (filter_.site_ids, _AT.location_id),
        (filter_.rocket_ids, _AT.rocket_id),
        (filter_.orbit_ids, _AT.orbit_id),
    ):
        if ids:
            yield column.in_(ids)
    for one, column in ((filter_.status_id, _AT.status_id), (filter_.pad_id, _AT.pad_id)):
        if one is not None:
            yield column == one
    if filter_.is_crewed is not None:
        yield _AT.is_crewed.is_(filter_.is_crewed)
    if filter_.orbit_name:
        yield _AT.orbit_name == filter_.orbit_name
    if filter_.orbit_name_part:
        yield contains(_AT.orbit_name_folded, folded(filter_.orbit_name_part), dialect)


def _by_fact(fact: LaunchFact, dialect: str) -> Condition:
    if fact.name in _PARTS:
        return contains(_PARTS[fact.name], folded(str(fact.value)), dialect)
    return _FACTS[fact.name](fact.value)


def _comparisons(name: str, column: Column[Any]) -> dict[str, Callable[[Any], Condition]]:
    """Give the four comparisons of a column, by the names of their parameters."""

    def compared(compare: Callable[[Any, Any], Condition]) -> Callable[[Any], Condition]:
        return lambda value: compare(column, value)

    return {f"{name}__{ending}": compared(compare) for ending, compare in _COMPARED.items()}


def _among_agencies(names: tuple[str, ...]) -> Condition:
    return _AT.provider_id.in_(select(agencies.c.id).where(agencies.c.name.in_(names)))


def _related(ids: Any) -> LinkCondition:
    # Events have agencies too.
    where = and_(entry_agencies.c.agency_id.in_(ids), entry_agencies.c.entry_id >= FIRST_GIVEN_ID)
    return LinkCondition(entry_agencies, entry_agencies.c.entry_id, where, is_unique=False)


def _of_spacecraft(condition: Condition) -> LinkCondition:
    return LinkCondition(launch_spacecraft, launch_spacecraft.c.entry_id, condition, is_unique=False)


_COMPARED: Mapping[str, Callable[[Any, Any], Condition]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_PARTS = {
    "rocket__configuration__full_name__icontains": _AT.rocket_full_name_folded,
    "rocket__configuration__manufacturer__name__icontains": _AT.manufacturer_name_folded,
}
_COUNTS = {
    f"{what}_launch_attempt_count{of}": _AT[f"{what}{of}_attempt_count"]
    for what in ATTEMPT_COUNTS
    for of in ("", "_year")
}
_EQUAL = _COUNTS | {
    "pad__location": _AT.location_id,
    "pad__location__celestial_body__id": _AT.location_body_id,
    "mission__orbit__celestial_body__id": _AT.orbit_body_id,
    "rocket__configuration__id": _AT.rocket_id,
    "rocket__configuration__name": _AT.rocket_name,
    "rocket__configuration__full_name": _AT.rocket_full_name,
    "rocket__configuration__manufacturer__name": _AT.manufacturer_name,
}
_FACTS: dict[str, Callable[[Any], Condition]] = {name: column.__eq__ for name, column in _EQUAL.items()}
_FACTS |= {"launch_designator": _AT.designator.in_, "lsp__name": _among_agencies}
for _name, _column in (_COUNTS | {name: _AT[name] for name in WINDOW_ENDS}).items():
    _FACTS |= _comparisons(_name, _column)
_LINKED: dict[str, Callable[[Any, str], LinkCondition]] = {
    "related_lsp__id": lambda ids, _: _related(ids),
    "related_lsp__name": lambda names, _: _related(select(agencies.c.id).where(agencies.c.name.in_(names))),
    "serial_number": lambda numbers, _: LinkCondition(
        launch_serial_numbers,
        launch_serial_numbers.c.entry_id,
        launch_serial_numbers.c.serial_number.in_(numbers),
        is_unique=False,
    ),
    "spacecraft_config__ids": lambda ids, _: _of_spacecraft(launch_spacecraft.c.configuration_id.in_(ids)),
    "rocket__spacecraftflight__spacecraft__id": lambda one, _: _of_spacecraft(launch_spacecraft.c.spacecraft_id == one),
    "rocket__spacecraftflight__spacecraft__name": lambda name, _: _of_spacecraft(launch_spacecraft.c.name == name),
    "rocket__spacecraftflight__spacecraft__name__icontains": lambda part, dialect: _of_spacecraft(
        contains(launch_spacecraft.c.name_folded, folded(part), dialect)
    ),
}
"""Filters on rows of other tables than `launches`, by the names of their parameters."""
