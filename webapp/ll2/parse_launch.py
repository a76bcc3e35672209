"""Parsing of a launch's record, in any of LL2's modes; as tolerant as that of an event's (`parse.py`)."""

from collections.abc import Iterator

from webapp.domain.entry import LAUNCH_TYPE, Agency, Entry, EntryKey, EntryKind
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
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.zones import zone_named
from webapp.ll2.fields import Fields
from webapp.ll2.identity import RottenRecordError, launch_id_of, parse_name
from webapp.ll2.parts import (
    parse_agencies,
    parse_links,
    parse_picture,
    parse_precision_id,
    parse_programs,
    parse_slug,
    parse_updates,
    parse_webcasts,
)


def parse_launch(record: object, unread: set[str] | None = None) -> Entry:
    """Read what a record says of its launch. What cannot be read is named in `unread`.

    Raises `RottenRecordError` where it has no id or no name. A mode that leaves a field out makes it a missing one.
    """
    if not isinstance(record, dict):
        raise RottenRecordError("record: not an object")
    launch_id = launch_id_of(record)
    if launch_id is None:
        raise RottenRecordError("id: not a UUID")
    fields = Fields(record, set() if unread is None else unread)
    mission = fields.inner("mission")
    detail = _parse_detail(fields, mission)
    return Entry(
        key=EntryKey(EntryKind.LAUNCH, launch_id),
        name=parse_name(record),
        slug=parse_slug(fields),
        type=LAUNCH_TYPE,
        date=fields.moment("net"),
        precision_id=parse_precision_id(fields.inner("net_precision")),
        description=mission.text("description"),
        location=_location(detail.pad),
        webcast_live=fields.flag("webcast_live"),
        picture=parse_picture(fields.inner("image")),
        webcasts=tuple(parse_webcasts(fields)),
        links=tuple(parse_links(fields)),
        updates=tuple(parse_updates(fields)),
        agencies=tuple(_parse_agencies(fields, mission)),
        programs=tuple(parse_programs(fields)),
        last_updated=fields.stamp("last_updated"),
        detail=detail,
    )


def _parse_detail(fields: Fields, mission: Fields) -> LaunchDetail:
    rocket = fields.inner("rocket")
    return LaunchDetail(
        status=_parse_status(fields.inner("status")),
        window=_parse_window(fields),
        rocket=_parse_rocket(rocket.inner("configuration")),
        mission=_parse_mission(mission),
        pad=_parse_pad(fields.inner("pad")),
        provider_id=fields.inner("launch_service_provider").id(),
        probability=_parse_probability(fields),
        weather_concerns=fields.line("weather_concerns"),
        outcome_reason=fields.text("failreason").strip(),
        timeline=tuple(_parse_timeline(fields)),
        patches=tuple(name for part in fields.parts("mission_patches") if (name := part.line("name"))),
        designator=fields.line("launch_designator"),
        status_description=fields.inner("status").line("description"),
        spacecraft=tuple(_parse_spacecraft(rocket)),
        serial_numbers=tuple(_parse_serial_numbers(rocket)),
        attempt_counts=_parse_attempt_counts(fields),
    )


def _parse_status(status: Fields) -> LaunchStatus | None:
    status_id = status.id()
    return None if status_id is None else LaunchStatus(status_id, status.line("name"), status.line("abbrev"))


def _parse_window(fields: Fields) -> LaunchWindow | None:
    start, end = fields.moment("window_start"), fields.moment("window_end")
    if start is None or end is None:
        return None
    if end < start:
        fields.note_unread("window_end")
        return None
    return LaunchWindow(start, end)


def _parse_rocket(configuration: Fields) -> Rocket | None:
    families = tuple(name for part in configuration.parts("families") if (name := part.line("name")))
    name, full_name = configuration.line("name"), configuration.line("full_name")
    if not name and not full_name:
        return None
    maker = configuration.inner("manufacturer")
    made_by = Manufacturer(maker.line("name"), maker.line("abbrev"))
    return Rocket(configuration.id(), name or full_name, full_name or name, families, made_by if made_by.name else None)


def _parse_spacecraft(rocket: Fields) -> Iterator[SpacecraftFlight]:
    for flight in rocket.parts("spacecraft_stage"):
        spacecraft = flight.inner("spacecraft")
        configuration_id = spacecraft.inner("spacecraft_config").id()
        is_crewed = any(True for _ in flight.parts("launch_crew"))
        yield SpacecraftFlight(spacecraft.id(), spacecraft.line("name"), configuration_id, is_crewed)


def _parse_serial_numbers(rocket: Fields) -> Iterator[str]:
    for stage in rocket.parts("launcher_stage"):
        if serial_number := stage.inner("launcher").line("serial_number"):
            yield serial_number


def _parse_attempt_counts(fields: Fields) -> AttemptCounts:
    counts = {
        f"{what}{of}": fields.whole_number(f"{what}_launch_attempt_count{of}", least=-LARGEST_ID, most=LARGEST_ID)
        for what in ("orbital", "location", "pad", "agency")
        for of in ("", "_year")
    }
    return AttemptCounts(**counts)


def _parse_body(body: Fields) -> CelestialBody | None:
    body_id = body.id()
    return None if body_id is None else CelestialBody(body_id, body.line("name"))


def _parse_mission(mission: Fields) -> Mission | None:
    name, type_name, orbit = mission.line("name"), mission.line("type"), _parse_orbit(mission.inner("orbit"))
    return Mission(name, type_name, orbit) if name or type_name or orbit else None


def _parse_orbit(orbit: Fields) -> Orbit | None:
    name = orbit.line("name")
    if not name:
        return None
    return Orbit(orbit.id(), name, orbit.line("abbrev"), _parse_body(orbit.inner("celestial_body")))


def _parse_pad(pad: Fields) -> Pad | None:
    name, place = pad.line("name"), _parse_place(pad.inner("location"))
    return Pad(pad.id(), name, place) if name or place else None


def _parse_place(location: Fields) -> Place | None:
    name = location.line("name")
    if not name:
        return None
    return Place(location.id(), name, _parse_zone_name(location), _parse_body(location.inner("celestial_body")))


def _parse_zone_name(location: Fields) -> str:
    name = location.line("timezone_name")
    if not name:
        return ""
    try:
        return zone_named(name).key
    except ValueError:
        location.note_unread("timezone_name")
        return ""


def _location(pad: Pad | None) -> str:
    """Say where a pad is: its name, and that of its place."""
    if pad is None:
        return ""
    return ", ".join(filter(None, (pad.name, pad.place.name if pad.place else "")))


def _parse_agencies(fields: Fields, mission: Fields) -> Iterator[Agency]:
    """Give the agency that launches, then those of the mission, each once."""
    provider = fields.inner("launch_service_provider")
    provider_id = provider.id()
    if provider_id is not None:
        yield Agency(provider_id, provider.line("name"), provider.line("abbrev"))
    yield from (agency for agency in parse_agencies(mission) if agency.id != provider_id)


def _parse_probability(fields: Fields) -> int | None:
    probability = fields.whole_number("probability", least=-1, most=100)
    return None if probability == -1 else probability  # -1 stands for an unknown one.


def _parse_timeline(fields: Fields) -> Iterator[TimelineStep]:
    """Read those steps that have a name and a time."""
    for part in fields.parts("timeline"):
        step, at = part.inner("type"), part.length("relative_time")
        if at is not None and (name := step.line("abbrev")):
            yield TimelineStep(name, step.line("description"), at, step.id())
