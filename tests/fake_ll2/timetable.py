"""When invented events take place: twenty years of them, every precision, and what is still to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PAST = timedelta(days=7300)
LATEST = timedelta(hours=6)
UPCOMING = 28
DATELESS = 3
HOUR_OR_BETTER = (0, 1, 2)
# The last month of each named quarter and half, and of the year.
PERIOD_ENDS = {8: 3, 9: 6, 10: 9, 11: 12, 12: 6, 13: 12, 14: 12}


@dataclass(frozen=True, slots=True)
class Entry:
    """A date (UTC) with the id of its precision, either of which may be unknown, and when that was last changed."""

    date: datetime | None
    precision: int | None
    last_updated: datetime


def entries(count: int, now: datetime) -> Iterator[Entry]:
    """`count` of them: the past in order, then the upcoming, then those without a date.

    The latest of the past was six hours ago. All of the upcoming are after `now`, most of them within half a year.
    """
    upcoming, dateless = min(UPCOMING, count // 4), min(DATELESS, count // 50)
    past = count - upcoming - dateless
    for index in range(past):
        # Every fiftieth takes place together with the one before it.
        age = LATEST + (PAST - LATEST) * (past - 1 - index + (index % 50 == 1)) / max(past, 1)
        yield _past(index, now - age, now)
    for index in range(upcoming):
        yield _upcoming(index, now)
    for index in range(dateless):
        yield Entry(None, None, now - timedelta(days=100 + index))


def snapped(moment: datetime, precision: int | None) -> datetime:
    """The date that the service would hold: coarse ones at 00:00 UTC, most on the last day of their period."""
    year = moment.year
    ends = {number: (year, month) for number, month in PERIOD_ENDS.items()}
    ends |= {7: (year, moment.month), 15: (year + (moment.month >= 10), 9), 16: (year // 10 * 10 + 9, 12)}
    if precision in ends:
        return _last_day(*ends[precision])
    finer = {0: moment.replace(microsecond=0), 1: moment.replace(second=0, microsecond=0)}
    finer[2] = finer[1].replace(minute=0)
    return finer.get(-1 if precision is None else precision, finer[2].replace(hour=0))


def _last_day(year: int, month: int) -> datetime:
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return following - timedelta(days=1)


def _past(index: int, moment: datetime, now: datetime) -> Entry:
    precision: int | None = 1
    if index % 10 == 3:
        precision = index // 10 % 17
    elif index % 97 == 5:
        precision = None
    date = snapped(moment, precision)
    if date > now - timedelta(days=2) and precision not in HOUR_OR_BETTER:
        # Its period is not over: it is known to the minute instead.
        date, precision = snapped(moment, 1), 1
    return Entry(date, precision, min(date + timedelta(hours=3, seconds=index), now - timedelta(minutes=1)))


def _upcoming(index: int, now: datetime) -> Entry:
    """The seventeen precisions and the unknown one, then more that are known to the minute."""
    precision = index if index <= 16 else None if index == 17 else 1
    moment = now + timedelta(hours=30) + timedelta(hours=index * 137 % 4000, minutes=index * 7)
    date = snapped(moment, precision)
    while date <= now:
        moment += timedelta(days=366)
        date = snapped(moment, precision)
    return Entry(date, precision, now - timedelta(hours=5 * index + 1))
