"""What goes with an entry: the other steps of its mission, and what shares its station, its program or its day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry, EventDetail
from webapp.domain.text import tokens
from webapp.pages.launch_facts import launch_title
from webapp.web.addresses import entry_path

MOST_RELATED = 6


@dataclass(frozen=True, slots=True)
class RelatedEntry:
    """An entry that goes with another. `reason` is `station`, `program` or `day`; `is_itself` marks that other one."""

    path: str
    name: str
    type_id: int
    date_words: str
    reason: str = ""
    is_itself: bool = False


def present_mission(entry: Entry, others: Sequence[Entry], zone: ZoneInfo) -> tuple[RelatedEntry, ...]:
    """Give the steps of an entry's mission in their order, itself among them: those of a launch which it names, or is.

    Nothing where it is the only one.
    """
    launches = launches_of(entry)
    steps = [other for other in others if other.key != entry.key and launches_of(other) & launches]
    in_order = sorted([entry, *steps], key=_first_date) if steps else []
    return tuple(_present(step, zone, is_itself=step.key == entry.key) for step in in_order)


def present_related(entry: Entry, others: Sequence[Entry], zone: ZoneInfo) -> tuple[RelatedEntry, ...]:
    """Give the first few of the others that are no step of its mission, each with why it goes with the entry."""
    launches = launches_of(entry)
    shown = [other for other in others if other.key != entry.key and not launches_of(other) & launches]
    return tuple(_present(other, zone, _reason(entry, other)) for other in shown[:MOST_RELATED])


def launches_of(entry: Entry) -> set[str]:
    """Give the ids of the launches that an entry names, or that it is."""
    return {launch_id for launch_id, _ in launch_names(entry)}


def launch_names(entry: Entry) -> list[tuple[str, str]]:
    """Give the ids of the launches that an entry names, or that it is, with their names."""
    if isinstance(entry.detail, EventDetail):
        return [(launch.id, launch.name) for launch in entry.detail.launches]
    return [(entry.key.source_id, entry.name)]


def mission_words(launch_name: str) -> str:
    """Give the words by which entries of a launch's mission are looked for: its name without rocket and remarks."""
    mission = launch_name.rpartition(" | ")[2].partition("(")[0]
    return " ".join(tokens(mission))


def _stations(entry: Entry) -> set[int]:
    return {station.id for station in entry.detail.stations} if isinstance(entry.detail, EventDetail) else set()


def _first_date(entry: Entry) -> tuple[bool, date, str]:
    known = entry.date_range
    return known is None, date.max if known is None else known.first_date, "" if entry.date is None else str(entry.date)


def _reason(entry: Entry, other: Entry) -> str:
    if _stations(entry) & _stations(other):
        return "station"
    return "program" if {one.id for one in entry.programs} & {one.id for one in other.programs} else "day"


def _present(entry: Entry, zone: ZoneInfo, reason: str = "", *, is_itself: bool = False) -> RelatedEntry:
    words = entry.date_words_in(zone)
    return RelatedEntry(entry_path(entry, zone), launch_title(entry), entry.type.id, words, reason, is_itself)
