"""The objects inside an event, each with every key of the 2.3.0 schema in its order."""

from urllib.parse import urlsplit

from tests.fake_ll2.shapes import Record

SITE = "https://ll.thespacedevs.com/2.3.0"
AGENCY_TYPES = {"Government": 1, "Multinational": 2, "Commercial": 3, "Educational": 4, "Private": 5, "Unknown": 6}
ENGLISH = {"id": 1, "name": "English", "code": "en"}
OFFICIAL_PAGE = {"id": 1, "name": "Official Page"}
WEBCAST_TYPES = {1: "Official Webcast", 3: "Unofficial Webcast", 4: "Unofficial Re-stream", 6: "Recap"}


def image(id_: int, name: str, address: str, *, single_use: bool) -> Record:
    """An Image object of unknown licence, as most are."""
    return {
        "id": id_,
        "name": name,
        "image_url": address,
        "thumbnail_url": address,
        "credit": None,
        "license": {"id": 1, "name": "Unknown", "priority": 9, "link": None},
        "single_use": single_use,
        "variants": [],
    }


def webcast(
    address: str, title: str | None, *, kind: int = 1, priority: int = 10, start: str | None = None, live: bool = False
) -> Record:
    """A VidURL object; `kind` is a key of WEBCAST_TYPES, `start` a UTC stamp."""
    return {
        "priority": priority,
        "source": urlsplit(address).hostname,
        "publisher": None,
        "title": title,
        "description": None,
        "feature_image": None,
        "url": address,
        "type": {"id": kind, "name": WEBCAST_TYPES[kind]},
        "language": ENGLISH,
        "start_time": start,
        "end_time": None,
        "live": live,
    }


def page(address: str, title: str | None) -> Record:
    """An InfoURL object."""
    return {
        "priority": 10,
        "source": urlsplit(address).hostname,
        "title": title,
        "description": None,
        "feature_image": None,
        "url": address,
        "type": OFFICIAL_PAGE,
        "language": ENGLISH,
    }


def agency_object(id_: int, name: str, kind: str | None, abbrev: str = "") -> Record:
    """An AgencyMini object; `kind` is one of AGENCY_TYPES, or None where it is not known."""
    kind = kind or "Unknown"
    return {
        "response_mode": "list",
        "id": id_,
        "url": f"{SITE}/agencies/{id_}/",
        "name": name,
        "abbrev": abbrev,
        "type": {"id": AGENCY_TYPES[kind], "name": kind},
    }


def launch_object(id_: str, name: str, slug: str, *, net: str, status: Record, precision: Record) -> Record:
    """A LaunchBasic object with an instantaneous window; `id_` is a UUID, `net` a UTC stamp."""
    return {
        "id": id_,
        "url": f"{SITE}/launches/{id_}/",
        "name": name,
        "response_mode": "list",
        "slug": slug,
        "launch_designator": None,
        "status": status,
        "last_updated": net,
        "net": net,
        "net_precision": precision,
        "window_end": net,
        "window_start": net,
        "image": None,
        "infographic": None,
    }


def station_object(
    id_: int, name: str, description: str = "", founded: str = "1998-11-20", orbit: str | None = "Low Earth Orbit"
) -> Record:
    """A SpaceStationNormal object, active; `founded` is a date."""
    return {
        "id": id_,
        "url": f"{SITE}/space_stations/{id_}/",
        "name": name,
        "image": None,
        "status": {"id": 1, "name": "Active"},
        "founded": founded,
        "deorbited": None,
        "description": description,
        "orbit": orbit,
        "type": {"id": 1, "name": "Government"},
    }


def expedition_object(id_: int, name: str, start: str, end: str | None, station: Record) -> Record:
    """An ExpeditionNormal object; `start` and `end` are UTC stamps."""
    return {
        "id": id_,
        "url": f"{SITE}/expeditions/{id_}/",
        "name": name,
        "start": start,
        "end": end,
        "response_mode": "normal",
        "spacestation": station,
        "mission_patches": [],
        "spacewalks": [],
    }


def astronaut_object(id_: int, name: str, agency: Record) -> Record:
    """An AstronautNormal object, active."""
    return {
        "id": id_,
        "url": f"{SITE}/astronauts/{id_}/",
        "name": name,
        "status": {"id": 1, "name": "Active"},
        "agency": agency,
        "image": None,
    }


def program_object(id_: int, name: str, description: str | None, agencies: list[Record]) -> Record:
    """A ProgramNormal object; its dates are unknown."""
    return {
        "response_mode": "normal",
        "id": id_,
        "url": f"{SITE}/programs/{id_}/",
        "name": name,
        "image": None,
        "info_url": None,
        "wiki_url": None,
        "description": description,
        "agencies": agencies,
        "start_date": None,
        "end_date": None,
        "mission_patches": [],
        "type": {"id": 1, "name": "Unknown"},
    }
