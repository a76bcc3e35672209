"""What could be chosen beside a filter: types, agencies and programs, with how many events each choice would show."""

from dataclasses import dataclass

from sqlalchemy import Column, Connection, FromClause, Select, func, select

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


def list_facets(connection: Connection, query: EventQuery, scope: Scope) -> Facets:
    """Count each choice of a filter with the rest of the filter as it is."""
    types = query.replaced({"type_id": None, "type_ids": ()})
    chosen_types = {*query.type_ids, *([] if query.type_id is None else [query.type_id])}
    return Facets(
        types=_choices(connection, _by_type(types, scope, connection), event_types, chosen_types),
        agencies=_choices(
            connection,
            _by_link(event_agencies.c.agency_id, query.replaced({"agency_ids": ()}), scope, connection),
            agencies,
            set(query.agency_ids),
        ),
        programs=_choices(
            connection,
            _by_link(event_programs.c.program_id, query.replaced({"program_ids": ()}), scope, connection),
            programs,
            set(query.program_ids),
        ),
    )


def count_years(connection: Connection, query: EventQuery, scope: Scope) -> dict[int, int]:
    """Count the events of each year that has any, whichever years the query asks for; the latest year first."""
    met = matches(query.replaced({"years": ()}), scope, connection.dialect.name)
    counted = select(events.c.date_year, func.count()).where(met).group_by(events.c.date_year)
    return {int(year): int(count) for year, count in sorted(connection.execute(counted).all(), reverse=True)}


def _by_type(query: EventQuery, scope: Scope, connection: Connection) -> Select[int, int]:
    met = matches(query, scope, connection.dialect.name)
    return select(events.c.type_id, func.count()).where(met).group_by(events.c.type_id)


def _by_link(key: Column[int], query: EventQuery, scope: Scope, connection: Connection) -> Select[int, int]:
    met = matches(query, scope, connection.dialect.name)
    linked = events.join(key.table, key.table.c.event_id == events.c.id)
    return select(key, func.count()).select_from(linked).where(met).group_by(key)


def _choices(
    connection: Connection, counted: Select[int, int], names: FromClause, chosen: set[int]
) -> tuple[Choice, ...]:
    counts = {int(key): int(count) for key, count in connection.execute(counted).all()}
    wanted = counts.keys() | chosen
    rows = connection.execute(select(names.c.id, names.c.name).where(names.c.id.in_(wanted))).all()
    found = [Choice(int(key), str(name), counts.get(int(key), 0)) for key, name in rows]
    return tuple(sorted(found, key=lambda one: (-one.count, one.name.casefold(), one.id)))
