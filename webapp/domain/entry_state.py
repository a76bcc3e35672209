"""The state of an entry at an instant: whether its webcast runs, and whether its time has come."""

from datetime import datetime
from enum import Enum

from webapp.domain.clock import later
from webapp.domain.durations import usual_duration
from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, StatusKind
from webapp.domain.precision import ClockRange


class EntryState(Enum):
    """The state of an entry; one that is simply still to come has none.

    On air: its webcast runs, and its time has not come. Live: its webcast runs, and its time has come, or is not known;
    of a launch, that it is in flight. Due: its time has come, and no webcast is said to run. On hold: a launch whose
    countdown is stopped. Ended: it is over, and so is its usual duration, but for a launch that has an outcome.
    """

    ON_AIR = "on_air"
    LIVE = "live"
    DUE = "due"
    ON_HOLD = "on_hold"
    ENDED = "ended"


_STATES = {StatusKind.IN_FLIGHT: EntryState.LIVE, StatusKind.ON_HOLD: EntryState.ON_HOLD}


def state_of(entry: Entry, now: datetime) -> EntryState | None:
    """Tell the state of an entry at an aware instant."""
    date_range = entry.date_range
    start = date_range.start if isinstance(date_range, ClockRange) else None
    status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
    if status is not None and status.kind in _STATES and not entry.is_over(now):
        return _STATES[status.kind]
    if entry.webcast_live:
        return EntryState.ON_AIR if start is not None and now < start else EntryState.LIVE
    if entry.has_outcome:
        return EntryState.ENDED
    if date_range is None or (start is not None and now < start):
        return None
    if start is None:
        return EntryState.ENDED if entry.is_over(now) else None
    is_over = entry.is_over(now) and later(start, usual_duration(entry.type.id)) <= now
    return EntryState.ENDED if is_over else EntryState.DUE
