"""Instants as programs write them: the one reader for what arrives and for what is asked, and one writer."""

import re
from datetime import UTC, datetime, timedelta

from webapp.domain.clock import as_utc

SPACE_AGE = datetime(1957, 1, 1, tzinfo=UTC)
"""The year of the first satellite: no record of a space event is older."""

_LEAP_SECOND = re.compile(r"([T ]\d\d:\d\d):60(?!\d)", re.IGNORECASE | re.ASCII)
_HOUR_24 = re.compile(r"\d[T ]24", re.IGNORECASE | re.ASCII)


def parse_instant(text: str) -> datetime:
    """Read an instant in every form that RFC 3339 allows (5.6), and in those of ISO 8601 that Python knows.

    One without an offset is in UTC. A leap second is the second after it: no `datetime` has a place for it, and POSIX
    gives both the same number. Raises `ValueError` for all else, and for what lies outside the years 1 to 9999.
    """
    if _HOUR_24.search(text):
        raise ValueError(f"RFC 3339 knows no hour 24: {text!r}")
    normalized, leaps = _LEAP_SECOND.subn(r"\1:59", text)
    if normalized.endswith("z"):
        normalized = normalized[:-1] + "Z"
    try:
        instant = as_utc(datetime.fromisoformat(normalized)) + timedelta(seconds=leaps)
    except OverflowError as error:
        raise ValueError(f"outside the years 1 to 9999: {text!r}") from error
    if leaps and (instant.hour, instant.minute, instant.second) != (0, 0, 0):
        raise ValueError(f"a leap second ends a day in UTC: {text!r}")
    return instant


def known_since_space_age(instant: datetime | None) -> datetime | None:
    """Give when something was recorded; `None` before 1957, as software without a date writes the year 1 or 1900."""
    return instant if instant is not None and instant >= SPACE_AGE else None


def iso_utc(instant: datetime) -> str:
    """Spell an instant, which must be in UTC, in ISO 8601 to the second: `2025-08-02T07:12:00Z`."""
    return instant.replace(microsecond=0, tzinfo=None).isoformat() + "Z"
