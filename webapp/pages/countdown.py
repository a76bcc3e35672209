"""What may be counted down to."""

from dataclasses import dataclass

from webapp.domain.entry import Entry
from webapp.domain.precision import Countdown
from webapp.rendering.moments import present_entry_time


@dataclass(frozen=True, slots=True)
class CountdownClock:
    """What to count down to, an instant in UTC (ISO 8601). `is_about` where the minute is not known."""

    at: str
    is_about: bool


def present_countdown(entry: Entry) -> CountdownClock | None:
    """Give what an event may be counted down to; `None` where its date is no clock time."""
    time, honesty = present_entry_time(entry), entry.precision.countdown
    if time is None or honesty is Countdown.NONE:
        return None
    return CountdownClock(time.iso, is_about=honesty is Countdown.ABOUT)
