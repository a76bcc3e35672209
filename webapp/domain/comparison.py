"""Comparison of two states of an entry: what differs, as typed changes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from webapp.domain.changes import Change, ChangeKind, KnownDate, known_date, span_of
from webapp.domain.entry import Entry, EventDetail
from webapp.domain.launch import LaunchDetail
from webapp.domain.precision import ClockRange, Range
from webapp.domain.reported_fields import FIELDS, Reported, seen_of
from webapp.domain.webcasts import WebcastKind

SMALLEST_MOVE = timedelta(minutes=10)
"""A launch that moves by less is adjusted, not slipped: countdowns do so all the time."""

_REPEATS = {WebcastKind.RESTREAM, WebcastKind.RECAP}


def compare(before: Entry, after: Entry) -> tuple[Change, ...]:
    """Give the changes between two states of one entry, each change kind at most once.

    `FIELDS` says which fields are reported; the others make no change. Slips come without their number.
    """
    changes = [_status_change(before, after), _date_change(before, after), _renamed(before, after)]
    added = tuple(_added_webcasts(before, after))
    changes.append(Change(ChangeKind.WEBCAST_ADDED, urls=added) if added else None)
    if before.webcast_live != after.webcast_live:
        changes.append(Change(ChangeKind.GONE_LIVE if after.webcast_live else ChangeKind.ENDED))
    fields = tuple(_edited(before, after))
    changes.append(Change(ChangeKind.EDITED, fields=fields) if fields else None)
    return tuple(change for change in changes if change is not None)


def _status_change(before: Entry, after: Entry) -> Change | None:
    if not isinstance(before.detail, LaunchDetail) or not isinstance(after.detail, LaunchDetail):
        return None
    old, new = before.detail.status, after.detail.status
    if old is None or new is None or seen_of(old) == seen_of(new):
        return None
    return Change(ChangeKind.STATUS, old_status=old, new_status=new)


def _date_change(before: Entry, after: Entry) -> Change | None:
    change = known_date_change(known_date(before), known_date(after))
    return replace(change, kind=ChangeKind.ADJUSTED) if change and _is_adjusted(before, after) else change


def _is_adjusted(before: Entry, after: Entry) -> bool:
    """Whether a launch's date was only adjusted: by less than readers plan with, or to the time of its lift-off."""
    is_clock = isinstance(before.date_range, ClockRange) and isinstance(after.date_range, ClockRange)
    if not is_clock or not isinstance(after.detail, LaunchDetail) or before.date is None or after.date is None:
        return False
    has_lifted_off = after.detail.status is not None and after.detail.status.has_lifted_off
    return has_lifted_off or timedelta(0) < abs(after.date - before.date) < SMALLEST_MOVE


def known_date_change(before: KnownDate, after: KnownDate) -> Change | None:
    """Give the change between two dates as far as they were known; `None` where both mean the same."""
    old, new = before.date_range, after.date_range
    if old == new:
        return None
    if old is None or (new is not None and _lies_inside(new, old)):
        kind = ChangeKind.REFINED
    elif new is None or _lies_inside(old, new):
        kind = ChangeKind.VAGUER
    elif span_of(old) == span_of(new):
        return None
    else:
        kind = ChangeKind.SLIPPED
    return Change(kind, before, after)


def _lies_inside(inner: Range, outer: Range) -> bool:
    """Whether one range is a part of the other and not all of it. Clock times lie in their UTC date."""
    if isinstance(inner, ClockRange) and isinstance(outer, ClockRange):
        return outer.start <= inner.start and inner.end <= outer.end and inner != outer
    if isinstance(outer, ClockRange):
        return False
    within = outer.first_date <= inner.first_date and inner.last_date <= outer.last_date
    return within and (isinstance(inner, ClockRange) or inner != outer)


def _renamed(before: Entry, after: Entry) -> Change | None:
    if before.name == after.name:
        return None
    return Change(ChangeKind.RENAMED, old_name=before.name, new_name=after.name)


def _added_webcasts(before: Entry, after: Entry) -> Iterable[str]:
    """Give the addresses of new webcasts, each once. What repeats a launch that has an outcome is no news of it."""
    known = {webcast.url for webcast in before.webcasts}
    added = (webcast for webcast in after.webcasts if webcast.url not in known)
    return dict.fromkeys(one.url for one in added if not (after.has_outcome and one.kind in _REPEATS))


def _edited(before: Entry, after: Entry) -> Iterable[str]:
    """Name the fields that a reader sees and that no other change kind reports."""
    is_date_changed = known_date_change(known_date(before), known_date(after)) is not None
    if not is_date_changed and _date_shown(before) != _date_shown(after):
        yield "date"
    if before.slug != after.slug and _renamed(before, after) is None:
        yield "slug"
    if _webcasts_edited(before, after):
        yield "webcasts"
    yield from _edited_fields(before, after)
    if type(before.detail) is type(after.detail):
        is_window_shown = isinstance(after.date_range, ClockRange) and not is_date_changed
        detail = before.detail if is_window_shown else _with_window_of(before.detail, after.detail)
        yield from _edited_fields(detail, after.detail)


def _with_window_of(
    before: EventDetail | LaunchDetail, after: EventDetail | LaunchDetail
) -> EventDetail | LaunchDetail:
    """Give the detail with the launch window of the other, where that says nothing new: it moves with the date."""
    if isinstance(before, LaunchDetail) and isinstance(after, LaunchDetail):
        return replace(before, window=after.window)
    return before


def _edited_fields(before: object, after: object) -> Iterable[str]:
    for name, field in FIELDS[type(after)].items():
        if isinstance(field, Reported) and field.by == (ChangeKind.EDITED,) and field.seen(before) != field.seen(after):
            yield name


def _date_shown(entry: Entry) -> tuple[str, str]:
    return entry.date_words, entry.date_reason


def _webcasts_edited(before: Entry, after: Entry) -> bool:
    added = set(_added_webcasts(before, after))
    old, new = before.webcasts, tuple(webcast for webcast in after.webcasts if webcast.url not in added)
    if before.webcast_live != after.webcast_live:
        # That it is live now, or no more, is reported once for the whole entry.
        old, new = (tuple(replace(webcast, live=False) for webcast in webcasts) for webcasts in (old, new))
    return set(map(seen_of, old)) != set(map(seen_of, new))
