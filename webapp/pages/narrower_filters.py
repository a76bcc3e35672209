"""Filters narrowed to the days that a page shows."""

from dataclasses import replace
from datetime import date

from webapp.domain.precision import Step
from webapp.domain.query import Filter


def within_days(asked: Filter, *, first: date | None = None, last: date | None = None) -> Filter:
    """Narrow a filter to what reaches to the first of these days or beyond, and begins on the last or before."""
    return replace(
        asked,
        from_date=max(filter(None, (asked.from_date, first)), default=None),
        to_date=min(filter(None, (asked.to_date, last)), default=None),
    )


def known_to_the_day(asked: Filter) -> Filter:
    """Narrow a filter to dates that are known to the day or more exactly."""
    return replace(asked, precision=min(asked.precision or Step.DAY, Step.DAY, key=lambda step: step.order))
