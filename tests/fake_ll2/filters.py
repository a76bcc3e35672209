"""The filters of `/events/` and `/launches/`, with django-filter's leniency: an empty value is none, a bad one a 400.

Of those of launches only such as a client of ours sends.
"""

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from tests.fake_ll2.moments import moment_of, parse_moment
from tests.fake_ll2.shapes import Record, Request

NOT_A_DATE = "Enter a valid date/time."
NOT_A_NUMBER = "Enter a number."
NOT_A_UUID = "Enter a valid UUID."
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"

Keep = Callable[[Record], bool]
# Makes the test from a parameter's values, in order; ValueError when they cannot be read.
Builder = Callable[[list[str]], Keep]
# The message of its 400, and its builder.
Filter = tuple[str, Builder]


class BadParametersError(Exception):
    """Carries the 400's body: for each bad parameter, its messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def select(records: Iterable[Record], request: Request, filters: Mapping[str, Filter]) -> list[Record]:
    """The records that pass every filter of the request, in their order; BadParametersError names all bad ones."""
    keeps: list[Keep] = []
    errors: dict[str, list[str]] = {}
    for name, (message, build) in filters.items():
        values = [value for key, value in request.query if key == name and value]
        try:
            keeps.extend([build(values)] if values else [])
        except ValueError:
            errors[name] = [message]
    if errors:
        raise BadParametersError(errors)
    return [record for record in records if all(keep(record) for keep in keeps)]


def ids_in(record: Record, field: str) -> set[object]:
    """The ids of the object, or the list of objects, in a field."""
    value = record.get(field)
    objects = value if isinstance(value, list) else [value]
    return {item.get("id") for item in objects if isinstance(item, dict)}


def _numbers(text: str) -> set[int]:
    return {int(part) for part in text.split(",")}


def _event_ids(values: list[str]) -> Keep:
    wanted = _numbers(values[-1])
    return lambda record: record.get("id") in wanted


def _related(field: str) -> Builder:
    def build(values: list[str]) -> Keep:
        wanted = _numbers(values[-1])
        return lambda record: not wanted.isdisjoint(ids_in(record, field))

    return build


def _programs(values: list[str]) -> Keep:
    # Repeated, not comma-separated: program=1&program=17 means either.
    wanted = {int(value) for value in values}
    return lambda record: not wanted.isdisjoint(ids_in(record, "program"))


def _one_of(field: str) -> Builder:
    def build(values: list[str]) -> Keep:
        wanted = int(values[-1])
        return lambda record: wanted in ids_in(record, field)

    return build


def _launch_ids(values: list[str]) -> Keep:
    wanted = values[-1].lower().split(",")
    if not all(re.fullmatch(UUID, one) for one in wanted):
        raise ValueError(values[-1])
    return lambda record: record.get("id") in wanted


def _location(values: list[str]) -> Keep:
    wanted = _numbers(values[-1])
    return lambda record: not wanted.isdisjoint(ids_in(_inner(record, "pad"), "location"))


def _inner(record: Record, *names: str) -> Record:
    """The object at this path of fields; an empty one where there is none."""
    for name in names:
        value = record.get(name)
        record = value if isinstance(value, dict) else {}
    return record


def _moment(field: str, compare: Callable[[datetime, datetime], bool]) -> Builder:
    def build(values: list[str]) -> Keep:
        bound = parse_moment(values[-1])
        return lambda record: (moment := moment_of(record, field)) is not None and compare(moment, bound)

    return build


def _date_part(field: str, part: str) -> Builder:
    def build(values: list[str]) -> Keep:
        wanted = _numbers(values[-1])
        return lambda record: (moment := moment_of(record, field)) is not None and getattr(moment, part) in wanted

    return build


def _search(texts_of: Callable[[Record], Iterable[object]]) -> Builder:
    def build(values: list[str]) -> Keep:
        words = [word.strip("\"'").casefold() for word in re.findall(r"\"[^\"]*\"|'[^']*'|[^\s,]+", values[-1])]
        return lambda record: all(
            any(word in str(text or "").casefold() for text in texts_of(record)) for word in words
        )

    return build


def _event_texts(record: Record) -> tuple[object, ...]:
    return (record.get("name"),)


def _launch_texts(record: Record) -> tuple[object, ...]:
    names = [
        _inner(record, *path).get("name")
        for path in (
            (),
            ("mission",),
            ("launch_service_provider",),
            ("pad",),
            ("pad", "location"),
            ("rocket", "configuration"),
        )
    ]
    return (*names, record.get("launch_designator"))


def _slug(values: list[str]) -> Keep:
    return lambda record: record.get("slug") == values[-1]


def _video_url(values: list[str]) -> Keep:
    wanted = set(values[-1].split(","))
    return lambda record: any(link.get("url") in wanted for link in record.get("vid_urls", []))


EVENT_FILTERS: dict[str, Filter] = {
    "id": (NOT_A_NUMBER, _event_ids),
    "type": (NOT_A_NUMBER, _one_of("type")),
    "type__ids": (NOT_A_NUMBER, _related("type")),
    "agency__ids": (NOT_A_NUMBER, _related("agencies")),
    "program": (NOT_A_NUMBER, _programs),
    "slug": ("", _slug),
    "search": ("", _search(_event_texts)),
    "video_url": ("", _video_url),
    "day": (NOT_A_NUMBER, _date_part("date", "day")),
    "month": (NOT_A_NUMBER, _date_part("date", "month")),
    "year": (NOT_A_NUMBER, _date_part("date", "year")),
    "date__gt": (NOT_A_DATE, _moment("date", operator.gt)),
    "date__gte": (NOT_A_DATE, _moment("date", operator.ge)),
    "date__lt": (NOT_A_DATE, _moment("date", operator.lt)),
    # The service's own slip of the pen for date__lt.
    "date__gt__lt": (NOT_A_DATE, _moment("date", operator.lt)),
    "date__lte": (NOT_A_DATE, _moment("date", operator.le)),
    "last_updated__gte": (NOT_A_DATE, _moment("last_updated", operator.ge)),
    "last_updated__lte": (NOT_A_DATE, _moment("last_updated", operator.le)),
}

LAUNCH_FILTERS: dict[str, Filter] = {
    "id": (NOT_A_UUID, _launch_ids),
    "status": (NOT_A_NUMBER, _one_of("status")),
    "status__ids": (NOT_A_NUMBER, _related("status")),
    "lsp__id": (NOT_A_NUMBER, _related("launch_service_provider")),
    "location__ids": (NOT_A_NUMBER, _location),
    "program": (NOT_A_NUMBER, _programs),
    "slug": ("", _slug),
    "search": ("", _search(_launch_texts)),
    "video_url": ("", _video_url),
    "day": (NOT_A_NUMBER, _date_part("net", "day")),
    "month": (NOT_A_NUMBER, _date_part("net", "month")),
    "year": (NOT_A_NUMBER, _date_part("net", "year")),
    "net__gt": (NOT_A_DATE, _moment("net", operator.gt)),
    "net__gte": (NOT_A_DATE, _moment("net", operator.ge)),
    "net__lt": (NOT_A_DATE, _moment("net", operator.lt)),
    "net__lte": (NOT_A_DATE, _moment("net", operator.le)),
    "last_updated__gte": (NOT_A_DATE, _moment("last_updated", operator.ge)),
    "last_updated__lte": (NOT_A_DATE, _moment("last_updated", operator.le)),
}
