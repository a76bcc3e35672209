"""The dates around a change of date, side by side in few words, and how far apart they are: `Sun 18`, `Mon 19 May`."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.change_words import amount_words, months_words
from webapp.domain.changes import Direction, KnownDate, Shift
from webapp.domain.precision import Certainty, ClockRange
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.domain.zones import in_zone, zone_label

_DAY = timedelta(days=1)
_SIGNS = {Direction.LATER: "+", Direction.EARLIER: "\u2212"}
_PARTS_OF_DAY = {3: "morning", 4: "afternoon"}


@dataclass(frozen=True, slots=True)
class _Day:
    """A day, and its time as far as that is known; `zone` labels a clock time. The present year is left out."""

    weekday: str
    number: str
    month: str
    year: str
    time: str = ""
    zone: str = ""

    @property
    def words(self) -> str:
        day = "\u00a0".join(part for part in (self.weekday, self.number, self.month, self.year) if part)
        return ", ".join(part for part in (day, "\u00a0".join(filter(None, (self.time, self.zone)))) if part)


def present_date(known: KnownDate, zone: ZoneInfo, now: datetime) -> str:
    """Say one date in few words: `Mon 19 May, 14:00 EDT`, `Week of 4 January 2027`, `No date`."""
    day = _day(known, zone, now)
    if day is not None:
        return day.words
    words = "No date" if known.date is None else known.precision.label(known.date)
    return words[0].upper() + words[1:]


def present_dates(before: KnownDate, after: KnownDate, zone: ZoneInfo, now: datetime) -> tuple[str, str]:
    """Say two dates in few words; the first leaves out what the second says too, or the second what the first did."""
    old, new = _day(before, zone, now), _day(after, zone, now)
    if old is None or new is None:
        return present_date(before, zone, now), present_date(after, zone, now)
    if new.time and old.zone == new.zone:
        old = replace(old, zone="")
    if (old.number, old.month, old.year) == (new.number, new.month, new.year):
        return old.words, "\u00a0".join(filter(None, (new.time, new.zone))) or new.words
    if old.year == new.year:
        old = replace(old, year="", month="" if old.month == new.month else old.month)
    return old.words, new.words


def present_shift(shift: Shift) -> str:
    """Say how far a date moved, with its sign: `+1 day`, `−2 h 30 min`, `at least +5 days`; nothing if unknown."""
    if shift.months is not None:
        amount = months_words(shift.months)
    elif shift.amount is not None:
        amount = _amount_words(shift.amount)
    else:
        return ""
    signed = f"{_SIGNS[shift.direction]}{amount}".replace(" ", "\u00a0")
    return f"at least {signed}" if shift.is_least else signed


def _amount_words(amount: timedelta) -> str:
    days, rest = divmod(amount, _DAY)
    return amount_words(amount) if rest or not days else f"{days:,} day{'' if days == 1 else 's'}"


def _day(known: KnownDate, zone: ZoneInfo, now: datetime) -> _Day | None:
    """Give the parts of a date that is known to the day or better."""
    date_range = known.date_range
    if date_range is None or known.precision.rank > 0:
        return None
    present_year = in_zone(now, zone).year
    if not isinstance(date_range, ClockRange):
        day = _parts_of(date_range.first_date, present_year)
        return replace(day, time=_PARTS_OF_DAY.get(known.precision.id or 0, ""))
    start = in_zone(date_range.start, zone)
    clock = f"{start:%H:%M:%S}" if date_range.start.second else f"{start:%H:%M}"
    about = "about\u00a0" if known.precision.certainty is Certainty.HOUR else ""
    return replace(_parts_of(start.date(), present_year), time=f"{about}{clock}", zone=zone_label(start))


def _parts_of(day: date, present_year: int) -> _Day:
    year = "" if day.year == present_year else str(day.year)
    return _Day(WEEKDAYS[day.weekday()][:3], str(day.day), MONTHS[day.month - 1][:3], year)
