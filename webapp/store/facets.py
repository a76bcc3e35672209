"""What could be chosen beside a filter: types, agencies and programs, with how many events each choice would show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Table, func, select

from webapp.domain.query import EventQuery
from webapp.domain.scopes import Scope
from webapp.store.schema import agencies, event_agencies, event_programs, event_types, events, programs
from webapp.store.selection import matches


@dataclass(frozen=True, slots=True)
class Choice:
    """One that may be chosen: its id, its name, and how many events it would show beside the rest of the filter."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The choices by what they are, those of most events first. What is chosen already is there even with none."""

    types: tuple[Choice, ...]
    agencies: tuple[Choice, ...]
    programs: tuple[Choice, ...]


def list_facets(
    connection: Connection, query: EventQuery, scope: Scope, find_few: Callable[[EventQuery], Sequence[int] | None]
) -> Facets:
    """Count each choice of a filter with the rest of the filter as it is.

    `find_few` gives the ids of the events that match a query in the scope, if they are few.
    """
    types = query.replaced({"type_id": None, "type_ids": ()})
    chosen_types = {*query.type_ids, *([] if query.type_id is None else [query.type_id])}
    asked = (types, query.replaced({"agency_ids": ()}), query.replaced({"program_ids": ()}))
    # Where nothing of the three is chosen, the three are one.
    few = {one: find_few(one) for one in set(asked)}
    keys = (events.c.type_id, event_agencies.c.agency_id, event_programs.c.program_id)
    by_type, by_agency, by_program = (
        _counted(connection, key, one, scope, few[one]) for key, one in zip(keys, asked, strict=True)
    )
    return Facets(
        types=_choices(connection, by_type, event_types, chosen_types),
        agencies=_choices(connection, by_agency, agencies, set(query.agency_ids)),
        programs=_choices(connection, by_program, programs, set(query.program_ids)),
    )


def count_years(connection: Connection, query: EventQuery, scope: Scope) -> dict[int, int]:
    """Count the events of each year that has any, whichever years the query asks for; the latest year first."""
    met = matches(query.replaced({"years": ()}), scope, connection.dialect.name)
    counted = select(events.c.date_year, func.count()).where(met).group_by(events.c.date_year)
    return {int(year): int(count) for year, count in sorted(connection.execute(counted).all(), reverse=True)}


def _counted(
    connection: Connection, key: Column[int], query: EventQuery, scope: Scope, few: Sequence[int] | None
) -> dict[int, int]:
    """Count the events that match, the `few` if they are, by a column of theirs, or of what is linked to them."""
    of_event = key.table.c.id if key.table is events else key.table.c.event_id
    if few is not None:
        # Gathered first: an engine without statistics would rather go through every link there is.
        statement = select(key, func.count()).where(of_event.in_(few)).group_by(key)
    else:
        linked = events if key.table is events else events.join(key.table, of_event == events.c.id)
        met = matches(query, scope, connection.dialect.name)
        statement = select(key, func.count()).select_from(linked).where(met).group_by(key)
    return {int(value): int(count) for value, count in connection.execute(statement).all()}


def _choices(connection: Connection, counts: dict[int, int], names: Table, chosen: set[int]) -> tuple[Choice, ...]:
    wanted = counts.keys() | chosen
    rows = connection.execute(select(names.c.id, names.c.name).where(names.c.id.in_(wanted))).all()
    found = [Choice(int(key), str(name), counts.get(int(key), 0)) for key, name in rows]
    return tuple(sorted(found, key=lambda one: (-one.count, one.name.casefold(), one.id)))
