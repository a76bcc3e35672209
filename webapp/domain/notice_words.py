"""Notices in words: a title and a body in plain text, in the words of the pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.domain.change_words import amount_words, change_words, shift_of
from webapp.domain.changes import Change, ChangeKind, known_date
from webapp.domain.comparison import known_date_change
from webapp.domain.entry import Entry
from webapp.domain.notices import notice_kind_of
from webapp.domain.precision import ClockRange
from webapp.domain.text import isolated

MOST_LINES = 5
"""So many entries are named in a digest, and the rest are counted."""

_DATES = frozenset({ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER})
_LISTINGS = frozenset({ChangeKind.RETURNED, ChangeKind.WITHDRAWN})
_SAY_THE_DATE = _DATES | {ChangeKind.ADDED, ChangeKind.RETURNED}
_TITLES = {
    ChangeKind.ADDED: "New: {name}",
    ChangeKind.RETURNED: "{name} is listed again",
    ChangeKind.SLIPPED: "{name} moved",
    ChangeKind.REFINED: "{name} has a more precise date",
    ChangeKind.VAGUER: "{name} has a less precise date",
    ChangeKind.WEBCAST_ADDED: "{name} has a webcast",
    ChangeKind.GONE_LIVE: "{name} is live",
    ChangeKind.WITHDRAWN: "{name} was withdrawn",
}
_FIRST_IN_TITLES = (
    ChangeKind.WITHDRAWN, ChangeKind.STATUS, ChangeKind.SLIPPED, ChangeKind.GONE_LIVE, ChangeKind.VAGUER,
    ChangeKind.REFINED, ChangeKind.ADDED, ChangeKind.RETURNED, ChangeKind.WEBCAST_ADDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """The words of a notice."""

    title: str
    body: str


def net_changes(changes: Sequence[Change], entry: Entry) -> list[Change]:
    """Give what is left to tell of changes of an entry, in their order, for one who hears of all of them now.

    Moves are one, from the first date to the present one, and none if that is the same; so with the status. What was
    withdrawn and is listed again was neither.
    """
    latest: dict[ChangeKind, Change] = {}
    dates = [change for change in changes if change.kind in _DATES]
    statuses = [change for change in changes if change.kind is ChangeKind.STATUS]
    listings = [change for change in changes if change.kind in _LISTINGS]
    for change in changes:
        if change.kind in _LISTINGS and len({one.kind for one in listings}) > 1:
            continue
        told = _net_date(dates, entry) if change.kind in _DATES else _net_status(statuses, change)
        if told is not None:
            key = ChangeKind.SLIPPED if change.kind in _DATES else change.kind
            latest[key] = _with_all_urls(latest.get(key), told)
    if ChangeKind.GONE_LIVE in latest and not entry.webcast_live:
        del latest[ChangeKind.GONE_LIVE]
    return list(latest.values())


def present_notice(entry: Entry, told: Sequence[Change], zone: ZoneInfo) -> NoticeWords:
    """Say changes of an entry, which are at least one; times are in this zone."""
    kinds = {change.kind for change in told}
    body = " ".join(change_words(change, zone) for change in told)
    if not kinds & _SAY_THE_DATE and not entry.has_outcome:
        body = f"{body} {entry.date_words_in(zone)}."
    return NoticeWords(_title(entry, told), body)


def present_reminder(entry: Entry, left: timedelta, zone: ZoneInfo) -> NoticeWords:
    """Say that an entry begins, how long from now, to the minute."""
    amount = amount_words(timedelta(minutes=max(round(left.total_seconds() / 60), 1)))
    return NoticeWords(f"{isolated(entry.name)} in {amount}", f"{entry.date_words_in(zone)}.")


def present_digest(told: Iterable[tuple[Entry, Sequence[Change]]]) -> NoticeWords:
    """Say what has changed about many entries at once."""
    titles = [_title(entry, changes) for entry, changes in told]
    rest = len(titles) - MOST_LINES
    lines = [*titles[:MOST_LINES], *([f"And {rest:,} more."] if rest > 0 else [])]
    return NoticeWords(f"{len(titles):,} entries have changed", "\n".join(lines))


def begins_at(entry: Entry, told: Sequence[Change]) -> datetime | None:
    """Give the instant that a notice is about, for those who write it in the zone of whoever reads."""
    is_over = entry.has_outcome or any(change.kind is ChangeKind.WITHDRAWN for change in told)
    date_range = entry.date_range
    return date_range.start if isinstance(date_range, ClockRange) and not is_over else None


def _title(entry: Entry, told: Sequence[Change]) -> str:
    first = min(told, key=lambda change: _FIRST_IN_TITLES.index(change.kind))
    name = isolated(entry.name)
    if first.kind is ChangeKind.STATUS and first.new_status is not None:
        return f"{name}: {isolated(first.new_status.words)}"
    shift = shift_of(first) if first.kind is ChangeKind.SLIPPED else None
    return _TITLES[first.kind].format(name=name) + (f" {shift.direction.value}" if shift else "")


def _net_date(dates: Sequence[Change], entry: Entry) -> Change | None:
    first, last = dates[0], dates[-1]
    now = known_date(entry)
    if first.before is None or last.after is None:
        return last
    net = known_date_change(first.before, now)
    if net is None:
        return None
    number = next((one.slip_number for one in reversed(dates) if one.slip_number), None)
    scrub = next((one.scrub_number for one in reversed(dates) if one.scrub_number), None)
    is_slip = net.kind is ChangeKind.SLIPPED
    return replace(net, slip_number=number, scrub_number=scrub) if is_slip else net


def _net_status(statuses: Sequence[Change], change: Change) -> Change | None:
    if change.kind is not ChangeKind.STATUS:
        return change
    net = replace(change, old_status=statuses[0].old_status, new_status=statuses[-1].new_status)
    return None if net.old_status == net.new_status or notice_kind_of(net) is None else net


def _with_all_urls(earlier: Change | None, told: Change) -> Change:
    return told if earlier is None else replace(told, urls=tuple(dict.fromkeys([*earlier.urls, *told.urls])))
