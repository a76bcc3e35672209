"""The record writer: invented events as Launch Library would send them, in the shape of its `EventEndpointDetailed`."""

from datetime import datetime

from webapp.demo.record_parts import (
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
from webapp.demo.reference_data import CREW, EXPEDITION, LAUNCHES, STATIONS, TYPES
from webapp.demo.scenario import State


def write_record(event_id: int, state: State, *, updated: datetime) -> Json:
    """Write an event's record as of `updated` (aware, UTC)."""
    return {
        "id": event_id,
        "url": f"{ROOT}/events/{event_id}/",
        "name": state.name,
        "info_urls": [write_page(url, title) for url, title in state.links],
        "vid_urls": [write_video(video, is_live=state.is_live and video.kind == 1) for video in state.videos],
        "image": write_image(state.picture),
        "date": write_stamp(state.date),
        "slug": write_slug(state.name),
        "type": write_named(state.type_id, TYPES[state.type_id]),
        "description": state.description,
        "webcast_live": state.is_live,
        "location": state.place or None,
        "date_precision": write_precision(state.precision),
        "response_mode": "detailed",
        "duration": None,
        "updates": [write_note(event_id, number, note) for number, note in enumerate(state.notes, start=1)],
        "last_updated": write_stamp(updated.replace(tzinfo=None).isoformat()),
        "agencies": [write_agency(name) for name in state.agencies],
        "launches": [_launch(name) for name in state.launches],
        "expeditions": [_expedition()] if state.station == "Lantern" else [],
        "spacestations": [_station(state.station)] if state.station else [],
        "program": [write_program(name) for name in state.programs],
        "astronauts": [_astronaut(name) for name in state.crew],
    }


def _launch(name: str) -> Json:
    number, full_name, net, precision, (status_id, status) = LAUNCHES[name]
    return {
        "id": number,
        "url": f"{ROOT}/launches/{number}/",
        "name": full_name,
        "response_mode": "list",
        "slug": write_slug(full_name),
        "launch_designator": None,
        "status": write_named(status_id, status) | {"abbrev": status.split()[0], "description": status},
        "last_updated": write_stamp(net),
        "net": write_stamp(net),
        "net_precision": write_precision(precision),
        "window_end": write_stamp(net),
        "window_start": write_stamp(net),
        "image": None,
        "infographic": None,
    }


def _station(name: str) -> Json:
    number, full_name, orbit, founded = STATIONS[name]
    return {
        "id": number,
        "url": f"{ROOT}/space_stations/{number}/",
        "name": full_name,
        "image": None,
        "status": write_named(1, "Active"),
        "founded": founded,
        "deorbited": None,
        "description": "",
        "orbit": orbit,
        "type": write_named(1, "Government"),
    }


def _expedition() -> Json:
    number, name, start, end = EXPEDITION
    return {
        "id": number,
        "url": f"{ROOT}/expeditions/{number}/",
        "name": name,
        "start": write_stamp(start),
        "end": write_stamp(end),
        "response_mode": "normal",
        "spacestation": _station("Lantern"),
        "mission_patches": [],
        "spacewalks": [],
    }


def _astronaut(name: str) -> Json:
    number, full_name, agency = CREW[name]
    return {
        "id": number,
        "url": f"{ROOT}/astronauts/{number}/",
        "name": full_name,
        "status": write_named(1, "Active"),
        "agency": write_agency(agency),
        "image": None,
    }
