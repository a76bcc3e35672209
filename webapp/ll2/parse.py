"""Parsing of Launch Library's records to entries: what is unknown is ignored, what is rotten refused."""

import json
from dataclasses import dataclass

from webapp.domain.entry import Entry, EntryKey, EntryKind, EventDetail, EventType, ReceivedEntry
from webapp.domain.modes import Mode
from webapp.ll2.errors import MalformedError
from webapp.ll2.fields import Fields
from webapp.ll2.identity import RottenRecordError, event_id_of, launch_id_of, parse_name
from webapp.ll2.parse_launch import parse_launch
from webapp.ll2.parts import (
    parse_agencies,
    parse_crew,
    parse_expeditions,
    parse_launches,
    parse_links,
    parse_picture,
    parse_precision_id,
    parse_programs,
    parse_slug,
    parse_stations,
    parse_updates,
    parse_webcasts,
)

PAGE_SIZE = 100
"""Records in one page of a list: the most that Launch Library gives."""

MOST_RECORDS = 100_000
"""The most records that a list is believed to hold: some eighty times as many as Launch Library has events."""

DEEPEST = 20
"""How many levels of objects and lists a record may have; Launch Library's have eight."""

_UNKNOWN_TYPE = EventType(1, "Unknown")


@dataclass(frozen=True, slots=True)
class RejectedRecord:
    """A record that could not be understood: its key, if it has an id, and why."""

    key: EntryKey | None
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: what it holds, how many records the whole list counts, and whether more follow."""

    count: int
    has_next: bool
    received: tuple[ReceivedEntry, ...]
    rejected: tuple[RejectedRecord, ...]


def parse_page(document: object, kind: EntryKind = EntryKind.EVENT) -> Page:
    """Read one page of entries of a kind. A rotten record is set aside in `rejected`, the others are kept.

    Raises `MalformedError` where the page itself is not Launch Library's envelope.
    """
    if not isinstance(document, dict) or not isinstance(results := document.get("results"), list):
        raise MalformedError("Launch Library's answer has no list of results")
    if len(results) > PAGE_SIZE:
        raise MalformedError(
            f"Launch Library's answer has {len(results):,} records, more than the {PAGE_SIZE} requested"
        )
    count = _parse_count(document.get("count"))
    received, rejected = [], []
    for record in results:
        try:
            received.append(parse_record(record, kind))
        except RottenRecordError as error:
            rejected.append(RejectedRecord(_key_of(record, kind), str(error)))
    return Page(count, document.get("next") is not None, tuple(received), tuple(rejected))


def _key_of(record: object, kind: EntryKind) -> EntryKey | None:
    if kind is EntryKind.LAUNCH:
        launch_id = launch_id_of(record)
        return None if launch_id is None else EntryKey(kind, launch_id)
    event_id = event_id_of(record)
    return None if event_id is None else EntryKey.of_event(event_id)


def parse_record(record: object, kind: EntryKind = EntryKind.EVENT) -> ReceivedEntry:
    """Read one record of a kind in any of LL2's modes. Raises `RottenRecordError`, which names the field at fault.

    Only what makes it an entry, its id and its name, and what cannot be kept at all make it so. Every other field that
    cannot be read counts as missing, and is named in `unread`.
    """
    unread: set[str] = set()
    entry = parse_launch(record, unread) if kind is EntryKind.LAUNCH else parse_event(record, unread)
    # An event's record counts as whole in every mode: only launches are asked for in lesser ones.
    mode = _mode_of(record) if kind is EntryKind.LAUNCH else Mode.DETAILED
    return ReceivedEntry(entry, serialize_record(record), tuple(sorted(unread)), mode)


def _mode_of(record: object) -> Mode:
    """Give the mode of a launch's record, as it says itself; else by what it holds."""
    fields = record if isinstance(record, dict) else {}
    try:
        return Mode(fields.get("response_mode"))
    except ValueError:
        return Mode.DETAILED if "updates" in fields else Mode.NORMAL if "pad" in fields else Mode.LIST


def serialize_record(record: object) -> str:
    """Serialize a record to the text that the store keeps: keys in the order received, ASCII only.

    Escapes stand for everything else, NUL and lone surrogates included, which no database would take. Raises
    `RottenRecordError` for what cannot be kept: an infinite number (`1e999` reads as one), or nesting deeper than
    `DEEPEST`, which readers of JSON refuse sooner or later.
    """
    if _is_deeper(record, DEEPEST):
        raise RottenRecordError(f"record: nested more than {DEEPEST} levels deep")
    try:
        return json.dumps(record, separators=(",", ":"), allow_nan=False)
    except ValueError as error:
        raise RottenRecordError("record: not valid JSON") from error


def parse_event(record: object, unread: set[str] | None = None) -> Entry:
    """Read what a record says of its event; see `parse_record`. What cannot be read is named in `unread`."""
    if not isinstance(record, dict):
        raise RottenRecordError("record: not an object")
    event_id = event_id_of(record)
    if event_id is None:
        raise RottenRecordError("id: not a whole number")
    fields = Fields(record, set() if unread is None else unread)
    return Entry(
        key=EntryKey.of_event(event_id),
        name=parse_name(record),
        slug=parse_slug(fields),
        type=_parse_type(fields.inner("type")),
        date=fields.moment("date"),
        precision_id=parse_precision_id(fields.inner("date_precision")),
        description=fields.text("description"),
        location=fields.line("location"),
        webcast_live=fields.flag("webcast_live"),
        picture=parse_picture(fields.inner("image")),
        webcasts=tuple(parse_webcasts(fields)),
        links=tuple(parse_links(fields)),
        updates=tuple(parse_updates(fields)),
        agencies=tuple(parse_agencies(fields)),
        programs=tuple(parse_programs(fields)),
        last_updated=fields.stamp("last_updated"),
        detail=EventDetail(
            duration=fields.line("duration") or None,
            launches=tuple(parse_launches(fields)),
            stations=tuple(parse_stations(fields)),
            expeditions=tuple(parse_expeditions(fields)),
            crew=tuple(parse_crew(fields)),
        ),
    )


def _parse_count(count: object) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise MalformedError("Launch Library's answer has no count")
    if count > MOST_RECORDS:
        # A walk towards it would never end.
        raise MalformedError(f"Launch Library reports an implausible number of records, more than {MOST_RECORDS:,}")
    return count


def _parse_type(fields: Fields) -> EventType:
    type_id = fields.id()
    return _UNKNOWN_TYPE if type_id is None else EventType(type_id, fields.line("name") or _UNKNOWN_TYPE.name)


def _is_deeper(value: object, levels: int) -> bool:
    """Whether a JSON value has more levels of objects and lists than that."""
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(child, levels - 1) for child in inner)
