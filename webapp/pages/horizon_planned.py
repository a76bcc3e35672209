"""Launches of which no day is known, on the horizon: counts under the months of its axis, and lines in its list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.domain.precision import DateRange
from webapp.domain.query import Query
from webapp.pages.horizon_axis import Axis
from webapp.pages.planned import PlannedLine, present_planned
from webapp.store import Period

_MONTH_RANK = 2


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many launches are planned for some day of a month, and where that stands: in the middle of what is drawn."""

    x: float
    count: int


@dataclass(frozen=True, slots=True)
class HorizonPlanned:
    """The counts of months, the lines of what is known to the week or the month, and those of what is vaguer."""

    months: tuple[MonthCount, ...] = ()
    by_month: tuple[PlannedLine, ...] = ()
    vaguer: tuple[PlannedLine, ...] = ()

    @property
    def count(self) -> int:
        """How many launches there are in all."""
        return sum(line.count for line in (*self.by_month, *self.vaguer))

    @property
    def vaguer_count(self) -> int:
        """How many of them are known to less than a month."""
        return sum(line.count for line in self.vaguer)


NOTHING_PLANNED = HorizonPlanned()


def present_horizon_planned(periods: Sequence[Period], axis: Axis, query: Query) -> HorizonPlanned:
    """Show the periods that begin before the axis ends; launches of a day are drawn on it."""
    inside = [period for period in periods if period.rank > 0 and period.first_date < axis.end]
    return HorizonPlanned(
        months=tuple(_month_counts(inside, axis)),
        by_month=tuple(present_planned(period, query) for period in inside if period.rank <= _MONTH_RANK),
        vaguer=tuple(present_planned(period, query) for period in inside if period.rank > _MONTH_RANK),
    )


def _month_counts(periods: Sequence[Period], axis: Axis) -> Iterator[MonthCount]:
    for period in periods:
        if period.rank == _MONTH_RANK:
            first, last = axis.reach(DateRange(period.first_date, period.last_date))
            yield MonthCount(axis.place((max(first, 0.0) + min(last, float(axis.days))) / 2), period.count)
