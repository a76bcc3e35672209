"""Launch Library's JSON to our events. Ignores what is unknown, survives what is missing, refuses what is rotten."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from webapp.domain.clock import as_utc
from webapp.domain.event import (
    Agency,
    CrewMember,
    Event,
    EventType,
    Expedition,
    Launch,
    Link,
    Picture,
    Program,
    ReceivedEvent,
    Station,
    Update,
)
from webapp.domain.text import clean_text, host_of, one_line, web_url
from webapp.domain.values import LARGEST_ID
from webapp.domain.webcasts import Webcast
from webapp.ll2.errors import MalformedError

Json = Mapping[str, Any]
_UNKNOWN_TYPE = EventType(1, "Unknown")
_LOWEST_PRIORITY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record that could not be understood: its id, if it has one, and why."""

    id: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: what it holds, how many records the whole list counts, and whether more follow."""

    count: int
    has_next: bool
    received: tuple[ReceivedEvent, ...]
    rejected: tuple[RejectedRecord, ...]


class RottenRecordError(ValueError):
    """A record whose core cannot be believed; the message names the field."""


def parse_page(document: object) -> Page:
    """Read one page of events. A rotten record is set aside in `rejected`, the others are kept.

    Raises `MalformedError` where the page itself is not Launch Library's envelope.
    """
    if not isinstance(document, dict) or not isinstance(results := document.get("results"), list):
        raise MalformedError("Launch Library's answer holds no list of results")
    count = document.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise MalformedError("Launch Library's answer holds no count")
    received, rejected = [], []
    for record in results:
        try:
            received.append(ReceivedEvent(parse_event(record), spell_record(record)))
        except RottenRecordError as error:
            rejected.append(RejectedRecord(_id_or_none(record), str(error)))
    return Page(count, document.get("next") is not None, tuple(received), tuple(rejected))


def spell_record(record: Json) -> str:
    """Spell a record as the text that the store keeps: keys in the order received, ASCII only.

    Escapes stand for everything else, NUL and lone surrogates included, which no database would take. Raises
    `RottenRecordError` for what JSON cannot hold: an infinite number (`1e999` reads as one), or nesting without end.
    """
    try:
        return json.dumps(record, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise RottenRecordError("record: cannot be spelled as JSON again") from error


def parse_event(record: object) -> Event:
    """Read one record in any of LL2's modes. Raises `RottenRecordError`, which names the field at fault."""
    if not isinstance(record, dict):
        raise RottenRecordError("record: not an object")
    event_id = _id_or_none(record)
    if event_id is None:
        raise RottenRecordError("id: not a whole number")
    name = one_line(_text(record, "name"))
    if not name:
        raise RottenRecordError("name: missing")
    return Event(
        id=event_id,
        name=name,
        slug=_slug(_text(record, "slug")),
        type=_event_type(record.get("type")),
        date=_moment(record, "date"),
        precision_id=_precision_id(record.get("date_precision")),
        description=clean_text(_text(record, "description")),
        location=one_line(_text(record, "location")),
        webcast_live=record.get("webcast_live") is True,
        duration=one_line(_text(record, "duration")) or None,
        picture=_picture(record.get("image")),
        webcasts=tuple(_webcasts(record.get("vid_urls"))),
        links=tuple(_links(record.get("info_urls"))),
        updates=tuple(_updates(record.get("updates"))),
        agencies=tuple(_agencies(record.get("agencies"))),
        programs=tuple(_programs(record.get("program"))),
        last_updated=_moment(record, "last_updated"),
        launches=tuple(_launches(record.get("launches"))),
        stations=tuple(_stations(record.get("spacestations"))),
        expeditions=tuple(_expeditions(record.get("expeditions"))),
        crew=tuple(_crew(record.get("astronauts"))),
    )


def _id_or_none(record: object) -> int | None:
    found = record.get("id") if isinstance(record, dict) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found <= LARGEST_ID else None


def _text(record: Json, field: str) -> str:
    found = record.get(field)
    if found is not None and not isinstance(found, str):
        raise RottenRecordError(f"{field}: not a text")
    return found or ""


def _slug(text: str) -> str:
    return text if re.fullmatch(r"[-a-zA-Z0-9_]+", text) else ""


def _moment(record: Json, field: str) -> datetime | None:
    text = _text(record, field)
    if not text:
        return None
    try:
        return as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise RottenRecordError(f"{field}: not a date and time") from error


def _event_type(found: object) -> EventType:
    if found is None:
        return _UNKNOWN_TYPE
    type_id = _id_or_none(found)
    if type_id is None or not isinstance(found, dict):
        raise RottenRecordError("type: not an object with an id")
    return EventType(type_id, one_line(_text(found, "name")) or _UNKNOWN_TYPE.name)


def _precision_id(found: object) -> int | None:
    if found is None:
        return None
    precision_id = found.get("id") if isinstance(found, dict) else None
    if not isinstance(precision_id, int) or isinstance(precision_id, bool) or abs(precision_id) > LARGEST_ID:
        raise RottenRecordError("date_precision: not an object with an id")
    return precision_id


# The parts below are extras: one that makes no sense is left out, and the event stays.


def _parts(found: object) -> list[Json]:
    return [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []


def _parts_by_id(found: object) -> dict[int, Json]:
    return {part_id: part for part in _parts(found) if (part_id := _id_or_none(part))}


def _loose_text(part: Json, field: str) -> str:
    found = part.get(field)
    return clean_text(found) if isinstance(found, str) else ""


def _loose_moment(part: Json, field: str) -> datetime | None:
    try:
        return _moment(part, field)
    except RottenRecordError:
        return None


def _loose_url(part: Json, field: str) -> str | None:
    return web_url(_loose_text(part, field))


def _name_in(part: Json, field: str, key: str = "name") -> str:
    inner = part.get(field)
    return _loose_text(inner, key) if isinstance(inner, dict) else ""


def _priority(part: Json) -> int:
    found = part.get("priority")
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _LOWEST_PRIORITY:
        return _LOWEST_PRIORITY
    return found


def _webcasts(found: object) -> list[Webcast]:
    return [
        Webcast(
            url=url,
            title=_loose_text(part, "title"),
            publisher=_loose_text(part, "publisher"),
            kind_id=_id_or_none(part.get("type")) or 0,
            kind_name=_name_in(part, "type"),
            language=_name_in(part, "language"),
            language_code=_name_in(part, "language", "code"),
            priority=_priority(part),
            live=part.get("live") is True,
            start=_loose_moment(part, "start_time"),
            end=_loose_moment(part, "end_time"),
        )
        for part in _parts(found)
        if (url := _loose_url(part, "url"))
    ]


def _links(found: object) -> list[Link]:
    return [
        Link(
            url=url,
            title=_loose_text(part, "title"),
            description=_loose_text(part, "description"),
            source=_loose_text(part, "source") or host_of(url),
            kind=_name_in(part, "type"),
            language=_name_in(part, "language"),
            priority=_priority(part),
        )
        for part in _parts(found)
        if (url := _loose_url(part, "url"))
    ]


def _updates(found: object) -> list[Update]:
    return [
        Update(
            id=_id_or_none(part) or 0,
            comment=comment,
            author=_loose_text(part, "created_by"),
            created_on=_loose_moment(part, "created_on"),
            url=_loose_url(part, "info_url"),
        )
        for part in _parts(found)
        if (comment := _loose_text(part, "comment").strip())
    ]


def _agencies(found: object) -> list[Agency]:
    return [
        Agency(agency_id, one_line(_loose_text(part, "name")), one_line(_loose_text(part, "abbrev")))
        for agency_id, part in _parts_by_id(found).items()
    ]


def _programs(found: object) -> list[Program]:
    return [
        Program(program_id, one_line(_loose_text(part, "name"))) for program_id, part in _parts_by_id(found).items()
    ]


def _launches(found: object) -> list[Launch]:
    return [
        Launch(
            id=launch_id,
            name=name,
            date=_loose_moment(part, "net"),
            precision_id=_loose_precision_id(part.get("net_precision")),
            status=one_line(_name_in(part, "status")),
        )
        for part in _parts(found)
        if (launch_id := one_line(_loose_text(part, "id"))) and (name := one_line(_loose_text(part, "name")))
    ]


def _loose_precision_id(found: object) -> int | None:
    try:
        return _precision_id(found)
    except RottenRecordError:
        return None


def _stations(found: object) -> list[Station]:
    return [
        Station(station_id, name, one_line(_loose_text(part, "orbit")))
        for station_id, part in _parts_by_id(found).items()
        if (name := one_line(_loose_text(part, "name")))
    ]


def _expeditions(found: object) -> list[Expedition]:
    return [
        Expedition(expedition_id, name, _loose_moment(part, "start"), _loose_moment(part, "end"))
        for expedition_id, part in _parts_by_id(found).items()
        if (name := one_line(_loose_text(part, "name")))
    ]


def _crew(found: object) -> list[CrewMember]:
    return [
        CrewMember(person_id, name, one_line(_name_in(part, "agency")))
        for person_id, part in _parts_by_id(found).items()
        if (name := one_line(_loose_text(part, "name")))
    ]


def _picture(found: object) -> Picture | None:
    if not isinstance(found, dict) or not (url := _loose_url(found, "image_url")):
        return None
    licence = found.get("license")
    return Picture(
        url=url,
        thumbnail_url=_loose_url(found, "thumbnail_url"),
        credit=one_line(_loose_text(found, "credit")),
        license_name=one_line(_name_in(found, "license")),
        license_url=_loose_url(licence, "link") if isinstance(licence, dict) else None,
        single_use=found.get("single_use") is True,
    )
