"""The parts that records of events and of launches share, in the shape of Launch Library's own."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from webapp.demo.reference_data import AGENCIES, LICENSES, PICTURES, PRECISIONS, PROGRAMS
from webapp.demo.scenario import Note, Video

Json = dict[str, Any]

ROOT = "https://source.example.org/2.3.0"
"""Where the invented source would answer."""

IMAGES = "https://images.example.org"
"""Where the invented source would keep its pictures."""

_VIDEO_KINDS = {1: "Official Webcast", 3: "Unofficial Webcast", 4: "Unofficial Re-stream", 6: "Recap"}
_AGENCY_KINDS = {"Government": 1, "Multinational": 2, "Commercial": 3, "Educational": 4}


def write_slug(name: str) -> str:
    """Write a name as it stands in addresses."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def write_stamp(text: str | None) -> str | None:
    """Write a moment as Launch Library does, in whole seconds."""
    return datetime.fromisoformat(text).isoformat(timespec="seconds") + "Z" if text else None


def write_named(number: int, name: str) -> Json:
    """Write an object that is no more than a number and a name."""
    return {"id": number, "name": name}


def write_precision(number: int | None) -> Json | None:
    """Write a precision by its id."""
    if number is None:
        return None
    name, abbrev = PRECISIONS[number]
    return {"id": number, "name": name, "abbrev": abbrev, "description": f"Known to the {name.lower()}."}


def write_page(url: str, title: str) -> Json:
    """Write a page to read more."""
    return {
        "priority": 10,
        "source": urlsplit(url).hostname,
        "title": title,
        "description": None,
        "feature_image": None,
        "url": url,
        "type": write_named(1, "Official Page"),
        "language": {"id": 1, "name": "English", "code": "en"},
    }


def write_video(video: Video, *, is_live: bool) -> Json:
    """Write a webcast."""
    code, language = video.language
    return {
        "priority": video.priority,
        "source": urlsplit(video.url).hostname,
        "publisher": video.publisher,
        "title": video.title,
        "description": None,
        "feature_image": None,
        "url": video.url,
        "type": write_named(video.kind, _VIDEO_KINDS[video.kind]),
        "language": {"id": 1, "name": language, "code": code},
        "start_time": write_stamp(video.start),
        "end_time": None,
        "live": is_live,
    }


def write_note(entry_number: int, number: int, note: Note) -> Json:
    """Write a remark, the one of that number on the entry of that number."""
    return {
        "id": entry_number * 10 + number,
        "profile_image": None,
        "comment": note.comment,
        "info_url": None,
        "created_by": "Demo editor",
        "created_on": write_stamp(note.at),
    }


def write_image(name: str | None) -> Json | None:
    """Write a picture by the name that scenarios use."""
    if name is None:
        return None
    number, title, _, credit, license_name = PICTURES[name]
    license_id, link = LICENSES[license_name]
    return {
        "id": number,
        "name": title,
        "image_url": image_address(number),
        "thumbnail_url": image_address(number),
        "credit": credit or None,
        "license": {"id": license_id, "name": license_name, "priority": license_id, "link": link},
        "single_use": False,
        "variants": [],
    }


def image_address(number: int) -> str:
    """Give the address of a picture by its id."""
    return f"{IMAGES}/{number}.jpg"


def write_agency(name: str) -> Json:
    """Write an agency by the name that scenarios use."""
    number, full_name, abbrev, kind = AGENCIES[name]
    return {
        "response_mode": "list",
        "id": number,
        "url": f"{ROOT}/agencies/{number}/",
        "name": full_name,
        "abbrev": abbrev,
        "type": write_named(_AGENCY_KINDS[kind], kind),
    }


def write_program(name: str) -> Json:
    """Write a program by the name that scenarios use."""
    number, full_name, description = PROGRAMS[name]
    return {
        "response_mode": "normal",
        "id": number,
        "url": f"{ROOT}/programs/{number}/",
        "name": full_name,
        "image": None,
        "info_url": None,
        "wiki_url": None,
        "description": description,
        "agencies": [],
        "start_date": None,
        "end_date": None,
        "mission_patches": [],
        "type": write_named(1, "Unknown"),
    }
