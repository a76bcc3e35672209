"""Invented events in the detailed 2.3.0 shape, the same at every run; and the real ones, from where they are kept.

Overrides of an invented event are wire values, taken as they are: `make_record(7, date="2025-07-19T12:00:00Z",
date_precision=precision(5), program=None)`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fake_ll2 import parts
from tests.fake_ll2.catalogue import AGENCIES, EVENT_TYPES, PRECISIONS, PROGRAMS, agency, event_type, precision, program
from tests.fake_ll2.data import data_folder, real_records_2_1, seed_records
from tests.fake_ll2.moments import stamp
from tests.fake_ll2.raising import raise_2_1
from tests.fake_ll2.shapes import Record
from tests.fake_ll2.timetable import Entry, entries

__all__ = [
    "PRECISIONS",
    "data_folder",
    "event_type",
    "make_record",
    "make_records",
    "precision",
    "raise_2_1",
    "real_records_2_1",
    "seed_records",
]

FIRST_DAY = datetime(2025, 1, 1, 12, tzinfo=UTC)
TYPE_IDS, AGENCY_IDS, PROGRAM_IDS = tuple(EVENT_TYPES), tuple(AGENCIES), tuple(PROGRAMS)
LOCATIONS = (
    "International Space Station",
    "Kennedy Space Center, Florida, USA",
    "Tiangong Space Station",
    "Starbase, Texas, USA",
    None,
)
DESCRIPTIONS = (
    "Invented event {id}.",
    'Invented event {id} & its crew.\r\n\r\nThe "second" paragraph, which isn\'t <b>bold</b>.',
    "Événement inventé {id}, 虚构事件, выдуманное событие.",
)
SUCCESS = {"id": 3, "name": "Launch Successful", "abbrev": "Success", "description": "It reached its orbit."}


def make_record(id: int, **overrides: Any) -> Record:  # noqa: A002 - the word of the wire
    """A complete event drawn from its id alone: at noon UTC, `id` days after 1 January 2025, to the minute."""
    moment = FIRST_DAY + timedelta(days=id)
    type_ = event_type(TYPE_IDS[id % len(TYPE_IDS)])
    name = f"Meridian {id} {type_['name']}"
    return {
        "id": id,
        "url": f"{parts.SITE}/events/{id}/",
        "name": name,
        "info_urls": [parts.page(f"https://www.example.org/news/{id}/", f"About {name}")] if id % 2 else [],
        "vid_urls": _webcasts(id, overrides.get("date", stamp(moment))),
        "image": _image(id, name),
        "date": stamp(moment),
        "slug": name.lower().replace(" ", "-") if id % 40 else "",
        "type": type_,
        "description": DESCRIPTIONS[id % len(DESCRIPTIONS)].format(id=id),
        "webcast_live": False,
        "location": LOCATIONS[id % len(LOCATIONS)],
        "date_precision": precision(1),
        "response_mode": "detailed",
        "duration": None,
        "updates": _updates(id),
        "last_updated": stamp(FIRST_DAY + timedelta(minutes=id)),
    } | {**_related(id, type_["id"]), **overrides}


def make_records(count: int, *, now: datetime) -> list[Record]:
    """`count` events with the ids 1, 2, 3 ...: twenty years of past, and up to 28 upcoming at `now` (aware).

    From about 200 on they hold every precision and every known type, and a few without precision or date.
    """
    return [_scheduled(id_, entry, now) for id_, entry in enumerate(entries(count, now.astimezone(UTC)), start=1)]


def _scheduled(id_: int, entry: Entry, now: datetime) -> Record:
    over = entry.date is not None and entry.date < now
    date = None if entry.date is None else stamp(entry.date)
    record = make_record(
        id_,
        date=date,
        date_precision=None if entry.precision is None else precision(entry.precision),
        last_updated=stamp(entry.last_updated),
    )
    # The length of a webcast is known when it has ended.
    return record | {"duration": "PT1H5M30S" if over and record["vid_urls"] else None}


def _image(id_: int, name: str) -> Record | None:
    if id_ % 11 == 0:
        return None
    return parts.image(id_, name, f"https://images.example.org/{id_}.jpeg", single_use=id_ % 2 == 0)


def _webcasts(id_: int, start: str | None) -> list[Record]:
    """None for two events of three; for every ninth, two of equal priority and another host's."""
    if id_ % 3:
        return []
    official = parts.webcast(f"https://www.youtube.com/watch?v=meridian{id_}", f"Meridian {id_} live", start=start)
    if id_ % 9:
        return [official]
    unofficial = parts.webcast(f"https://x.com/i/broadcasts/{id_}", None, kind=3)
    return [unofficial, official, parts.webcast(f"http://plus.nasa.gov/video/{id_}/", "NASA+", priority=20)]


def _updates(id_: int) -> list[Record]:
    """For every fourth event, three remarks in no order."""
    if id_ % 4:
        return []
    return [
        {
            "id": id_ * 10 + number,
            "profile_image": None,
            "comment": f"Remark {number} on Meridian {id_}.",
            "info_url": None,
            "created_by": "An editor",
            "created_on": stamp(FIRST_DAY + timedelta(hours=id_ + number)),
        }
        for number in (2, 1, 3)
    ]


def _related(id_: int, type_id: int) -> Record:
    """What `detailed` adds: an agency or two, sometimes a program, and around the station its crew."""
    agencies = [agency(AGENCY_IDS[(id_ + step) % len(AGENCY_IDS)]) for step in range(1 + id_ % 2)]
    aboard = type_id in {2, 3, 4, 8, 15}
    station = parts.station_object(4, "International Space Station", "A laboratory in low Earth orbit.")
    expedition = parts.expedition_object(900, "Expedition 900", stamp(FIRST_DAY), None, station)
    astronaut = parts.astronaut_object(id_, f"Astronaut {id_}", agencies[0])
    return {
        "agencies": agencies,
        "launches": [_launch(id_)] if id_ % 5 == 0 else [],
        "expeditions": [expedition] if aboard else [],
        "spacestations": [station] if aboard else [],
        "program": [program(PROGRAM_IDS[id_ // 2 % len(PROGRAM_IDS)])] if id_ % 2 else [],
        "astronauts": [astronaut] if aboard else [],
    }


def _launch(id_: int) -> Record:
    uuid, net = f"00000000-0000-4000-8000-{id_:012d}", stamp(FIRST_DAY + timedelta(days=id_ - 1))
    name, slug = f"Carrier | Meridian {id_}", f"carrier-meridian-{id_}"
    return parts.launch_object(uuid, name, slug, net=net, status=SUCCESS, precision=precision(0))
