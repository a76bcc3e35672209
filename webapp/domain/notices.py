"""Notices: what subscribers are told of, what each chose, and when a reminder of an entry is due."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from webapp.domain.changes import Change, ChangeKind
from webapp.domain.clock import later
from webapp.domain.comparison import SMALLEST_MOVE
from webapp.domain.durations import usual_duration
from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.launch import LaunchDetail, StatusKind
from webapp.domain.precision import ClockRange
from webapp.domain.zones import UTC_ZONE, in_zone

NEWS_LASTS = timedelta(days=1)
"""How long a change is news: one that could not be told by then is told no more."""

_LIVE_LASTS = timedelta(hours=1)
_QUIET = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class NoticeKind(Enum):
    """The kinds of notice that a subscriber chooses from."""

    ADDED = "added"
    MOVES = "moves"
    WEBCAST = "webcast"
    LIVE = "live"
    OUTCOME = "outcome"


class Lead(Enum):
    """How long before an entry its reminder is due. The values are the words of forms and of the owner's file."""

    DAY = "1 day"
    HOUR = "1 hour"
    TEN_MINUTES = "10 minutes"

    @property
    def length(self) -> timedelta:
        """The length of time."""
        return _LEADS[self]

    @classmethod
    def of(cls, length: timedelta) -> "Lead":
        """Give the lead of a length of time. Raises `ValueError` if there is none."""
        for lead, its_length in _LEADS.items():
            if its_length == length:
                return lead
        raise ValueError(length)


_LEADS = {
    Lead.DAY: timedelta(days=1),
    Lead.HOUR: timedelta(hours=1),
    Lead.TEN_MINUTES: timedelta(minutes=10),
}


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, by the clock of the subscriber's zone, nothing is sent. They may last over midnight."""

    begin: time
    end: time

    @classmethod
    def parse(cls, text: str) -> "QuietHours":
        """Read them as in `22:00-07:00`. Raises `ValueError`."""
        found = _QUIET.fullmatch(text)
        if found is None or found.group(1, 2) == found.group(3, 4):
            raise ValueError(text)
        numbers = [int(digits) for digits in found.groups()]
        return cls(time(numbers[0], numbers[1]), time(numbers[2], numbers[3]))

    def __str__(self) -> str:
        """Write them as `parse` reads them."""
        return f"{self.begin:%H:%M}-{self.end:%H:%M}"

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Give when quiet hours end that an instant in UTC lies in; outside of them, the instant itself."""
        local = in_zone(moment, zone)
        clock = local.time()
        is_late = self.begin <= clock and (self.begin > self.end or clock < self.end)
        is_early = self.begin > self.end and clock < self.end
        if not (is_late or is_early):
            return moment
        end = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        if is_late and self.begin > self.end:
            end += timedelta(days=1)
        return max(moment, end.astimezone(UTC_ZONE).replace(tzinfo=moment.tzinfo))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a subscriber chose: kinds of notice, a reminder or none, the zone of its words, quiet hours or none."""

    kinds: frozenset[NoticeKind] = frozenset(NoticeKind)
    lead: Lead | None = None
    zone: ZoneInfo = UTC_ZONE
    quiet: QuietHours | None = None

    def send_at(self, now: datetime) -> datetime:
        """Give when what is made `now` is sent: at once, or when the quiet hours end."""
        return now if self.quiet is None else self.quiet.end_after(now, self.zone)


_KINDS = {
    ChangeKind.ADDED: NoticeKind.ADDED,
    ChangeKind.RETURNED: NoticeKind.MOVES,
    ChangeKind.SLIPPED: NoticeKind.MOVES,
    ChangeKind.REFINED: NoticeKind.MOVES,
    ChangeKind.VAGUER: NoticeKind.MOVES,
    ChangeKind.WITHDRAWN: NoticeKind.MOVES,
    ChangeKind.WEBCAST_ADDED: NoticeKind.WEBCAST,
    ChangeKind.GONE_LIVE: NoticeKind.LIVE,
}


def notice_kind_of(change: Change) -> NoticeKind | None:
    """Give the kind of notice that tells of a change; `None` for what nobody is told of.

    A launch's status is told where it is an outcome or in flight, and where it puts a launch on hold, releases it, or
    takes back that it was confirmed.
    """
    old, new = change.old_status, change.new_status
    if change.kind is not ChangeKind.STATUS or old is None or new is None:
        return _KINDS.get(change.kind)
    if new.is_outcome:
        return NoticeKind.OUTCOME
    if new.kind is StatusKind.IN_FLIGHT:
        return NoticeKind.LIVE
    is_news = StatusKind.ON_HOLD in {old.kind, new.kind} or (old.is_confirmed and not new.is_confirmed)
    return NoticeKind.MOVES if is_news else None


def start_of(stored: StoredEntry) -> datetime | None:
    """Give when an entry begins, if a reminder may say so: known to the hour or better, and still meant to happen.

    Not that of a launch on hold, with a placeholder for a date, or lifted off; nor of what was withdrawn.
    """
    date_range = stored.entry.date_range
    if stored.withdrawn_at is not None or not isinstance(date_range, ClockRange):
        return None
    detail = stored.entry.detail
    status = detail.status if isinstance(detail, LaunchDetail) else None
    is_off = status is not None and (
        status.has_lifted_off or status.kind in {StatusKind.ON_HOLD, StatusKind.TO_BE_DETERMINED}
    )
    return None if is_off else date_range.start


def is_reminder_due(stored: StoredEntry, lead: Lead, now: datetime, *, since: datetime) -> bool:
    """Whether a reminder of an entry is due at `now` for a subscriber who is told of what has come `since` then.

    It is from `lead` before the entry until the entry begins. One that was due before the subscriber came is none,
    unless the entry has changed since; nor is one that was due before an import found the entry.
    """
    start = start_of(stored)
    if start is None or not start - lead.length <= now < start:
        return False
    due_at = start - lead.length
    if stored.revision == 0:
        return due_at > max(since, stored.first_seen)
    return due_at > since or stored.changed_at > since


def is_reminded(start: datetime, told: Iterable[datetime]) -> bool:
    """Whether one who was told these starts of an entry need not be told of this one: a countdown moves by minutes."""
    return any(abs(start - before) < SMALLEST_MOVE for before in told)


def change_expires_at(stored: StoredEntry, kinds: Iterable[NoticeKind], now: datetime) -> datetime:
    """Give until when notices of changes of an entry may still be sent: for a day, and never past the entry.

    That it is live is told while it may be, and how it ended, or that it was withdrawn, for the whole day.
    """
    entry, latest = stored.entry, later(now, NEWS_LASTS)
    found = set(kinds)
    if NoticeKind.OUTCOME in found or stored.withdrawn_at is not None or entry.has_outcome:
        return latest
    if NoticeKind.LIVE in found:
        return min(latest, max(later(now, _LIVE_LASTS), _usual_end(entry) or now))
    over_at = entry.over_at
    return latest if over_at is None or over_at <= now else min(latest, over_at)


def _usual_end(entry: Entry) -> datetime | None:
    date_range = entry.date_range
    return later(date_range.start, usual_duration(entry.type.id)) if isinstance(date_range, ClockRange) else None
