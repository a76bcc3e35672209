"""Launches at the edges of what a query means: with all that only detailed records carry, and with hardly anything."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from tests.fake_ll2 import Record, make_launch
from tests.fake_ll2.catalogue import precision
from tests.fake_ll2.launch_parts import launch_status, mission_object, pad_object, rocket_object

_BODIES = ({"id": 1, "name": "Earth"}, {"id": 2, "name": "Moon"}, None)
_ORBITS = (
    {"id": 15, "name": "Suborbital", "abbrev": "Sub"}, {"id": 99, "name": "Hop", "abbrev": "Sub"},
    {"id": 11, "name": "Lunar Orbit", "abbrev": "LO"}, {"id": 6, "name": "LUNAR flyby 100%", "abbrev": ""},
    {"id": None, "name": "Low Earth Orbit", "abbrev": ""}, {"id": 8, "name": "", "abbrev": "LEO"}, None,
)  # fmt: skip
_MISSIONS = ("Human Exploration", "Tourism", "Test Flight", "", "Communications")
_MAKERS = ({"id": 1, "name": "Straße & Söhne", "abbrev": "S&S"}, {"id": 2, "name": "Ω_Maker", "abbrev": ""}, None)
_CRAFT = ("Dragon C212", "STRASSE 1", "100% Tanker", "")
_EDGES = (
    "0001-01-01T00:00:01Z", "9999-12-31T23:59:59Z", "2026-02-27T09:30:00Z", "2026-02-28T09:30:00Z",
    "2026-03-01T09:29:59Z", "2026-03-01T09:30:00Z", "2026-03-31T00:00:00Z", "2026-12-31T00:00:00Z",
)  # fmt: skip
_WINDOWS = (
    ("2026-02-28T09:00:00Z", "2026-03-01T09:30:00Z"), ("2026-02-28T09:30:00Z", "2026-03-01T09:30:00Z"),
    ("2026-02-28T09:30:00Z", "2026-03-01T09:30:01Z"), ("2026-02-28T12:00:00Z", "2026-02-28T10:00:00Z"),
    ("2026-02-28T09:30:00Z", None), (None, None),
)  # fmt: skip


def tricky_launches(first: int = 2001) -> list[Record]:
    """Give about 120 of them, numbered from `first` on."""
    return [make_launch(number) | fields for number, fields in zip(count(first), _fields(), strict=False)]


def _fields() -> Iterator[Record]:
    for moment in _EDGES:
        for number in (0, 1, 2, 5, 7, 11, 15, 16):
            yield {"net": moment, "net_precision": precision(number), "window_start": None, "window_end": None}
        yield {"net": moment, "net_precision": None, "status": None}
    for opens, closes in _WINDOWS:
        yield {"net": "2026-02-28T09:30:00Z", "net_precision": precision(1), "status": launch_status(5),
               "window_start": opens, "window_end": closes}  # fmt: skip
    yield {"net": None, "net_precision": precision(5), "status": launch_status(8)}
    yield {"net": None, "net_precision": None, "status": None, "last_updated": None, "slug": "", "program": None}
    for number in range(24):
        yield {"rocket": _rocket(number), "mission": _mission(number), "pad": _pad(number)}
    yield {"rocket": None, "mission": None, "pad": None, "launch_service_provider": None, "vid_urls": None}
    yield {"name": "Σίσυφος | Straße", "launch_designator": "2026-Ω", "orbital_launch_attempt_count": None}
    yield {"name": "ΣΊΣΥΦΟΣ | STRASSE", "slug": "sisyphos", "launch_designator": "2026-Ω"}


def _rocket(number: int) -> Record:
    rocket = rocket_object(number, 164)
    flights = [_flight(number + each) for each in range(number % 3)]
    configuration = rocket["configuration"] | {"manufacturer": _MAKERS[number % 3], "name": ["Carrier", ""][number % 2]}
    stages = [{"launcher": {"serial_number": f"B{1000 + (number + each) % 7}"}} for each in range(number % 4)]
    return rocket | {"configuration": configuration, "launcher_stage": stages, "spacecraft_stage": flights}


def _flight(number: int) -> Record:
    craft: dict[str, Any] = {"id": number % 5 + 1, "name": _CRAFT[number % len(_CRAFT)]}
    crew = [{"id": 1}] if number % 4 == 0 else []
    return {"spacecraft": craft | {"spacecraft_config": {"id": number % 3 + 1}}, "launch_crew": crew}


def _mission(number: int) -> Record:
    mission = mission_object(number, f"Tricky {number}", "It flies.", orbit=8, agencies=[])
    orbit = _ORBITS[number % len(_ORBITS)]
    aimed = orbit and orbit | {"celestial_body": _BODIES[number % len(_BODIES)]}
    return mission | {"orbit": aimed, "type": _MISSIONS[number % len(_MISSIONS)]}


def _pad(number: int) -> Record:
    pad = pad_object(80)
    place = pad["location"] | {"celestial_body": _BODIES[number % len(_BODIES)]}
    return pad | {"location": place if number % 5 else None, "name": ["Pad Ω", ""][number % 2]}
