"""A query and a scope to SQL: the one function that listing and counting share."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, select

from webapp.domain.query import EventQuery, Scope
from webapp.store.schema import event_agencies, event_programs, events


def matches(query: EventQuery, scope: Scope) -> ColumnElement[bool]:
    """Give the condition that an event's row meets when it lies in the scope and the filter lets it pass."""
    return and_(*_in_scope(scope), *_in_filter(query))


def _in_scope(scope: Scope) -> Iterator[ColumnElement[bool]]:
    yield events.c.window_over_at > scope.over_after
    if scope.dated:
        yield events.c.date.is_not(None)
    if scope.largest_rank is not None:
        yield events.c.window_rank <= scope.largest_rank


def _in_filter(query: EventQuery) -> Iterator[ColumnElement[bool]]:
    if query.type_ids:
        yield events.c.type_id.in_(query.type_ids)
    if query.agency_ids:
        by_agency = select(event_agencies.c.event_id).where(event_agencies.c.agency_id.in_(query.agency_ids))
        yield events.c.id.in_(by_agency)
    if query.program_ids:
        by_program = select(event_programs.c.event_id).where(event_programs.c.program_id.in_(query.program_ids))
        yield events.c.id.in_(by_program)
