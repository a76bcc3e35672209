"""The hourly budget of calls: a sliding window, in which each call counts for an hour.

So no hour, wherever it begins, holds more calls than the budget, which is how the source counts too.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.domain.clock import latest_believed

HOUR = timedelta(hours=1)


def spent(calls: Sequence[datetime], now: datetime) -> int:
    """Count the calls that count at `now`. Those of the future do not: a clock that was ahead noted them."""
    return len(_within_the_hour(calls, now))


def free_at(calls: Sequence[datetime], limit: int, now: datetime) -> datetime:
    """Say when the next call may go out: `now`, or when enough calls no longer count. `calls` in any order."""
    held = sorted(_within_the_hour(calls, now))
    return now if len(held) < limit else held[len(held) - limit] + HOUR


def limit_of(budget: int, reported: int | None) -> int:
    """Give how many calls an hour to make: the budget, but never more than the source reported to allow us."""
    return budget if reported is None else max(min(budget, reported), 1)


def _within_the_hour(calls: Sequence[datetime], now: datetime) -> list[datetime]:
    first, last = now - HOUR, latest_believed(now)
    return [call for call in calls if first < call <= last]
