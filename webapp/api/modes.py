"""A record as received, in the mode that is asked for: Launch Library's keys, in Launch Library's order."""

import json
from collections.abc import Mapping
from typing import Any

from webapp.domain.instants import parse_instant
from webapp.domain.modes import Mode
from webapp.domain.uris import web_url
from webapp.web.addresses import slugified

Json = Mapping[str, Any]

LIST_KEYS = (
    "id", "url", "name", "info_urls", "vid_urls", "image", "date", "slug", "type", "description", "webcast_live",
    "location", "date_precision", "response_mode", "duration",
)  # fmt: skip
NORMAL_KEYS = (*LIST_KEYS, "updates", "last_updated")
DETAILED_KEYS = (*NORMAL_KEYS, "agencies", "launches", "expeditions", "spacestations", "program", "astronauts")
KEYS = {Mode.LIST: LIST_KEYS, Mode.NORMAL: NORMAL_KEYS, Mode.DETAILED: DETAILED_KEYS}
"""The keys of each mode, in order."""

_LISTS = ("info_urls", "vid_urls", "updates", "agencies", "launches", "expeditions", "spacestations", "program")
_MOMENTS = ("date", "last_updated")
_WHERE_MISSING: dict[str, Any] = {
    **{key: [] for key in (*_LISTS, "astronauts")},
    **dict.fromkeys(("image", "date", "location", "date_precision", "duration")),
    **dict.fromkeys(("name", "slug", "description"), ""),
    "type": {"id": 1, "name": "Unknown"},
    "webcast_live": False,
}
"""What stands for a key that the source left out; `last_updated`, which cannot be made up, stays out."""

_ADDRESSES = ("url", "link", "image", "infographic")
"""How the names of the keys end that hold addresses, wherever in a record they stand."""


def read_record(record: str) -> dict[str, Any]:
    """Read a record as it is stored, its web addresses as URIs; what is none of those stays as received."""
    parsed: dict[str, Any] = json.loads(record, object_hook=_with_uris)
    return parsed


_TYPES: dict[str, type] = {
    **dict.fromkeys((*_LISTS, "astronauts"), list),
    **dict.fromkeys(("image", "date_precision", "type"), dict),
    **dict.fromkeys(("slug", "description", "location", "duration", *_MOMENTS), str),
    "webcast_live": bool,
}


def in_mode(record: Json, mode: Mode, url: str) -> dict[str, Any]:
    """Give a record in a mode, whichever it arrived in. Lists that have not arrived are empty.

    A field that cannot be read counts as missing. A slug that the source left empty, which its own schema forbids, is
    made of the name, or else of the id.
    """
    known = {**_WHERE_MISSING, **_readable(record), "url": url, "response_mode": mode.value}
    known["slug"] = known["slug"] or slugified(known["name"]) or f"event-{known['id']}"
    return {key: known[key] for key in KEYS[mode] if key in known}


def _readable(record: Json) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is None or _can_be_read(key, value)}


def _can_be_read(key: str, value: object) -> bool:
    if not isinstance(value, _TYPES.get(key, object)):
        return False
    if key not in _MOMENTS or not value:
        return True
    try:
        parse_instant(str(value))
    except ValueError:
        return False
    return True


def _with_uris(part: dict[str, Any]) -> dict[str, Any]:
    for key, value in part.items():
        if key.endswith(_ADDRESSES) and isinstance(value, str):
            part[key] = web_url(value) or value
    return part
