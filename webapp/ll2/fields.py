"""One JSON object, read field by field: what is there and cannot be read counts as missing, and is noted."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from webapp.domain.instants import known_since_space_age, parse_instant
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import clean_text, one_line, scraped_line
from webapp.domain.uris import web_url

Json = Mapping[str, Any]

_LENGTH = re.compile(
    r"([-+]?)P(?!$)(?:([0-9]{1,5})D)?(?:T(?!$)(?:([0-9]{1,5})H)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})(?:\.[0-9]+)?S)?)?"
)


class Fields:
    """The fields of an object, which is `None` where there is none: then every field is missing.

    The names of fields that cannot be read go into `unread`, those of inner objects with the path to them.
    """

    def __init__(self, record: Json | None, unread: set[str], path: str = "") -> None:
        self._record: Json = {} if record is None else record
        self._is_missing = record is None
        self._unread = unread
        self._path = path

    def raw_text(self, name: str) -> str:
        """Give a text as it is; an empty one where it is missing."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, str):
            self.note_unread(name)
            return ""
        return value or ""

    def text(self, name: str) -> str:
        """Give a text without what no output can carry."""
        return clean_text(self.raw_text(name))

    def line(self, name: str) -> str:
        """Give such a text on one line."""
        return one_line(self.raw_text(name))

    def scraped_line(self, name: str) -> str:
        """Give a title that was scraped from a page on one line, its HTML character references resolved."""
        return scraped_line(self.raw_text(name))

    def url(self, name: str) -> str | None:
        """Give a web address."""
        text = self.text(name)
        url = web_url(text)
        if url is None and text.strip():
            self.note_unread(name)
        return url

    def flag(self, name: str) -> bool:
        """Whether it is true: nothing else counts as that."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, bool):
            self.note_unread(name)
        return value is True

    def moment(self, name: str) -> datetime | None:
        """Give an instant, in UTC."""
        text = self.raw_text(name)
        if not text:
            return None
        try:
            return parse_instant(text)
        except ValueError:
            self.note_unread(name)
            return None

    def stamp(self, name: str) -> datetime | None:
        """Give when something was recorded, in UTC: a year in which nothing can have been is none."""
        return known_since_space_age(self.moment(name))

    def length(self, name: str) -> timedelta | None:
        """Give a length of time in days, hours, minutes and seconds (ISO 8601), which may be below zero."""
        text = self.raw_text(name)
        if not text:
            return None
        found = _LENGTH.fullmatch(text)
        if found is None:
            self.note_unread(name)
            return None
        sign, *numbers = found.groups()
        days, hours, minutes, seconds = (int(number or 0) for number in numbers)
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return -length if sign == "-" else length

    def whole_number(self, name: str, *, least: int, most: int) -> int | None:
        """Give a whole number within bounds."""
        value = self._record.get(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.note_unread(name)
        return None

    def id(self, *, least: int = 1) -> int | None:
        """Give the object's own id. An object without one cannot be read."""
        if not self._is_missing and self._record.get("id") is None:
            self.note_unread("id")
        return self.whole_number("id", least=least, most=LARGEST_ID)

    def inner(self, name: str) -> "Fields":
        """Give the fields of an object within this one."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, dict):
            self.note_unread(name)
            value = None
        return Fields(value, self._unread, self._path + name + ".")

    def parts(self, name: str) -> "Iterator[Fields]":
        """Give the fields of each object in a list; what is no object is left out."""
        value = self._record.get(name)
        if value is not None and not isinstance(value, list):
            self.note_unread(name)
            return
        for part in value or []:
            if isinstance(part, dict):
                yield Fields(part, self._unread, self._path + name + ".")
            else:
                self.note_unread(name)

    def parts_by_id(self, name: str) -> "dict[int, Fields]":
        """Give the same by their ids: of several with one id the last stands, in the first one's place."""
        return {part_id: part for part in self.parts(name) if (part_id := part.id()) is not None}

    def note_unread(self, name: str) -> None:
        """Note that a field cannot be read."""
        self._unread.add(self._path + name)
