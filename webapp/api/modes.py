"""A record as received, in the mode that is asked for: Launch Library's keys, in Launch Library's order."""

import json
from collections.abc import Mapping
from typing import Any

from webapp.api.record_shapes import SHAPES, RecordShape
from webapp.domain.entry import EntryKind
from webapp.domain.instants import parse_instant
from webapp.domain.modes import Mode
from webapp.domain.uris import web_url
from webapp.web.addresses import slugified

Json = Mapping[str, Any]

_ADDRESSES = ("url", "link", "image", "infographic")
"""How the names of the keys end that hold addresses, wherever in a record they stand."""

_AGENCY_KEYS = ("response_mode", "id", "url", "name", "abbrev", "type")
_CONFIGURATION_KEYS = ("response_mode", "id", "url", "name", "families", "full_name", "variant")
_MODES = tuple(Mode)


def read_record(record: str) -> dict[str, Any]:
    """Read a record as it is stored, its web addresses as URIs; what is none of those stays as received."""
    parsed: dict[str, Any] = json.loads(record, object_hook=_with_uris)
    return parsed


def in_mode(record: Json, mode: Mode, url: str, kind: EntryKind = EntryKind.EVENT) -> dict[str, Any]:
    """Give a record in a mode, whichever it arrived in.

    Lists of an event that have not arrived are empty. A launch is given in no higher mode than it arrived in, and its
    `response_mode` says so. A field that cannot be read counts as missing. A slug that the source left empty, which its
    own schema forbids, is made of the name, or else of the id.
    """
    shape = SHAPES[kind]
    if kind is EntryKind.LAUNCH:
        mode = min(mode, _received_mode(record), key=_MODES.index)
        record = record if mode is Mode.DETAILED else _abridged(record)
    known = {**shape.missing, **_readable(record, shape), "url": url, "response_mode": mode.value}
    known["slug"] = known["slug"] or slugified(known["name"]) or f"{kind.value}-{known['id']}"
    return {key: known[key] for key in shape.keys[mode] if key in known}


def _received_mode(launch: Json) -> Mode:
    """Give the mode in which a launch arrived, by the keys that only such a record has."""
    if "updates" in launch:
        return Mode.DETAILED
    return Mode.NORMAL if "launch_service_provider" in launch else Mode.LIST


def _abridged(launch: Json) -> dict[str, Any]:
    """Give a launch with its provider and its rocket as short as they are in modes other than the detailed one."""
    short = dict(launch)
    if isinstance(launch.get("launch_service_provider"), dict):
        short["launch_service_provider"] = _listed(launch["launch_service_provider"], _AGENCY_KEYS)
    rocket = launch.get("rocket")
    if isinstance(rocket, dict):
        configuration = _listed(rocket.get("configuration"), _CONFIGURATION_KEYS)
        if isinstance(configuration, dict) and isinstance(configuration.get("families"), list):
            families = configuration["families"]
            configuration["families"] = [_listed(one, ("response_mode", "id", "name")) for one in families]
        short["rocket"] = {key: rocket[key] for key in ("id",) if key in rocket} | {"configuration": configuration}
    return short


def _listed(part: object, keys: tuple[str, ...]) -> Any:
    """Give a part in list mode, with these keys alone."""
    if not isinstance(part, dict):
        return part
    return {key: "list" if key == "response_mode" else part[key] for key in keys if key in part}


def _readable(record: Json, shape: RecordShape) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value is None or _can_be_read(key, value, shape)}


def _can_be_read(key: str, value: object, shape: RecordShape) -> bool:
    if not isinstance(value, shape.types.get(key, object)):
        return False
    if key not in shape.moments or not value:
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
