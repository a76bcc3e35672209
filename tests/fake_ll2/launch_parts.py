"""The objects inside a launch, each with every key of the 2.3.0 schema in its order."""

from tests.fake_ll2.catalogue import agency
from tests.fake_ll2.parts import SITE, image
from tests.fake_ll2.shapes import Record

# id: name, abbrev, description. The words of the service, but for those of 7, which it was not seen to say.
STATUSES = {
    1: ("Go for Launch", "Go", "Current T-0 confirmed by official or reliable sources."),
    2: (
        "To Be Determined",
        "TBD",
        "Current date is a placeholder or rough estimation based on unreliable or interpreted sources.",
    ),
    3: (
        "Launch Successful",
        "Success",
        "The launch vehicle successfully inserted its payload(s) into the target orbit(s).",
    ),
    4: (
        "Launch Failure",
        "Failure",
        "Either the launch vehicle did not reach orbit, or the payload(s) failed to separate.",
    ),
    5: (
        "On Hold",
        "Hold",
        "The countdown has been paused, but the launch can still happen within the launch window.",
    ),
    6: ("Launch in Flight", "In Flight", "Launch in Flight"),
    7: ("Launch was a Partial Failure", "Partial Failure", "It reached an orbit, but not the one that was meant."),
    8: ("To Be Confirmed", "TBC", "Awaiting official confirmation - current date is known with some certainty."),
    9: ("Payload Deployed", "Deployed", "Deployment of the payload(s) has been confirmed."),
}

# id: name, abbrev
ORBITS = {8: ("Low Earth Orbit", "LEO"), 17: ("Sun-Synchronous Orbit", "SSO"), 15: ("Suborbital", "Sub")}

# id: pad, the id of its location, that location, its country, its zone: none at sea and in the air
PADS = {
    80: ("Space Launch Complex 40", 12, "Cape Canaveral SFS, FL, USA", "US", "America/New_York"),
    16: ("Space Launch Complex 4E", 11, "Vandenberg SFB, CA, USA", "US", "America/Los_Angeles"),
    32: ("1/5", 15, "Baikonur Cosmodrome, Republic of Kazakhstan", "KZ", "Asia/Qyzylorda"),
    28: ("Unknown Pad", 20, "Air launch to orbit", "", ""),
}

# id: name, full name, family
ROCKETS = {
    164: ("Falcon 9", "Falcon 9 Block 5", "Falcon"),
    522: ("Starship", "Starship V3", "Starship"),
    36: ("Soyuz", "Soyuz 2.1a/Fregat-M", "Soyuz-U"),
}

_COUNTRIES = {"US": "United States of America", "KZ": "Kazakhstan", "": "Unknown"}
_COUNTS = (
    "total_launch_count",
    "consecutive_successful_launches",
    "successful_launches",
    "failed_launches",
    "pending_launches",
)
_LANDINGS = (
    "attempted_landings",
    "successful_landings",
    "failed_landings",
    "consecutive_successful_landings",
)
_AGENCY_LANDINGS = (
    "consecutive_successful_landings",
    "successful_landings",
    "failed_landings",
    "attempted_landings",
    "successful_landings_spacecraft",
    "failed_landings_spacecraft",
    "attempted_landings_spacecraft",
    "successful_landings_payload",
    "failed_landings_payload",
    "attempted_landings_payload",
)
_UNKNOWN_MEASURES = (
    "length",
    "diameter",
    "maiden_flight",
    "launch_cost",
    "launch_mass",
    "leo_capacity",
    "gto_capacity",
    "geo_capacity",
    "sso_capacity",
    "to_thrust",
    "apogee",
)


def launch_status(id_: int) -> Record:
    """A LaunchStatus object, for the ids of STATUSES."""
    name, abbrev, description = STATUSES[id_]
    return {"id": id_, "name": name, "abbrev": abbrev, "description": description}


def provider_object(id_: int) -> Record:
    """An agency as the provider of a detailed launch (AgencyDetailed), for the ids of AGENCIES."""
    return (
        agency(id_)
        | {"response_mode": "normal", "featured": True, "country": [country_object("US")], "description": None}
        | dict.fromkeys(("administrator", "founding_year"))
        | {"launchers": "", "spacecraft": "", "parent": None}
        | dict.fromkeys(("image", "logo", "social_logo"))
        | dict.fromkeys((*_COUNTS, *_AGENCY_LANDINGS), 0)
        | {"info_url": None, "wiki_url": None, "social_media_links": []}
    )


def rocket_object(id_: int, configuration_id: int) -> Record:
    """A RocketDetailed object without stages or payloads, for the ids of ROCKETS."""
    name, full_name, family = ROCKETS[configuration_id]
    configuration: Record = (
        {
            "response_mode": "detailed",
            "id": configuration_id,
            "url": f"{SITE}/launcher_configurations/{configuration_id}/",
            "name": name,
            "families": [_family_object(configuration_id + 1000, family)],
            "full_name": full_name,
            "variant": full_name.removeprefix(name).strip(),
            "active": True,
            "is_placeholder": False,
            "manufacturer": None,
            "program": [],
            "reusable": False,
            "image": None,
            "info_url": None,
            "wiki_url": None,
            "description": "",
            "alias": "",
            "min_stage": 1,
            "max_stage": 2,
        }
        | dict.fromkeys(_UNKNOWN_MEASURES)
        | dict.fromkeys((*_COUNTS, *_LANDINGS), 0)
        | {"fastest_turnaround": None}
    )
    return {"id": id_, "configuration": configuration, "launcher_stage": [], "spacecraft_stage": [], "payloads": []}


def mission_object(id_: int, name: str, description: str, *, orbit: int, agencies: list[Record]) -> Record:
    """A Mission object; `orbit` is a key of ORBITS."""
    orbit_name, abbrev = ORBITS[orbit]
    earth = {"response_mode": "list", "id": 1, "name": "Earth"}
    return {
        "id": id_,
        "name": name,
        "type": "Communications",
        "description": description,
        "image": None,
        "orbit": {"id": orbit, "name": orbit_name, "abbrev": abbrev, "celestial_body": earth},
        "agencies": agencies,
        "info_urls": [],
        "vid_urls": [],
    }


def pad_object(id_: int) -> Record:
    """A Pad object, for the ids of PADS."""
    name, location_id, location, country, zone = PADS[id_]
    return {
        "id": id_,
        "url": f"{SITE}/pads/{id_}/",
        "active": True,
        "agencies": [],
        "name": name,
        "image": None,
        "description": None,
        "info_url": None,
        "wiki_url": None,
        "map_url": None,
        "latitude": 28.5,
        "longitude": -80.5,
        "country": country_object(country),
        "map_image": None,
        "total_launch_count": 0,
        "orbital_launch_attempt_count": 0,
        "fastest_turnaround": None,
        "location": _location_object(location_id, location, country, zone),
    }


def country_object(code: str) -> Record:
    """A Country object, for the codes of two letters that pads have."""
    three = {"US": "USA", "KZ": "KAZ"}.get(code, "")
    return {
        "id": len(code),
        "name": _COUNTRIES[code],
        "alpha_2_code": code,
        "alpha_3_code": three,
        "nationality_name": "",
        "nationality_name_composed": "",
    }


def timeline_step(id_: int, abbrev: str, relative_time: str) -> Record:
    """A TimelineEvent object; `relative_time` is a duration such as `-PT38M`."""
    return {"type": {"id": id_, "abbrev": abbrev, "description": f"{abbrev}."}, "relative_time": relative_time}


def patch_object(id_: int, name: str, of: Record) -> Record:
    """A MissionPatch object of an agency."""
    address = f"https://images.example.org/patches/{id_}.png"
    return {"id": id_, "name": name, "priority": 10, "image_url": address, "agency": of, "response_mode": "normal"}


def _family_object(id_: int, name: str) -> Record:
    known = {"response_mode": "detailed", "id": id_, "name": name, "manufacturer": [], "parent": None}
    return known | {"description": "", "active": True, "maiden_flight": None} | dict.fromkeys((*_COUNTS, *_LANDINGS), 0)


def _location_object(id_: int, name: str, country: str, zone: str) -> Record:
    return {
        "response_mode": "normal",
        "id": id_,
        "url": f"{SITE}/locations/{id_}/",
        "name": name,
        "celestial_body": _earth(),
        "active": True,
        "country": country_object(country),
        "description": None,
        "image": None,
        "map_image": None,
        "longitude": -80.5,
        "latitude": 28.5,
        "timezone_name": zone,
        "total_launch_count": 0,
        "total_landing_count": 0,
    }


def _earth() -> Record:
    return {
        "response_mode": "normal",
        "id": 1,
        "name": "Earth",
        "type": {"id": 1, "name": "Planet"},
        "diameter": 12_742_000.0,
        "mass": 5.972168e24,
        "gravity": 9.80655,
        "length_of_day": "1 00:00:00",
        "atmosphere": True,
        "image": image(2040, "Earth", "https://images.example.org/earth.jpeg", single_use=True),
        "description": None,
        "wiki_url": None,
        "total_attempted_launches": 0,
        "successful_launches": 0,
        "failed_launches": 0,
        "total_attempted_landings": 0,
        "successful_landings": 0,
        "failed_landings": 0,
    }
