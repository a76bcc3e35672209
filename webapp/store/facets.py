"""What could be chosen beside a filter: types, agencies and programs, with how many events each choice would show."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, literal, select, union_all

from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.counting import tally
from webapp.store.schema import agencies, entries, entry_agencies, entry_programs, event_types, programs
from webapp.store.selection import among

# What is counted by, in the order of `Facets`, and where its names are.
_KEYS = (entries.c.type_id, entry_agencies.c.agency_id, entry_programs.c.program_id)
_NAMED = (event_types, agencies, programs)
_MOST_CHOICES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """One that may be chosen: its id, its name, and how many events it would show beside the rest of the filter."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The choices by what they are, those of most events first, a hundred at most, and what is chosen already."""

    types: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    programs: tuple[Choice, ...]


def list_facets(
    connection: Connection, asked: Filter, scope: Scope, find_few: Callable[[Filter], Sequence[int] | None]
) -> Facets:
    """Count each choice of a filter with the rest of the filter as it is.

    `find_few` gives the ids of the events that match a filter in the scope, if they are few.
    """
    types = replace(asked, type_id=None, type_ids=())
    chosen_types = {*asked.type_ids, *([] if asked.type_id is None else [asked.type_id])}
    looser = (types, replace(asked, agency_ids=()), replace(asked, program_ids=()))
    # Where nothing of the three is chosen, the three are one.
    few = {one: find_few(one) for one in set(looser)}
    counts = [tally(connection, key, one, scope, few[one]) for key, one in zip(_KEYS, looser, strict=True)]
    chosen = (chosen_types, set(asked.agency_ids), set(asked.program_ids))
    names = _names(connection, [found.keys() | also for found, also in zip(counts, chosen, strict=True)])
    return Facets(*(_choices(*of_a_kind) for of_a_kind in zip(names, counts, chosen, strict=True)))


def count_years(connection: Connection, asked: Filter, scope: Scope) -> dict[int, int]:
    """Count the events of each year that has any, whichever years the filter asks for; the latest year first."""
    by_year = tally(connection, entries.c.date_year, replace(asked, years=()), scope)
    return dict(sorted(by_year.items(), reverse=True))


def _names(connection: Connection, wanted: Sequence[Collection[int]]) -> list[dict[int, str]]:
    """Give the names of these types, agencies and programs."""
    dialect = connection.dialect.name
    parts = [
        select(literal(place).label("place"), table.c.id, table.c.name).where(among(table.c.id, ids, dialect))
        for place, (table, ids) in enumerate(zip(_NAMED, wanted, strict=True))
    ]
    found: list[dict[int, str]] = [{} for _ in _NAMED]
    for place, key, name in connection.execute(union_all(*parts)):
        found[place][key] = name
    return found


def _choices(names: Mapping[int, str], counts: Counter[int], chosen: Collection[int]) -> tuple[Choice, ...]:
    found = [Choice(key, name, counts[key]) for key, name in names.items()]
    found.sort(key=lambda one: (-one.count, one.name.casefold(), one.id))
    return tuple(one for place, one in enumerate(found) if place < _MOST_CHOICES or one.id in chosen)
