"""Counting what matches, and choosing the ids of one page of it, by whichever way reads least.

Few matches are gathered and then sorted; of many, the order's own index is walked until the page is full. PostgreSQL's
planner knows which from its statistics. SQLite's does not, so it is told: hence the count comes first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Subquery, func, literal_column, null, select

from webapp.domain.parameters import Ordering
from webapp.domain.query import EventQuery
from webapp.domain.scopes import Scope
from webapp.store.schema import events, timeline_order, withdrawals
from webapp.store.selection import Linked, conditions, matches, stands
from webapp.store.words import event_words, has_words, relevance, words_key

FEW = 900
"""So many events are gathered and sorted rather than met on a walk.

SQLite builds exist that take no more than 999 parameters in a statement.
"""

_ORDERS: dict[Ordering | None, tuple[Column[Any], ...]] = {
    Ordering.DATE: (events.c.sort_date, events.c.id),
    Ordering.DATE_DESCENDING: (events.c.sort_date_descending, events.c.id),
    Ordering.LAST_UPDATED: (events.c.sort_updated, events.c.id),
    Ordering.LAST_UPDATED_DESCENDING: (events.c.sort_updated, events.c.id),
}


@dataclass(frozen=True, slots=True)
class Found:
    """How many events match, and which they are, where that was cheap to learn: at most `FEW`, in no order."""

    total: int
    ids: tuple[int, ...] | None = None

    @property
    def is_few(self) -> bool:
        """Whether they are better gathered than met on a walk."""
        return self.total <= FEW


MANY = Found(FEW + 1)
"""Stands for whatever a scope holds that nothing filters: its own order is the quickest way through it."""


def find(connection: Connection, query: EventQuery, scope: Scope) -> Found:
    """Count the events that match, whatever the query's limit and offset."""
    dialect = connection.dialect.name
    match conditions(query, scope, dialect):
        case [Linked() as only]:
            return _find_linked(connection, only, scope)
        case _:
            if scope.over_after is not None and (few := find_few(connection, query, scope)) is not None:
                return Found(len(few), few)
            # Looking up each of many events among the withdrawn ones costs more than counting those apart.
            met = matches(query, replace(scope, withdrawn=True), dialect)
            statement = _hinted(select(func.count()).select_from(events).where(met), scope)
            gone = statement.where(events.c.id.in_(select(withdrawals.c.event_id)))
            taken = 0 if scope.withdrawn else connection.execute(gone).scalar_one()
            return Found(connection.execute(statement).scalar_one() - taken)


def find_few(connection: Connection, query: EventQuery, scope: Scope) -> tuple[int, ...] | None:
    """Give the ids of the events that match, in no order, if they are at most `FEW`."""
    ids = select(events.c.id).where(matches(query, scope, connection.dialect.name)).limit(FEW + 1)
    found = connection.execute(_hinted(ids, scope)).scalars().all()
    return tuple(found) if len(found) <= FEW else None


def choose(query: EventQuery, scope: Scope, found: Found, dialect: str) -> Subquery:
    """Select the ids on the page that the query asks for, with the `place` to order them by, if they have one.

    Ids come from narrow rows and indexes alone, so that a deep page fetches no body but its own.
    """
    if query.ordering is Ordering.RELEVANCE and query.words:
        place = relevance(dialect, query.words).label("place")
        source = select(events.c.id, place).join_from(events, event_words, events.c.id == words_key(dialect))
        asked = matches(query.replaced({"words": ""}), scope, dialect)
        statement = source.where(asked, has_words(dialect, query.words)).order_by(place, *timeline_order)
    elif found.ids is not None:
        statement = _unplaced().where(events.c.id.in_(found.ids)).order_by(*order_of(query))
    elif dialect == "sqlite" and query.limit is not None:
        condition = matches(query, scope, dialect, probing=not found.is_few)
        statement = _unplaced().where(condition).order_by(*order_of(query, indexed=not found.is_few))
    else:
        statement = _unplaced().where(matches(query, scope, dialect)).order_by(*order_of(query))
    if found.ids is None and found.is_few:
        statement = _hinted(statement, scope)
    return statement.limit(query.limit).offset(query.offset or None).subquery("chosen")


def order_of(query: EventQuery, *, indexed: bool = True) -> list[ColumnElement[object]]:
    """Give what to order by; without an ordering asked for, that of the timeline.

    `indexed=False` hides from SQLite that an index has this order, so that it starts from the filter.
    """
    columns = _ORDERS.get(query.ordering, timeline_order)
    is_descending = query.ordering in {Ordering.DATE_DESCENDING, Ordering.LAST_UPDATED_DESCENDING}
    first, *rest = columns if indexed else [literal_column(f"+events.{column.name}") for column in columns]
    # Only the date falls: equal ones come in ascending id either way.
    return [first.desc() if is_descending else first, *rest]


def _find_linked(connection: Connection, only: Linked, scope: Scope) -> Found:
    """Count where a link is all that is asked for: the linked table alone knows."""
    linked_ids = only.ids().where(*stands(only.key, scope))
    if not only.negated:
        few: Sequence[int] = connection.execute(linked_ids.limit(FEW + 1)).scalars().all()
        if len(few) <= FEW:
            return Found(len(few), tuple(few))
    linked = connection.execute(select(func.count()).select_from(linked_ids.subquery())).scalar_one()
    if not only.negated:
        return Found(linked)
    every = select(func.count()).select_from(events).where(*stands(events.c.id, scope))
    return Found(connection.execute(every).scalar_one() - linked)


def _hinted(statement: Select[Any], scope: Scope) -> Select[Any]:
    """Tell SQLite to start from what is not over: few events of all, which without statistics it cannot know."""
    if scope.over_after is None:
        return statement
    return statement.with_hint(events, "INDEXED BY ix_events_timeline", "sqlite")


def _unplaced() -> Select[Any]:
    return select(events.c.id, null().label("place"))
