"""One JSON object, read field by field: what is there and cannot be read counts as missing, and is noted."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from webapp.domain.instants import known_since_space_age, parse_instant
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import clean_text, one_line
from webapp.domain.uris import web_url

Json = Mapping[str, Any]


class Fields:
    """The fields of an object, which is `None` where there is none: then every field is missing.

    The names of fields that cannot be read go into `unread`, those of inner objects with the path to them.
    """

    def __init__(self, found: Json | None, unread: set[str], path: str = "") -> None:
        self._found: Json = {} if found is None else found
        self._is_missing = found is None
        self._unread = unread
        self._path = path

    def raw_text(self, name: str) -> str:
        """Give a text as it is; an empty one where it is missing."""
        found = self._found.get(name)
        if found is not None and not isinstance(found, str):
            self.note_unread(name)
            return ""
        return found or ""

    def text(self, name: str) -> str:
        """Give a text without what no output can carry."""
        return clean_text(self.raw_text(name))

    def line(self, name: str) -> str:
        """Give such a text on one line."""
        return one_line(self.raw_text(name))

    def url(self, name: str) -> str | None:
        """Give a web address."""
        text = self.text(name)
        url = web_url(text)
        if url is None and text.strip():
            self.note_unread(name)
        return url

    def flag(self, name: str) -> bool:
        """Whether it is true: nothing else counts as that."""
        found = self._found.get(name)
        if found is not None and not isinstance(found, bool):
            self.note_unread(name)
        return found is True

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

    def whole_number(self, name: str, *, least: int, most: int) -> int | None:
        """Give a whole number within bounds."""
        found = self._found.get(name)
        if found is None:
            return None
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.note_unread(name)
        return None

    def id(self, *, least: int = 1) -> int | None:
        """Give the object's own id. An object without one cannot be read."""
        if not self._is_missing and self._found.get("id") is None:
            self.note_unread("id")
        return self.whole_number("id", least=least, most=LARGEST_ID)

    def inner(self, name: str) -> "Fields":
        """Give the fields of an object within this one."""
        found = self._found.get(name)
        if found is not None and not isinstance(found, dict):
            self.note_unread(name)
            found = None
        return Fields(found, self._unread, self._path + name + ".")

    def parts(self, name: str) -> "Iterator[Fields]":
        """Give the fields of each object in a list; what is no object is left out."""
        found = self._found.get(name)
        if found is not None and not isinstance(found, list):
            self.note_unread(name)
            return
        for part in found or []:
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
