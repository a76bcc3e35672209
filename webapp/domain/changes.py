"""What changed about an event: arriving facts compared with the known ones, as typed changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum

from webapp.domain.clock import utc_midnight
from webapp.domain.event import Event
from webapp.domain.precision import ClockWindow, DateWindow, Precision, Window, precision_of
from webapp.domain.text import one_line


class ChangeKind(Enum):
    """The kinds of change, in the order in which those of one record are told."""

    ADDED = "added"
    RETURNED = "returned"
    SLIPPED = "slipped"
    REFINED = "refined"
    VAGUER = "vaguer"
    RENAMED = "renamed"
    WEBCAST_ADDED = "webcast_added"
    GONE_LIVE = "gone_live"
    ENDED = "ended"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


TOLD_KINDS = tuple(kind for kind in ChangeKind if kind is not ChangeKind.EDITED)
"""The kinds that are told without being asked for."""


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
    def window(self) -> Window | None:
        """What it really means; `None` while no date was given."""
        return None if self.date is None else self.precision.window(self.date)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an event.

    `before` and `after` are its dates around a change of date; `slip_number` says which slip it is, from 1. `old_name`
    and `new_name` go with a rename, `urls` with webcasts that were added, `fields` with an edit: what was edited.
    """

    kind: ChangeKind
    before: KnownDate | None = None
    after: KnownDate | None = None
    slip_number: int | None = None
    old_name: str | None = None
    new_name: str | None = None
    urls: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredChange:
    """A change as it is remembered.

    `number` rises with every change of any event; `revision` is the event's after it; `seen_at`, in UTC, is when it
    was noticed here.
    """

    number: int
    event_id: int
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


def known_date(event: Event) -> KnownDate:
    """Give an event's date with its precision."""
    return KnownDate(event.date, event.precision_id)


def compare(before: Event, after: Event) -> tuple[Change, ...]:
    """Tell what a reader would call the differences between two states of one event, each kind at most once.

    The order of lists, white space and a bare new `last_updated` are none. Slips come without their number.
    """
    found = [_date_change(known_date(before), known_date(after)), _renamed(before, after)]
    added = tuple(
        dict.fromkeys(one.url for one in after.webcasts if one.url not in {known.url for known in before.webcasts})
    )
    found.append(Change(ChangeKind.WEBCAST_ADDED, urls=added) if added else None)
    if before.webcast_live != after.webcast_live:
        found.append(Change(ChangeKind.GONE_LIVE if after.webcast_live else ChangeKind.ENDED))
    fields = tuple(_edited(before, after))
    found.append(Change(ChangeKind.EDITED, fields=fields) if fields else None)
    return tuple(change for change in found if change is not None)


def shift_between(before: KnownDate, after: KnownDate) -> Shift | None:
    """Say how far a slip went; `None` where one of the dates was not given."""
    old, new = before.window, after.window
    if old is None or new is None or _span(old) == _span(new):
        return None
    is_later = _span(new) > _span(old)
    direction = Direction.LATER if is_later else Direction.EARLIER
    if isinstance(old, ClockWindow) and isinstance(new, ClockWindow):
        return Shift(direction, amount=abs(new.start - old.start))
    if isinstance(old, DateWindow) and isinstance(new, DateWindow) and before.precision.rank == after.precision.rank:
        return _shift_of_equals(direction, old.first_date, new.first_date, before.precision.rank)
    earlier, later = (old, new) if is_later else (new, old)
    days = (later.first_date - earlier.last_date).days
    return Shift(direction, amount=timedelta(days=days), is_least=True) if days > 0 else Shift(direction)


_MONTH_RANK = 2  # See `Precision.rank`: 0 is a day or less, 1 a week, from 2 on the windows are whole months.


def _shift_of_equals(direction: Direction, old: date, new: date, rank: int) -> Shift:
    if rank >= _MONTH_RANK:
        return Shift(direction, months=abs((new.year - old.year) * 12 + new.month - old.month))
    return Shift(direction, amount=abs(new - old))


def _date_change(before: KnownDate, after: KnownDate) -> Change | None:
    old, new = before.window, after.window
    if old == new:
        return None
    if old is None or (new is not None and _lies_inside(new, old)):
        kind = ChangeKind.REFINED
    elif new is None or _lies_inside(old, new):
        kind = ChangeKind.VAGUER
    elif _span(old) == _span(new):
        return None
    else:
        kind = ChangeKind.SLIPPED
    return Change(kind, before, after)


def _lies_inside(inner: Window, outer: Window) -> bool:
    """Whether one window is a part of the other and not all of it. Clock times lie in their UTC date."""
    if isinstance(inner, ClockWindow) and isinstance(outer, ClockWindow):
        return outer.start <= inner.start and inner.end <= outer.end and inner != outer
    if isinstance(outer, ClockWindow):
        return False
    within = outer.first_date <= inner.first_date and inner.last_date <= outer.last_date
    return within and (isinstance(inner, ClockWindow) or inner != outer)


def _span(window: Window) -> tuple[datetime, datetime]:
    """Give what two windows of any sort are ordered by."""
    if isinstance(window, ClockWindow):
        return window.start, window.end
    return utc_midnight(window.first_date), utc_midnight(window.end_date)


def _renamed(before: Event, after: Event) -> Change | None:
    old, new = one_line(before.name), one_line(after.name)
    return Change(ChangeKind.RENAMED, old_name=old, new_name=new) if old != new else None


def _edited(before: Event, after: Event) -> Iterable[str]:
    """Name the fields that a reader sees and that no other kind of change tells of."""
    is_date_told = _date_change(known_date(before), known_date(after)) is not None
    differing = {
        "date": not is_date_told and _date_told(before) != _date_told(after),
        "slug": before.slug != after.slug and _renamed(before, after) is None,
        "webcasts": _webcasts_edited(before, after),
    }
    differing |= {field: getattr(before, field) != getattr(after, field) for field in _PLAIN}
    differing |= {field: getattr(before, field).split() != getattr(after, field).split() for field in _TEXTS}
    differing |= {field: _unordered(getattr(before, field)) != _unordered(getattr(after, field)) for field in _LISTS}
    return (field for field, differs in differing.items() if differs)


_PLAIN = ("type", "duration", "picture")
_TEXTS = ("description", "location")
_LISTS = ("links", "updates", "agencies", "programs")


def _date_told(event: Event) -> tuple[str, str]:
    return event.date_words, event.date_reason


def _webcasts_edited(before: Event, after: Event) -> bool:
    known = {webcast.url for webcast in before.webcasts}
    old, new = before.webcasts, tuple(one for one in after.webcasts if one.url in known)
    if before.webcast_live != after.webcast_live:
        # That it is live now, or no more, is told once for the whole event.
        old, new = (tuple(replace(one, live=False) for one in each) for each in (old, new))
    return _unordered(old) != _unordered(new)


def _unordered(parts: Iterable[object]) -> list[str]:
    return sorted({repr(part) for part in parts})


def numbered(change: Change, slips_before: int) -> Change:
    """Give a slip its number, and any other change back as it is."""
    return replace(change, slip_number=slips_before + 1) if change.kind is ChangeKind.SLIPPED else change
