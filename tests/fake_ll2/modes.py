"""A record in each of the three modes, with the keys in the order of the published schema (LL2 2.3.0, OpenAPI)."""

from collections.abc import Mapping

from tests.fake_ll2.shapes import Record

_EVENT_LIST = (
    "id",
    "url",
    "name",
    "info_urls",
    "vid_urls",
    "image",
    "date",
    "slug",
    "type",
    "description",
    "webcast_live",
    "location",
    "date_precision",
    "response_mode",
    "duration",
)
_EVENT_NORMAL = (*_EVENT_LIST, "updates", "last_updated")
_EVENT_DETAILED = (*_EVENT_NORMAL, "agencies", "launches", "expeditions", "spacestations", "program", "astronauts")
EVENT_MODES = {"list": _EVENT_LIST, "normal": _EVENT_NORMAL, "detailed": _EVENT_DETAILED}

_LAUNCH_LIST = (
    "id",
    "url",
    "name",
    "response_mode",
    "slug",
    "launch_designator",
    "status",
    "last_updated",
    "net",
    "net_precision",
    "window_end",
    "window_start",
    "image",
    "infographic",
)
_LAUNCH_NORMAL = (
    *_LAUNCH_LIST,
    "probability",
    "weather_concerns",
    "failreason",
    "hashtag",
    "launch_service_provider",
    "rocket",
    "mission",
    "pad",
    "webcast_live",
    "program",
    "orbital_launch_attempt_count",
    "location_launch_attempt_count",
    "pad_launch_attempt_count",
    "agency_launch_attempt_count",
    "orbital_launch_attempt_count_year",
    "location_launch_attempt_count_year",
    "pad_launch_attempt_count_year",
    "agency_launch_attempt_count_year",
)
_LAUNCH_DETAILED = (
    *_LAUNCH_NORMAL,
    "flightclub_url",
    "updates",
    "info_urls",
    "vid_urls",
    "timeline",
    "pad_turnaround",
    "mission_patches",
)
LAUNCH_MODES = {"list": _LAUNCH_LIST, "normal": _LAUNCH_NORMAL, "detailed": _LAUNCH_DETAILED}

_AGENCY_KEYS = ("response_mode", "id", "url", "name", "abbrev", "type")
_FAMILY_KEYS = ("response_mode", "id", "name")
_ROCKET_KEYS = ("id", "configuration")
_CONFIGURATION_KEYS = ("response_mode", "id", "url", "name", "families", "full_name", "variant")


def in_mode(record: Record, mode: str, modes: Mapping[str, tuple[str, ...]], address: str | None) -> Record:
    """A record cut to a mode, its `url` this address; a key it lacks stays absent, an unknown one comes last."""
    shown = {key: record[key] for key in modes[mode] if key in record}
    shown |= {key: value for key, value in record.items() if key not in modes["detailed"]}
    if "url" in shown and address is not None:
        shown["url"] = address
    if "response_mode" in shown:
        shown["response_mode"] = mode
    return shown


def abridged_launch(record: Record, mode: str) -> Record:
    """A launch whose provider and rocket are as short as they are outside of detailed mode."""
    if mode == "detailed":
        return record
    short = {"launch_service_provider": _listed(record.get("launch_service_provider"), _AGENCY_KEYS)}
    rocket = _cut(record.get("rocket"), _ROCKET_KEYS)
    if isinstance(rocket, dict):
        configuration = _listed(rocket.get("configuration"), _CONFIGURATION_KEYS)
        if isinstance(configuration, dict) and isinstance(families := configuration.get("families"), list):
            configuration["families"] = [_listed(family, _FAMILY_KEYS) for family in families]
        rocket["configuration"] = configuration
    return record | {key: value for key, value in (short | {"rocket": rocket}).items() if key in record}


def _listed(part: object, keys: tuple[str, ...]) -> object:
    cut = _cut(part, keys)
    return cut | {"response_mode": "list"} if isinstance(cut, dict) else cut


def _cut(part: object, keys: tuple[str, ...]) -> object:
    return {key: part[key] for key in keys if key in part} if isinstance(part, dict) else part
