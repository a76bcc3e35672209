"""Periods: how many entries have the same date range, where that is all that is known of many."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from webapp.domain.query import Filter
from webapp.domain.scopes import Scope
from webapp.store.schema import entries
from webapp.store.selection.conditions import matching


@dataclass(frozen=True, slots=True)
class Period:
    """A date range that some entries share, first and last date included; `date` and `precision_id` are of one of them.

    `rank` is that of the precision (see `Precision.rank`), `count` how many entries there are. Without a `date` they
    have none, and both dates are the last that there is.
    """

    first_date: date
    last_date: date
    rank: int
    date: datetime | None
    precision_id: int | None
    count: int


def count_periods(connection: Connection, filter_: Filter, scope: Scope) -> list[Period]:
    """Count what matches by its date range, in the timeline's order."""
    of_range = entries.c.range_first_date, entries.c.range_last_date
    rank = func.min(entries.c.range_rank)  # At the end of time, ranges of several ranks are cut to one.
    statement = (
        select(*of_range, rank, func.min(entries.c.date), func.min(entries.c.precision_id), func.count())
        .where(matching(filter_, scope, connection.dialect.name))
        .group_by(*of_range)
        .order_by(entries.c.range_last_date, rank, entries.c.range_first_date)
    )
    return [Period(*row) for row in connection.execute(statement)]
