"""A change as pages show it: a mark for the eye, and its words."""

import re
from dataclasses import dataclass

from webapp.domain.change_words import change_words, shift_of
from webapp.domain.changes import Change, ChangeKind, Direction

_MARKS = {ChangeKind.WEBCAST_ADDED: "webcast", ChangeKind.GONE_LIVE: "live"}
_BEFORE_A_UNIT = re.compile(r"(?<=\d) (?=(?:d|h|min|s|UTC)\b)")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: its kind, the drawing that stands for it (`icon-<mark>`), and a sentence."""

    kind: str
    mark: str
    words: str


def present_change(change: Change) -> ChangeLine:
    """Say what a line for a change shows."""
    return ChangeLine(change.kind.value, mark_of(change), unbroken(change_words(change)))


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
