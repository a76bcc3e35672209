"""Paging: the ids of one page of what matches, by whichever way reads least, and the orders that a view asks for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Subquery, literal_column, null, select

from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope
from webapp.store.schema import entries, timeline_order
from webapp.store.selection.conditions import in_ids, matching
from webapp.store.selection.counting import Matches
from webapp.store.words import entry_words, has_words, relevance, words_key

_ORDERS: dict[Ordering | None, tuple[Column[Any], ...]] = {
    Ordering.DATE: (entries.c.sort_date, entries.c.id),
    Ordering.DATE_DESCENDING: (entries.c.sort_date_descending, entries.c.id),
    Ordering.LAST_UPDATED: (entries.c.sort_updated, entries.c.id),
    Ordering.LAST_UPDATED_DESCENDING: (entries.c.sort_updated, entries.c.id),
}


def select_ids(filter_: Filter, scope: Scope, view: View, matches: Matches, dialect: str) -> Subquery:
    """Select the ids on the page that the view asks for, with the `place` to order them by, if they have one."""
    if view.ordering is Ordering.RELEVANCE and filter_.words:
        place = relevance(dialect, filter_.words).label("place")
        source = select(entries.c.id, place).join_from(entries, entry_words, entries.c.id == words_key(dialect))
        others = matching(replace(filter_, words=""), scope, dialect, ordering=view.ordering)
        statement = source.where(others, has_words(dialect, filter_.words)).order_by(place, *_default_order(scope))
    elif matches.ids is not None:
        statement = _ids().where(in_ids(entries.c.id, matches.ids, dialect)).order_by(*order_of(view, scope))
    elif dialect == "sqlite" and view.limit is not None:
        condition = matching(filter_, scope, dialect, ordering=view.ordering, correlated=not matches.are_few)
        statement = _ids().where(condition).order_by(*order_of(view, scope, indexed=not matches.are_few))
    else:
        condition = matching(filter_, scope, dialect, ordering=view.ordering)
        statement = _ids().where(condition).order_by(*order_of(view, scope))
    return statement.limit(view.limit).offset(view.offset or None).subquery("page")


def order_of(view: View, scope: Scope, *, indexed: bool = True) -> list[ColumnElement[object]]:
    """Give what to order by; without an ordering asked for, that of the timeline, or its mirror for what is past.

    `indexed=False` hides from SQLite that an index has this order, so that it starts from the filter.
    """
    if view.ordering not in _ORDERS:
        return _default_order(scope, indexed=indexed)
    first, *rest = _hidden(_ORDERS[view.ordering], indexed=indexed)
    is_descending = view.ordering in {Ordering.DATE_DESCENDING, Ordering.LAST_UPDATED_DESCENDING}
    # Only the date falls: equal ones come in ascending id either way.
    return [first.desc() if is_descending else first, *rest]


def _default_order(scope: Scope, *, indexed: bool = True) -> list[ColumnElement[object]]:
    columns = _hidden(timeline_order, indexed=indexed)
    # All of it falls, so that the same index is walked backwards.
    return [column.desc() for column in columns] if scope.latest_first else columns


def _hidden(columns: Sequence[Column[Any]], *, indexed: bool) -> list[ColumnElement[Any]]:
    return list(columns) if indexed else [literal_column(f"+entries.{column.name}") for column in columns]


def _ids() -> Select[Any]:
    return select(entries.c.id, null().label("place"))
