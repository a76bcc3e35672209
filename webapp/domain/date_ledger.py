"""The ledger of dates: what was announced so long before, and what came of it. Pure; the store keeps its cases.

A **case** of a lead exists at the instant at which a date that was announced just then lay that far ahead: a date that
is moved to nearer than the lead jumps over it, and makes none. A date without a clock time lies ahead as its first day
does, from midnight UTC. An entry gives at most one case for each lead, the first that was seen: one that slips twenty
times would else count twenty times, and intervals suppose that cases know nothing of each other. No case is what came
before the entry was first seen, in a gap of contact with the source, while it was withdrawn, or after a lift-off.

An entry **began** at the date that last stood once it was over: for a launch, the source enters the true T-0 there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, IntEnum
from functools import cache

from webapp.domain.changes import KnownDate, span_of
from webapp.domain.date_history import Announcement
from webapp.domain.launch import LaunchStatus
from webapp.domain.precision import ClockRange, Range, Step


class Lead(IntEnum):
    """How long ahead a date is judged, in hours."""

    HOUR = 1
    DAY = 24
    THREE_DAYS = 72
    WEEK = 168
    TWO_WEEKS = 336
    MONTH = 720
    TWO_MONTHS = 1440

    @property
    def duration(self) -> timedelta:
        """The same as a duration."""
        return timedelta(hours=self.value)


class Outcome(Enum):
    """What came of a date. The first four say within which time of it the entry began, before or after.

    `EARLIER` and `LATER` are by more than a week. `UNKNOWN` is what is over and of which nobody said when it was: a
    launch without an outcome, an event whose date was never known to the day.
    """

    QUARTER_HOUR = "quarter_hour"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    LATER = "later"
    EARLIER = "earlier"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


_BEGAN_WITHIN = {
    Outcome.QUARTER_HOUR: timedelta(minutes=15),
    Outcome.HOUR: timedelta(hours=1),
    Outcome.DAY: timedelta(days=1),
    Outcome.WEEK: timedelta(days=7),
}
WITHIN = tuple(_BEGAN_WITHIN)
"""The outcomes that say within which time it began, the shortest first."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an entry ended, if no other word comes: since when that is known, whether it was withdrawn, when it began.

    `began` is its last date range; `None` where it was withdrawn, or is over and nobody knows when it was. All that is
    later than the last contact with the source is not known yet.
    """

    known_at: datetime
    began: Range | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """A date that stood `lead` ahead, at `crossed_at`, and what came of it.

    `announced` is the first instant that the date may mean, with its precision.

    `error` is by how much the entry began later than was announced, below zero for earlier: from a clock time, or from
    the nearer end of the announced days, and none within them. It is `None` where it is not known when it began.
    """

    lead: Lead
    crossed_at: datetime
    announced: KnownDate
    status_id: int | None
    outcome: Outcome
    error: timedelta | None

    @property
    def step(self) -> Step:
        """How finely the date was announced."""
        return self.announced.precision.step


def list_cases(
    announcements: Sequence[Announcement], ending: Ending, gaps: Sequence[tuple[datetime, datetime]]
) -> list[Case]:
    """List the cases of an entry, the shortest lead first, by what was announced and the gaps of contact."""
    cases = []
    for lead in Lead:
        crossed = next(_crossings(announcements, lead, gaps), None)
        if crossed is not None:
            at, announced, status_id = crossed
            outcome, error = _outcome(announced, ending)
            cases.append(Case(lead, at, announced, status_id, outcome, error))
    return cases


def tolerated(step: Step) -> Outcome:
    """Give within which time an entry begins if a date that is known so finely holds.

    A day is a day of UTC, and holds within a day of it, since it is another day elsewhere; a week or a vaguer period
    holds within a week of it.
    """
    if step.order <= Step.MINUTE.order:
        return Outcome.QUARTER_HOUR
    if step is Step.HOUR:
        return Outcome.HOUR
    return Outcome.DAY if step is Step.DAY else Outcome.WEEK


@cache
def is_held(step: Step, outcome: Outcome) -> bool:
    """Whether a date that was announced so finely held."""
    return outcome in WITHIN[: WITHIN.index(tolerated(step)) + 1]


def _crossings(
    announcements: Sequence[Announcement], lead: Lead, gaps: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, KnownDate, int | None]]:
    """Give each instant at which what was announced lay just so far ahead, with that."""
    ends = [announcement.since for announcement in announcements[1:]]
    for announcement, end in zip(announcements, [*ends, None], strict=True):
        known = announcement.known
        date_range = known.date_range if known else None
        if known is None or date_range is None or _has_lifted_off(announcement.status_id):
            continue
        start, _ = span_of(date_range)
        if start - announcement.since < lead.duration:
            continue
        at = start - lead.duration
        if (end is None or at < end) and not any(began <= at < ended for began, ended in gaps):
            # A date that is moved within its range means the same, and is no change: what it means is what is kept.
            yield at, KnownDate(start, known.precision_id), announcement.status_id


def _has_lifted_off(status_id: int | None) -> bool:
    return status_id is not None and LaunchStatus(status_id, "", "").has_lifted_off


def _outcome(announced: KnownDate, ending: Ending) -> tuple[Outcome, timedelta | None]:
    if ending.is_withdrawn:
        return Outcome.WITHDRAWN, None
    expected, began = announced.date_range, ending.began
    if expected is None or began is None:
        return Outcome.UNKNOWN, None
    error = _error(expected, began)
    finest = max(_finest(expected), _finest(began))
    for place, within in enumerate(WITHIN):
        if place >= finest and abs(error) <= _BEGAN_WITHIN[within]:
            return within, error
    return (Outcome.LATER if error > timedelta(0) else Outcome.EARLIER), error


def _error(expected: Range, began: Range) -> timedelta:
    """Give how far apart two ranges are. A clock time counts as its first instant."""
    (first, last), (earliest, latest) = _bounds(expected), _bounds(began)
    if earliest > last:
        return earliest - last
    return latest - first if latest < first else timedelta(0)


def _bounds(date_range: Range) -> tuple[datetime, datetime]:
    start, end = span_of(date_range)
    return (start, start) if isinstance(date_range, ClockRange) else (start, end)


def _finest(date_range: Range) -> int:
    """Give the place in `WITHIN` of the shortest time that can be told of such a range."""
    if isinstance(date_range, ClockRange):
        return 0
    is_day = date_range.first_date == date_range.last_date
    return WITHIN.index(Outcome.DAY if is_day else Outcome.WEEK)


def ending_of(announcements: Sequence[Announcement], began: KnownDate, over_at: datetime, *, is_launch: bool) -> Ending:
    """Give how an entry ended, or will if it stays as it is: `began` is its date, which is over at `over_at`.

    A launch began if it has lifted off; over without that, nobody has said what became of it. Of an event that was
    never dated to the day nobody knows when it was.
    """
    latest = announcements[-1]
    if latest.known is None:
        return Ending(latest.since, is_withdrawn=True)
    is_dated = began.precision.step.order <= Step.DAY.order
    date_range = began.date_range if is_dated else None
    if not is_launch:
        return Ending(over_at, date_range)
    return Ending(latest.since, date_range) if _has_lifted_off(latest.status_id) else Ending(over_at)
