"""The clock that everything is given, and which instants can be true. Nothing below the roof reads the real time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

Clock = Callable[[], datetime]
"""Answers the present instant, aware and in UTC."""

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far two clocks may be apart and still be said to agree: those of two machines always differ a little."""


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


def latest_believed(now: datetime, *, ahead: timedelta = timedelta(0)) -> datetime:
    """Give the latest instant that can be true at `now`.

    Nothing that has been lies later than `now`, but for the tolerance. `ahead` is for what may lie that far in the
    future by its nature, as the end of a pause does.
    """
    return later(now, ahead + CLOCK_TOLERANCE)


def believed(moment: datetime | None, now: datetime, *, ahead: timedelta = timedelta(0)) -> datetime | None:
    """Give an instant if it can be true at `now`, else `None`: it is as good as unknown."""
    return None if moment is None or moment > latest_believed(now, ahead=ahead) else moment


def capped(moment: datetime | None, now: datetime) -> datetime | None:
    """Give an instant that has been; where it cannot be true at `now`, give `now`: it has been at the latest then."""
    return None if moment is None else believed(moment, now) or now


def clocks_agree(one: datetime, other: datetime) -> bool:
    """Whether two clocks that say this at the same moment agree."""
    return abs(one - other) <= CLOCK_TOLERANCE
