"""Comparison of two states of an entry: what differs, as typed changes."""

from collections.abc import Iterable
from dataclasses import replace

from webapp.domain.changes import Change, ChangeKind, KnownDate, known_date, span_of
from webapp.domain.entry import Entry, EventDetail
from webapp.domain.launch import LaunchDetail
from webapp.domain.precision import ClockRange, Range
from webapp.domain.reported_fields import FIELDS, Reported, seen_of


def compare(before: Entry, after: Entry) -> tuple[Change, ...]:
    """Give the changes between two states of one entry, each change kind at most once.

    `FIELDS` says which fields are reported; the others make no change. Slips come without their number.
    """
    changes = [_date_change(known_date(before), known_date(after)), _renamed(before, after)]
    known = {webcast.url for webcast in before.webcasts}
    added = tuple(dict.fromkeys(webcast.url for webcast in after.webcasts if webcast.url not in known))
    changes.append(Change(ChangeKind.WEBCAST_ADDED, urls=added) if added else None)
    if before.webcast_live != after.webcast_live:
        changes.append(Change(ChangeKind.GONE_LIVE if after.webcast_live else ChangeKind.ENDED))
    fields = tuple(_edited(before, after))
    changes.append(Change(ChangeKind.EDITED, fields=fields) if fields else None)
    return tuple(change for change in changes if change is not None)


def _date_change(before: KnownDate, after: KnownDate) -> Change | None:
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


def _edited(before: Entry, after: Entry) -> Iterable[str]:
    """Name the fields that a reader sees and that no other change kind reports."""
    is_date_changed = _date_change(known_date(before), known_date(after)) is not None
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
    known = {webcast.url for webcast in before.webcasts}
    old, new = before.webcasts, tuple(webcast for webcast in after.webcasts if webcast.url in known)
    if before.webcast_live != after.webcast_live:
        # That it is live now, or no more, is reported once for the whole entry.
        old, new = (tuple(replace(webcast, live=False) for webcast in webcasts) for webcasts in (old, new))
    return set(map(seen_of, old)) != set(map(seen_of, new))
