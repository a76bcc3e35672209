"""Facets: the types, agencies and programs that could be chosen, with how many entries each choice would show."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, literal, select, union_all

from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.schema import agencies, entries, entry_agencies, entry_programs, event_types, programs
from webapp.store.selection.conditions import in_ids
from webapp.store.selection.counting import count_by

# What is counted by, in the order of `Facets`, and where its names are.
_KEYS = (entries.c.type_id, entry_agencies.c.agency_id, entry_programs.c.program_id)
_NAMED = (event_types, agencies, programs)
_MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One that may be chosen: its id, its name, and how many entries it would show beside the rest of the filter."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The choices by what they are, those of most entries first, a hundred at most, and what is chosen already."""

    types: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    programs: tuple[Choice, ...]


def list_facets(
    connection: Connection, filter_: Filter, scope: Scope, gather_ids: Callable[[Filter], Sequence[int] | None]
) -> Facets:
    """Count each choice of a filter with the rest of the filter as it is.

    `gather_ids` gives the ids of the entries that match a filter in the scope, if they are few.
    """
    types = replace(filter_, type_id=None, type_ids=())
    chosen_types = {*filter_.type_ids, *([] if filter_.type_id is None else [filter_.type_id])}
    looser = (types, replace(filter_, agency_ids=()), replace(filter_, program_ids=()))
    # Where nothing of the three is chosen, the three are one.
    gathered = {one: gather_ids(one) for one in set(looser)}
    counts = [count_by(connection, key, one, scope, gathered[one]) for key, one in zip(_KEYS, looser, strict=True)]
    chosen = (chosen_types, set(filter_.agency_ids), set(filter_.program_ids))
    names = _names(connection, [counted.keys() | also for counted, also in zip(counts, chosen, strict=True)])
    return Facets(*(_choices(*of_a_kind) for of_a_kind in zip(names, counts, chosen, strict=True)))


def count_years(connection: Connection, filter_: Filter, scope: Scope) -> dict[int, int]:
    """Count the entries of each year that has any, whichever years the filter asks for; the latest year first."""
    by_year = count_by(connection, entries.c.date_year, replace(filter_, years=()), scope)
    return dict(sorted(by_year.items(), reverse=True))


def count_months(connection: Connection, filter_: Filter, scope: Scope) -> dict[int, int]:
    """Count the entries of each month that has any, whichever months the filter asks for; January first."""
    by_month = count_by(connection, entries.c.date_month, replace(filter_, months=()), scope)
    return dict(sorted(by_month.items()))


def _names(connection: Connection, wanted: Sequence[Collection[int]]) -> list[dict[int, str]]:
    """Give the names of these types, agencies and programs."""
    dialect = connection.dialect.name
    parts = [
        select(literal(place).label("place"), table.c.id, table.c.name).where(in_ids(table.c.id, ids, dialect))
        for place, (table, ids) in enumerate(zip(_NAMED, wanted, strict=True))
    ]
    names: list[dict[int, str]] = [{} for _ in _NAMED]
    for place, key, name in connection.execute(union_all(*parts)):
        names[place][key] = name
    return names


def _choices(names: Mapping[int, str], counts: Counter[int], chosen: Collection[int]) -> tuple[Choice, ...]:
    choices = [Choice(key, name, counts[key]) for key, name in names.items()]
    choices.sort(key=lambda choice: (-choice.count, choice.name.casefold(), choice.id))
    return tuple(choice for place, choice in enumerate(choices) if place < _MOST_CHOICES or choice.id in chosen)
