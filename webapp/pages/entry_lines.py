"""An entry as a line in a list."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.domain.change_words import from_to_words, moved_words
from webapp.domain.changes import Change
from webapp.domain.entry import Entry
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.precision import Certainty
from webapp.domain.text import isolated
from webapp.domain.zones import UTC_ZONE
from webapp.pages.change_lines import mark_of
from webapp.pages.launch_facts import LaunchLine, launch_title, present_launch_line
from webapp.rendering.moments import Moment, present_entry_time
from webapp.web.addresses import entry_path


@dataclass(frozen=True, slots=True)
class MovedMark:
    """That an entry has moved of late: how far in a few words, from when to when, and the drawing (`icon-<mark>`)."""

    words: str
    from_to: str
    mark: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry in a list. `time` is `None` unless its date carries a clock time; then `when` stands for it.

    `key` names it among all entries. `state` is that of the entry (see `EntryState`), or nothing. `moved` tells of its
    latest slip, if that was seen within the week. `certainty` is `exact`, `hour`, `day`, `month`, `year` or `unknown`.
    """

    key: str
    path: str
    name: str
    type_id: int
    type_name: str
    place: str
    certainty: str
    time: Moment | None
    when: str
    has_webcast: bool
    state: str = ""
    moved: MovedMark | None = None
    launch: LaunchLine | None = None


def present_line(
    entry: Entry, *, now: datetime, zone: ZoneInfo = UTC_ZONE, moved: MovedMark | None = None, is_past: bool = False
) -> EntryLine:
    """Say of an entry what its line in a list shows at an instant, clock times in this zone.

    In a list of what `is_past`, that an entry has ended goes without saying.
    """
    state = state_of(entry, now)
    if is_past and state is EntryState.ENDED:
        state = None
    return EntryLine(
        key=f"{entry.key.kind.value}-{entry.key.source_id}",
        path=entry_path(entry, zone),
        name=launch_title(entry),
        type_id=entry.type.id,
        type_name=isolated(entry.type.title),
        place=isolated(entry.location),
        certainty=entry.certainty_word,
        time=present_entry_time(entry, zone),
        when=_when(entry, is_past=is_past),
        has_webcast=bool(entry.webcasts),
        state="" if state is None else state.value,
        moved=moved,
        launch=present_launch_line(entry, zone),
    )


def present_slip(slip: Change, zone: ZoneInfo) -> MovedMark:
    """Say how far a slip went, clock times in this zone."""
    return MovedMark(moved_words(slip), from_to_words(slip, zone), mark_of(slip))


def _when(entry: Entry, *, is_past: bool) -> str:
    """Say what stands where a clock time would: under a day, that there is none; elsewhere the date."""
    if entry.precision.certainty is not Certainty.DAY or entry.date is None:
        return entry.date_words
    return {3: "Morning", 4: "Afternoon"}.get(
        entry.precision.id or 0, "Time not recorded" if is_past else "No time yet"
    )
