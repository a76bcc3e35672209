"""What the API's answers look like, as JSON Schema. Records are passed on as received, so the parts stay open."""

from typing import Any

from webapp.api.record_shapes import SHAPES
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer"}
_YES: Schema = {"type": "boolean"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
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
    "LaunchStatus": _object("id name", id=_NUMBER, name=_TEXT, abbrev=_TEXT, description=_TEXT),
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
_OBJECT_OR_NULL: Schema = {"type": ["object", "null"]}
_NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
_LAUNCH_FIELDS: dict[str, Schema] = {
    "id": {"type": "string", "format": "uuid"},
    "url": {"type": "string", "format": "uri", "description": "This launch’s address in this API."},
    "name": _TEXT,
    "slug": _TEXT,
    "status": _or_null("LaunchStatus"),
    "net": {**_MOMENT, "description": "No earlier than this; only as exact as net_precision says."},
    "net_precision": _or_null("Precision"),
    "image": _or_null("Image"),
    "webcast_live": _YES,
    **dict.fromkeys(("last_updated", "window_end", "window_start"), _MOMENT),
    **dict.fromkeys(("launch_service_provider", "rocket", "mission", "pad"), _OBJECT_OR_NULL),
    **dict.fromkeys(
        ("probability", *(key for key in SHAPES[EntryKind.LAUNCH].types if "count" in key)), _NUMBER_OR_NULL
    ),
    **dict.fromkeys(("launch_designator", "infographic", "weather_concerns", "failreason", "hashtag"), _TEXT_OR_NULL),
    **dict.fromkeys(("flightclub_url", "pad_turnaround"), _TEXT_OR_NULL),
    "program": {"type": ["array", "null"], "items": {"type": "object"}},
    "updates": _list_of("Update"),
    "info_urls": _list_of("InfoURL"),
    "vid_urls": _list_of("VidURL"),
    **dict.fromkeys(("timeline", "mission_patches"), _OBJECTS),
}


def make_schemas() -> dict[str, Schema]:
    """Give every schema by its name."""
    whole = {"type": "integer", "minimum": 0}
    address = {"type": ["string", "null"], "format": "uri"}
    return {
        **_PARTS,
        **{_name(kind, mode): _entry(kind, mode) for kind in EntryKind for mode in Mode},
        **{
            f"{kind.value.title()}Page": _object(
                "count next previous results", count=whole, next=address, previous=address,
                results={"type": "array", "items": {"oneOf": [_named(kind, mode) for mode in Mode]}},
            )
            for kind in EntryKind
        },
        "TermPage": _object(
            "count next previous results", count=whole, next=address, previous=address,
            results={"type": "array", "items": _object("id", id=_NUMBER, name=_TEXT, abbrev=_TEXT, description=_TEXT)},
        ),
        "Launch": {"oneOf": [_named(EntryKind.LAUNCH, mode) for mode in Mode]},
        "Throttle": _object(
            "your_request_limit limit_frequency_secs current_use next_use_secs ident", your_request_limit=_NUMBER,
            limit_frequency_secs=_NUMBER, current_use=_NUMBER, next_use_secs=_NUMBER, ident=_TEXT,
        ),
        "Chain": _object(
            "source entries cursor is_last", cursor=_TEXT, is_last=_YES,
            source=_object(
                "name url links reached_at failing_since changed_at", name=_TEXT, url=_TEXT, links=_NUMBER,
                reached_at=_MOMENT_OR_NULL, failing_since=_MOMENT_OR_NULL, changed_at=_MOMENT_OR_NULL,
            ),
            entries={"type": "array", "items": _object(
                "kind id number first_seen changed_at withdrawn_at record changes", kind=_TEXT, number=_NUMBER,
                id={"type": ["integer", "string"]}, first_seen=_MOMENT, changed_at=_MOMENT,
                withdrawn_at=_MOMENT_OR_NULL, record=_OBJECT_OR_NULL,
                changes={"type": "array", "items": _object(
                    "number revision kind seen_at details", number=_NUMBER, revision=_NUMBER, kind=_TEXT,
                    seen_at=_MOMENT, details={"type": "object"},
                )},
            )},
        ),
        "Index": {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}},
        "Detail": _object("detail", detail=_TEXT),
        "Faults": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT}, "minProperties": 1},
    }  # fmt: skip


def _name(kind: EntryKind, mode: Mode) -> str:
    return f"{kind.value.title()}{mode.value.title()}"


def _named(kind: EntryKind, mode: Mode) -> Schema:
    return {"$ref": f"#/components/schemas/{_name(kind, mode)}"}


def _entry(kind: EntryKind, mode: Mode) -> Schema:
    shape, fields = SHAPES[kind], _FIELDS if kind is EntryKind.EVENT else _LAUNCH_FIELDS
    keys = {key: fields.get(key, {"const": mode.value}) for key in shape.keys[mode]}
    never_made_up = {key for key in shape.moments if key not in shape.missing}
    schema = _object(" ".join(key for key in keys if key not in never_made_up), **keys)
    return {**schema, "additionalProperties": False}
