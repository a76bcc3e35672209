"""Counting what matches, as a whole or by a column, by whichever way reads least.

Few matches are gathered, and found again by their ids. Of many, what is easily counted is counted whole, and what is
few and does not belong is taken off again: withdrawn events, and of what is past, what is to come.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Select, func, literal, select

from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.schema import entries, withdrawals
from webapp.store.selection import Linked, among, conditions, matches, stands

Selecting = TypeVar("Selecting", bound=Select[*tuple[Any, ...]])

FEW = 900
"""So many events are gathered and sorted rather than met on a walk."""


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


def find(connection: Connection, asked: Filter, scope: Scope) -> Found:
    """Count the events that match, that lie in the scope and pass the filter."""
    match conditions(asked, scope, connection.dialect.name):
        case [Linked() as only]:
            return _find_linked(connection, only, scope)
        case _:
            if scope.over_after is not None and (few := find_few(connection, asked, scope)) is not None:
                return Found(len(few), few)
            return Found(tally(connection, None, asked, scope).total())


def find_few(connection: Connection, asked: Filter, scope: Scope) -> tuple[int, ...] | None:
    """Give the ids of the events that match, in no order, if they are at most `FEW`."""
    ids = select(entries.c.id).where(matches(asked, scope, connection.dialect.name)).limit(FEW + 1)
    found = connection.execute(_hinted(ids, scope)).scalars().all()
    return tuple(found) if len(found) <= FEW else None


def tally(
    connection: Connection, key: Column[int] | None, asked: Filter, scope: Scope, few: Sequence[int] | None = None
) -> Counter[int]:
    """Count the events that match, the `few` if they are, by a column of theirs, or of what is linked to them.

    Without a `key` all are counted under 0. Those whose column is empty are not counted.
    """
    dialect = connection.dialect.name
    if few is not None:
        # Gathered first: an engine without statistics would rather go through every link there is.
        return _count(connection, _grouped(key).where(among(_of_entry(key), few, dialect)))
    if scope.over_before is not None:
        every, ahead = replace(scope, over_before=None), replace(scope, over_before=None, over_after=scope.over_before)
        to_come = tally(connection, key, asked, ahead, find_few(connection, asked, ahead))
        return tally(connection, key, asked, every) - to_come
    if scope.withdrawn:
        return _count(connection, _matching(key, asked, scope, dialect))
    matching = _matching(key, asked, replace(scope, withdrawn=True), dialect)
    gone = matching.where(_of_entry(key).in_(select(withdrawals.c.entry_id)))
    return _count(connection, matching) - _count(connection, gone)


def _hinted(statement: Selecting, scope: Scope) -> Selecting:
    """Tell SQLite to start from what is not over: few events of all, which without statistics it cannot know."""
    if scope.over_after is None:
        return statement
    return statement.with_hint(entries, "INDEXED BY ix_entries_timeline", "sqlite")


def _matching(key: Column[int] | None, asked: Filter, scope: Scope, dialect: str) -> Select[int | None, int]:
    """Group all events that match; their rows are read only where something is asked of them."""
    of_entry = _of_entry(key)
    if not conditions(asked, scope, dialect):
        return _grouped(key).where(*stands(of_entry, scope))
    if of_entry.table is entries:
        return _hinted(_grouped(key), scope).where(matches(asked, scope, dialect))
    return _grouped(key).join(entries, of_entry == entries.c.id).where(matches(asked, scope, dialect))


def _grouped(key: Column[int] | None) -> Select[int | None, int]:
    if key is None:
        return select(literal(0), func.count()).select_from(entries)
    return select(key, func.count()).group_by(key)


def _of_entry(key: Column[int] | None) -> Column[int]:
    return entries.c.id if key is None or key.table is entries else key.table.c.entry_id


def _count(connection: Connection, statement: Select[int | None, int]) -> Counter[int]:
    return Counter({key: count for key, count in connection.execute(statement) if key is not None})


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
    every = select(func.count()).select_from(entries).where(*stands(entries.c.id, scope))
    return Found(connection.execute(every).scalar_one() - linked)
