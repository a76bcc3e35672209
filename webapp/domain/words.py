"""Dates, lengths of time and lists in plain English words, the same in every locale of the machine that writes them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

FIRST_FEW = 10
"""So many of a list without end are named in the log and on the status page."""

MOST_LISTED = 20
"""So many parts of one sort, and no more, are shown of an entry: the rest is in its record."""


def day_words(day: date) -> str:
    """Say a calendar date: `5 August 2025`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime) -> str:
    """Say an instant, which must be in UTC: `5 August 2025, 07:12 UTC`."""
    return f"{day_words(moment.date())}, {moment:%H:%M} UTC"


def clock_words(moment: datetime) -> str:
    """Say the time of day of an instant, which must be in UTC, to the second: `07:12:05 UTC`."""
    return f"{moment:%H:%M:%S} UTC"


def due_words(moment: datetime, now: datetime) -> str:
    """Say an instant to come, both in UTC, to the second, with its day if that is not the day of `now`."""
    day = "" if moment.date() == now.date() else f"{day_words(moment.date())}, "
    return day + clock_words(moment)


def age_words(age: timedelta) -> str:
    """Say an age in its largest unit, cut down: `less than a minute`, `4 minutes`, `47 hours`, `2 days`."""
    minutes = int(age.total_seconds()) // 60
    for number, unit in ((minutes // 2880 and minutes // 1440, "day"), (minutes // 60, "hour"), (minutes, "minute")):
        if number > 0:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def list_words(words: Sequence[str], *, most: int = MOST_LISTED) -> str:
    """List words in a sentence, the first of them where there are more than `most`: `A, B and 4,998 more`."""
    items = [*words[:most], f"{len(words) - most:,} more"] if len(words) > most else list(words)
    return "".join(items) if len(items) <= 1 else f"{', '.join(items[:-1])} and {items[-1]}"
