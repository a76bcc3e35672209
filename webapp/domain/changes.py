"""Changes of an entry, each of a change kind, and how far a date moved."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from webapp.domain.clock import utc_midnight
from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail, LaunchStatus
from webapp.domain.precision import ClockRange, DateRange, Precision, Range, precision_of


class ChangeKind(Enum):
    """The change kinds, in the order in which those of one record are stored."""

    ADDED = "added"
    RETURNED = "returned"
    STATUS = "status"
    SLIPPED = "slipped"
    REFINED = "refined"
    VAGUER = "vaguer"
    ADJUSTED = "adjusted"
    RENAMED = "renamed"
    WEBCAST_ADDED = "webcast_added"
    GONE_LIVE = "gone_live"
    ENDED = "ended"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


SMALLEST_SCRUB = timedelta(hours=20)
"""How far at least a scrubbed launch moves. The next day's window may open hours sooner than that of the day before."""

QUIET_CHANGE_KINDS = (ChangeKind.ADJUSTED, ChangeKind.EDITED)
"""The change kinds that lists and feeds leave out unless they are asked for."""

DEFAULT_CHANGE_KINDS = tuple(kind for kind in ChangeKind if kind not in QUIET_CHANGE_KINDS)
"""The change kinds that lists and feeds hold unless others are asked for."""


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date as far as it was known: `date` is aware, in UTC, and means only as much as `precision_id` says."""

    date: datetime | None
    precision_id: int | None

    @property
    def precision(self) -> Precision:
        """What its precision allows to say."""
        return precision_of(self.precision_id)

    @property
    def date_range(self) -> Range | None:
        """What it really means; `None` while no date was given."""
        return None if self.date is None else self.precision.date_range(self.date)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an entry.

    `before` and `after` are its dates around a change of date; `slip_number` says which slip it is, from 1, and
    `scrub_number`, for a launch that was called off within a day of its time, which scrub. `old_status` and
    `new_status` go with a change of a launch's status, `old_name` and `new_name` with a rename, `urls` with webcasts
    that were added, `fields` with an edit: what was edited.
    """

    kind: ChangeKind
    before: KnownDate | None = None
    after: KnownDate | None = None
    slip_number: int | None = None
    scrub_number: int | None = None
    old_status: LaunchStatus | None = None
    new_status: LaunchStatus | None = None
    old_name: str | None = None
    new_name: str | None = None
    urls: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change as it is stored.

    `number` rises with every change of any entry; `entry_id` is the store's number of the entry, and `revision` the
    entry's after it; `seen_at`, in UTC, is when it was noticed here.
    """

    number: int
    entry_id: int
    revision: int
    seen_at: datetime
    change: Change


class Direction(Enum):
    """Which way a date moved."""

    LATER = "later"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a date moved, as far as the two dates let one say.

    `months` are whole months between two months, quarters, halves or years; otherwise `amount` counts, never below
    zero. `is_least` says that it moved at least so far; both are `None` where the two dates overlap.
    """

    direction: Direction
    amount: timedelta | None = None
    months: int | None = None
    is_least: bool = False


def known_date(entry: Entry) -> KnownDate:
    """Give an entry's date with its precision."""
    return KnownDate(entry.date, entry.precision_id)


def shift_between(before: KnownDate, after: KnownDate) -> Shift | None:
    """Say how far a slip went; `None` where one of the dates was not given."""
    old, new = before.date_range, after.date_range
    if old is None or new is None or span_of(old) == span_of(new):
        return None
    is_later = span_of(new) > span_of(old)
    direction = Direction.LATER if is_later else Direction.EARLIER
    if isinstance(old, ClockRange) and isinstance(new, ClockRange):
        return Shift(direction, amount=abs(new.start - old.start))
    if isinstance(old, DateRange) and isinstance(new, DateRange) and before.precision.rank == after.precision.rank:
        return _shift_of_equals(direction, old.first_date, new.first_date, before.precision.rank)
    earlier, later = (old, new) if is_later else (new, old)
    days = (later.first_date - earlier.last_date).days
    return Shift(direction, amount=timedelta(days=days), is_least=True) if days > 0 else Shift(direction)


_MONTH_RANK = 2  # See `Precision.rank`: 0 is a day or less, 1 a week, from 2 on the ranges are whole months.


def _shift_of_equals(direction: Direction, old: date, new: date, rank: int) -> Shift:
    if rank >= _MONTH_RANK:
        return Shift(direction, months=abs((new.year - old.year) * 12 + new.month - old.month))
    return Shift(direction, amount=abs(new - old))


def span_of(date_range: Range) -> tuple[datetime, datetime]:
    """Give what date ranges of either sort are ordered by: start and end, in UTC."""
    if isinstance(date_range, ClockRange):
        return date_range.start, date_range.end
    return utc_midnight(date_range.first_date), utc_midnight(date_range.end_date)


@dataclass(frozen=True, slots=True)
class SlipCount:
    """How often an entry has slipped, and how many of these slips were scrubs of a launch."""

    slips: int = 0
    scrubs: int = 0


def numbered(change: Change, before: SlipCount, entry: Entry, seen_at: datetime) -> Change:
    """Give a slip of an entry its number, that of a scrub besides, and any other change back as it is."""
    if change.kind is not ChangeKind.SLIPPED:
        return change
    scrub_number = before.scrubs + 1 if _is_scrub(change, entry, seen_at) else None
    return replace(change, slip_number=before.slips + 1, scrub_number=scrub_number)


def _is_scrub(slip: Change, entry: Entry, seen_at: datetime) -> bool:
    """Whether a launch was called off for the day: moved by a day or so, within a day of its time, before or after."""
    if not isinstance(entry.detail, LaunchDetail) or slip.before is None or slip.after is None:
        return False
    old, new = slip.before.date_range, slip.after.date_range
    if not isinstance(old, ClockRange) or not isinstance(new, ClockRange):
        return False
    return new.start - old.start >= SMALLEST_SCRUB and abs(seen_at - old.start) <= timedelta(days=1)
