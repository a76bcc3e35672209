"""Why a date is no more precise: what is not announced yet or, of past entries, what was not recorded."""

from webapp.domain.entry import Entry
from webapp.domain.precision import ClockRange, Step

_PARTS_OF_DAY = frozenset({3, 4})
_NOT_RECORDED = {
    Step.DAY: "Time not recorded.",
    Step.WEEK: "Day not recorded.",
    Step.MONTH: "Day not recorded.",
    Step.DECADE: "Year not recorded.",
}


def date_reason(entry: Entry, *, is_past: bool) -> str:
    """Say in a sentence why an entry's date is no more precise."""
    if not is_past or entry.date is None or isinstance(entry.date_range, ClockRange):
        return entry.date_reason
    if entry.precision.id in _PARTS_OF_DAY:
        return "Local part of the day; exact time not recorded."
    return _NOT_RECORDED.get(entry.precision.step, "Month not recorded.")
