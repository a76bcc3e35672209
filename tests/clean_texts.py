"""The texts of an entry and of all its parts, found by the types of their fields, and which of them are not clean."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from tests.fake_ll2 import Record, make_launch, make_record
from webapp.domain.entry import Entry
from webapp.domain.text import clean_text, one_line
from webapp.ll2.parse import parse_event
from webapp.ll2.parse_launch import parse_launch

MULTI_LINE = {"Entry.description", "LaunchDetail.outcome_reason", "Update.comment"}
"""The fields whose text may have several lines."""


def text_fields(cls: type = Entry) -> set[str]:
    """Give the names of all fields that a class, and whatever its fields hold, has for a text."""
    found = set[str]()
    for name, hint in get_type_hints(cls).items():
        for kind in _kinds(hint):
            if kind is str:
                found.add(f"{cls.__name__}.{name}")
            elif _has_fields(kind):
                found |= text_fields(kind)
    return found


def texts_of(whole: object) -> Iterator[tuple[str, str]]:
    """Give each text anywhere in an entry, with the name of its field."""
    for name in get_type_hints(type(whole)):
        value = getattr(whole, name)
        for part in value if isinstance(value, tuple) and not _has_fields(type(value)) else (value,):
            if isinstance(part, str):
                yield f"{type(whole).__name__}.{name}", part
            elif _has_fields(type(part)):
                yield from texts_of(part)


def unclean_texts(entry: Entry) -> list[tuple[str, str]]:
    """Give the texts of an entry that cleaning would change, with the names of their fields."""
    return [
        (name, text) for name, text in texts_of(entry) if text != (clean_text if name in MULTI_LINE else one_line)(text)
    ]


def entries_of(text: str) -> tuple[Entry, Entry]:
    """Give an event and a launch of records that have this text in every field of a text."""
    return parse_event(record_of(text)), parse_launch(launch_record_of(text))


def record_of(text: str) -> Record:
    """Give an event's record that has this text in every field of a text, and an address in every field of one."""
    kind, named, link = _parts_of(text)
    url = link["url"]
    return make_record(
        1,
        name=f"1 {text}",
        slug=text,
        type=kind,
        description=text,
        location=text,
        duration=text,
        image={"name": text, "image_url": url, "thumbnail_url": url, "credit": text, "license": kind | {"link": url}},
        vid_urls=[link],
        info_urls=[link],
        updates=[{"id": 1, "comment": text, "created_by": text, "info_url": url}],
        agencies=[named],
        program=[named],
        launches=[named | {"id": f"1{text}", "status": kind}],
        spacestations=[named],
        expeditions=[named],
        astronauts=[named],
    )


def launch_record_of(text: str) -> Record:
    """Give such a record of a launch."""
    kind, named, link = _parts_of(text)
    url = link["url"]
    place = named | {"timezone_name": "Europe/Paris"}
    return make_launch(
        1,
        name=f"1 {text}",
        slug=text,
        status=kind | {"abbrev": text, "description": text},
        image={"name": text, "image_url": url, "thumbnail_url": url, "credit": text, "license": kind | {"link": url}},
        vid_urls=[link],
        info_urls=[link],
        updates=[{"id": 1, "comment": text, "created_by": text, "info_url": url}],
        launch_service_provider=named,
        program=[named],
        mission=named
        | {
            "type": text,
            "description": text,
            "orbit": named | {"celestial_body": named},
            "agencies": [named | {"id": 2}],
        },
        rocket={
            "configuration": named | {"full_name": text, "families": [named], "manufacturer": named},
            "launcher_stage": [{"launcher": {"serial_number": text}}],
            "spacecraft_stage": [{"spacecraft": named}],
        },
        pad=named | {"location": place},
        weather_concerns=text,
        failreason=text,
        launch_designator=text,
        timeline=[{"type": {"abbrev": f"1 {text}", "description": text}, "relative_time": "PT1S"}],
        mission_patches=[named],
    )


def _parts_of(text: str) -> tuple[Record, Record, Record]:
    """Give a type, a part with a name, and a link that have this text in every field of a text."""
    url, kind = "https://example.org/a", {"id": 1, "name": text, "code": text}
    named = {"id": 1, "name": f"1 {text}", "abbrev": text, "orbit": text, "agency": kind}
    link = {"url": url, "title": text, "description": text, "source": text, "publisher": text, "type": kind,
            "language": kind}  # fmt: skip
    return kind, named, link


def _kinds(hint: Any) -> Iterator[type]:
    """Give a type, or those that a union or a tuple is made of."""
    if args := get_args(hint):
        for arg in args:
            yield from _kinds(arg)
    else:
        yield hint


def _has_fields(kind: type) -> bool:
    return is_dataclass(kind) or hasattr(kind, "_fields")
