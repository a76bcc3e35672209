"""Real events of January 2021 in the 2.1.0 shape, raised to what 2.3.0 would say of them.

The old shape says neither how precise a date is nor when it last changed: midnight UTC becomes Day and anything else
Minute, and `last_updated` is the event's date or the table's day, whichever is earlier. Agencies are those of its
launches. A type has the name of today, where there is one.
"""

from tests.fake_ll2 import parts
from tests.fake_ll2.catalogue import EVENT_TYPES, precision
from tests.fake_ll2.shapes import Record

# The day of the old table; nothing in it can have been updated later. UTC.
TAKEN = "2021-01-31T00:00:00Z"


def raise_2_1(record: Record) -> Record:
    """A complete detailed 2.3.0 record with the old one's facts."""
    date, type_ = record["date"], record["type"]
    return {
        "id": record["id"],
        "url": f"{parts.SITE}/events/{record['id']}/",
        "name": record["name"],
        "info_urls": [parts.page(record["news_url"], None)] if record["news_url"] else [],
        "vid_urls": [parts.webcast(record["video_url"], None)] if record["video_url"] else [],
        "image": _image(record["id"], record["name"], record["feature_image"]),
        "date": date,
        "slug": record["slug"],
        "type": {"id": type_["id"], "name": EVENT_TYPES.get(type_["id"], type_["name"])},
        "description": record["description"],
        "webcast_live": False,
        "location": record["location"],
        "date_precision": precision(5 if date.endswith("T00:00:00Z") else 1),
        "response_mode": "detailed",
        "duration": None,
        "updates": [],
        "last_updated": min(date, TAKEN),
    } | _related(record)


def _related(record: Record) -> Record:
    providers = {launch["launch_service_provider"]["id"]: launch for launch in record["launches"]}
    return {
        "agencies": [_agency(launch["launch_service_provider"]) for launch in providers.values()],
        "launches": [_launch(launch) for launch in record["launches"]],
        "expeditions": [_expedition(expedition) for expedition in record["expeditions"]],
        "spacestations": [_station(station) for station in record["spacestations"]],
        "program": [_program(program) for program in record["program"]],
        "astronauts": [],
    }


def _image(id_: int, name: str, address: str | None) -> Record | None:
    return parts.image(id_, f"{name} image", address, single_use=True) if address else None


def _agency(agency: Record) -> Record:
    return parts.agency_object(agency["id"], agency["name"], agency["type"])


def _launch(launch: Record) -> Record:
    net, status = launch["net"], launch["status"]
    raised = parts.launch_object(
        launch["id"], launch["name"], launch["slug"], net=net, status=status, precision=precision(1)
    )
    return raised | {
        "window_end": launch["window_end"],
        "window_start": launch["window_start"],
        "image": _image(launch["launch_library_id"] or 0, launch["name"], launch["image"]),
    }


def _expedition(expedition: Record) -> Record:
    station = _station(expedition["spacestation"])
    return parts.expedition_object(
        expedition["id"], expedition["name"], expedition["start"], expedition["end"], station
    )


def _station(station: Record) -> Record:
    # The station of an expedition came without its description and its founding; all are the ISS.
    description, orbit = station.get("description", ""), station["orbit"]
    raised = parts.station_object(station["id"], station["name"], description, orbit=orbit)
    return raised | {
        "image": _image(station["id"], station["name"], station["image_url"]),
        "status": station["status"],
        "founded": station.get("founded", raised["founded"]),
    }


def _program(program: Record) -> Record:
    agencies = [_agency(agency) for agency in program["agencies"]]
    raised = parts.program_object(program["id"], program["name"], program["description"], agencies)
    return raised | {
        "image": _image(program["id"], program["name"], program["image_url"]),
        "info_url": program["info_url"] or None,
        "wiki_url": program["wiki_url"] or None,
        "start_date": program["start_date"],
        "end_date": program["end_date"],
    }
