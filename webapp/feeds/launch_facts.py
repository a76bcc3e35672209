"""What only launches have, as labelled lines and as values for programs."""

from collections.abc import Iterator
from typing import Any

from webapp.domain.entry import Entry
from webapp.domain.instants import iso_utc
from webapp.domain.launch import LaunchDetail, LaunchWindow, Mission, Rocket, StatusKind
from webapp.domain.precision import ClockRange
from webapp.domain.text import isolated, one_line, shortened
from webapp.domain.words import day_words

Fact = tuple[str, str]

_LONGEST_REASON = 2_048  # As long as Launch Library's own may be.
_SAID_IN_TITLE = {
    StatusKind.TO_BE_CONFIRMED,
    StatusKind.ON_HOLD,
    StatusKind.FAILURE,
    StatusKind.PARTIAL_FAILURE,
}


def title_of(entry: Entry) -> str:
    """Name an entry; a launch that is not to be relied on, or that failed, says so first: `On hold: Carrier | Tern`."""
    name = isolated(entry.name)
    status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
    return f"{status.words}: {name}" if status is not None and status.kind in _SAID_IN_TITLE else name


def status_facts(entry: Entry, launch: LaunchDetail) -> Iterator[Fact]:
    """Give how a launch stands, or how it ended and why."""
    if launch.status is None:
        return
    reason = one_line(_reason_of(launch)) if launch.status.is_outcome else ""
    words = isolated(launch.status.words)
    yield "Outcome" if entry.has_outcome else "Status", f"{words}. {isolated(reason)}" if reason else words


def window_facts(entry: Entry, launch: LaunchDetail) -> Iterator[Fact]:
    """Give the launch window, which says something beside a clock time only."""
    if launch.window is not None and isinstance(entry.date_range, ClockRange):
        yield "Launch window", _window_words(launch.window)


def flight_facts(entry: Entry, launch: LaunchDetail) -> Iterator[Fact]:
    """Give what flies, for whom, from where, and what the weather promises until it does."""
    if launch.rocket is not None:
        yield "Rocket", isolated(launch.rocket.full_name)
    if launch.mission is not None:
        yield "Mission", _mission_words(launch.mission)
        yield "Orbit", isolated(launch.mission.orbit.name) if launch.mission.orbit else ""
    yield "Pad", isolated(entry.location)
    yield "Provider", isolated(entry.provider.name) if entry.provider else ""
    if launch.status is None or not launch.status.has_lifted_off:
        yield "Weather", _weather_words(launch)


def launch_values(entry: Entry, launch: LaunchDetail) -> dict[str, Any]:
    """Give what a program wants of a launch, each value `None` where it is not known."""
    status, mission, pad, window = launch.status, launch.mission, launch.pad, launch.window
    place = pad.place if pad else None
    return {
        "status": {"id": status.id, "name": status.name, "words": status.words} if status else None,
        "is_outcome": entry.has_outcome,
        "outcome_reason": _reason_of(launch) or None,
        "launch_window": {"start": iso_utc(window.start), "end": iso_utc(window.end)} if window else None,
        "rocket": _rocket_values(launch.rocket),
        "mission": mission.name if mission else None,
        "mission_type": mission.type if mission else None,
        "orbit": mission.orbit.name if mission and mission.orbit else None,
        "provider": entry.provider.name if entry.provider else None,
        "pad": pad.name if pad else None,
        "site": place.name if place else None,
        "time_zone": place.zone_name or None if place else None,
        "weather_probability": launch.probability,
        "weather_concerns": launch.weather_concerns or None,
    }


def _reason_of(launch: LaunchDetail) -> str:
    return shortened(launch.outcome_reason, _LONGEST_REASON)


def _rocket_values(rocket: Rocket | None) -> dict[str, Any] | None:
    return None if rocket is None else {"id": rocket.id, "name": rocket.name, "full_name": rocket.full_name}


def _window_words(window: LaunchWindow) -> str:
    """Say a launch window in UTC: `07:00 to 09:30 UTC`, with its days where it lasts past midnight."""
    start, end = window.start, window.end
    if start == end:
        return "Instantaneous"
    clock = "%H:%M:%S" if start.second or end.second else "%H:%M"
    if start.date() == end.date():
        return f"{start:{clock}} to {end:{clock}} UTC"
    return f"{day_words(start.date())}, {start:{clock}} to {day_words(end.date())}, {end:{clock}} UTC"


def _mission_words(mission: Mission) -> str:
    kind = "" if mission.type == "Unknown" else mission.type
    name, kind = isolated(mission.name), isolated(kind)
    return f"{name} ({kind})" if name and kind else name or kind


def _weather_words(launch: LaunchDetail) -> str:
    chance = "" if launch.probability is None else f"{launch.probability} % favourable"
    concerns = f"concerns: {isolated(launch.weather_concerns)}" if launch.weather_concerns else ""
    words = "; ".join(filter(None, (chance, concerns)))
    return words[:1].upper() + words[1:]
