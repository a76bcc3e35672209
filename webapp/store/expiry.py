"""The next expiry of a selection: when time alone changes what is upcoming, live or past."""

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, func, select

from webapp.domain.scopes import RECENT
from webapp.store.schema import entries

_JUST_AFTER = timedelta(microseconds=1)  # What lies at `now` is both to come and past; only then is it past alone.
_LONGEST_AFTER_ITS_DAYS = timedelta(days=4)  # A launch is over a day after its window, which may close a day later.


def next_expiry(connection: Connection, now: datetime, before: datetime) -> datetime | None:
    """Give the first instant after `now`, and before the other, at which an entry's range is over, or its date comes.

    The same a day later counts too: lists show what was live or of late for so long. `None` if there is none.
    """
    instants = []
    for delay in (timedelta(0), RECENT):
        since, until = now - delay, before - delay
        # The order of the timeline begins with the last date, so few rows of its index are read for this.
        is_near = entries.c.range_last_date.between(
            (since - _LONGEST_AFTER_ITS_DAYS).date(), (until + _LONGEST_AFTER_ITS_DAYS).date()
        )
        over_at = entries.c.range_over_at
        instants.append((_first(connection, over_at, is_near, over_at > since, over_at < until), delay))
        date = entries.c.sort_date
        instants.append((_first(connection, date, date > since, date < until), delay))
        instants.append((_first(connection, date, date >= since, date < until), delay + _JUST_AFTER))
    return min((moment + delay for moment, delay in instants if moment is not None), default=None)


def _first(connection: Connection, column: Column[datetime], *asked: ColumnElement[bool]) -> datetime | None:
    return connection.execute(select(func.min(column)).where(*asked)).scalar_one()
