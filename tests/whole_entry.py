"""An event and a launch of which every field and every part holds something, and how to vary any of their fields."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import make_entry, make_webcast
from tests.keys import event_key, launch_key
from webapp.domain.entry import (
    LAUNCH_TYPE,
    Agency,
    CrewMember,
    Entry,
    EntryKey,
    EventDetail,
    Expedition,
    LaunchReference,
    Link,
    Picture,
    Program,
    Station,
    Update,
)
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

_DAY = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)
_EARTH = CelestialBody(1, "Earth")

_OTHER_ZONES = {"Europe/Paris": "Asia/Tokyo"}

WHOLE_EVENT = make_entry(
    description="They dock.",
    location="Low orbit",
    picture=Picture("https://a.example/1.png", None, "A", "B", None, single_use=False),
    webcasts=(make_webcast(start=_DAY, end=_DAY),),
    links=(Link("https://a.example/more", "More", "All of it", "a.example", "Article", "English", 1),),
    updates=(Update(1, "It is on.", "An editor", _DAY, "https://a.example/said"),),
    agencies=(Agency(1, "Agency", "A"),),
    programs=(Program(1, "Program"),),
    last_updated=_DAY,
    detail=EventDetail(
        duration="PT1H",
        launches=(LaunchReference("a", "Meridian 1", _DAY, 1, "Go"),),
        stations=(Station(1, "Station", "Low orbit"),),
        expeditions=(Expedition(1, "Expedition", _DAY, _DAY),),
        crew=(CrewMember(1, "Somebody", "Agency"),),
    ),
)

WHOLE_LAUNCH = replace(
    WHOLE_EVENT,
    key=launch_key(1),
    date=_DAY,
    type=LAUNCH_TYPE,
    detail=LaunchDetail(
        status=LaunchStatus(1, "Go for Launch", "Go"),
        window=LaunchWindow(_DAY, _DAY + timedelta(hours=1)),
        rocket=Rocket(1, "Carrier", "Carrier 2", ("Carriers",), Manufacturer("Maker", "M")),
        mission=Mission("Meridian 1", "Communications", Orbit(8, "Low Earth Orbit", "LEO", _EARTH)),
        pad=Pad(1, "Pad 1", Place(1, "Spaceport", "Europe/Paris", _EARTH)),
        provider_id=1,
        probability=70,
        weather_concerns="Cumulus Cloud Rule",
        outcome_reason="It did not ignite.",
        timeline=(TimelineStep("Liftoff", "It moves.", timedelta(0), 10),),
        patches=("Patch",),
        designator="2026-001",
        status_description="It is confirmed.",
        spacecraft=(SpacecraftFlight(1, "Capsule", 1, is_crewed=True),),
        serial_numbers=("B1",),
        attempt_counts=AttemptCounts(*range(1, 9)),
    ),
)


def whole_with(kind: type) -> Entry:
    """Give the one of the two that has a part of that class."""
    return WHOLE_EVENT if _varied(WHOLE_EVENT, kind, fields(kind)[0].name) is not None else WHOLE_LAUNCH


def other(value: Any) -> Any:
    """Give another value of the same sort."""
    changed: Any
    match value:
        case bool():
            changed = not value
        case int():
            changed = value + 1
        case str():
            changed = _OTHER_ZONES.get(value, f"{value}-other")
        case datetime():
            changed = value + timedelta(days=400)
        case timedelta():
            changed = value + timedelta(seconds=1)
        case EntryKey():
            changed = event_key(int(value.source_id) + 1)
        case tuple():
            changed = ()
        case _:
            changed = _other_part(value)
    return changed


def _other_part(whole: Any) -> Any:
    given = {field.name: getattr(whole, field.name) for field in fields(whole)}
    # What is reported of an event's detail is varied by itself.
    varied_names = {"duration"} if isinstance(whole, EventDetail) else set(given)
    return replace(whole, **{name: other(given[name]) for name in varied_names if given[name] is not None})


def varied(kind: type, name: str) -> Entry:
    """Give the whole entry with that field, of its own or of its part of that class, changed."""
    changed: Entry | None = _varied(whole_with(kind), kind, name)
    if changed is None:
        raise LookupError(kind)
    return changed


def _varied(whole: Any, kind: type, name: str) -> Any:
    """Give it with that field changed, of its own or of its first part of that class; `None` if it has no such part."""
    if type(whole) is kind:
        return _changed(whole, name)
    for field in fields(whole):
        value = getattr(whole, field.name)
        part = value[0] if isinstance(value, tuple) else value
        if is_dataclass(part) and (changed := _varied(part, kind, name)) is not None:
            parts: dict[str, Any] = {field.name: (changed,) if isinstance(value, tuple) else changed}
            return replace(whole, **parts)
    return None


def _changed(whole: Any, name: str) -> Any:
    return replace(whole, **{name: other(getattr(whole, name))})
