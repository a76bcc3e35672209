"""Selection: which entries a filter and a scope choose, as pages, counts and facets. `Selection` is the way in.

Few matches are gathered by their ids and sorted; many are met on a walk through the index that has their order.
PostgreSQL's planner knows which is better from its statistics; SQLite's does not, so matches are counted first, which a
page wants anyway. `docs/adr/0027` has what each part of that is worth with 100,000 entries.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, select

from webapp.domain.entry import EntryKind
from webapp.domain.query import Filter, View
from webapp.domain.scopes import Scope
from webapp.store.schema import entries, repeated_launches
from webapp.store.selection.counting import EVENTS, UNCOUNTED, Matches, count_matches, gather_ids
from webapp.store.selection.facets import (
    Choice,
    Facets,
    count_months,
    count_years,
    has_any_launch,
    list_chosen,
    list_facets,
)
from webapp.store.selection.paging import order_of, select_ids
from webapp.store.selection.periods import Period, count_periods

__all__ = ["Choice", "Facets", "Period", "Selection"]


class Selection:
    """Selects entries in one snapshot, of these `kinds` alone, or of all that there are.

    What was counted once is not counted again, until `forget` is called.
    """

    def __init__(self, connection: Connection, kinds: tuple[EntryKind, ...] = ()) -> None:
        self._connection = connection
        self._kinds = kinds
        self._has_repeats: bool | None = None
        self._has_launches: bool | None = None
        self._counted: dict[tuple[Filter, Scope], Matches] = {}

    def select_page(self, filter_: Filter, scope: Scope, view: View, statement: Select[Any]) -> Select[Any]:
        """Narrow a statement that selects from `entries` to one page of what matches, in the view's order.

        Ids come from narrow rows and indexes alone, so that a deep page fetches no body but its own.
        """
        scope = self._within(scope)
        filter_ = self._simplified(filter_)
        matches = UNCOUNTED if filter_ in {Filter(), EVENTS} else self._count(filter_, scope)
        dialect = self._connection.dialect.name
        page = select_ids(filter_, scope, view, matches, dialect)
        return statement.join(page, page.c.id == entries.c.id).order_by(page.c.place, *order_of(view, scope, dialect))

    def count(self, filter_: Filter, scope: Scope) -> int:
        """Count what matches."""
        return self._count(filter_, scope).total

    def count_kinds(self, filter_: Filter, scope: Scope) -> Counter[EntryKind]:
        """Count what matches by its kind, whichever kinds the filter asks for."""
        every = self._count(replace(filter_, kinds=()), scope).total
        has_launches = self.has_any_launch()
        launches = self._count(replace(filter_, kinds=(EntryKind.LAUNCH,)), scope).total if has_launches else 0
        return Counter({EntryKind.EVENT: every - launches, EntryKind.LAUNCH: launches})

    def has_any_launch(self) -> bool:
        """Say whether launches are stored, and shown."""
        if self._has_launches is None:
            self._has_launches = EntryKind.LAUNCH in (self._kinds or EntryKind) and has_any_launch(self._connection)
        return self._has_launches

    def list_facets(self, filter_: Filter, scope: Scope) -> Facets:
        """List what could be chosen beside a filter, and how many entries each choice would show."""
        within = self._within(scope)
        return list_facets(self._connection, filter_, within, lambda one: self._gather(one, within))

    def list_chosen(self, filter_: Filter) -> Facets:
        """Name what a filter chooses, and count nothing."""
        return list_chosen(self._connection, filter_)

    def count_years(self, filter_: Filter, scope: Scope) -> dict[int, int]:
        """Count the entries of each year, the latest year first, whichever years the filter asks for."""
        return count_years(self._connection, filter_, self._within(scope))

    def count_months(self, filter_: Filter, scope: Scope) -> dict[int, int]:
        """Count the entries of each month, 1 to 12, in all years that the filter asks for, whichever months it does."""
        return count_months(self._connection, filter_, self._within(scope))

    def count_periods(self, filter_: Filter, scope: Scope) -> list[Period]:
        """Count what matches by its date range, in the timeline's order."""
        # Only launches have placeholders.
        if scope.placeholders and not self.has_any_launch():
            return []
        return count_periods(self._connection, filter_, self._within(scope))

    def forget(self) -> None:
        """Forget what was counted: entries have changed."""
        self._counted.clear()
        self._has_repeats = self._has_launches = None

    def _within(self, scope: Scope) -> Scope:
        """Narrow a scope to the kinds that are shown, and ask for no more than that of which there is any."""
        if self._kinds:
            scope = replace(scope, kinds=self._kinds)
        if scope.without_repeats and self._has_repeats is None:
            found = self._connection.execute(select(repeated_launches.c.entry_id).limit(1)).first()
            self._has_repeats = found is not None
        return scope if self._has_repeats else replace(scope, without_repeats=False)

    def _simplified(self, filter_: Filter) -> Filter:
        """Give the filter without asking for events where nothing else is stored."""
        if filter_.kinds != EVENTS.kinds or self.has_any_launch():
            return filter_
        return replace(filter_, kinds=())

    def _count(self, filter_: Filter, scope: Scope) -> Matches:
        scope, filter_ = self._within(scope), self._simplified(filter_)
        key = (filter_, scope)
        if key not in self._counted:
            self._counted[key] = count_matches(self._connection, filter_, scope)
        return self._counted[key]

    def _gather(self, filter_: Filter, scope: Scope) -> Sequence[int] | None:
        # Where all are counted anyway, that has gathered them; else counting would cost more than stopping at many.
        counted = scope.over_after is not None
        return self._count(filter_, scope).ids if counted else gather_ids(self._connection, filter_, scope)
