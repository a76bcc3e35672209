"""The fields of an entry whose changes are reported to readers, and those whose are not, each with its reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.changes import ChangeKind
from webapp.domain.entry import (
    Agency,
    CrewMember,
    Entry,
    EventDetail,
    EventType,
    Expedition,
    LaunchReference,
    Link,
    Program,
    Station,
    Update,
    link_title,
)
from webapp.domain.launch import (
    LaunchDetail,
    LaunchStatus,
    LaunchWindow,
    Mission,
    Orbit,
    Pad,
    Place,
    Rocket,
    TimelineStep,
)
from webapp.domain.text import one_line
from webapp.domain.webcasts import Webcast, display_title

_EDITED = (ChangeKind.EDITED,)
_DATED = (ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER, ChangeKind.ADJUSTED, ChangeKind.EDITED)


@dataclass(frozen=True, slots=True)
class Reported:
    """A field whose changes are reported. `by` are the change kinds that report it.

    `seen` gives what a reader sees of it, from the whole entry or part. What looks alike is equal: white space and the
    order of a list do not count.
    """

    seen: Callable[[Any], object]
    by: tuple[ChangeKind, ...] = _EDITED


@dataclass(frozen=True, slots=True)
class Unreported:
    """A field whose changes are not reported, and why. It is stored, and the API shows it, all the same."""

    why: str


def seen_of(whole: object) -> tuple[object, ...]:
    """Give what a reader sees of an entry or of one of its parts: equal where there is nothing to report."""
    return tuple(field.seen(whole) for field in FIELDS[type(whole)].values() if isinstance(field, Reported))


Fields = Mapping[str, Reported | Unreported]
_ORDERS = Unreported("it only decides what stands first in a list")
_SEARCHED = Unreported("it is searched by and not shown")
_NOT_SHOWN = Unreported("no page, feed or calendar shows it")
_IN_LOCATION = Unreported("the location of the entry says it")
_AN_ID = Unreported("it is a number for machines")


def _text(name: str) -> Reported:
    """Report a text of several lines, wherever they break."""
    return Reported(lambda whole: one_line(getattr(whole, name)))


def _value(name: str) -> Reported:
    return Reported(lambda whole: getattr(whole, name))


def _parts(name: str, by: tuple[ChangeKind, ...] = _EDITED) -> Reported:
    return Reported(lambda entry: frozenset(seen_of(part) for part in getattr(entry, name)), by)


def _part(name: str, by: tuple[ChangeKind, ...] = _EDITED) -> Reported:
    return Reported(lambda whole: None if (part := getattr(whole, name)) is None else seen_of(part), by)


def _date(name: str) -> Reported:
    return Reported(lambda whole: None if (moment := getattr(whole, name)) is None else moment.date())


_ENTRY_DATE = Reported(lambda entry: (entry.date_range, entry.date_words, entry.date_reason), _DATED)
_LAUNCH_DATE = Reported(lambda launch: launch.date_words)

FIELDS: Mapping[type, Fields] = {
    Entry: {
        "key": Unreported("an entry is known by it"),
        "name": Reported(lambda entry: entry.name, (ChangeKind.RENAMED,)),
        "slug": Reported(lambda entry: entry.slug, (ChangeKind.RENAMED, ChangeKind.EDITED)),
        "date": _ENTRY_DATE,
        "precision_id": _ENTRY_DATE,
        "webcast_live": Reported(lambda entry: entry.webcast_live, (ChangeKind.GONE_LIVE, ChangeKind.ENDED)),
        "webcasts": _parts("webcasts", (ChangeKind.WEBCAST_ADDED, ChangeKind.EDITED)),
        "type": Reported(lambda entry: seen_of(entry.type)),
        "description": _text("description"),
        "location": _value("location"),
        "links": _parts("links"),
        "updates": _parts("updates"),
        "agencies": _parts("agencies"),
        "programs": _parts("programs"),
        "picture": Unreported("another picture says nothing new of the event"),
        "last_updated": Unreported("that a record was touched says nothing of the event"),
        "detail": Unreported("it is reported field by field, as the table of its class says"),
    },
    EventDetail: {
        "launches": _parts("launches"),
        "stations": _parts("stations"),
        "expeditions": _parts("expeditions"),
        "crew": _parts("crew"),
        "duration": Unreported("it is the length of a video; calendars go by the usual length of the type"),
    },
    LaunchDetail: {
        "status": _part("status", (ChangeKind.STATUS,)),
        "window": _part("window"),
        "rocket": _part("rocket"),
        "mission": _part("mission"),
        "pad": _part("pad"),
        "provider_id": _value("provider_id"),
        "probability": _value("probability"),
        "weather_concerns": _value("weather_concerns"),
        "outcome_reason": _text("outcome_reason"),
        "timeline": _parts("timeline"),
        "patches": Reported(lambda detail: frozenset(detail.patches)),
        "designator": Unreported("every launch is given one after its flight"),
        "status_description": _NOT_SHOWN,
        "spacecraft": _SEARCHED,
        "serial_numbers": _SEARCHED,
        "attempt_counts": Unreported("each launch changes those of all others"),
    },
    LaunchStatus: {
        "id": Reported(lambda status: (status.words, status.shape)),
        "name": Unreported("we have words of our own, but for a status that is new to us"),
        "abbrev": _NOT_SHOWN,
    },
    LaunchWindow: {"start": _value("start"), "end": _value("end")},
    Rocket: {
        "id": _AN_ID,
        "name": _SEARCHED,
        "full_name": _value("full_name"),
        "families": _SEARCHED,
        "manufacturer": _SEARCHED,
    },
    Mission: {"name": _value("name"), "type": _value("type"), "orbit": _part("orbit")},
    Orbit: {"id": _AN_ID, "name": _value("name"), "abbrev": _NOT_SHOWN, "body": _SEARCHED},
    Pad: {"id": _AN_ID, "name": _IN_LOCATION, "place": _part("place")},
    Place: {"id": _AN_ID, "name": _IN_LOCATION, "zone_name": _value("zone_name"), "body": _SEARCHED},
    TimelineStep: {
        "name": _value("name"),
        "description": _value("description"),
        "at": _value("at"),
        "type_id": _AN_ID,
    },
    # A type's number is its drawing and its colour.
    EventType: {"id": _value("id"), "name": _value("name")},
    Webcast: {
        "url": _value("url"),
        "title": Reported(display_title),
        "publisher": _value("publisher"),
        "kind_id": _ORDERS,
        "kind_name": _value("kind_name"),
        "language": _value("language"),
        "language_code": _NOT_SHOWN,
        "priority": _ORDERS,
        "live": _value("live"),
        "start": _value("start"),
        "end": _NOT_SHOWN,
    },
    Link: {
        "url": _value("url"),
        "title": Reported(link_title),
        "description": _value("description"),
        "source": _NOT_SHOWN,
        "kind": _NOT_SHOWN,
        "language": _NOT_SHOWN,
        "priority": _ORDERS,
    },
    Update: {
        "id": _AN_ID,
        "comment": _text("comment"),
        "author": _value("author"),
        "created_on": _value("created_on"),
        "url": _value("url"),
    },
    # The number of an agency or a program is the address that its name leads to.
    Agency: {"id": _value("id"), "name": _value("name"), "abbrev": _SEARCHED},
    Program: {"id": _value("id"), "name": _value("name")},
    LaunchReference: {
        "id": _AN_ID,
        "name": _value("name"),
        "date": _LAUNCH_DATE,
        "precision_id": _LAUNCH_DATE,
        "status": _value("status"),
    },
    Station: {"id": _AN_ID, "name": _value("name"), "orbit": _value("orbit")},
    Expedition: {"id": _AN_ID, "name": _value("name"), "start": _date("start"), "end": _date("end")},
    CrewMember: {"id": _AN_ID, "name": _value("name"), "agency": _value("agency")},
}
"""Every field of an entry and of its parts: reported, or not and why. A picture is unreported as a whole."""
