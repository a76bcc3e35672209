"""An event and its parts, as Perigee understands them. Launch Library's nouns, our shapes."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from webapp.domain.precision import Precision, Window, precision_of
from webapp.domain.text import host_of, scraped_line
from webapp.domain.webcasts import Webcast
from webapp.domain.zones import UTC_ZONE


def date_words(date: datetime | None, precision_id: int | None, zone: ZoneInfo) -> str:
    """Say a date as far as it is known, a clock time in this zone."""
    if date is None:
        return "Date to be announced"
    label = precision_of(precision_id).label_in(date, zone)
    return label[0].upper() + label[1:]


@lru_cache(4096)  # A page asks for the same one again and again.
def _window_of(date: datetime, precision_id: int | None) -> Window:
    return precision_of(precision_id).window(date)


@dataclass(frozen=True, slots=True)
class EventType:
    """What kind of event: LL2's `type`."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation that takes part: one of LL2's `agencies`."""

    id: int
    name: str
    abbrev: str


@dataclass(frozen=True, slots=True)
class Program:
    """An undertaking the event belongs to: one of LL2's `program`, which is a list."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An illustration kept by the source, with what must always stand beside it: its credit and its licence."""

    url: str
    thumbnail_url: str | None
    credit: str
    license_name: str
    license_url: str | None
    single_use: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A page to read more: one of LL2's `info_urls`. Lower `priority` is better."""

    url: str
    title: str
    description: str
    source: str
    kind: str
    language: str
    priority: int


def link_title(link: Link) -> str:
    """Name a link for a reader: its own title, else its host."""
    return scraped_line(link.title) or host_of(link.url)


@dataclass(frozen=True, slots=True)
class Update:
    """A note that Launch Library's editors left: one of LL2's `updates`."""

    id: int
    comment: str
    author: str
    created_on: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch the event belongs with: one of LL2's `launches`. `id` is a UUID; its date is like an event's."""

    id: str
    name: str
    date: datetime | None
    precision_id: int | None
    status: str

    @property
    def date_words(self) -> str:
        """Its date as far as it is known, in words, a clock time in UTC."""
        return date_words(self.date, self.precision_id, UTC_ZONE)


@dataclass(frozen=True, slots=True)
class Station:
    """A space station the event is at: one of LL2's `spacestations`."""

    id: int
    name: str
    orbit: str


@dataclass(frozen=True, slots=True)
class Expedition:
    """A stay on a station during which the event is: one of LL2's `expeditions`. Its moments are in UTC."""

    id: int
    name: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Somebody who takes part: one of LL2's `astronauts`."""

    id: int
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class Event:
    """One space event. `date` is aware, in UTC, and means only as much as `precision_id` says."""

    id: int
    name: str
    slug: str
    type: EventType
    date: datetime | None
    precision_id: int | None
    description: str
    location: str
    webcast_live: bool
    duration: str | None
    picture: Picture | None
    webcasts: tuple[Webcast, ...]
    links: tuple[Link, ...]
    updates: tuple[Update, ...]
    agencies: tuple[Agency, ...]
    programs: tuple[Program, ...]
    last_updated: datetime | None
    launches: tuple[Launch, ...] = ()
    stations: tuple[Station, ...] = ()
    expeditions: tuple[Expedition, ...] = ()
    crew: tuple[CrewMember, ...] = ()

    @property
    def precision(self) -> Precision:
        """What the precision of its date allows to say."""
        return precision_of(self.precision_id)

    @property
    def window(self) -> Window | None:
        """What its date really means; `None` while no date is given at all."""
        return None if self.date is None else _window_of(self.date, self.precision_id)

    @property
    def date_words(self) -> str:
        """Its date as far as it is known, in words, a clock time in UTC."""
        return self.date_words_in(UTC_ZONE)

    def date_words_in(self, zone: ZoneInfo) -> str:
        """Say its date as far as it is known, a clock time in this zone."""
        return date_words(self.date, self.precision_id, zone)

    @property
    def certainty_word(self) -> str:
        """How surely its date is known: `exact`, `hour`, `day`, `month`, `year`, or `unknown` without any date."""
        return "unknown" if self.date is None else self.precision.certainty.value

    @property
    def date_reason(self) -> str:
        """Why its date is no more exact, in a sentence."""
        return "No date has been given." if self.date is None else self.precision.reason


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """An event as it arrived, beside `record`: the source's own JSON object, as text.

    `unread` names the fields that were there and could not be read: they count as missing.
    """

    event: Event
    record: str
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with what the store knows of it.

    `revision` counts the changes it has had. `first_seen` is when it first arrived here; `changed_at` is when a reader
    could last see it change: for one that has not changed since it arrived, when the source last did.
    `withdrawn_at` is when the source was found to have withdrawn it. All in UTC.
    """

    event: Event
    revision: int
    first_seen: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
