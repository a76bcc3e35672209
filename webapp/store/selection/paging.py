"""Paging: the ids of one page of what matches, by whichever way reads least, and the orders that a view asks for."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Subquery, collate, literal_column, null, select

from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope
from webapp.store.schema import entries, entry_keys, timeline_order
from webapp.store.selection.conditions import in_ids, matching
from webapp.store.selection.counting import Matches
from webapp.store.words import entry_words, has_words, relevance, words_key

_KEYS = entry_keys.alias("ordering_keys")
_SOURCE_ID = select(_KEYS.c.source_id).where(_KEYS.c.entry_id == entries.c.id).correlate(entries).scalar_subquery()
_DESCENDING = {
    Ordering.DATE_DESCENDING, Ordering.LAST_UPDATED_DESCENDING, Ordering.ID_DESCENDING, Ordering.NAME_DESCENDING,
}  # fmt: skip

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
        statement = _ids().where(in_ids(entries.c.id, matches.ids, dialect)).order_by(*order_of(view, scope, dialect))
    elif dialect == "sqlite" and view.limit is not None:
        condition = matching(filter_, scope, dialect, ordering=view.ordering, correlated=not matches.are_few)
        statement = _ids().where(condition).order_by(*order_of(view, scope, dialect, indexed=not matches.are_few))
    else:
        condition = matching(filter_, scope, dialect, ordering=view.ordering)
        statement = _ids().where(condition).order_by(*order_of(view, scope, dialect))
    return statement.limit(view.limit).offset(view.offset or None).subquery("page")


def order_of(view: View, scope: Scope, dialect: str, *, indexed: bool = True) -> list[ColumnElement[object]]:
    """Give what to order by; without an ordering asked for, that of the timeline, or its mirror for what is past.

    `indexed=False` hides from SQLite that an index has this order, so that it starts from the filter.
    """
    columns = _order_columns(view.ordering, dialect, indexed=indexed)
    if not columns:
        return _default_order(scope, indexed=indexed)
    first, *rest = columns
    # Only what comes first falls: equal ones come in ascending id either way.
    return [first.desc() if view.ordering in _DESCENDING else first, *rest]


def _order_columns(ordering: Ordering | None, dialect: str, *, indexed: bool) -> list[ColumnElement[Any]]:
    if ordering in {Ordering.NAME, Ordering.NAME_DESCENDING}:
        # By code points, on every engine.
        return [collate(entries.c.name, "BINARY" if dialect == "sqlite" else "C"), entries.c.id]
    if ordering in {Ordering.ID, Ordering.ID_DESCENDING}:
        return [_SOURCE_ID, entries.c.id]
    return _hidden(_ORDERS.get(ordering, ()), indexed=indexed)


def _default_order(scope: Scope, *, indexed: bool = True) -> list[ColumnElement[object]]:
    columns = _hidden(timeline_order, indexed=indexed)
    # All of it falls, so that the same index is walked backwards.
    return [column.desc() for column in columns] if scope.latest_first else columns


def _hidden(columns: Sequence[Column[Any]], *, indexed: bool) -> list[ColumnElement[Any]]:
    return list(columns) if indexed else [literal_column(f"+entries.{column.name}") for column in columns]


def _ids() -> Select[Any]:
    return select(entries.c.id, null().label("place"))
