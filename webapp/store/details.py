"""What only entries of one kind have, as JSON and back. It stands among the parts of an entry's body."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from webapp.domain.entry import CrewMember, EventDetail, Expedition, LaunchReference, Station
from webapp.domain.launch import (
    AttemptCounts,
    CelestialBody,
    LaunchDetail,
    LaunchStatus,
    LaunchWindow,
    Manufacturer,
    Mission,
    Orbit,
    Pad,
    Place,
    Rocket,
    SpacecraftFlight,
    TimelineStep,
)

Json = dict[str, Any]

_LAUNCH = "launch"  # Stands among the parts of a launch alone. Those of an event have its lists beside the others.


def detail_parts(detail: EventDetail | LaunchDetail) -> Json:
    """Give the parts of a detail by their names. The duration of an event is not among them: it has a column."""
    parts = _parts(detail)
    if isinstance(detail, LaunchDetail):
        return {_LAUNCH: parts}
    del parts["duration"]
    return parts


def detail_of(parts: Mapping[str, Any], duration: str | None) -> EventDetail | LaunchDetail:
    """Make a detail of its parts."""
    if _LAUNCH in parts:
        return _launch_detail(parts[_LAUNCH])
    return EventDetail(
        duration=duration,
        launches=tuple(LaunchReference(**with_instants(part, "date")) for part in parts["launches"]),
        stations=tuple(Station(**part) for part in parts["stations"]),
        expeditions=tuple(Expedition(**with_instants(part, "start", "end")) for part in parts["expeditions"]),
        crew=tuple(CrewMember(**part) for part in parts["crew"]),
    )


def json_value(value: object) -> object:
    """Give a value that JSON lacks as one that it has: an instant in ISO 8601, a length of time in seconds.

    A dataclass is an object with its fields: `asdict` would copy all that is in it first.
    """
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
    if is_dataclass(value):
        return _parts(value)
    raise TypeError(f"not known to JSON: {value!r}")


def with_instants(part: Json, *names: str) -> Json:
    """Give a part with the instants of these names read."""
    return part | {name: datetime.fromisoformat(part[name]) for name in names if part[name]}


def _parts(value: object) -> Json:
    return {field.name: getattr(value, field.name) for field in fields(value)}  # type: ignore[arg-type]


def _launch_detail(launch: Json) -> LaunchDetail:
    status, window = launch["status"], launch["window"]
    return LaunchDetail(
        **launch
        | {
            "status": status and LaunchStatus(**status),
            "window": window and LaunchWindow(**with_instants(window, "start", "end")),
            "rocket": _rocket(launch["rocket"]),
            "mission": _mission(launch["mission"]),
            "pad": _pad(launch["pad"]),
            "timeline": tuple(
                TimelineStep(**step | {"at": timedelta(seconds=step["at"])}) for step in launch["timeline"]
            ),
            "patches": tuple(launch["patches"]),
            "spacecraft": tuple(SpacecraftFlight(**flight) for flight in launch["spacecraft"]),
            "serial_numbers": tuple(launch["serial_numbers"]),
            "attempt_counts": AttemptCounts(**launch["attempt_counts"]),
        }
    )


def _rocket(rocket: Json | None) -> Rocket | None:
    if not rocket:
        return None
    maker = rocket["manufacturer"] and Manufacturer(**rocket["manufacturer"])
    return Rocket(**rocket | {"families": tuple(rocket["families"]), "manufacturer": maker})


def _mission(mission: Json | None) -> Mission | None:
    return (
        Mission(**mission | {"orbit": mission["orbit"] and Orbit(**_with_body(mission["orbit"]))}) if mission else None
    )


def _pad(pad: Json | None) -> Pad | None:
    return Pad(**pad | {"place": pad["place"] and Place(**_with_body(pad["place"]))}) if pad else None


def _with_body(part: Json) -> Json:
    return part | {"body": part["body"] and CelestialBody(**part["body"])}
