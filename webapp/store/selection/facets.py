"""Facets: the types, agencies and so on that could be chosen, with how many entries each choice would show."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, Connection, Table, literal, select, union_all

from webapp.domain.launch import LaunchStatus
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.schema import (
    agencies,
    entries,
    entry_agencies,
    entry_programs,
    event_types,
    launch_sites,
    launch_statuses,
    launches,
    programs,
    rockets,
)
from webapp.store.selection.conditions import in_ids
from webapp.store.selection.counting import count_by

_MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class _Facet:
    """What is chosen from: the column that is counted by, where its names are, and the fields of the filter.

    The last of those fields holds several ids, another one of them.
    """

    key: Column[int]
    named: Table
    fields: tuple[str, ...]

    def looser(self, filter_: Filter) -> Filter:
        """Give the filter with nothing of it chosen."""
        nothing: dict[str, Any] = {name: getattr(Filter(), name) for name in self.fields}
        return replace(filter_, **nothing)

    def chosen(self, filter_: Filter) -> set[int]:
        """Give the ids that are chosen."""
        *single, several = (getattr(filter_, name) for name in self.fields)
        return {*several, *(one for one in single if one is not None)}


# In the order of the fields of `Facets`.
_FACETS = (
    _Facet(entries.c.type_id, event_types, ("type_id", "type_ids")),
    _Facet(entry_agencies.c.agency_id, agencies, ("agency_ids",)),
    _Facet(entry_programs.c.program_id, programs, ("program_ids",)),
)
_FACETS_OF_LAUNCHES = (
    _Facet(launches.c.status_id, launch_statuses, ("status_id", "status_ids")),
    _Facet(launches.c.provider_id, agencies, ("provider_ids",)),
    _Facet(launches.c.location_id, launch_sites, ("site_ids",)),
    _Facet(launches.c.rocket_id, rockets, ("rocket_ids",)),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One that may be chosen: its id, its name, and how many entries it would show beside the rest of the filter.

    `count` is `None` where that was not counted.
    """

    id: int
    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Facets:
    """The choices by what they are, those of most entries first, a hundred at most, and what is chosen already.

    The last four are of launches alone, and empty where none are stored. Statuses go by their words for readers.
    """

    types: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    programs: tuple[Choice, ...]
    statuses: tuple[Choice, ...] = ()
    providers: tuple[Choice, ...] = ()
    sites: tuple[Choice, ...] = ()
    rockets: tuple[Choice, ...] = ()


def list_facets(
    connection: Connection, filter_: Filter, scope: Scope, gather_ids: Callable[[Filter], Sequence[int] | None]
) -> Facets:
    """Count each choice of a filter with the rest of the filter as it is.

    `gather_ids` gives the ids of the entries that match a filter in the scope, if they are few.
    """
    facets = _FACETS + (_FACETS_OF_LAUNCHES if has_any_launch(connection) else ())
    looser = [facet.looser(filter_) for facet in facets]
    # Where nothing is chosen, they are all one.
    gathered = {one: gather_ids(one) for one in set(looser)}
    counts = [
        count_by(connection, facet.key, one, scope, gathered[one]) for facet, one in zip(facets, looser, strict=True)
    ]
    chosen = [facet.chosen(filter_) for facet in facets]
    wanted = [counted.keys() | also for counted, also in zip(counts, chosen, strict=True)]
    names = _names(connection, [facet.named for facet in facets], wanted)
    found = [_choices(*of_a_kind) for of_a_kind in zip(names, counts, chosen, strict=True)]
    if len(found) == len(_FACETS):
        return Facets(*found)
    types, agencies_, programs_, statuses, *others = found
    return Facets(types, agencies_, programs_, _in_words(statuses), *others)


def list_chosen(connection: Connection, filter_: Filter) -> Facets:
    """Name what a filter chooses, and count nothing."""
    facets = _FACETS + _FACETS_OF_LAUNCHES
    chosen = [facet.chosen(filter_) for facet in facets]
    if not any(chosen):
        return Facets((), (), ())
    names = _names(connection, [facet.named for facet in facets], chosen)
    found = [tuple(Choice(key, name, None) for key, name in named.items()) for named in names]
    types, agencies_, programs_, statuses, *others = found
    return Facets(types, agencies_, programs_, _in_words(statuses), *others)


def has_any_launch(connection: Connection) -> bool:
    """Say whether launches are stored."""
    return connection.execute(select(launches.c.entry_id).limit(1)).first() is not None


def count_years(connection: Connection, filter_: Filter, scope: Scope) -> dict[int, int]:
    """Count the entries of each year that has any, whichever years the filter asks for; the latest year first."""
    by_year = count_by(connection, entries.c.date_year, replace(filter_, years=()), scope)
    return dict(sorted(by_year.items(), reverse=True))


def count_months(connection: Connection, filter_: Filter, scope: Scope) -> dict[int, int]:
    """Count the entries of each month that has any, whichever months the filter asks for; January first."""
    by_month = count_by(connection, entries.c.date_month, replace(filter_, months=()), scope)
    return dict(sorted(by_month.items()))


def _names(connection: Connection, tables: Sequence[Table], wanted: Sequence[Collection[int]]) -> list[dict[int, str]]:
    """Give the names that these ids have in each table."""
    dialect = connection.dialect.name
    parts = [
        select(literal(place).label("place"), table.c.id, table.c.name).where(in_ids(table.c.id, ids, dialect))
        for place, (table, ids) in enumerate(zip(tables, wanted, strict=True))
    ]
    names: list[dict[int, str]] = [{} for _ in tables]
    for place, key, name in connection.execute(union_all(*parts)):
        names[place][key] = name
    return names


def _in_words(statuses: Sequence[Choice]) -> tuple[Choice, ...]:
    return tuple(replace(one, name=LaunchStatus(one.id, one.name, "").words) for one in statuses)


def _choices(names: Mapping[int, str], counts: Counter[int], chosen: Collection[int]) -> tuple[Choice, ...]:
    ordered = sorted(names.items(), key=lambda one: (-counts[one[0]], one[1].casefold(), one[0]))
    choices = [Choice(key, name, counts[key]) for key, name in ordered]
    return tuple(choice for place, choice in enumerate(choices) if place < _MOST_CHOICES or choice.id in chosen)
