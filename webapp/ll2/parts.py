"""The parts of a record. Each is an extra: one that makes no sense is left out, and the entry stays."""

import re
from collections.abc import Iterator

from webapp.domain.entry import (
    Agency,
    CrewMember,
    Expedition,
    LaunchReference,
    Link,
    Picture,
    Program,
    Station,
    Update,
)
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import host_of
from webapp.domain.webcasts import Webcast
from webapp.ll2.fields import Fields

_LOWEST_PRIORITY = 2**31 - 1


def parse_precision_id(precision: Fields) -> int | None:
    """Read the id of a precision: 0 is one, and one that nobody has documented is kept."""
    return precision.id(least=-LARGEST_ID)


def parse_slug(record: Fields) -> str:
    """Read a record's `slug`, which stands in addresses."""
    slug = record.raw_text("slug")
    if re.fullmatch(r"[-a-zA-Z0-9_]*", slug):
        return slug
    record.note_unread("slug")
    return ""


def parse_picture(image: Fields) -> Picture | None:
    """Read a record's `image`."""
    if not (url := image.url("image_url")):
        return None
    licence = image.inner("license")
    return Picture(
        url=url,
        thumbnail_url=image.url("thumbnail_url"),
        credit=image.line("credit"),
        license_name=licence.line("name"),
        license_url=licence.url("link"),
        single_use=image.flag("single_use"),
        name=image.line("name"),
    )


def parse_webcasts(record: Fields) -> Iterator[Webcast]:
    """Read a record's `vid_urls`."""
    for part in record.parts("vid_urls"):
        if not (url := part.url("url")):
            continue
        kind, language = part.inner("type"), part.inner("language")
        yield Webcast(
            url=url,
            title=part.scraped_line("title"),
            publisher=part.line("publisher"),
            kind_id=kind.id() or 0,
            kind_name=kind.line("name"),
            language=language.line("name"),
            language_code=language.line("code"),
            priority=_priority(part),
            live=part.flag("live"),
            start=part.moment("start_time"),
            end=part.moment("end_time"),
        )


def parse_links(record: Fields) -> Iterator[Link]:
    """Read a record's `info_urls`."""
    for part in record.parts("info_urls"):
        if not (url := part.url("url")):
            continue
        yield Link(
            url=url,
            title=part.scraped_line("title"),
            description=part.line("description"),
            source=part.line("source") or host_of(url),
            kind=part.inner("type").line("name"),
            language=part.inner("language").line("name"),
            priority=_priority(part),
        )


def parse_updates(record: Fields) -> Iterator[Update]:
    """Read a record's `updates`: those that say something."""
    for part in record.parts("updates"):
        if not (comment := part.text("comment").strip()):
            continue
        yield Update(
            id=part.id() or 0,
            comment=comment,
            author=part.line("created_by"),
            created_on=part.stamp("created_on"),
            url=part.url("info_url"),
        )


def parse_agencies(record: Fields) -> Iterator[Agency]:
    """Read a record's `agencies`."""
    for agency_id, part in record.parts_by_id("agencies").items():
        yield Agency(agency_id, part.line("name"), part.line("abbrev"))


def parse_programs(record: Fields) -> Iterator[Program]:
    """Read a record's `program`, which is a list."""
    for program_id, part in record.parts_by_id("program").items():
        yield Program(program_id, part.line("name"))


def parse_launches(record: Fields) -> Iterator[LaunchReference]:
    """Read an event's `launches`, whose ids are texts."""
    for part in record.parts("launches"):
        if (launch_id := part.line("id")) and (name := part.line("name")):
            precision_id = parse_precision_id(part.inner("net_precision"))
            yield LaunchReference(launch_id, name, part.moment("net"), precision_id, part.inner("status").line("name"))


def parse_stations(record: Fields) -> Iterator[Station]:
    """Read an event's `spacestations`."""
    for station_id, part in record.parts_by_id("spacestations").items():
        if name := part.line("name"):
            yield Station(station_id, name, part.line("orbit"))


def parse_expeditions(record: Fields) -> Iterator[Expedition]:
    """Read an event's `expeditions`."""
    for expedition_id, part in record.parts_by_id("expeditions").items():
        if name := part.line("name"):
            yield Expedition(expedition_id, name, part.moment("start"), part.moment("end"))


def parse_crew(record: Fields) -> Iterator[CrewMember]:
    """Read an event's `astronauts`."""
    for person_id, part in record.parts_by_id("astronauts").items():
        if name := part.line("name"):
            yield CrewMember(person_id, name, part.inner("agency").line("name"))


def _priority(part: Fields) -> int:
    priority = part.whole_number("priority", least=-_LOWEST_PRIORITY, most=_LOWEST_PRIORITY)
    return _LOWEST_PRIORITY if priority is None else priority
