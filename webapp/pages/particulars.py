"""The particulars of an entry: who takes part, and what it belongs with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

from webapp.domain.entry import Agency, Entry, EventDetail, Expedition, date_words
from webapp.domain.launch import LaunchDetail
from webapp.domain.query import Filter, Query
from webapp.domain.text import isolated
from webapp.domain.words import MOST_LISTED, day_words
from webapp.domain.zones import UTC_ZONE
from webapp.web.addresses import entry_path, timeline_path

_UNKNOWN = "Unknown"  # The source's word for a mission whose type it does not know.


@dataclass(frozen=True, slots=True)
class Particular:
    """One of them. `note` is told smaller beside it; `path` leads to it, or to the upcoming entries that share it."""

    words: str
    note: str = ""
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Particulars:
    """Those of one kind, under their name: the first of them, and how many more there are."""

    title: str
    lines: tuple[Particular, ...]
    more: int = 0


def present_particulars(
    entry: Entry, zone: ZoneInfo = UTC_ZONE, launches: Mapping[str, Entry] = MappingProxyType({})
) -> tuple[Particulars, ...]:
    """Give what there is of each kind, clock times in this zone; a kind of which there is nothing is left out.

    `launches` has, by their ids, the launches that are at hand: those that an event names have pages to lead to.
    """
    return tuple(particulars for particulars in _all(entry, zone, launches) if particulars.lines)


def _all(entry: Entry, zone: ZoneInfo, launches: Mapping[str, Entry]) -> Iterator[Particulars]:
    if isinstance(entry.detail, LaunchDetail):
        yield from _of_launch(entry.detail, entry.provider)
    yield _named(
        "Agency",
        "Agencies",
        [
            Particular(isolated(agency.name), path=_upcoming(Filter(agency_ids=(agency.id,))))
            for agency in entry.agencies
        ],
    )
    yield _named(
        "Program",
        "Programs",
        [
            Particular(isolated(program.name), path=_upcoming(Filter(program_ids=(program.id,))))
            for program in entry.programs
        ],
    )
    if isinstance(entry.detail, EventDetail):
        yield from _of_event(entry.detail, zone, launches)


def _of_launch(detail: LaunchDetail, provider: Agency | None) -> Iterator[Particulars]:
    if detail.rocket:
        yield _named("Rocket", "Rockets", [Particular(isolated(detail.rocket.full_name))])
    if detail.mission:
        mission, orbit = detail.mission, detail.mission.orbit
        kind = "" if mission.type == _UNKNOWN else isolated(mission.type)
        words = isolated(mission.name) or kind
        yield _named("Mission", "Missions", [Particular(words, kind)] if words else [])
        yield _named("Orbit", "Orbits", [Particular(isolated(orbit.name))] if orbit else [])
    if provider:
        path = _upcoming(Filter(provider_ids=(provider.id,)))
        yield _named("Launch provider", "Launch providers", [Particular(isolated(provider.name), path=path)])
    yield _named("Mission patch", "Mission patches", [Particular(isolated(name)) for name in detail.patches])


def _of_event(detail: EventDetail, zone: ZoneInfo, launches: Mapping[str, Entry]) -> Iterator[Particulars]:
    yield _named(
        "Launch",
        "Launches",
        [
            Particular(
                isolated(launch.name),
                ", ".join(filter(None, (date_words(launch.date, launch.precision_id, zone), isolated(launch.status)))),
                path=entry_path(launches[launch.id], zone) if launch.id in launches else None,
            )
            for launch in detail.launches
        ],
    )
    yield _named(
        "Station",
        "Stations",
        [Particular(isolated(station.name), isolated(station.orbit)) for station in detail.stations],
    )
    yield _named(
        "Expedition",
        "Expeditions",
        [Particular(isolated(expedition.name), _stay(expedition)) for expedition in detail.expeditions],
    )
    yield _named("Crew", "Crew", [Particular(isolated(member.name), isolated(member.agency)) for member in detail.crew])


def _named(one: str, several: str, lines: list[Particular]) -> Particulars:
    return Particulars(
        one if len(lines) == 1 else several, tuple(lines[:MOST_LISTED]), max(len(lines) - MOST_LISTED, 0)
    )


def _upcoming(shared: Filter) -> str:
    return timeline_path(Query(shared))


def _stay(expedition: Expedition) -> str:
    start = f"from {day_words(expedition.start.date())}" if expedition.start else ""
    end = f"until {day_words(expedition.end.date())}" if expedition.end else ""
    return " ".join(filter(None, (start, end)))
