"""The horizon's axis: where a moment lies in the drawing and on the strips of its list, and the ticks.

The drawing's unit is a pixel where it is shown `WIDTH` wide. Strips are as wide as their list: positions on them are
shares of the span, as SVG writes them (`12.5%`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.parameters import Span
from webapp.domain.precision import ClockRange, Range
from webapp.domain.words import MONTHS, WEEKDAYS
from webapp.domain.zones import in_zone
from webapp.pages.text_widths import text_width

WIDTH = 1100.0
EDGE = 16.0
FONT_SIZE = 15.0
DAYS = {Span.WEEK: 7, Span.MONTH: 31, Span.QUARTER: 92, Span.YEAR: 366}

TICK_GAP = 6.0
_NARROWEST_STRIP = 288.0  # On the narrowest phone.
_STRIP_FONT_SIZE = 14.0


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of the axis: its position and words in the drawing, and both on a strip. Without room they are empty."""

    x: float
    words_x: float
    words: str
    share: str
    short_words: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The axis: from which day, in a zone, over how many days it reaches."""

    begin: date
    span: Span
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """How many days it is long."""
        return DAYS[self.span]

    @property
    def end(self) -> date:
        """The first day after it."""
        return self.begin + timedelta(days=self.days)

    def place(self, day: float) -> float:
        """Give where a moment is drawn, given in days since the beginning; what lies outside is drawn at the edge."""
        return round(EDGE + self._part(day) * (WIDTH - 2 * EDGE), 1)

    def share(self, day: float) -> str:
        """Give the same as a share of the span."""
        return percent(self._part(day))

    def reach(self, date_range: Range) -> tuple[float, float]:
        """Give the days since the beginning between which a range lies; both are the same for a clock time."""
        if isinstance(date_range, ClockRange):
            since = self.since(date_range.start)
            return since, since
        return float((date_range.first_date - self.begin).days), float((date_range.last_date - self.begin).days + 1)

    def since(self, moment: datetime) -> float:
        """Give the days from the beginning to an instant, by the clock of the zone."""
        there = in_zone(moment, self.zone).replace(tzinfo=None)
        return (there - datetime.combine(self.begin, time.min)) / timedelta(days=1)

    def ticks(self) -> tuple[Tick, ...]:
        """Give the ticks: days in a week, Mondays in a month, else the first days of months."""
        days = [day for day in range(self.days) if self._has_tick(self.begin + timedelta(days=day))]
        words = [self._words(self.begin + timedelta(days=day)) for day in days]
        xs = [self.place(day) + TICK_GAP for day in days]
        lefts = [self._part(day) * _NARROWEST_STRIP for day in days]
        longs = _with_room([long for long, _ in words], xs, WIDTH, FONT_SIZE)
        shorts = _with_room([short for _, short in words], lefts, _NARROWEST_STRIP, _STRIP_FONT_SIZE)
        return tuple(
            Tick(self.place(day), x, long, self.share(day), short)
            for day, x, long, short in zip(days, xs, longs, shorts, strict=True)
        )

    def _part(self, day: float) -> float:
        return min(max(day, 0.0), float(self.days)) / self.days

    def _has_tick(self, day: date) -> bool:
        return {Span.WEEK: True, Span.MONTH: day.weekday() == 0}.get(self.span, day.day == 1)

    def _words(self, day: date) -> tuple[str, str]:
        month = MONTHS[day.month - 1]
        if self.span is Span.WEEK:
            return f"{WEEKDAYS[day.weekday()]} {day.day}", WEEKDAYS[day.weekday()][:3]
        if self.span is Span.MONTH:
            return f"{day.day} {month}", f"{day.day} {month[:3]}"
        if day.month == 1:
            return f"{month[:3]} {day.year}", f"{month[:3]} {day.year}"
        return month, month[:3]


def percent(part: float) -> str:
    """Write a part of the span as a share of it."""
    return f"{part * 100:.1f}".removesuffix(".0") + "%"


def _with_room(words: Sequence[str], lefts: Sequence[float], width: float, font_size: float) -> list[str]:
    """Leave out words that would touch those before them, or that would leave the axis."""
    kept, end = [], 0.0
    for one, left in zip(words, lefts, strict=True):
        its_end = left + text_width(one, font_size) + TICK_GAP
        fits = left >= end and its_end <= width + TICK_GAP
        kept.append(one if fits else "")
        end = its_end if fits else end
    return kept
