"""When to try again what failed."""

from datetime import datetime, timedelta

from webapp.ll2.errors import SourceError, ThrottledError

_MINUTES = (1, 2, 2, 2, 2, 2, 2, 4, 8, 15)
_MINUTES_WHEN_THROTTLED = (5, 10, 20, 40, 60)


def retry_at(error: SourceError, failures: int, now: datetime, *, chance: float) -> datetime:
    """Decide when to try again after so many failures in a row: when the source says so, or else later each time.

    A minute after the first failure and two after each of the next, so that a short outage is over for us two minutes
    after it is over; then ever later, up to a quarter of an hour, so that a long one does not eat the budget. Throttled
    without a word of how long, 5 minutes to an hour. Of that, `chance`, from 0 to 1, takes away up to a quarter, so
    that many installations do not come back in step; what the source asks for is kept in full, and a little more.
    """
    if isinstance(error, ThrottledError) and error.wait is not None:
        return now + error.wait + timedelta(seconds=5 * chance)
    steps = _MINUTES_WHEN_THROTTLED if isinstance(error, ThrottledError) else _MINUTES
    return now + timedelta(minutes=steps[min(failures, len(steps)) - 1]) * (1 - chance / 4)
