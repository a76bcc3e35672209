"""The record writer: invented events as Launch Library would send them, in the shape of its `EventEndpointDetailed`."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.demo.reference_data import AGENCIES, CREW, EXPEDITION, LAUNCHES, PRECISIONS, PROGRAMS, STATIONS, TYPES
from webapp.demo.scenario import Note, State, Video

Json = dict[str, Any]

_ROOT = "https://source.example.org/2.3.0"
_VIDEO_KINDS = {1: "Official Webcast", 3: "Unofficial Webcast", 6: "Recap"}
_AGENCY_KINDS = {"Government": 1, "Multinational": 2, "Commercial": 3, "Educational": 4}


def write_record(event_id: int, state: State, *, updated: datetime) -> Json:
    """Write an event's record as of `updated` (aware, UTC)."""
    return {
        "id": event_id,
        "url": f"{_ROOT}/events/{event_id}/",
        "name": state.name,
        "info_urls": [_page(url, title) for url, title in state.links],
        "vid_urls": [_video(video, is_live=state.is_live and video.kind == 1) for video in state.videos],
        "image": None,
        "date": _stamp(state.date),
        "slug": re.sub(r"[^a-z0-9]+", "-", state.name.lower()).strip("-"),
        "type": _named(state.type_id, TYPES[state.type_id]),
        "description": state.description,
        "webcast_live": state.is_live,
        "location": state.place or None,
        "date_precision": _precision(state.precision),
        "response_mode": "detailed",
        "duration": None,
        "updates": [_note(event_id, number, note) for number, note in enumerate(state.notes, start=1)],
        "last_updated": _stamp(updated.replace(tzinfo=None).isoformat()),
        "agencies": [_agency(name) for name in state.agencies],
        "launches": [_launch(name) for name in state.launches],
        "expeditions": [_expedition()] if state.station == "Lantern" else [],
        "spacestations": [_station(state.station)] if state.station else [],
        "program": [_program(name) for name in state.programs],
        "astronauts": [_astronaut(name) for name in state.crew],
    }


def _stamp(text: str | None) -> str | None:
    """Write a moment as Launch Library does, in whole seconds."""
    return datetime.fromisoformat(text).isoformat(timespec="seconds") + "Z" if text else None


def _named(number: int, name: str) -> Json:
    return {"id": number, "name": name}


def _precision(number: int | None) -> Json | None:
    if number is None:
        return None
    name, abbrev = PRECISIONS[number]
    return {"id": number, "name": name, "abbrev": abbrev, "description": f"Known to the {name.lower()}."}


def _page(url: str, title: str) -> Json:
    return {
        "priority": 10,
        "source": urlsplit(url).hostname,
        "title": title,
        "description": None,
        "feature_image": None,
        "url": url,
        "type": _named(1, "Official Page"),
        "language": {"id": 1, "name": "English", "code": "en"},
    }


def _video(video: Video, *, is_live: bool) -> Json:
    code, language = video.language
    return {
        "priority": video.priority,
        "source": urlsplit(video.url).hostname,
        "publisher": video.publisher,
        "title": video.title,
        "description": None,
        "feature_image": None,
        "url": video.url,
        "type": _named(video.kind, _VIDEO_KINDS[video.kind]),
        "language": {"id": 1, "name": language, "code": code},
        "start_time": _stamp(video.start),
        "end_time": None,
        "live": is_live,
    }


def _note(event_id: int, number: int, note: Note) -> Json:
    return {
        "id": event_id * 10 + number,
        "profile_image": None,
        "comment": note.comment,
        "info_url": None,
        "created_by": "Demo editor",
        "created_on": _stamp(note.at),
    }


def _agency(name: str) -> Json:
    number, full_name, abbrev, kind = AGENCIES[name]
    return {
        "response_mode": "list",
        "id": number,
        "url": f"{_ROOT}/agencies/{number}/",
        "name": full_name,
        "abbrev": abbrev,
        "type": _named(_AGENCY_KINDS[kind], kind),
    }


def _launch(name: str) -> Json:
    number, full_name, net, precision, (status_id, status) = LAUNCHES[name]
    return {
        "id": number,
        "url": f"{_ROOT}/launches/{number}/",
        "name": full_name,
        "response_mode": "list",
        "slug": re.sub(r"[^a-z0-9]+", "-", full_name.lower()),
        "launch_designator": None,
        "status": _named(status_id, status) | {"abbrev": status.split()[0], "description": status},
        "last_updated": _stamp(net),
        "net": _stamp(net),
        "net_precision": _precision(precision),
        "window_end": _stamp(net),
        "window_start": _stamp(net),
        "image": None,
        "infographic": None,
    }


def _station(name: str) -> Json:
    number, full_name, orbit, founded = STATIONS[name]
    return {
        "id": number,
        "url": f"{_ROOT}/space_stations/{number}/",
        "name": full_name,
        "image": None,
        "status": _named(1, "Active"),
        "founded": founded,
        "deorbited": None,
        "description": "",
        "orbit": orbit,
        "type": _named(1, "Government"),
    }


def _expedition() -> Json:
    number, name, start, end = EXPEDITION
    return {
        "id": number,
        "url": f"{_ROOT}/expeditions/{number}/",
        "name": name,
        "start": _stamp(start),
        "end": _stamp(end),
        "response_mode": "normal",
        "spacestation": _station("Lantern"),
        "mission_patches": [],
        "spacewalks": [],
    }


def _program(name: str) -> Json:
    number, full_name, description = PROGRAMS[name]
    return {
        "response_mode": "normal",
        "id": number,
        "url": f"{_ROOT}/programs/{number}/",
        "name": full_name,
        "image": None,
        "info_url": None,
        "wiki_url": None,
        "description": description,
        "agencies": [],
        "start_date": None,
        "end_date": None,
        "mission_patches": [],
        "type": _named(1, "Unknown"),
    }


def _astronaut(name: str) -> Json:
    number, full_name, agency = CREW[name]
    return {
        "id": number,
        "url": f"{_ROOT}/astronauts/{number}/",
        "name": full_name,
        "status": _named(1, "Active"),
        "agency": _agency(agency),
        "image": None,
    }
