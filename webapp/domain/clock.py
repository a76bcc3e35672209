"""The one clock that everything is given. Nothing below the roof reads the time in any other way."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

Clock = Callable[[], datetime]
"""Answers the present instant, aware and in UTC."""


def shifted_clock(clock: Clock, by: timedelta) -> Clock:
    """Give a clock that is ahead of `clock` by that much and ticks as fast."""
    return lambda: clock() + by


def as_utc(moment: datetime) -> datetime:
    """Give the same instant in UTC; one without a zone is taken as UTC already.

    Raises `OverflowError` where the instant falls outside the years 1 to 9999.
    """
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def utc_midnight(day: date) -> datetime:
    """Give the first instant of a calendar date in UTC."""
    return datetime.combine(day, time.min, UTC)


def later(moment: datetime, by: timedelta) -> datetime:
    """Add, but stop at the last instant a `datetime` can hold: source data reach the year 9999."""
    latest = datetime.max.replace(tzinfo=UTC)
    return latest if latest - moment < by else moment + by
