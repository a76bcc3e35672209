"""The two collections that the fake serves, events and launches, and in what they differ on the wire."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.fake_ll2 import filters, modes
from tests.fake_ll2.shapes import Record


@dataclass(frozen=True, slots=True)
class Collection:
    """One of them. `path` is that of its list below /2.3.0, `noun` what the service calls one of its records.

    `id_of` reads the id in an address, and gives None for what cannot be one.
    """

    path: str
    noun: str
    date: str
    modes: Mapping[str, tuple[str, ...]]
    abridged: Callable[[Record, str], Record]
    filters: Mapping[str, filters.Filter]
    orderable: tuple[str, ...]
    id_of: Callable[[str], object]

    @property
    def lists(self) -> dict[str, str]:
        """Each of its lists, and the order that it has unless the request names one."""
        return {self.path: self.date, f"{self.path}upcoming/": self.date, f"{self.path}previous/": f"-{self.date}"}


def _event_id(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _launch_id(text: str) -> str | None:
    return text.lower() if re.fullmatch(filters.UUID, text) else None


EVENTS = Collection(
    path="/events/",
    noun="Event",
    date="date",
    modes=modes.EVENT_MODES,
    abridged=lambda record, _: record,
    filters=filters.EVENT_FILTERS,
    orderable=("date", "last_updated"),
    id_of=_event_id,
)
LAUNCHES = Collection(
    path="/launches/",
    noun="Launch",
    date="net",
    modes=modes.LAUNCH_MODES,
    abridged=modes.abridged_launch,
    filters=filters.LAUNCH_FILTERS,
    orderable=("id", "last_updated", "name", "net"),
    id_of=_launch_id,
)
COLLECTIONS = (EVENTS, LAUNCHES)
LISTS = EVENTS.lists | LAUNCHES.lists


def collection_at(endpoint: str) -> Collection | None:
    """The collection that a path below /2.3.0 is in."""
    return next((one for one in COLLECTIONS if endpoint.startswith(one.path)), None)
