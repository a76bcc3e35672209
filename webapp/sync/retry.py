"""When to try again what failed."""

from datetime import datetime, timedelta

from webapp.ll2.errors import SourceError, ThrottledError

_FIRST, _LONGEST = timedelta(minutes=1), timedelta(minutes=15)
_FIRST_THROTTLED, _LONGEST_THROTTLED = timedelta(minutes=5), timedelta(hours=1)


def retry_at(error: SourceError, failures: int, now: datetime, *, chance: float) -> datetime:
    """Decide when to try again after so many failures in a row: when the source says so, or else later each time.

    A minute after the first failure, twice as long after each further one, a quarter of an hour at most; throttled
    without a word of how long, 5 minutes to an hour. Of that, `chance`, from 0 to 1, takes away up to a quarter, so
    that many installations do not come back in step; what the source asks for is kept in full, and a little more.
    """
    if isinstance(error, ThrottledError) and error.wait is not None:
        return now + error.wait + timedelta(seconds=5 * chance)
    first, longest = (_FIRST, _LONGEST)
    if isinstance(error, ThrottledError):
        first, longest = _FIRST_THROTTLED, _LONGEST_THROTTLED
    return now + min(first * (1 << min(failures - 1, 10)), longest) * (1 - chance / 4)
