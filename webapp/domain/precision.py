"""The precision table: what a date and its precision really mean, for page, calendar and feeds alike.

The ids and their meaning are Launch Library's `date_precision`. Ids 0 to 2 carry a clock time; all others are calendar
dates, never converted between zones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from webapp.domain.clock import later, utc_midnight
from webapp.domain.words import MONTHS, day_words
from webapp.domain.zones import UTC_ZONE, in_zone, zone_label

ENDED_EVERYWHERE = timedelta(hours=12)
"""How long after its UTC midnight a calendar date still lasts somewhere (UTC-12)."""


class Countdown(Enum):
    """How honest it is to count down to a date."""

    EXACT = "exact"
    ABOUT = "about"
    NONE = "none"


class Certainty(Enum):
    """The certainty of a date, in the steps that a reader sees at a glance."""

    EXACT = "exact"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Step(Enum):
    """How fine a date is known, finest first: what `precision=` asks for."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    DECADE = "decade"

    @property
    def order(self) -> int:
        """Its place in the list: 0 for a second."""
        return _STEPS.index(self)


_STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class ClockRange:
    """A half-open range of instants, `start` to `end`, aware and in UTC."""

    start: datetime
    end: datetime

    @property
    def over_at(self) -> datetime:
        """The instant at which this range lies behind us."""
        return self.end

    @property
    def first_date(self) -> date:
        """The UTC date of its start."""
        return self.start.date()

    @property
    def last_date(self) -> date:
        """The UTC date of its start too, also where a launch window lasts past midnight: a time stands on one day."""
        return self.start.date()


@dataclass(frozen=True, slots=True)
class DateRange:
    """A range of calendar dates, both ends included here; `end_date` gives the half-open end."""

    first_date: date
    last_date: date

    @property
    def end_date(self) -> date:
        """The first date after the range (31 December 9999 has none after it and is its own end)."""
        return _days_after(self.last_date, 1)

    @property
    def over_at(self) -> datetime:
        """The instant at which its last date has ended everywhere on Earth."""
        return later(utc_midnight(self.last_date), timedelta(days=1) + ENDED_EVERYWHERE)


Range = ClockRange | DateRange


@dataclass(frozen=True, slots=True)
class Precision:
    """One of Launch Library's precisions: `name` and `abbrev` are the source's, the rest is what follows from it."""

    id: int | None
    name: str
    abbrev: str
    step: Step
    certainty: Certainty
    countdown: Countdown
    date_range: Callable[[datetime], Range]
    label: Callable[[datetime], str]
    reason: str

    def label_in(self, moment: datetime, zone: ZoneInfo) -> str:
        """Say the date as `label` does, a clock time in this zone; what is no clock time is the same in every zone."""
        date_range = self.date_range(moment)
        if not isinstance(date_range, ClockRange) or zone is UTC_ZONE:
            return self.label(moment)
        start = in_zone(date_range.start, zone)
        clock = f"{start:%H:%M:%S}" if self.step is Step.SECOND else f"{start:%H:%M}"
        lead = "NET " if self.certainty is Certainty.HOUR else ""
        return f"{lead}{day_words(start.date())}, {clock} {zone_label(start)}"

    @property
    def rank(self) -> int:
        """The order of ranges by size: 0 for a day or less, then 1 for a week, month, quarter, half, year, decade."""
        return max(self.step.order - Step.DAY.order, 0)


def precision_of(precision_id: int | None) -> Precision:
    """Give the precision for Launch Library's id; `None` and unknown ids mean the day of the date."""
    if precision_id is None:
        return _TO_BE_CONFIRMED
    return _TABLE.get(precision_id, _UNKNOWN)


def is_known(precision_id: int) -> bool:
    """Whether the id is one of the seventeen that Launch Library documents."""
    return precision_id in _TABLE


def _days_after(day: date, days: int) -> date:
    return date.fromordinal(min(max(day.toordinal() + days, 1), date.max.toordinal()))


def _clock_range(width: timedelta) -> Callable[[datetime], Range]:
    def date_range(moment: datetime) -> Range:
        start = moment.replace(microsecond=0)
        if width >= timedelta(minutes=1):
            start = start.replace(second=0)
        if width >= timedelta(hours=1):
            start = start.replace(minute=0)
        return ClockRange(start, later(start, width))

    return date_range


def _day(moment: datetime) -> Range:
    return DateRange(moment.date(), moment.date())


def _week(moment: datetime) -> Range:
    monday = _days_after(moment.date(), -moment.weekday())
    return DateRange(monday, _days_after(moment.date(), 6 - moment.weekday()))


def _months(first_month: int, last_month: int) -> Callable[[datetime], Range]:
    def date_range(moment: datetime) -> Range:
        return DateRange(date(moment.year, first_month, 1), _end_of_month(moment.year, last_month))

    return date_range


def _month(moment: datetime) -> Range:
    return _months(moment.month, moment.month)(moment)


def _fiscal_year(moment: datetime) -> Range:
    named = _fiscal_year_named(moment)
    first = date(named - 1, 10, 1) if named > 1 else date.min
    return DateRange(first, date(named, 9, 30) if named <= date.max.year else date.max)


def _fiscal_year_named(moment: datetime) -> int:
    # The fiscal year of the United States begins on 1 October and is named for the year in which it ends.
    return moment.year + (moment.month >= 10)  # noqa: PLR2004 - October


def _decade(moment: datetime) -> Range:
    first = moment.year - moment.year % 10
    return DateRange(date(max(first, 1), 1, 1), date(first + 9, 12, 31))


def _end_of_month(year: int, month: int) -> date:
    if month == len(MONTHS):
        return date(year, 12, 31)
    return _days_after(date(year, month + 1, 1), -1)


def _to_the_second(moment: datetime) -> str:
    return f"{day_words(moment.date())}, {moment:%H:%M:%S} UTC"


def _to_the_minute(moment: datetime) -> str:
    return f"{day_words(moment.date())}, {moment:%H:%M} UTC"


def _to_the_hour(moment: datetime) -> str:
    return f"NET {day_words(moment.date())}, {moment:%H}:00 UTC"


def _morning(moment: datetime) -> str:
    return f"Morning of {day_words(moment.date())}"


def _afternoon(moment: datetime) -> str:
    return f"Afternoon of {day_words(moment.date())}"


def _on_the_day(moment: datetime) -> str:
    return day_words(moment.date())


def _in_the_week(moment: datetime) -> str:
    return f"Week of {day_words(_week(moment).first_date)}"


def _in_the_month(moment: datetime) -> str:
    return f"{MONTHS[moment.month - 1]} {moment.year}"


def _in_the_quarter(number: int) -> Callable[[datetime], str]:
    return lambda moment: f"Q{number} {moment.year}"


def _in_the_half(which: str) -> Callable[[datetime], str]:
    return lambda moment: f"{which} half of {moment.year}"


def _in_the_year(moment: datetime) -> str:
    return str(moment.year)


def _in_the_fiscal_year(moment: datetime) -> str:
    return f"FY {_fiscal_year_named(moment)}"


def _in_the_decade(moment: datetime) -> str:
    return f"the {moment.year - moment.year % 10}s"


_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_E, _C, _S = Certainty, Countdown, Step

_TO_THE_SECOND = "Known to the second."
_TO_THE_MINUTE = "Known to the minute."
_NO_EARLIER = "NET means no earlier than: the hour is known, but not the minute."
_HALF_OF_DAY = "Local part of the day; exact time not announced."
_THE_DAY = "No time announced yet."
_THE_WEEK = "No day announced yet."
_THE_MONTH = "No day announced yet."
_THE_QUARTER = "No month announced yet."
_THE_HALF = "No month announced yet."
_THE_YEAR = "No month announced yet."
_FISCAL = "US fiscal year: 1 October to 30 September."
_THE_DECADE = "No year announced yet."

_ROWS = (
    Precision(0, "Second", "SEC", _S.SECOND, _E.EXACT, _C.EXACT, _clock_range(_SECOND), _to_the_second, _TO_THE_SECOND),
    Precision(1, "Minute", "MIN", _S.MINUTE, _E.EXACT, _C.EXACT, _clock_range(_MINUTE), _to_the_minute, _TO_THE_MINUTE),
    Precision(2, "Hour", "HR", _S.HOUR, _E.HOUR, _C.ABOUT, _clock_range(_HOUR), _to_the_hour, _NO_EARLIER),
    Precision(3, "Morning", "AM", _S.DAY, _E.DAY, _C.NONE, _day, _morning, _HALF_OF_DAY),
    Precision(4, "Afternoon", "PM", _S.DAY, _E.DAY, _C.NONE, _day, _afternoon, _HALF_OF_DAY),
    Precision(5, "Day", "DAY", _S.DAY, _E.DAY, _C.NONE, _day, _on_the_day, _THE_DAY),
    Precision(6, "Week", "WK", _S.WEEK, _E.MONTH, _C.NONE, _week, _in_the_week, _THE_WEEK),
    Precision(7, "Month", "M", _S.MONTH, _E.MONTH, _C.NONE, _month, _in_the_month, _THE_MONTH),
    Precision(8, "Quarter 1", "Q1", _S.QUARTER, _E.YEAR, _C.NONE, _months(1, 3), _in_the_quarter(1), _THE_QUARTER),
    Precision(9, "Quarter 2", "Q2", _S.QUARTER, _E.YEAR, _C.NONE, _months(4, 6), _in_the_quarter(2), _THE_QUARTER),
    Precision(10, "Quarter 3", "Q3", _S.QUARTER, _E.YEAR, _C.NONE, _months(7, 9), _in_the_quarter(3), _THE_QUARTER),
    Precision(11, "Quarter 4", "Q4", _S.QUARTER, _E.YEAR, _C.NONE, _months(10, 12), _in_the_quarter(4), _THE_QUARTER),
    Precision(12, "Year Half 1", "H1", _S.HALF, _E.YEAR, _C.NONE, _months(1, 6), _in_the_half("the first"), _THE_HALF),
    Precision(
        13, "Year Half 2", "H2", _S.HALF, _E.YEAR, _C.NONE, _months(7, 12), _in_the_half("the second"), _THE_HALF
    ),
    Precision(14, "Year", "Y", _S.YEAR, _E.YEAR, _C.NONE, _months(1, 12), _in_the_year, _THE_YEAR),
    Precision(15, "Fiscal Year", "FY", _S.YEAR, _E.YEAR, _C.NONE, _fiscal_year, _in_the_fiscal_year, _FISCAL),
    Precision(16, "Decade", "DEC", _S.DECADE, _E.YEAR, _C.NONE, _decade, _in_the_decade, _THE_DECADE),
)
_TABLE = {row.id: row for row in _ROWS}
_TO_BE_CONFIRMED = Precision(
    None,
    "To be confirmed",
    "TBC",
    _S.DAY,
    _E.DAY,
    _C.NONE,
    _day,
    _on_the_day,
    "Time to be confirmed.",
)
_UNKNOWN = Precision(None, "Unknown", "?", _S.DAY, _E.DAY, _C.NONE, _day, _on_the_day, "Date precision not given.")
