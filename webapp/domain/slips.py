"""Slips by their size, and by how long before the announced date they came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from webapp.domain.changes import Change, ChangeKind, span_of
from webapp.domain.precision import Step


class SlipSize(Enum):
    """How far a date moved, either way; `VAGUE` where one of the two is no day."""

    HOUR = "hour"
    SIX_HOURS = "six_hours"
    TWENTY_HOURS = "twenty_hours"
    DAY = "day"
    THREE_DAYS = "three_days"
    TWO_WEEKS = "two_weeks"
    MORE = "more"
    VAGUE = "vague"


class SlipTime(Enum):
    """How long before the date that then stood it was moved; `PASSED` once that had passed."""

    PASSED = "passed"
    HOUR = "hour"
    SIX_HOURS = "six_hours"
    DAY = "day"
    THREE_DAYS = "three_days"
    WEEK = "week"
    MORE = "more"


_SIZES = (
    (timedelta(hours=1), SlipSize.HOUR), (timedelta(hours=6), SlipSize.SIX_HOURS),
    (timedelta(hours=20), SlipSize.TWENTY_HOURS), (timedelta(hours=28), SlipSize.DAY),
    (timedelta(days=3), SlipSize.THREE_DAYS), (timedelta(days=14), SlipSize.TWO_WEEKS),
)  # fmt: skip
_TIMES = (
    (timedelta(0), SlipTime.PASSED), (timedelta(hours=1), SlipTime.HOUR), (timedelta(hours=6), SlipTime.SIX_HOURS),
    (timedelta(days=1), SlipTime.DAY), (timedelta(days=3), SlipTime.THREE_DAYS), (timedelta(days=7), SlipTime.WEEK),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip: by how much the date moved, below zero for earlier, and how long before the old one that was seen."""

    moved: timedelta
    ahead: timedelta
    size: SlipSize
    time: SlipTime

    @property
    def is_later(self) -> bool:
        """Whether the date moved later."""
        return self.moved > timedelta(0)


def slip_of(change: Change, seen_at: datetime) -> Slip | None:
    """Give what a change of date says about slips; `None` if it is none, or one of the dates was not given."""
    if change.kind is not ChangeKind.SLIPPED or change.before is None or change.after is None:
        return None
    old, new = change.before.date_range, change.after.date_range
    if old is None or new is None:
        return None
    (old_start, _), (new_start, _) = span_of(old), span_of(new)
    moved, ahead = new_start - old_start, old_start - seen_at
    is_vague = any(known.precision.step.order > Step.DAY.order for known in (change.before, change.after))
    size = SlipSize.VAGUE if is_vague else next((one for most, one in _SIZES if abs(moved) <= most), SlipSize.MORE)
    return Slip(moved, ahead, size, next((one for most, one in _TIMES if ahead <= most), SlipTime.MORE))
