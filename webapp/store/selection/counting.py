"""Counting what matches, as a whole or by a column, by whichever way reads least.

Few matches are gathered, and found again by their ids. Of many, what is easily counted is counted whole, and what is
few and does not belong is taken off again: withdrawn entries, and of what is past, what is to come.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, func, literal, select

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.keys import of_kinds
from webapp.store.schema import entries, withdrawals
from webapp.store.selection.conditions import LinkCondition, conditions, in_ids, matching, not_withdrawn

Selecting = TypeVar("Selecting", bound=Select[*tuple[Any, ...]])

MOST_GATHERED = 900
"""So many entries are gathered and sorted rather than met on a walk."""


@dataclass(frozen=True, slots=True)
class Matches:
    """How many entries match, and their ids, in no order, where that was cheap to learn: `MOST_GATHERED` at most."""

    total: int
    ids: tuple[int, ...] | None = None

    @property
    def are_few(self) -> bool:
        """Whether they are better gathered than met on a walk."""
        return self.total <= MOST_GATHERED


EVENTS = Filter(kinds=(EntryKind.EVENT,))
"""The filter that asks for events alone, which most entries are."""

UNCOUNTED = Matches(MOST_GATHERED + 1)
"""Stands for the matches of a filter that most entries pass, which need no count.

The scope's own order is the quickest way through.
"""


def count_matches(connection: Connection, filter_: Filter, scope: Scope) -> Matches:
    """Count the entries that match: that lie in the scope and pass the filter."""
    of_any_kind = replace(filter_, kinds=()), replace(scope, kinds=())
    match conditions(*of_any_kind, connection.dialect.name):
        case [LinkCondition() as only]:
            return _count_linked(connection, only, scope, filter_.kinds)
    gathered = gather_ids(connection, filter_, scope) if scope.over_after is not None else None
    if gathered is not None:
        return Matches(len(gathered), gathered)
    return Matches(count_by(connection, None, filter_, scope).total())


def gather_ids(connection: Connection, filter_: Filter, scope: Scope) -> tuple[int, ...] | None:
    """Give the ids of the entries that match, in no order, if they are at most `MOST_GATHERED`."""
    statement = select(entries.c.id).where(matching(filter_, scope, connection.dialect.name)).limit(MOST_GATHERED + 1)
    ids = connection.execute(_from_timeline_index(statement, scope)).scalars().all()
    return tuple(ids) if len(ids) <= MOST_GATHERED else None


def count_by(
    connection: Connection,
    key: Column[int] | None,
    filter_: Filter,
    scope: Scope,
    gathered: Sequence[int] | None = None,
) -> Counter[int]:
    """Count the entries that match (the `gathered` ids, if given) by a column of theirs, or of what is linked to them.

    Without a `key` all are counted under 0. Those whose column is empty are not counted.
    """
    dialect = connection.dialect.name
    if gathered is not None:
        # Gathered first: an engine without statistics would rather go through every link there is.
        return _count(connection, _grouped(key).where(in_ids(_id_column(key), gathered, dialect)))
    if filter_ == EVENTS:
        # All but the launches, which are few and known by their ids.
        launches = count_by(connection, key, Filter(kinds=(EntryKind.LAUNCH,)), scope)
        return count_by(connection, key, Filter(), scope) - launches
    if scope.over_before is not None:
        every, ahead = replace(scope, over_before=None), replace(scope, over_before=None, over_after=scope.over_before)
        to_come = count_by(connection, key, filter_, ahead, gather_ids(connection, filter_, ahead))
        return count_by(connection, key, filter_, every) - to_come
    if scope.withdrawn:
        return _count(connection, _grouped_matches(key, filter_, scope, dialect))
    every_match = _grouped_matches(key, filter_, replace(scope, withdrawn=True), dialect)
    withdrawn = every_match.where(_id_column(key).in_(select(withdrawals.c.entry_id)))
    return _count(connection, every_match) - _count(connection, withdrawn)


def _from_timeline_index(statement: Selecting, scope: Scope) -> Selecting:
    """Tell SQLite to start from what is not over: few entries of all, which without statistics it cannot know."""
    if scope.over_after is None:
        return statement
    return statement.with_hint(entries, "INDEXED BY ix_entries_timeline", "sqlite")


def _grouped_matches(key: Column[int] | None, filter_: Filter, scope: Scope, dialect: str) -> Select[int | None, int]:
    """Group all entries that match; their rows are read only where something is asked of them."""
    id_column = _id_column(key)
    if not conditions(filter_, scope, dialect):
        return _grouped(key).where(*not_withdrawn(id_column, scope))
    if id_column.table is entries:
        return _from_timeline_index(_grouped(key), scope).where(matching(filter_, scope, dialect))
    return _grouped(key).join(entries, id_column == entries.c.id).where(matching(filter_, scope, dialect))


def _grouped(key: Column[int] | None) -> Select[int | None, int]:
    if key is None:
        return select(literal(0), func.count()).select_from(entries)
    return select(key, func.count()).group_by(key)


def _id_column(key: Column[int] | None) -> Column[int]:
    return entries.c.id if key is None or key.table is entries else key.table.c.entry_id


def _count(connection: Connection, statement: Select[int | None, int]) -> Counter[int]:
    return Counter({key: count for key, count in connection.execute(statement) if key is not None})


def _count_linked(connection: Connection, only: LinkCondition, scope: Scope, kinds: Sequence[EntryKind]) -> Matches:
    """Count where a link is all that is asked for, but for a kind: the linked table alone knows."""
    is_of_kind = [of_kinds(asked, only.key) for asked in (kinds, scope.kinds) if asked]
    linked_ids = only.ids().where(*is_of_kind, *not_withdrawn(only.key, scope))
    if not only.negated:
        gathered: Sequence[int] = connection.execute(linked_ids.limit(MOST_GATHERED + 1)).scalars().all()
        if len(gathered) <= MOST_GATHERED:
            return Matches(len(gathered), tuple(gathered))
    linked = connection.execute(select(func.count()).select_from(linked_ids.subquery())).scalar_one()
    if not only.negated:
        return Matches(linked)
    every = count_by(connection, None, Filter(kinds=tuple(kinds)), scope).total()
    return Matches(every - linked)
