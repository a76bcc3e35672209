"""What may be counted down to."""

from dataclasses import dataclass

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, StatusKind
from webapp.domain.precision import Countdown
from webapp.rendering.moments import present_entry_time


@dataclass(frozen=True, slots=True)
class CountdownClock:
    """What to count down to, an instant in UTC (ISO 8601). `is_about` where the minute is not known.

    `is_launch` says that it ends in a lift-off.
    """

    at: str
    is_about: bool
    is_launch: bool = False


def present_countdown(entry: Entry) -> CountdownClock | None:
    """Give what an entry may be counted down to.

    `None` where its date is no clock time, and for a launch that is on hold, or has an outcome.
    """
    time, honesty = present_entry_time(entry), entry.precision.countdown
    if time is None or honesty is Countdown.NONE or entry.has_outcome or _is_on_hold(entry):
        return None
    return CountdownClock(
        time.iso, is_about=honesty is Countdown.ABOUT, is_launch=isinstance(entry.detail, LaunchDetail)
    )


def _is_on_hold(entry: Entry) -> bool:
    status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
    return status is not None and status.kind is StatusKind.ON_HOLD
