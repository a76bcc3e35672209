"""The filters of `/events/`, with django-filter's leniency: an empty value is none, a bad one is a 400."""

import operator
import re
from collections.abc import Callable, Iterable
from datetime import datetime

from tests.fake_ll2.moments import moment_of, parse_moment
from tests.fake_ll2.shapes import Record, Request

NOT_A_DATE = "Enter a valid date/time."
NOT_A_NUMBER = "Enter a number."

Keep = Callable[[Record], bool]
# Makes the test from a parameter's values, in order; ValueError when they cannot be read.
Builder = Callable[[list[str]], Keep]


class BadParametersError(Exception):
    """Carries the 400's body: for each bad parameter, its messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def select(records: Iterable[Record], request: Request) -> list[Record]:
    """The records that pass every filter of the request, in their order; BadParametersError names all bad ones."""
    keeps: list[Keep] = []
    errors: dict[str, list[str]] = {}
    for name, (message, build) in FILTERS.items():
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


def _event_type(values: list[str]) -> Keep:
    wanted = int(values[-1])
    return lambda record: wanted in ids_in(record, "type")


def _moment(field: str, compare: Callable[[datetime, datetime], bool]) -> Builder:
    def build(values: list[str]) -> Keep:
        bound = parse_moment(values[-1])
        return lambda record: (moment := moment_of(record, field)) is not None and compare(moment, bound)

    return build


def _date_part(part: str) -> Builder:
    def build(values: list[str]) -> Keep:
        wanted = _numbers(values[-1])
        return lambda record: (moment := moment_of(record, "date")) is not None and getattr(moment, part) in wanted

    return build


def _search(values: list[str]) -> Keep:
    words = [word.strip("\"'").casefold() for word in re.findall(r"\"[^\"]*\"|'[^']*'|[^\s,]+", values[-1])]
    return lambda record: all(word in str(record.get("name", "")).casefold() for word in words)


def _slug(values: list[str]) -> Keep:
    return lambda record: record.get("slug") == values[-1]


def _video_url(values: list[str]) -> Keep:
    wanted = set(values[-1].split(","))
    return lambda record: any(link.get("url") in wanted for link in record.get("vid_urls", []))


FILTERS: dict[str, tuple[str, Builder]] = {
    "id": (NOT_A_NUMBER, _event_ids),
    "type": (NOT_A_NUMBER, _event_type),
    "type__ids": (NOT_A_NUMBER, _related("type")),
    "agency__ids": (NOT_A_NUMBER, _related("agencies")),
    "program": (NOT_A_NUMBER, _programs),
    "slug": ("", _slug),
    "search": ("", _search),
    "video_url": ("", _video_url),
    "day": (NOT_A_NUMBER, _date_part("day")),
    "month": (NOT_A_NUMBER, _date_part("month")),
    "year": (NOT_A_NUMBER, _date_part("year")),
    "date__gt": (NOT_A_DATE, _moment("date", operator.gt)),
    "date__gte": (NOT_A_DATE, _moment("date", operator.ge)),
    "date__lt": (NOT_A_DATE, _moment("date", operator.lt)),
    # The service's own slip of the pen for date__lt.
    "date__gt__lt": (NOT_A_DATE, _moment("date", operator.lt)),
    "date__lte": (NOT_A_DATE, _moment("date", operator.le)),
    "last_updated__gte": (NOT_A_DATE, _moment("last_updated", operator.ge)),
    "last_updated__lte": (NOT_A_DATE, _moment("last_updated", operator.le)),
}
