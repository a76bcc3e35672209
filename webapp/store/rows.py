"""Events to rows and back."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

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
    StoredEvent,
    Update,
)
from webapp.domain.instants import known_since_space_age
from webapp.domain.uris import web_url
from webapp.domain.webcasts import Webcast

Row = Mapping[Any, Any]

BEGINNING_OF_TIME, END_OF_TIME = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Stand for the date of an event that has none, where one is needed to order by."""

UNDATED_RANK = 99
"""The `window_rank` of an event without a date: above every rank that the precision table has."""


def event_columns(event: Event) -> dict[str, Any]:
    """Give the values of an event's row, all but what only the store knows (revision, first seen, changed)."""
    day = event.date
    return _window_columns(event) | {
        "id": event.id,
        "name": event.name,
        "slug": event.slug,
        "type_id": event.type.id,
        "date": day,
        "date_year": day.year if day else None,
        "date_month": day.month if day else None,
        "date_day": day.day if day else None,
        "precision_id": event.precision_id,
        "precision_order": event.precision.step.order if day else None,
        "location": event.location,
        "webcast_live": event.webcast_live,
        "has_webcast": bool(event.webcasts),
        "last_updated": event.last_updated,
        "sort_date": day or END_OF_TIME,
        "sort_date_descending": day or BEGINNING_OF_TIME,
        "sort_updated": event.last_updated or BEGINNING_OF_TIME,
    }


def body_columns(received: ReceivedEvent) -> dict[str, Any]:
    """Give the values of an event's body: what is shown and not queried, and its record."""
    event = received.event
    return {
        "event_id": event.id,
        "type_name": event.type.name,
        "description": event.description,
        "duration": event.duration,
        "parts": _spell_parts(event),
        "record": received.record,
    }


def stored_event(row: Row) -> StoredEvent:
    """Make an event of its row, joined with its body.

    A stamp from before the space age, which earlier versions have kept, counts as missing.
    """
    parts = json.loads(row["parts"])
    event = Event(
        id=row["id"],
        name=row["name"],
        slug=row["slug"],
        type=EventType(row["type_id"], row["type_name"]),
        date=row["date"],
        precision_id=row["precision_id"],
        description=row["description"],
        location=row["location"],
        webcast_live=row["webcast_live"],
        duration=row["duration"],
        picture=_picture(parts["picture"]),
        webcasts=tuple(Webcast(**_moments(part, "start", "end")) for part in _with_url(parts["webcasts"])),
        links=tuple(Link(**part) for part in _with_url(parts["links"])),
        updates=tuple(_update(part) for part in parts["updates"]),
        agencies=tuple(Agency(**part) for part in parts["agencies"]),
        programs=tuple(Program(**part) for part in parts["programs"]),
        last_updated=known_since_space_age(row["last_updated"]),
        launches=tuple(Launch(**_moments(part, "date")) for part in parts["launches"]),
        stations=tuple(Station(**part) for part in parts["stations"]),
        expeditions=tuple(Expedition(**_moments(part, "start", "end")) for part in parts["expeditions"]),
        crew=tuple(CrewMember(**part) for part in parts["crew"]),
    )
    changed_at = known_since_space_age(row["changed_at"]) or row["first_seen"]
    return StoredEvent(event, row["revision"], row["first_seen"], changed_at, row["withdrawn_at"])


def _window_columns(event: Event) -> dict[str, Any]:
    window = event.window
    if window is None:
        # Without a date an event is never over, and comes after all that have one.
        first, last, over_at = date.max, date.max, END_OF_TIME
    else:
        first, last, over_at = window.first_date, window.last_date, window.over_at
    return {
        "window_first_date": first,
        "window_last_date": last,
        "window_rank": event.precision.rank if window else UNDATED_RANK,
        "window_over_at": over_at,
    }


def _spell_parts(event: Event) -> str:
    parts = {
        "picture": asdict(event.picture) if event.picture else None,
        "webcasts": [asdict(webcast) for webcast in event.webcasts],
        "links": [asdict(link) for link in event.links],
        "updates": [asdict(update) for update in event.updates],
        "agencies": [asdict(agency) for agency in event.agencies],
        "programs": [asdict(program) for program in event.programs],
        "launches": [asdict(launch) for launch in event.launches],
        "stations": [asdict(station) for station in event.stations],
        "expeditions": [asdict(expedition) for expedition in event.expeditions],
        "crew": [asdict(member) for member in event.crew],
    }
    return json.dumps(parts, separators=(",", ":"), default=datetime.isoformat)


def _update(part: dict[str, Any]) -> Update:
    update = Update(**_urls(_moments(part, "created_on"), "url"))
    return replace(update, created_on=known_since_space_age(update.created_on))


def _moments(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return part | {name: datetime.fromisoformat(part[name]) for name in names if part[name]}


# Addresses in rows of earlier versions are no URIs yet. Put right as they are read, they are the ones that arrive anew.
def _urls(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return part | {name: web_url(part[name]) for name in names}


def _with_url(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (part for part in (_urls(part, "url") for part in parts) if part["url"])


def _picture(spelled: dict[str, Any] | None) -> Picture | None:
    found = _urls(spelled, "url", "thumbnail_url", "license_url") if spelled else {"url": None}
    return Picture(**found) if found["url"] else None
