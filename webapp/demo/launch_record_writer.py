"""The launch record writer: invented launches in the shape of Launch Library's `LaunchDetailed`."""

from datetime import datetime
from typing import Final

from webapp.demo.launch_reference_data import ORBITS, PADS, ROCKETS, SITES, STATUSES
from webapp.demo.record_parts import (
    IMAGES,
    ROOT,
    Json,
    write_agency,
    write_image,
    write_named,
    write_note,
    write_page,
    write_precision,
    write_program,
    write_slug,
    write_stamp,
    write_video,
)
from webapp.demo.scenario import LaunchState

_LAUNCHES: Final = (
    "total_launch_count", "consecutive_successful_launches", "successful_launches", "failed_launches",
    "pending_launches",
)  # fmt: skip
_LANDINGS: Final = (
    "attempted_landings", "successful_landings", "failed_landings", "consecutive_successful_landings",
)  # fmt: skip
_AGENCY_LANDINGS: Final = (
    "consecutive_successful_landings", "successful_landings", "failed_landings", "attempted_landings",
    "successful_landings_spacecraft", "failed_landings_spacecraft", "attempted_landings_spacecraft",
    "successful_landings_payload", "failed_landings_payload", "attempted_landings_payload",
)  # fmt: skip
_UNKNOWN_MEASURES: Final = (
    "length", "diameter", "maiden_flight", "launch_cost", "launch_mass", "leo_capacity", "gto_capacity",
    "geo_capacity", "sso_capacity", "to_thrust", "apogee",
)  # fmt: skip
_ATTEMPTS: Final = tuple(
    f"{what}_launch_attempt_count{of}" for of in ("", "_year") for what in ("orbital", "location", "pad", "agency")
)
_COUNTRY: Final = {
    "id": 9901, "name": "Nowhere", "alpha_2_code": "", "alpha_3_code": "", "nationality_name": "",
    "nationality_name_composed": "",
}  # fmt: skip


def write_launch_record(launch_id: str, state: LaunchState, *, updated: datetime) -> Json:
    """Write a launch's record as of `updated` (aware, UTC)."""
    start, end = state.window or (state.date, state.date)
    # A note's number is a whole one: the last digits of its launch's id count the launches.
    number = int(launch_id[-6:])
    return {
        "id": launch_id,
        "url": f"{ROOT}/launches/{launch_id}/",
        "name": state.name,
        "response_mode": "detailed",
        "slug": write_slug(state.name),
        "launch_designator": None,
        "status": _status(state.status),
        "last_updated": write_stamp(updated.replace(tzinfo=None).isoformat()),
        "net": write_stamp(state.date),
        "net_precision": write_precision(state.precision),
        "window_end": write_stamp(end),
        "window_start": write_stamp(start),
        "image": write_image(state.picture),
        "infographic": None,
        "probability": state.probability,
        "weather_concerns": state.weather_concerns or None,
        "failreason": state.reason,
        "hashtag": None,
        "launch_service_provider": _agency(_maker(state)),
        "rocket": _rocket(number, state.rocket),
        "mission": _mission(number, state),
        "pad": _pad(state.pad),
        "webcast_live": state.is_live,
        "program": [write_program(name) for name in state.programs],
        **dict.fromkeys(_ATTEMPTS),
        "flightclub_url": None,
        "updates": [write_note(number, place, note) for place, note in enumerate(state.notes, start=1)],
        "info_urls": [write_page(url, title) for url, title in state.links],
        "vid_urls": [write_video(video, is_live=state.is_live and video.kind == 1) for video in state.videos],
        "timeline": [_timeline_step(*step) for step in state.timeline],
        "pad_turnaround": "",
        "mission_patches": [_patch(number, name, _maker(state)) for name in state.patches],
    }


def _maker(state: LaunchState) -> str:
    """Name the agency that launches: each launches its own rockets."""
    return ROCKETS[state.rocket][3]


def _status(number: int) -> Json:
    name, abbrev = STATUSES[number]
    return {"id": number, "name": name, "abbrev": abbrev, "description": f"{name}."}


def _agency(name: str) -> Json:
    return (
        write_agency(name)
        | {"response_mode": "normal", "featured": False, "country": [_COUNTRY], "description": None}
        | dict.fromkeys(("administrator", "founding_year"))
        | {"launchers": "", "spacecraft": "", "parent": None}
        | dict.fromkeys(("image", "logo", "social_logo"))
        | dict.fromkeys((*_LAUNCHES, *_AGENCY_LANDINGS))
        | {"info_url": None, "wiki_url": None, "social_media_links": []}
    )


def _rocket(number: int, name: str) -> Json:
    rocket_id, short_name, full_name, maker = ROCKETS[name]
    configuration = (
        {
            "response_mode": "detailed",
            "id": rocket_id,
            "url": f"{ROOT}/launcher_configurations/{rocket_id}/",
            "name": short_name,
            "families": [],
            "full_name": full_name,
            "variant": full_name.removeprefix(short_name).strip(),
            "active": True,
            "is_placeholder": False,
            "manufacturer": _agency(maker),
            "program": [],
            "reusable": False,
            "image": None,
            "info_url": None,
            "wiki_url": None,
            "description": "",
            "alias": "",
            "min_stage": 2,
            "max_stage": 2,
        }
        | dict.fromkeys(_UNKNOWN_MEASURES)
        | dict.fromkeys((*_LAUNCHES, *_LANDINGS))
        | {"fastest_turnaround": None}
    )
    return {"id": number, "configuration": configuration, "launcher_stage": [], "spacecraft_stage": [], "payloads": []}


def _mission(number: int, state: LaunchState) -> Json:
    orbit_id, orbit, abbrev = ORBITS[state.orbit]
    earth = {"response_mode": "list", "id": 1, "name": "Earth"}
    return {
        "id": number,
        "name": state.mission,
        "type": state.mission_type,
        "description": state.description,
        "image": None,
        "orbit": {"id": orbit_id, "name": orbit, "abbrev": abbrev, "celestial_body": earth},
        "agencies": [_agency(name) for name in state.agencies],
        "info_urls": [],
        "vid_urls": [],
    }


def _pad(name: str) -> Json:
    number, pad_name, site = PADS[name]
    nothing = ("image", "description", "info_url", "wiki_url", "map_url", "latitude", "longitude")
    return (
        {"id": number, "url": f"{ROOT}/pads/{number}/", "active": True, "agencies": [], "name": pad_name}
        | dict.fromkeys(nothing)
        | {"country": _COUNTRY, "map_image": None}
        | dict.fromkeys(("total_launch_count", "orbital_launch_attempt_count", "fastest_turnaround"))
        | {"location": _site(site)}
    )


def _site(name: str) -> Json:
    number, full_name, zone = SITES[name]
    return {
        "response_mode": "normal",
        "id": number,
        "url": f"{ROOT}/locations/{number}/",
        "name": full_name,
        "celestial_body": _earth(),
        "active": True,
        "country": _COUNTRY,
        "description": None,
        "image": None,
        "map_image": None,
        "longitude": None,
        "latitude": None,
        "timezone_name": zone,
        "total_launch_count": None,
        "total_landing_count": None,
    }


def _earth() -> Json:
    measures = ("diameter", "mass", "gravity", "length_of_day")
    counts = (
        "total_attempted_launches", "successful_launches", "failed_launches", "total_attempted_landings",
        "successful_landings", "failed_landings",
    )  # fmt: skip
    return (
        {"response_mode": "normal", "id": 1, "name": "Earth", "type": write_named(1, "Planet")}
        | dict.fromkeys(measures)
        | {"atmosphere": True, "image": _image(9951, "Earth"), "description": None, "wiki_url": None}
        | dict.fromkeys(counts, 0)
    )


def _image(number: int, name: str) -> Json:
    """Write a picture, which the source has of a celestial body whatever else it lacks."""
    address = f"{IMAGES}/{number}.png"
    return {
        "id": number,
        "name": name,
        "image_url": address,
        "thumbnail_url": address,
        "credit": None,
        "license": {"id": 0, "name": "Unknown", "priority": 9, "link": None},
        "single_use": True,
        "variants": [],
    }


def _timeline_step(name: str, at: str) -> Json:
    """Write a step by its name and its time from lift-off, such as `-PT38M`."""
    return {"type": {"id": 1, "abbrev": name, "description": ""}, "relative_time": at}


def _patch(number: int, name: str, agency: str) -> Json:
    return {
        "id": number,
        "name": name,
        "priority": 10,
        "image_url": f"{IMAGES}/patches/{number}.png",
        "agency": write_agency(agency),
        "response_mode": "normal",
    }
