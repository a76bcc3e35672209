"""Real records of older shapes, raised to what 2.3.0 would say of them: events of 2.1.0, and launches of 2.2.0.

The events' old shape says neither how precise a date is nor when it last changed: midnight UTC becomes Day and anything
else Minute, and `last_updated` is the event's date or the table's day, whichever is earlier. Agencies are those of its
launches. A type has the name of today, where there is one.

Of launches there are the facts that a recorder of their changes kept, by short names. Of updates it kept the ids alone,
and of timelines and patches how many there were.
"""

from tests.fake_ll2 import launch_parts, parts
from tests.fake_ll2.catalogue import EVENT_TYPES, agency, precision
from tests.fake_ll2.launches import ATTEMPT_COUNTS
from tests.fake_ll2.shapes import Record

# The day of the old table; nothing in it can have been updated later. UTC.
TAKEN = "2021-01-31T00:00:00Z"

# By their short names; those of the others are not known.
_ORBIT_IDS = {"Direct-GEO": 1, "GTO": 2, "LEO": 8, "MEO": 12, "PO": 13, "Sub": 15, "SSO": 17, "N/A": 25}
_OTHER_ORBIT_ID = 99


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


def raise_2_2_launch(id_: str, facts: Record) -> Record:
    """A complete detailed 2.3.0 record of a launch with these facts."""
    provider = parts.agency_object(facts["lsp"], facts["lsp_name"], "Commercial")
    return {
        "id": id_,
        "url": f"{parts.SITE}/launches/{id_}/",
        "name": facts["name"],
        "response_mode": "detailed",
        "slug": facts["slug"],
        "launch_designator": facts["desig"],
        "status": launch_parts.launch_status(facts["status_id"]),
        "last_updated": facts["lu"],
        "net": facts["net"],
        "net_precision": precision(facts["prec"]),
        "window_end": facts["we"],
        "window_start": facts["ws"],
        "image": parts.image(1, "A picture", facts["image"], single_use=False) if facts["image"] else None,
        "infographic": None,
        "probability": facts["prob"],
        "weather_concerns": facts["weather"],
        "failreason": facts["fail"],
        "hashtag": facts["hashtag"],
        "launch_service_provider": launch_parts.provider_object(121) | provider,
        "rocket": _rocket(facts["rocket"], facts["rocket_name"]),
        "mission": _mission(facts),
        "pad": _pad(facts["pad"], facts["pad_name"], facts["loc"]),
        "webcast_live": facts["live"],
        "program": [parts.program_object(number, f"Program {number}", None, []) for number in facts["program"]],
        **dict.fromkeys(ATTEMPT_COUNTS),
        "flightclub_url": facts["fc"],
        "updates": [_remark(number) for number in facts["updates"]],
        "info_urls": [parts.page(address, None) for address in facts["infos"]],
        "vid_urls": [_webcast(*webcast) for webcast in facts["vids"]],
        "timeline": [launch_parts.timeline_step(1, f"Step {n}", f"PT{n}M") for n in range(facts["timeline"])],
        "pad_turnaround": "P10D",
        "mission_patches": [launch_parts.patch_object(n, f"Patch {n}", agency(121)) for n in range(facts["patches"])],
    }


def _rocket(id_: int, full_name: str) -> Record:
    rocket = launch_parts.rocket_object(id_, 164)
    named = {"id": id_, "name": full_name, "full_name": full_name, "variant": ""}
    return rocket | {"configuration": rocket["configuration"] | named}


def _mission(facts: Record) -> Record | None:
    if facts["mission"] is None:
        return None
    mission = launch_parts.mission_object(1, facts["mission"], facts["mdesc"], orbit=8, agencies=[])
    abbrev = facts["orbit"]
    orbit = mission["orbit"] | {"id": _ORBIT_IDS.get(abbrev, _OTHER_ORBIT_ID), "name": abbrev, "abbrev": abbrev}
    return mission | {"type": facts["mtype"], "orbit": orbit if abbrev else None}


def _pad(id_: int, name: str, location_id: int) -> Record:
    pad = launch_parts.pad_object(80)
    return pad | {"id": id_, "name": name, "location": pad["location"] | {"id": location_id}}


def _remark(id_: int) -> Record:
    remark = {"id": id_, "profile_image": None, "comment": f"Remark {id_}.", "info_url": None}
    return remark | {"created_by": "An editor", "created_on": "2026-01-01T00:00:00Z"}


def _webcast(address: str, priority: int, kind: str, title: str | None) -> Record:
    (number,) = [number for number, name in parts.WEBCAST_TYPES.items() if name == kind]
    return parts.webcast(address, title, kind=number, priority=priority)


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
