"""Entries to rows and back."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from webapp.domain.entry import (
    Agency,
    Entry,
    EntryKind,
    EventDetail,
    EventType,
    Link,
    Picture,
    Program,
    ReceivedEntry,
    StoredEntry,
    Update,
)
from webapp.domain.instants import known_since_space_age
from webapp.domain.text import clean_text, one_line, scraped_line
from webapp.domain.uris import web_url
from webapp.domain.webcasts import Webcast
from webapp.store.details import detail_of, detail_parts, json_value, with_instants
from webapp.store.keys import key_of

Row = Mapping[Any, Any]

_CLEAN = "clean"  # Stands among the parts where all texts are clean. Earlier versions cleaned some as they were shown.

BEGINNING_OF_TIME, END_OF_TIME = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
"""Stand for the date of an entry that has none, where one is needed to order by."""

UNDATED_RANK = 99
"""The `range_rank` of an entry without a date: above every rank that the precision table has."""


def entry_columns(entry: Entry) -> dict[str, Any]:
    """Give the values of an entry's row, all but what only the store knows (revision, first seen, changed)."""
    day = entry.date
    return _range_columns(entry) | {
        "name": entry.name,
        "slug": entry.slug,
        "type_id": entry.type.id,
        "date": day,
        "date_year": day.year if day else None,
        "date_month": day.month if day else None,
        "date_day": day.day if day else None,
        "precision_id": entry.precision_id,
        "precision_order": entry.precision.step.order if day else None,
        "location": entry.location,
        "webcast_live": entry.webcast_live,
        "has_webcast": bool(entry.webcasts),
        "has_placeholder_date": entry.has_placeholder_date,
        "last_updated": entry.last_updated,
        "sort_date": day or END_OF_TIME,
        "sort_date_descending": day or BEGINNING_OF_TIME,
        "sort_updated": entry.last_updated or BEGINNING_OF_TIME,
    }


def body_columns(received: ReceivedEntry) -> dict[str, Any]:
    """Give the values of an entry's body: what is shown and not queried, and its record."""
    entry = received.entry
    return {
        "type_name": entry.type.name,
        "description": entry.description,
        "duration": entry.detail.duration if isinstance(entry.detail, EventDetail) else None,
        "parts": _serialize_parts(entry),
        **_record_columns(received),
    }


def _record_columns(received: ReceivedEntry) -> dict[str, Any]:
    if received.entry.key.kind is EntryKind.EVENT:
        return {"record": received.record, "compressed": None}
    return {"record": "", "compressed": zlib.compress(received.record.encode("ascii"), level=9)}


def stored_record(row: Row) -> str:
    """Give the record as it was received, by the two columns that may hold it."""
    return row["record"] if row["compressed"] is None else zlib.decompress(row["compressed"]).decode("ascii")


def stored_entry(row: Row) -> StoredEntry:
    """Make an entry of its row, joined with its body and with its row in the table of keys, if it has one.

    What earlier versions have kept is read as it would arrive now: a stamp from before the space age counts as missing.
    """
    parts = json.loads(row["parts"])
    if _CLEAN not in parts:
        parts, row = _cleaned(parts), {**row, "duration": one_line(row["duration"] or "") or None}
    entry = Entry(
        key=key_of(row["id"], row["kind"], row["source_id"]),
        name=row["name"],
        slug=row["slug"],
        type=EventType(row["type_id"], row["type_name"]),
        date=row["date"],
        precision_id=row["precision_id"],
        description=row["description"],
        location=row["location"],
        webcast_live=row["webcast_live"],
        picture=_picture(parts["picture"]),
        webcasts=tuple(Webcast(**with_instants(part, "start", "end")) for part in _with_url(parts["webcasts"])),
        links=tuple(Link(**part) for part in _with_url(parts["links"])),
        updates=tuple(_update(part) for part in parts["updates"]),
        agencies=tuple(Agency(**part) for part in parts["agencies"]),
        programs=tuple(Program(**part) for part in parts["programs"]),
        last_updated=known_since_space_age(row["last_updated"]),
        detail=detail_of(parts, row["duration"]),
    )
    changed_at = known_since_space_age(row["changed_at"]) or row["first_seen"]
    return StoredEntry(row["id"], entry, row["revision"], row["first_seen"], changed_at, row["withdrawn_at"])


def _range_columns(entry: Entry) -> dict[str, Any]:
    date_range = entry.date_range
    if date_range is None:
        # Without a date an entry is never over, and comes after all that have one.
        first, last, over_at = date.max, date.max, END_OF_TIME
    else:
        first, last, over_at = date_range.first_date, date_range.last_date, entry.over_at or END_OF_TIME
    return {
        "range_first_date": first,
        "range_last_date": last,
        "range_rank": entry.precision.rank if date_range else UNDATED_RANK,
        "range_over_at": over_at,
    }


def _serialize_parts(entry: Entry) -> str:
    parts = {
        _CLEAN: True,
        "picture": entry.picture,
        "webcasts": entry.webcasts,
        "links": entry.links,
        "updates": entry.updates,
        "agencies": entry.agencies,
        "programs": entry.programs,
    } | detail_parts(entry.detail)
    return json.dumps(parts, separators=(",", ":"), default=json_value)


def _cleaned(parts: dict[str, Any]) -> dict[str, Any]:
    """Clean the texts of parts as parsing does now. Not a second time: that would resolve more of a title."""
    picture = parts["picture"]
    lists = {name: [_cleaned_part(part) for part in found] for name, found in parts.items() if name != "picture"}
    return lists | {"picture": picture and _cleaned_part(picture)}


def _cleaned_part(part: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _CLEANERS.get(name, one_line)(value) if isinstance(value, str) and not name.endswith("url") else value
        for name, value in part.items()
    }


_CLEANERS = {"title": scraped_line, "comment": clean_text}


def _update(part: dict[str, Any]) -> Update:
    update = Update(**_urls(with_instants(part, "created_on"), "url"))
    return replace(update, created_on=known_since_space_age(update.created_on))


# Addresses in rows of earlier versions are no URIs yet. Put right as they are read, they are the ones that arrive anew.
def _urls(part: dict[str, Any], *names: str) -> dict[str, Any]:
    return part | {name: web_url(part[name]) for name in names}


def _with_url(parts: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (part for part in (_urls(part, "url") for part in parts) if part["url"])


def _picture(stored: dict[str, Any] | None) -> Picture | None:
    picture = _urls(stored, "url", "thumbnail_url", "license_url") if stored else {"url": None}
    return Picture(**picture) if picture["url"] else None
