"""What the API's answers look like, as JSON Schema. Records are passed on as received, so the parts stay open."""

from typing import Any

from webapp.api.modes import KEYS
from webapp.domain.modes import Mode

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer"}
_YES: Schema = {"type": "boolean"}
_MOMENT_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
_OBJECTS: Schema = {"type": "array", "items": {"type": "object"}}


def _object(required: str, **properties: Schema) -> Schema:
    return {"type": "object", "required": required.split(), "properties": properties}


def _or_null(name: str) -> Schema:
    return {"anyOf": [{"$ref": f"#/components/schemas/{name}"}, {"type": "null"}]}


def _list_of(name: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


_NAMED = _object("id name", id=_NUMBER, name=_TEXT)
_LINK: dict[str, Schema] = {
    "priority": {"type": "integer", "description": "Lower is better."},
    "source": _TEXT_OR_NULL,
    "title": _TEXT_OR_NULL,
    "description": _TEXT_OR_NULL,
    "feature_image": _TEXT_OR_NULL,
    "url": {"type": "string", "format": "uri"},
    "type": _or_null("Named"),
    "language": {"type": ["object", "null"], "properties": {"id": _NUMBER, "name": _TEXT, "code": _TEXT}},
}

_PARTS: dict[str, Schema] = {
    "Named": _NAMED,
    "InfoURL": _object("url type language", **_LINK),
    "VidURL": _object(
        "url type language", **_LINK, publisher=_TEXT_OR_NULL, start_time=_MOMENT_OR_NULL, end_time=_MOMENT_OR_NULL,
        live=_YES,
    ),
    "Image": _object(
        "id name image_url thumbnail_url license", id=_NUMBER, name=_TEXT, image_url=_TEXT_OR_NULL,
        thumbnail_url=_TEXT_OR_NULL, credit=_TEXT_OR_NULL, single_use=_YES, variants=_OBJECTS,
        license=_object("id", id=_NUMBER, name=_TEXT, link=_TEXT_OR_NULL),
    ),
    "Precision": _object("id", id=_NUMBER, name=_TEXT, abbrev=_TEXT, description=_TEXT),
    "Update": _object(
        "id", id=_NUMBER, comment=_TEXT_OR_NULL, info_url=_TEXT_OR_NULL, created_by=_TEXT_OR_NULL,
        created_on=_MOMENT_OR_NULL, profile_image=_TEXT_OR_NULL,
    ),
}  # fmt: skip

_FIELDS: dict[str, Schema] = {
    "id": _NUMBER,
    "url": {"type": "string", "format": "uri", "description": "This event’s address in this API."},
    "name": _TEXT,
    "info_urls": _list_of("InfoURL"),
    "vid_urls": _list_of("VidURL"),
    "image": _or_null("Image"),
    "date": {**_MOMENT_OR_NULL, "description": "Only as exact as date_precision says."},
    "slug": _TEXT,
    "type": {"$ref": "#/components/schemas/Named"},
    "description": _TEXT_OR_NULL,
    "webcast_live": _YES,
    "location": _TEXT_OR_NULL,
    "date_precision": _or_null("Precision"),
    "duration": {**_TEXT_OR_NULL, "description": "The length of the main webcast, not of the event."},
    "updates": _list_of("Update"),
    "last_updated": _MOMENT_OR_NULL,
    "agencies": _OBJECTS,
    "launches": _OBJECTS,
    "expeditions": _OBJECTS,
    "spacestations": _OBJECTS,
    "program": {"type": ["array", "null"], "items": {"type": "object"}},
    "astronauts": {"type": ["array", "null"], "items": {"type": "object"}},
}


def make_schemas() -> dict[str, Schema]:
    """Give every schema by its name."""
    whole = {"type": "integer", "minimum": 0}
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        **_PARTS,
        **{f"Event{mode.value.title()}": _event(mode) for mode in Mode},
        "EventPage": _object(
            "count next previous results", count=whole, next=address, previous=address,
            results={"type": "array", "items": {"oneOf": [_named(mode) for mode in Mode]}},
        ),
        "Throttle": _object(
            "your_request_limit limit_frequency_secs current_use next_use_secs ident", your_request_limit=_NUMBER,
            limit_frequency_secs=_NUMBER, current_use=_NUMBER, next_use_secs=_NUMBER, ident=_TEXT,
        ),
        "Index": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
        "Detail": _object("detail", detail=_TEXT),
        "Faults": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}, "minProperties": 1},
    }  # fmt: skip


def _named(mode: Mode) -> Schema:
    return {"$ref": f"#/components/schemas/Event{mode.value.title()}"}


def _event(mode: Mode) -> Schema:
    fields = {key: _FIELDS.get(key, {"const": mode.value}) for key in KEYS[mode]}
    schema = _object(" ".join(key for key in KEYS[mode] if key != "last_updated"), **fields)
    return {**schema, "additionalProperties": False}
