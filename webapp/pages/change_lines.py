"""A change as pages show it: a mark for the eye, and its words."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.domain.change_words import KIND_WORDS, change_words, ordinal, shift_of
from webapp.domain.changes import Change, ChangeKind, Direction, KnownDate
from webapp.domain.text import isolated
from webapp.domain.zones import UTC_ZONE
from webapp.pages.date_moves import present_date, present_dates, present_shift

_MARKS = {ChangeKind.WEBCAST_ADDED: "webcast", ChangeKind.GONE_LIVE: "live"}
_BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=(?:d|h|min|s|UTC)\b)")
_MOVES = frozenset({ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER})
_TIMES = _MOVES | {ChangeKind.ADJUSTED}
_LISTINGS = frozenset({ChangeKind.ADDED, ChangeKind.RETURNED})
_DIRECTIONS = {Direction.LATER: "Moved later", Direction.EARLIER: "Moved earlier"}
_NOT_GIVEN = KnownDate(None, None)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: its kind, the drawing that stands for it (`icon-<mark>`), and a sentence."""

    kind: str
    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class ListedChange:
    """One change in the list of all: its kind, its drawing (`icon-<mark>`), and its words, a label or a sentence.

    A change of date has the dates `before` and `after`, and `notes` on it, one of status both statuses; what was listed
    has the date `after` alone.
    """

    kind: str
    mark: str
    words: str
    before: str = ""
    after: str = ""
    notes: tuple[str, ...] = ()


def present_change(change: Change, zone: ZoneInfo = UTC_ZONE) -> ChangeLine:
    """Say what a line for a change shows, clock times in this zone."""
    return ChangeLine(change.kind.value, mark_of(change), unbroken(change_words(change, zone)))


def present_listed(change: Change, zone: ZoneInfo, now: datetime) -> ListedChange:
    """Say what the list of changes shows of one, its dates as they are in a zone."""
    kind, mark, label = change.kind.value, mark_of(change), KIND_WORDS[change.kind]
    after = change.after or _NOT_GIVEN
    if change.old_status is not None and change.new_status is not None:
        return ListedChange(kind, mark, label, isolated(change.old_status.words), isolated(change.new_status.words))
    if change.kind in _TIMES and change.before is not None:
        old, new = present_dates(change.before, after, zone, now)
        return ListedChange(kind, mark, _move_label(change), old, new, _notes(change))
    if change.kind in _LISTINGS:
        return ListedChange(kind, mark, label, after="" if after.date is None else present_date(after, zone, now))
    return ListedChange(kind, mark, unbroken(change_words(change, zone)))


def mark_of(change: Change) -> str:
    """Name the drawing for a change; that of a slip points the way the date went."""
    if change.kind is ChangeKind.SLIPPED:
        shift = shift_of(change)
        direction = shift.direction if shift else Direction.LATER
        return direction.name.casefold()
    return _MARKS.get(change.kind, change.kind.name.casefold())


def unbroken(text: str) -> str:
    """Keep each number on one line with its unit."""
    return _BEFORE_A_UNIT.sub("\u00a0", text)


def _move_label(change: Change) -> str:
    shift = shift_of(change) if change.kind is ChangeKind.SLIPPED else None
    return KIND_WORDS[change.kind] if shift is None else _DIRECTIONS[shift.direction]


def _notes(change: Change) -> tuple[str, ...]:
    if change.kind is ChangeKind.ADJUSTED:
        shift = shift_of(change)
        return tuple(filter(None, (present_shift(shift) if shift else "",)))
    if change.kind is not ChangeKind.SLIPPED:
        is_dated = all(known is not None and known.date is not None for known in (change.before, change.after))
        return ("more precise" if change.kind is ChangeKind.REFINED else "less precise",) if is_dated else ()
    shift = shift_of(change)
    count = f"{ordinal(change.slip_number)} date change" if change.slip_number else ""
    scrub = f"{ordinal(change.scrub_number)} scrub" if change.scrub_number else ""
    return tuple(note for note in (present_shift(shift) if shift else "", count, scrub) if note)
